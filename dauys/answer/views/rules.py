"""The book of routing rules: a working copy that is read, changed and tried here, and put in force by one press.

The working copy lies in the person's session; nothing of it decides anything before it is saved.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dauys.answer import rulebook, words
from dauys.answer.actions import rules as actions
from dauys.answer.queries import rules as queries
from dauys.answer.rule_forms import RuleForm, TextForm
from dauys.answer.views.shared import officer_of
from dauys.answer.words import rules as said
from dauys.answer.written import whole_number
from dauys.engines.routing import CONDITIONS, Flaw
from dauys.institution import rights
from dauys.institution.queries import house

RIGHT = "answer.manage_rules"
KEPT = "routing rules"
"""The name of the working copy in a session."""


@dataclass(slots=True)
class Copy:
    """The rules as this person is changing them. `base`: the book they began from; `tried`: the last trial's figures
    and the digest of what was tried.
    """

    base: int
    rows: list[rulebook.Row]
    tried: dict[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return rulebook.digest(self.rows)

    @property
    def trial(self) -> dict[str, Any] | None:
        """What a trial of these very rules said."""
        return self.tried.get("figures") if self.tried.get("digest") == self.digest else None


def _copy(request: HttpRequest) -> Copy:
    kept = request.session.get(KEPT)
    if kept:
        return Copy(kept["base"], kept["rows"], kept["tried"])
    book = rulebook.newest()
    return Copy(book.id, list(book.rules)) if book else Copy(0, [])


def _keep(request: HttpRequest, copy: Copy) -> None:
    request.session[KEPT] = {"base": copy.base, "rows": copy.rows, "tried": copy.tried}


def _drop(request: HttpRequest) -> None:
    request.session.pop(KEPT, None)


View = Callable[..., HttpResponse]


def _for_rules(view: View) -> View:
    """For whoever writes the rules of the whole house."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        rights.require(request.user, RIGHT)
        return view(request)

    return guarded


@dataclass(frozen=True, slots=True)
class Line:
    """A rule as the list shows it."""

    number: int
    name: str
    conditions: Sequence[str]
    result: str
    flaws: Sequence[tuple[bool, str]]
    decides: int | None
    is_first: bool
    is_last: bool


@require_safe
@_for_rules
def show(request: HttpRequest) -> HttpResponse:
    """All rules in their order, as sentences."""
    copy = _copy(request)
    number = request.GET.get("ask", "").strip()[:20]
    told: dict[str, Any] = {}
    if number:
        told["asked"] = queries.ask_one(copy.rows, officer_of(request), number)
        told["asked_number"] = number
    return _page(request, copy, **told)


def _page(
    request: HttpRequest, copy: Copy, *, trial: queries.Trial | None = None, status: int = 200, **told: Any
) -> HttpResponse:
    place, books = house(), queries.books()
    newest = books[0].id if books else 0
    in_force = rulebook.digest(())
    if newest:
        book = rulebook.newest()
        in_force = book.digest if book else in_force
    flaws = rulebook.flaws_of(copy.rows, place)
    figures = copy.trial
    decides = {int(number): count for number, count in (figures or {}).get("decides", {}).items()}
    asked: queries.Asked | None = told.get("asked")
    context = {
        "lines": [
            _line(number, row, flaws, decides, figures, len(copy.rows)) for number, row in enumerate(copy.rows, 1)
        ],
        "errors": [said.flaw(one) for one in flaws if one.is_error],
        "advice": [said.flaw(one) for one in flaws if not one.is_error],
        "is_changed": copy.digest != in_force,
        "is_kept": KEPT in request.session,
        "is_overtaken": copy.base != newest,
        "figures": figures,
        "trial": trial,
        "books": books,
        "newest": newest,
        "may_ask": rights.may(request.user, "hear.read"),
        "asked_why": words.routing(asked.reasons) if asked else [],
        "asked_near": [_near(*one) for one in asked.near] if asked else [],
    }
    return render(request, "answer/rules.html", {**context, **told}, status=status)


def _line(
    number: int,
    row: Mapping[str, Any],
    flaws: Sequence[Flaw],
    decides: Mapping[int, int],
    figures: Mapping[str, Any] | None,
    last: int,
) -> Line:
    spoken = said.rule(row)
    return Line(
        number,
        str(row.get("name") or ""),
        spoken.conditions,
        spoken.result,
        [(one.is_error, said.flaw(one)) for one in flaws if one.number == number],
        decides.get(number, 0) if figures else None,
        number == 1,
        number == last,
    )


def _near(number: int, missing: str) -> str:
    return _("Rule %(number)s would have come first, had this been met: %(condition)s") % {
        "number": number,
        "condition": said.condition_name(missing),
    }


@require_POST
@_for_rules
def change(request: HttpRequest) -> HttpResponse:
    """Move or remove one rule of the working copy, or throw the copy away."""
    copy, verb, at = _copy(request), request.POST.get("do", ""), _at(request.POST.get("at", ""))
    if verb == "drop":
        _drop(request)
        messages.success(request, _("The working copy is gone; the rules in force stand here."))
        return redirect("answer:rules")
    if at is not None and at <= len(copy.rows):
        place = at - 1
        if verb == "remove":
            del copy.rows[place]
        elif verb in ("up", "down"):
            other = place + (1 if verb == "down" else -1)
            if 0 <= other < len(copy.rows):
                copy.rows[place], copy.rows[other] = copy.rows[other], copy.rows[place]
        _keep(request, copy)
    return redirect("answer:rules")


def _at(written: str) -> int | None:
    """The number of a rule, from 1."""
    return whole_number(written, digits=5) or None


@require_http_methods(["GET", "HEAD", "POST"])
@_for_rules
def one(request: HttpRequest) -> HttpResponse:
    """One rule of the working copy: `at` names it; without, a new one, which may begin `from` an appeal."""
    copy, place = _copy(request), house()
    at = _at(request.GET.get("at", ""))
    if at is not None and at > len(copy.rows):
        return redirect("answer:rules")
    begun = queries.rule_from(officer_of(request), request.GET.get("from", "").strip()[:20]) if at is None else None
    if request.method == "POST":
        form = RuleForm(request.POST, place=place)
        if len(copy.rows) >= rulebook.RULES_MOST and at is None:
            form.add_error(None, _("There are too many rules already. Remove one first."))
        if form.is_valid():
            row = rulebook.row_of(form.cleaned_data)
            if at is not None:
                copy.rows[at - 1] = row
            elif request.POST.get("where") == "first":
                copy.rows.insert(0, row)
            else:
                copy.rows.append(row)
            _keep(request, copy)
            messages.success(request, _("Kept in the working copy. Try it, then put it in force."))
            return redirect("answer:rules")
    else:
        row = copy.rows[at - 1] if at is not None else dict(begun.row) if begun else {}
        form = RuleForm(initial={**row, "words": "\n".join(row.get("words", ()))}, place=place)
    told = {"form": form, "at": at, "begun": begun, "conditions": CONDITIONS}
    return render(request, "answer/rules_rule.html", told, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@_for_rules
def text(request: HttpRequest) -> HttpResponse:
    """All rules as a text to change, send on or put in: a text with a mistake changes nothing."""
    copy = _copy(request)
    mistakes: list[str] = []
    if request.method == "POST":
        form = TextForm(request.POST)
        if "text" not in request.POST:
            form.add_error("text", _("Write the rules here."))
        if form.is_valid():
            try:
                copy.rows = rulebook.read(form.cleaned_data["text"])
            except rulebook.BadText as bad:
                mistakes = [said.mistake(one) for one in bad.mistakes]
            else:
                _keep(request, copy)
                messages.success(request, _("Read. This is a working copy: try it, then put it in force."))
                return redirect("answer:rules")
    else:
        form = TextForm(initial={"text": rulebook.text_of(copy.rows, house())})
    return render(
        request, "answer/rules_text.html", {"form": form, "mistakes": mistakes},
        status=422 if mistakes or form.errors else 200,
    )  # fmt: skip


@require_safe
@_for_rules
def file(request: HttpRequest) -> HttpResponse:
    """The rules in force as a file."""
    book = rulebook.newest()
    told = rulebook.text_of(book.rules if book else (), house())
    named = f"routing-{book.id if book else 0}.toml"
    return HttpResponse(
        told, content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{named}"'},
    )  # fmt: skip


@require_POST
@_for_rules
def try_(request: HttpRequest) -> HttpResponse:
    """Ask the working copy about past appeals, beside the rules in force."""
    copy = _copy(request)
    trial = _tried(request, copy)
    return _page(request, copy, trial=trial)


def _tried(request: HttpRequest, copy: Copy) -> queries.Trial:
    trial = queries.try_rules(copy.rows, officer_of(request))
    decides = {str(number): count for number, count in trial.decides.items()}
    copy.tried = {"digest": copy.digest, "figures": {**trial.as_data(), "decides": decides}}
    _keep(request, copy)
    return trial


@require_POST
@_for_rules
def save(request: HttpRequest) -> HttpResponse:
    """Put the working copy in force, once what it changes was seen."""
    copy = _copy(request)
    if copy.trial is None:
        trial = _tried(request, copy)
        messages.warning(request, _("Look first at what these rules would change, then press again."))
        return _page(request, copy, trial=trial)
    tried = {name: value for name, value in copy.trial.items() if name != "decides"}
    return _saved(request, lambda: actions.save_rules(
        rules=copy.rows, seen=copy.base, tried=tried, officer=officer_of(request), now=timezone.now()
    ))  # fmt: skip


@require_POST
@_for_rules
def back(request: HttpRequest) -> HttpResponse:
    """One press: an earlier book is in force again."""
    book, seen = whole_number(request.POST.get("book", "")), whole_number(request.POST.get("seen", ""))
    if book is None or seen is None:
        messages.error(request, _("There is no such version. Choose one from the list."))
        return redirect("answer:rules")
    return _saved(request, lambda: actions.bring_back_rules(
        book_id=book, seen=seen, officer=officer_of(request), now=timezone.now()
    ))  # fmt: skip


def _saved(request: HttpRequest, save: Callable[[], Any]) -> HttpResponse:
    try:
        book = save()
    except actions.Flawed as failure:
        for one in failure.flaws[:5]:
            messages.error(request, said.flaw(one))
        messages.error(request, _("Nothing was saved; the rules in force stay."))
    except actions.Overtaken as failure:
        messages.error(
            request,
            _(
                "%(name)s has put other rules in force meanwhile. Your working copy stands here, as a text too: throw "
                "it away or put its rules into the new ones."
            )
            % {"name": failure.name or _("Somebody")},
        )
    except actions.NothingNew:
        messages.warning(request, _("These rules are in force already."))
    except actions.NoSuchBook:
        messages.error(request, _("There is no such version. Choose one from the list."))
    else:
        _drop(request)
        messages.success(
            request,
            _("Version %(number)s of the rules is in force. Appeals without an office are asked again by it.")
            % {"number": book.id},
        )
    return redirect("answer:rules")

"""The citizen's own page: how the appeal stands, what was promised, the conversation, and the last word on
the answer.

It opens for a browser that holds a grant (filed here, or number and code typed) and works without scripts.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from dauys.answer import actions as answer
from dauys.answer import queries, words
from dauys.answer.forms import attached, token
from dauys.answer.views import letters_pdf
from dauys.hear import codes, grants, intake, pending, posted, safe_copies, sealing
from dauys.hear import queries as hear
from dauys.hear.forms import sentence as file_sentence
from dauys.hear.models import Appeal
from dauys.hear.submission import TEXT_MOST
from dauys.institution.queries import house
from dauys.ledger.queries import NotSealed
from dauys.web import rulings

WORDS_MOST = 2000


class WriteForm(forms.Form):
    """A message to whoever works on the appeal."""

    text = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": TEXT_MOST}),
    )
    attached = attached()
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)


class VerdictForm(forms.Form):
    """Which answer is judged, and, for whoever wants to, how good it was and why."""

    ordinal = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    solved = forms.ChoiceField(choices=[("yes", "yes"), ("partly", "partly"), ("no", "no")], widget=forms.HiddenInput)
    rests = forms.BooleanField(
        label=gettext_lazy("If only in part: I leave it at that, nobody need go on"), required=False
    )
    rating = forms.TypedChoiceField(
        label=gettext_lazy("How good was the answer?"),
        choices=[
            (5, gettext_lazy("5: very good")),
            (4, gettext_lazy("4: good")),
            (3, gettext_lazy("3: so-so")),
            (2, gettext_lazy("2: bad")),
            (1, gettext_lazy("1: very bad")),
        ],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("In your own words"),
        max_length=WORDS_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": WORDS_MOST}),
    )


def _granted(request: HttpRequest, number: str) -> Appeal | None:
    appeal = hear.appeal(number)
    # Whoever may open a letter may open the parts it was split into: they are their own words.
    return appeal if appeal is not None and {appeal.id, appeal.part_of_id} & set(grants.granted(request)) else None


def _to_the_door(number: str) -> HttpResponse:
    """A stranger, a lapsed grant and an unknown number are one answer: the page that asks for the code."""
    return redirect(f"{reverse('hear:track')}?{urlencode({'number': number[:40]})}")


@require_safe
def my(request: HttpRequest, number: str) -> HttpResponse:
    appeal = _granted(request, number)
    return _show(request, appeal) if appeal else _to_the_door(number)


def _show(request: HttpRequest, appeal: Appeal, *, status: int = 200, **told: Any) -> HttpResponse:
    place = house()
    page = queries.citizen_page(
        appeal_id=appeal.id, case=appeal.case, received_on=appeal.received_at.astimezone(place.zone).date()
    )
    handling, today = page.handling, place.today(timezone.now())
    is_waiting = handling is not None and handling.is_open and handling.due_on is not None
    context: dict[str, Any] = {
        "today": today,
        "appeal": appeal,
        "page": page,
        "status": _status(page),
        "time_left": words.time_left(handling.due_on, today)
        if handling is not None and is_waiting and handling.due_on is not None
        else "",
        "attachments": hear.attachments_of(appeal),
        "write_form": WriteForm(initial={"token": token()}),
        "is_asked_again": page.to_judge is not None and queries.is_asked_again(page.to_judge.sent_on, today),
        "verdict_form": VerdictForm(initial={"ordinal": page.to_judge.ordinal}, auto_id="verdict_%s")
        if page.to_judge
        else None,
        **rulings.told(handling),
    }
    return render(request, "web/citizen.html", {**context, **told}, status=status)


def _status(page: queries.CitizenPage) -> str:
    judged = page.judged
    if judged is not None and judged.rests:
        return _("You said that the matter is solved in part, and left it at that.")
    if judged is not None and judged.partly:
        return _("You said that the matter is solved in part. The rest is open again at: %(office)s.") % {
            "office": page.office or house().name
        }
    sentence = {
        "received": _("Your appeal is registered. Within seconds it gets an office and a promised day."),
        "unrouted": _(
            "Your appeal is registered. A person is choosing the right office for it; the term runs already."
        ),
        "promised": _("%(office)s is working on your appeal."),
        "answered": _("You have an answer. Only you can say whether the matter is solved."),
        "confirmed": _("You said that the matter is solved. Thank you."),
        "disputed": _("You said that the matter is not solved. The appeal is open again at: %(office)s."),
        "ended": _("The procedure has ended without an answer. Why, and what you may do, stands below."),
    }[page.state]
    return sentence % {"office": page.office or house().name} if "%(" in sentence else sentence


@require_POST
@posted.tolerant
def write(request: HttpRequest, number: str) -> HttpResponse:
    """Write to the officer, with files or without. Sent twice, it is one message; nothing typed or chosen is lost."""
    appeal = _granted(request, number)
    if appeal is None:
        return _to_the_door(number)
    try:
        told = posted.read(request)
    except posted.Unreadable as wrong:
        return intake.unreadable(request, wrong.code)
    form_token = told.fields.get("token", "")[:64]
    held, refused = pending.gather(
        form_token,
        chosen=told.chosen,
        marks=told.fields.getlist("held"),
        dropped=told.fields.getlist("drop"),
    )
    wrong_files = list(dict.fromkeys(file_sentence(one) for one in [*told.refused, *refused]))
    if told.is_stale or told.fields.get("step") == "files":
        form = WriteForm(initial=told.fields.dict())
        for words_ in wrong_files:
            messages.error(request, words_)
        status = 422 if told.is_stale or wrong_files else 200
        return _show(request, appeal, write_form=form, held=held, is_stale=told.is_stale, status=status)
    form = WriteForm(told.fields)
    for words_ in wrong_files:
        form.add_error("attached", words_)
    if not form.is_valid():
        return _show(request, appeal, write_form=form, held=held, status=422)
    try:
        answer.citizen_writes(
            appeal_id=appeal.id,
            text=form.cleaned_data["text"],
            token=form.cleaned_data["token"],
            now=timezone.now(),
            uploads=[pending.release(form_token, one) for one in held],
        )
    except answer.Empty:
        form.add_error("text", _("There is no word in the message yet."))
        return _show(request, appeal, write_form=form, held=held, status=422)
    except answer.TooMany as failure:
        form.add_error(
            "text",
            ngettext(
                "You have written %(most)d message today, and no more are taken. Write again tomorrow; "
                "your words still stand here.",
                "You have written %(most)d messages today, and no more are taken. Write again tomorrow; "
                "your words still stand here.",
                failure.most,
            )
            % {"most": failure.most},
        )
        return _show(request, appeal, write_form=form, held=held, status=429)
    except (answer.TooManyFiles, answer.FilesErased, pending.Gone) as failure:
        form.add_error("attached", _about_files(failure))
        return _show(request, appeal, write_form=form, held=held, status=422)
    if held:
        pending.drop(form_token)
    messages.success(request, _("Your message is with the officer."))
    return _seen(appeal, "#thread")


def _about_files(failure: Exception) -> str:
    if isinstance(failure, answer.TooManyFiles):
        return ngettext(
            "In one day %(most)d file can be added. Leave some out, or send them tomorrow.",
            "In one day %(most)d files can be added. Leave some out, or send them tomorrow.",
            failure.most,
        ) % {"most": failure.most}
    if isinstance(failure, answer.FilesErased):
        return _("The data of this appeal was erased: no file can be added to it.")
    return _("Files are kept for one day, and it has passed. Choose them again.")


@require_safe
def my_file(request: HttpRequest, number: str, attachment_id: int) -> HttpResponse:
    """A file of the conversation: one's own, or the institution's once it was sent, as the safe copy alone."""
    appeal = _granted(request, number)
    if appeal is None:
        return _to_the_door(number)
    found = queries.file_for_citizen(appeal.id, attachment_id)
    if found is None:
        raise Http404
    return safe_copies.serve(found, original=not found.by_office and found.state != found.State.SAFE)


@require_POST
def verdict(request: HttpRequest, number: str) -> HttpResponse:
    """Solved, in part, or not: the last two open the appeal again at once, unless the citizen leaves a part at that."""
    appeal = _granted(request, number)
    if appeal is None:
        return _to_the_door(number)
    form = VerdictForm(request.POST, auto_id="verdict_%s")
    if not form.is_valid():
        return _show(request, appeal, verdict_form=form, status=422)
    told = form.cleaned_data
    solved, partly = told["solved"] == "yes", told["solved"] == "partly"
    try:
        answer.give_verdict(
            appeal_id=appeal.id,
            ordinal=told["ordinal"],
            solved=solved,
            partly=partly,
            rests=partly and told["rests"],
            rating=told["rating"],
            words=told["words"],
            now=timezone.now(),
        )
    except (answer.NothingToJudge, answer.NotRouted):
        messages.warning(request, _("Meanwhile there is a newer answer. Read it below and say what you think of it."))
    except answer.AlreadyJudged:
        messages.warning(
            request, _("You have judged this answer before. If something has changed, write to the officer.")
        )
    else:
        if solved:
            messages.success(request, _("Thank you. The matter counts as solved because you said so."))
        elif partly and told["rests"]:
            messages.success(
                request, _("Thank you. It stays closed as you wish, and is counted as solved in part, not as solved.")
            )
        elif partly:
            messages.success(request, _("The appeal is open again for what is left. The new day stands below."))
        else:
            messages.success(request, _("The appeal is open again. The new day stands below."))
    return _seen(appeal)


def _seen(appeal: Appeal, anchor: str = "") -> HttpResponse:
    response = redirect(reverse("web:my", args=[appeal.number]) + anchor)
    response.status_code = 303
    return response


@require_safe
def proof(request: HttpRequest, number: str) -> HttpResponse:
    """The proof file: what was sent and where it stands in the ledger, checkable without this site."""
    return _file(request, number, "", hear.receipt_bytes)


@require_safe
def answer_proof(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """The proof file of one answer: its words, outcome, office and moment as the ledger committed to them."""
    return _file(
        request,
        number,
        f"-answer-{ordinal}",
        lambda appeal: queries.answer_proof(appeal_id=appeal.id, case=appeal.case, ordinal=ordinal),
    )


@require_safe
def letter(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """One answer as an official letter, to keep or to print."""
    appeal = _granted(request, number)
    if appeal is None:
        return _to_the_door(number)
    answered = queries.answer_of(appeal.id, ordinal)
    if answered is None:
        raise Http404
    return letters_pdf.letter_of(request, answered)


@require_safe
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt as PDF, with the access code for as long as the receipt itself shows it."""
    appeal = _granted(request, number)
    if appeal is None:
        return _to_the_door(number)
    code = codes.code_for(appeal.key) if appeal.id in grants.just_filed(request) else ""
    return letters_pdf.ticket_of(request, appeal, code)


def _file(request: HttpRequest, number: str, suffix: str, build: Callable[[Appeal], bytes | None]) -> HttpResponse:
    appeal = _granted(request, number)
    if appeal is None:
        return _to_the_door(number)
    try:
        content = build(appeal)
    except NotSealed:
        messages.info(request, _("Your appeal is just being sealed into the ledger. Try again in a minute."))
        return _seen(appeal)
    except sealing.Erased:
        messages.info(request, _("The data of this appeal was erased, so its proof can no longer be built."))
        return _seen(appeal)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{appeal.number}{suffix}.tlog-proof"'
    return response

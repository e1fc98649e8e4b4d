"""What a letter says, in its reader's language, made when it leaves.

No word of an appeal, a message or an answer is in it, no topic and no name: mail passes through foreign machines and
lies for years in boxes others can open. It says what happened and leads to the page, where everything stands. The
access code is never in it either: the code opens the appeal for ever, the link for two weeks.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from dauys.answer.models import (
    Answer,
    Letter,
    Message,
    Outcome,
    Promise,
    Reminder,
    Routing,
    Ruling,
    State,
    Verdict,
)
from dauys.answer.post import links
from dauys.answer.post.kinds import BY_NAME
from dauys.institution.queries import house
from dauys.ledger import queries as ledger


@dataclass(frozen=True, slots=True)
class Text:
    """A letter in words. `stop`: where its reader may ask for no more of this kind; empty where the law owes it."""

    language: str
    sender: str
    subject: str
    paragraphs: list[str]
    link: str
    link_words: str
    small: list[str] = field(default_factory=list)
    stop: str = ""
    stop_words: str = ""


Said = tuple[str, list[str]]


def write(letter: Letter, *, now: datetime) -> Text | None:
    """The words of one letter; None where it need not be said any more."""
    language = letter.to.language if letter.to is not None else letter.appeal.language if letter.appeal else "ru"
    with override(language):
        said = _SAID[letter.kind](letter)
        if said is None:
            return None
        subject, paragraphs = said
        text = Text(language, str(house().name), subject, paragraphs, "", "")
        text = _to_officer(text, letter) if letter.to is not None else _to_citizen(text, letter, now)
        if BY_NAME[letter.kind].may_stop:
            subject_id = letter.to_id or letter.appeal_id or 0
            about = f"{letter.kind}.{'person' if letter.to_id else 'appeal'}"
            token = links.link(links.QUIET, subject_id, now=now, about=about)
            stop = settings.SITE + reverse("web:quiet", args=[token])
            text = replace(text, stop=stop, stop_words=_("To get no more letters of this kind"))
        return text


def _to_citizen(text: Text, letter: Letter, now: datetime) -> Text:
    token = links.link(links.OPEN, letter.appeal_id or 0, now=now)
    head = ledger.head()
    small = [
        _("You left this address with the appeal. The letter was written by a machine: answers to it reach nobody."),
        ngettext(
            "The link opens your appeal for %(days)d day. Do not pass it on.",
            "The link opens your appeal for %(days)d days. Do not pass it on.",
            links.LASTS.days,
        )
        % {"days": links.LASTS.days},
    ]
    if head is not None:
        # Whoever keeps the letter can show later which ledger they were shown (trust.md §1.7).
        small.append(
            _("The public ledger when this was written: %(size)d entries, %(root)s.")
            % {"size": head.size, "root": head.root.hex()[:8]}
        )
    return replace(
        text,
        link=settings.SITE + reverse("web:open", args=[token]),
        link_words=_("Open your appeal"),
        small=small,
    )


def _to_officer(text: Text, letter: Letter) -> Text:
    assert letter.appeal is not None
    return replace(
        text,
        link=settings.SITE + reverse("answer:appeal", args=[letter.appeal.number]),
        link_words=_("Open the appeal"),
        small=[_("The letter was written by a machine: answers to it reach nobody.")],
    )


def _day(value: date) -> str:
    return date_format(value, "DATE_FORMAT")


def _office(office_id: int | None) -> str:
    office = house().offices.get(office_id or 0)
    return str(office.name) if office else ""


def _named(letter: Letter, **more: Any) -> dict[str, Any]:
    return {"number": letter.appeal.number if letter.appeal else "", **more}


def _owed(letter: Letter) -> list[str]:
    handling = getattr(letter.appeal, "handling", None)
    if handling is None or not handling.is_open or handling.due_on is None or handling.paused_on:
        return []
    return [_("An answer is owed to you by %(day)s.") % {"day": _day(handling.due_on)}]


def _registered(letter: Letter) -> Said | None:
    assert letter.appeal is not None
    said = [
        _("Your appeal was registered on %(day)s under the number %(number)s.")
        % _named(letter, day=_day(letter.appeal.registered_on))
    ]
    if letter.appeal.part_of_id:
        said.append(_("It is a part of an earlier letter of yours: each matter is answered apart."))
    return _("Appeal %(number)s is registered") % _named(letter), [
        *said,
        *_owed(letter),
        _(
            "Keep your receipt. With the access code on it you can open the appeal at any time; the code is not in "
            "this letter, because letters are read by others and kept for long."
        ),
    ]


def _passed_on(letter: Letter) -> Said | None:
    routing = Routing.objects.get(id=letter.detail["routing"])
    return _("Appeal %(number)s was passed on") % _named(letter), [
        _("Your appeal %(number)s is now at another office: %(office)s.")
        % _named(letter, office=_office(routing.acting_id)),
        *_owed(letter),
        _("Why it was passed on stands on the page of your appeal."),
    ]


def _changed(letter: Letter) -> Said | None:
    promise = Promise.objects.get(id=letter.detail["promise"])
    if Promise.objects.filter(appeal_id=promise.appeal_id, id__gt=promise.pk).exists():
        return None  # a later count tells more
    why = (
        _("The pause is over, and the term goes on.")
        if promise.reason == "resumed"
        else _("The working calendar or the rules have changed.")
    )
    return _("Appeal %(number)s: the day of the answer has changed") % _named(letter), [
        why,
        _("The answer to your appeal %(number)s is now owed by %(day)s.") % _named(letter, day=_day(promise.due_on)),
        _("The page of your appeal shows how this day was counted."),
    ]


def _ruling(letter: Letter) -> Said | None:
    ruling = Ruling.objects.get(id=letter.detail["ruling"])
    said = {
        Ruling.Kind.EXTENDED: _("The term of your appeal %(number)s was extended: the answer is owed by %(day)s."),
        Ruling.Kind.DEFECTS: _("Something is missing in your appeal %(number)s. You are asked to mend it by %(day)s."),
        Ruling.Kind.HEARING: _(
            "A decision on your appeal %(number)s is planned that may not be in your favour. You may say what you "
            "think of it by %(day)s."
        ),
        Ruling.Kind.PAUSED: _("The term of your appeal %(number)s stands still since %(decided)s."),
        Ruling.Kind.LAPSED: _(
            "The term of your appeal %(number)s has passed and there is no answer. In law this silence is a refusal, "
            "and you may complain of it; the answer is still owed to you."
        ),
        Ruling.Kind.PASSED_UP: _("Your complaint %(number)s was passed up to the body that decides on it."),
        Ruling.Kind.RETURNED: _("Your appeal %(number)s was returned to you without consideration."),
        Ruling.Kind.TERMINATED: _("The procedure on your appeal %(number)s was terminated."),
        Ruling.Kind.WITHDRAWN: _("Your appeal %(number)s is withdrawn, as you asked."),
        Ruling.Kind.ATTACHED: _("Your appeal %(number)s was added to your earlier one, which was decided before."),
    }[Ruling.Kind(ruling.kind)]
    until = ruling.until_on or ruling.decided_on
    paragraphs = [said % _named(letter, day=_day(until), decided=_day(ruling.decided_on))]
    if ruling.article:
        paragraphs.append(_("The ground: %(article)s.") % {"article": ruling.article})
    if ruling.kind != Ruling.Kind.WITHDRAWN:
        paragraphs.append(_("The reasons, and what you can do, stand on the page of your appeal."))
    subject = (
        _("Appeal %(number)s: the procedure has ended")
        if letter.kind == "ended"
        else _("Appeal %(number)s: a decision")
    )
    return subject % _named(letter), paragraphs


def _wrote(letter: Letter) -> Said | None:
    message = Message.objects.get(id=letter.detail["message"])
    if message.answer_by is None:
        return _("Appeal %(number)s: the officer wrote to you") % _named(letter), [
            _("The officer who works on your appeal %(number)s wrote to you. You can answer on its page.")
            % _named(letter)
        ]
    return _("Appeal %(number)s: a question to you") % _named(letter), [
        _(
            "The officer who works on your appeal %(number)s asks you something and hopes for an answer by %(day)s. "
            "You can answer on its page."
        )
        % _named(letter, day=_day(message.answer_by)),
        _("The question stops no clock: the day of the answer to you stays as it is."),
        *_owed(letter),
    ]


def _answered(letter: Letter) -> Said | None:
    answer = Answer.objects.get(id=letter.detail["answer"])
    return _("Appeal %(number)s: the answer") % _named(letter), [
        _("%(office)s has answered your appeal %(number)s. What it comes to: %(outcome)s.")
        % _named(letter, office=_office(answer.office_id), outcome=str(Outcome(answer.outcome).label)),
        _("The words of the answer are on the page of your appeal and not in this letter: they are for you alone."),
        _(
            "Is the matter solved? Only you can say. If it is not, one press opens the appeal again; nobody has to "
            "agree to it."
        ),
    ]


def _again(letter: Letter) -> Said | None:
    answer = Answer.objects.get(id=letter.detail["answer"])
    handling = getattr(letter.appeal, "handling", None)
    if Verdict.objects.filter(answer=answer).exists() or handling is None or handling.state != State.ANSWERED:
        return None
    return _("Appeal %(number)s: is the matter solved?") % _named(letter), [
        _("Four weeks ago, on %(day)s, your appeal %(number)s was answered. Has what was promised been done?")
        % _named(letter, day=_day(answer.sent_on)),
        _("Say so on its page: solved, in part, or not solved. “Not solved” opens the appeal again at once."),
    ]


def _reopened(letter: Letter) -> Said | None:
    return _("Appeal %(number)s is open again") % _named(letter), [
        _("You said that the matter of your appeal %(number)s is not solved. It is open again.") % _named(letter),
        *_owed(letter),
    ]


def _link(letter: Letter) -> Said | None:
    return _("A link to your appeal %(number)s") % _named(letter), [
        _("Somebody who knows the number of your appeal and your e-mail asked for a new link to it. Here it is."),
        _("If it was not you, nothing has happened: the link came to you alone."),
    ]


def _given(letter: Letter) -> Said | None:
    handling = getattr(letter.appeal, "handling", None)
    if handling is None or handling.officer_id != letter.to_id or not handling.is_open:
        return None
    said = [_("Appeal %(number)s was given to you.") % _named(letter)]
    if handling.due_on:
        said.append(_("The answer is owed by %(day)s.") % {"day": _day(handling.due_on)})
    return _("Appeal %(number)s was given to you") % _named(letter), said


def _citizen_wrote(letter: Letter) -> Said | None:
    handling = getattr(letter.appeal, "handling", None)
    if handling is None or not handling.unread or handling.officer_id != letter.to_id:
        return None  # read already, or somebody else's by now
    return _("Appeal %(number)s: the citizen wrote") % _named(letter), [
        _("The citizen wrote to you about appeal %(number)s.") % _named(letter)
    ]


def _reminder(letter: Letter) -> Said | None:
    handling = getattr(letter.appeal, "handling", None)
    if handling is None or not handling.is_open or handling.due_on is None:
        return None
    row = Reminder.objects.get(id=letter.detail["reminder"])
    named = _named(letter, day=_day(handling.due_on), office=_office(handling.clock_id))
    if row.days_left > 0:
        subject = _("Appeal %(number)s: an answer is owed by %(day)s")
    elif row.days_left == 0:
        subject = _("Appeal %(number)s: no working day is left")
    else:
        subject = _("Appeal %(number)s is late")
    days = abs(row.days_left)
    said = (
        ngettext(
            "%(days)d working day is left until the answer is owed: %(day)s.",
            "%(days)d working days are left until the answer is owed: %(day)s.",
            days,
        )
        if row.days_left > 0
        else _("The answer is owed by %(day)s: today is the last working day for it.")
        if row.days_left == 0
        else ngettext(
            "The answer was owed by %(day)s, %(days)d working day ago.",
            "The answer was owed by %(day)s, %(days)d working days ago.",
            days,
        )
    )
    return subject % named, [
        said % {**named, "days": days},
        _("The office that owes it: %(office)s.") % named,
        _("The citizen sees that you were reminded."),
    ]


_SAID: dict[str, Callable[[Letter], Said | None]] = {
    "registered": _registered,
    "passed_on": _passed_on,
    "changed": _changed,
    "ruling": _ruling,
    "ended": _ruling,
    "wrote": _wrote,
    "asks": _wrote,
    "answered": _answered,
    "again": _again,
    "reopened": _reopened,
    "link": _link,
    "given": _given,
    "citizen_wrote": _citizen_wrote,
    "reminder": _reminder,
}

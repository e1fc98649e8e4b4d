"""An answer as an official letter, in the language of the appeal."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from dauys.answer import complaint, days
from dauys.answer.letters.typesetting import mark_of_invention, paragraphs, square, typeset
from dauys.answer.models import Answer, Outcome
from dauys.institution import rights
from dauys.institution.models import Role, User
from dauys.institution.queries import house
from dauys.ledger import queries as ledger
from dauys.ledger.core import leaf as leaves


def answer_letter(answer: Answer, *, address: str, scan: str, origin: str) -> bytes:
    """The letter of one answer. `address` is where the appeal is followed, `scan` the same with its number.

    It names the applicant by the number alone: contact data stays sealed, and whoever posts the letter writes the name
    on the envelope. `origin` is the ledger's own name. The caller has checked that this reader may see the appeal.
    """
    appeal, place = answer.appeal, house()
    language = appeal.language
    office = place.offices.get(answer.office_id)
    sent = answer.sent_at.astimezone(place.zone)
    with override(language):
        title = _("Answer to appeal %(number)s") % {"number": appeal.number}
        told: dict[str, Any] = {
            "language": language,
            "title": title,
            "institution": place.name.in_language(language),
            "office": office.name.in_language(language) if office else "",
            "marks": [
                [_("Number"), f"{appeal.number}/{answer.ordinal}"],
                [_("Date"), days.day(sent.date(), language)],
            ],
            "addressee": [
                _("To the applicant of appeal %(number)s") % {"number": appeal.number},
                _("registered on %(day)s") % {"day": days.day(appeal.registered_on, language)},
            ],
            "outcome_label": _("What the answer comes to:"),
            "outcome": str(Outcome(answer.outcome).label),
            "text": paragraphs(answer.text),
            "ways_label": _("If you do not agree"),
            "ways": _ways(answer, language),
            "signed": {"post": _post(answer.officer, answer.office_id, language), "name": str(answer.officer or "")},
            "square": square(scan),
            "scan": _("Scan to follow the appeal and to say whether it is solved:"),
            "address": address,
            "proof": _proof(answer, origin, language),
            "footer": " · ".join(filter(None, [title, mark_of_invention()])),
        }
    return typeset("answer", told, at=answer.sent_at)


def _ways(answer: Answer, language: str) -> list[str]:
    place = house()
    return list(filter(None, [complaint.verdict(language), complaint.route(place, answer.office_id, language)]))


def _post(officer: User | None, office_id: int, language: str) -> list[str]:
    """The officer's post and office, as far as they still hold one."""
    if officer is None:
        return []
    place, posts = house(), rights.appointments(officer)
    held = next((post for post in posts if post[0] == office_id), posts[0] if posts else None)
    if held is None:
        return []
    office = place.offices.get(held[0])
    return [str(Role(held[1]).label), *([office.name.in_language(language)] if office else [])]


def _proof(answer: Answer, origin: str, language: str) -> list[str]:
    """Where the public ledger says that this answer was given."""
    entries = ledger.public_entries_of(answer.appeal.case)
    entry = next(
        (
            one
            for one in entries
            if one.verb.startswith("answer.send") and (one.detail or {}).get("answer") == answer.ordinal
        ),
        None,
    )
    if entry is None or entry.leaf is None:
        return []
    if entry.leaf_index is None:
        return [_("The answer is just being sealed into the public ledger %(ledger)s.") % {"ledger": origin}]
    commitment = leaves.decode(entry.leaf.encode("ascii")).commitment
    said = _("In the public ledger %(ledger)s, line %(line)s.") % {"ledger": origin, "line": entry.leaf_index}
    seal = _("Commitment to these words: %(hex)s") % {"hex": commitment.hex()} if commitment else ""
    return [said, *([seal] if seal else [])]

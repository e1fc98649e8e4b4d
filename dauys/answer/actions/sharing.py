"""An office's open appeals that nobody has taken, given out evenly among its officers, where its head says so."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Sum, Value, When

from dauys.answer.actions.raising import SECOND, who_answered
from dauys.answer.models import Colleague, Handling, Sharing, State
from dauys.engines import sharing
from dauys.engines.search_terms import folded, tokens
from dauys.hear.models import Kind
from dauys.institution import rights
from dauys.institution.models import Role, User
from dauys.institution.queries import House, house, officers_of
from dauys.ledger import actions as ledger
from dauys.ledger import queries as ledger_queries

HEAVY, USUAL = 2, 1
"""What an open appeal weighs: one that is urgent, or that the citizen disputes, as much as two others."""

AT_ONCE = 200
NAME_LEAST = 4
"""Letters of a name's word that a complaint must hold for its bearer to be taken for whom it may be about."""


class NoSuchOffice(Exception):
    """There is no such office in service."""


class AwayBackwards(Exception):
    """An absence ends before it begins; `name` is whose."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Person:
    """What sharing must know of an officer. Empty languages and topics mean all of them."""

    away_from: date | None = None
    away_until: date | None = None
    languages: Sequence[str] = ()
    topics: Sequence[str] = field(default=())

    def is_away(self, on: date) -> bool:
        if self.away_from is None and self.away_until is None:
            return False
        return (self.away_from is None or self.away_from <= on) and (self.away_until is None or on <= self.away_until)


def set_sharing(
    *,
    office: str,
    is_on: bool,
    by_language: bool,
    by_topic: bool,
    people: Mapping[int, Person],
    officer: User,
    now: datetime,
) -> None:
    """Say whether the machine gives out an office's appeals, and what it should know of its officers.

    Raises NoSuchOffice, AwayBackwards; PermissionDenied.
    """
    place = house()
    bureau = place.office_by_code.get(office)
    if bureau is None:
        raise NoSuchOffice
    rights.require(officer, "answer.share", [bureau.id])
    names = dict(_officers(bureau.id))
    for user, person in people.items():
        if person.away_from and person.away_until and person.away_until < person.away_from:
            raise AwayBackwards(names.get(user, ""))
    with transaction.atomic():
        on = ledger.take_pen(place.today(now))
        if is_on:
            Sharing.objects.update_or_create(
                office_id=bureau.id,
                defaults={"by_language": by_language, "by_topic": by_topic, "officer": officer, "since_at": now},
            )
        else:
            Sharing.objects.filter(office_id=bureau.id).delete()
        for user, person in people.items():
            if user in names:
                Colleague.objects.update_or_create(
                    office_id=bureau.id,
                    user_id=user,
                    defaults={
                        "away_from": person.away_from,
                        "away_until": person.away_until,
                        "languages": list(person.languages),
                        "topics": list(person.topics),
                    },
                )
        detail = {"office": office, "on": is_on, "by_language": by_language, "by_topic": by_topic}
        ledger.append_many([ledger.Act("answer.set_sharing", ledger.NO_CASE, now, officer.id, detail)], on=on)


def share_pending(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Give out what nobody has taken, earliest to be begun first, at the offices that share; returns how much.

    Who is away is passed over, and whoever an appeal may be about; the head can give it to another at any time. Run
    again it changes nothing: what has an officer is not looked at. At rest one statement, and one for each such office.
    """
    done = 0
    for row in Sharing.objects.order_by("office_id"):
        if done < limit and _untaken(row.office_id).exists():
            done += _share(row, now=now, limit=limit - done)
    return done


def _untaken(office_id: int) -> QuerySet[Handling]:
    return Handling.objects.filter(
        is_open=True, officer=None, acting=office_id, state__in=[State.PROMISED, State.DISPUTED]
    )


def _share(office: Sharing, *, now: datetime, limit: int) -> int:
    place = house()
    with transaction.atomic():
        on = ledger.take_pen(place.today(now))
        present = _present(office.office_id, on=place.today(now))
        if not present:
            return 0
        names = dict(_officers(office.office_id))
        given, after = 0, 0
        while given < limit:
            rows = list(
                _untaken(office.office_id)
                .select_for_update(of=("self",))
                .select_related("appeal")
                .filter(appeal_id__gt=after)
                .order_by("appeal_id")[:limit]
            )
            if not rows:
                break
            after = rows[-1].appeal_id
            given += _give_out(office, rows, present, names, now=now, on=on)
            present = _present(office.office_id, on=place.today(now))
        return given


def _give_out(
    office: Sharing,
    rows: Sequence[Handling],
    present: Sequence[sharing.Officer],
    names: Mapping[int, str],
    *,
    now: datetime,
    on: date,
) -> int:
    place = house()
    by_appeal = {row.appeal_id: row for row in rows}
    posts = _posts(names)
    before = _gave_back({row.appeal.case for row in rows})
    first = sorted(rows, key=lambda row: (row.begin_by or date.max, row.appeal_id))
    matters = [
        sharing.Matter(
            row.appeal_id,
            weight(row),
            row.appeal.language,
            place.topics[row.topic_id].code if row.topic_id in place.topics and row.topic_id else None,
            frozenset(user for user, name in names.items() if _may_be_about(row, name, posts.get(user, ()), place))
            | (who_answered(row.appeal_id) if row.disputes >= SECOND else frozenset())
            | before.get(row.appeal.case, frozenset()),
        )
        for row in first
    ]
    acts, changed = [], []
    for one in sharing.share(matters, present, by_language=office.by_language, by_topic=office.by_topic):
        if one.officer is None:
            continue
        row = by_appeal[one.matter]
        row.officer_id = one.officer
        changed.append(row)
        detail = {"to": one.officer, "load": one.load, "of": one.of, "why": list(one.why)}
        acts.append(ledger.Act("answer.share", row.appeal.case, now, None, detail))
    if acts:
        Handling.objects.bulk_update(changed, ["officer"])
        ledger.append_many(acts, on=on)
    return len(acts)


_HOLDING = ("answer.take", "answer.assign", "answer.share", "answer.give_back", "answer.redirect")


def _gave_back(cases: Collection[str]) -> dict[str, set[int]]:
    """Who had each case at its office and gave it back: they do not get it again."""
    found: dict[str, set[int]] = {}
    for case, entries in ledger_queries.acts_of(cases, _HOLDING).items():
        holder, gone = None, set[int]()
        for entry in entries:
            if entry.verb == "answer.redirect":
                holder, gone = None, set()
            elif entry.verb == "answer.give_back":
                gone |= {one for one in (holder, entry.actor_id) if one is not None}
                holder = None
            else:
                holder = entry.actor_id if entry.verb == "answer.take" else (entry.detail or {}).get("to")
        found[case] = gone
    return found


def weight(row: Handling) -> int:
    """What one open appeal weighs when work is shared: urgent or disputed counts as two."""
    return HEAVY if row.state == State.DISPUTED or row.urgency != "usual" else USUAL


def loads(officers: Sequence[int]) -> dict[int, int]:
    """The weight of each officer's open work, at whatever office; one statement."""
    heavy = When(Q(state=State.DISPUTED) | ~Q(urgency="usual"), then=Value(HEAVY))
    rows = (
        Handling.objects.filter(is_open=True, officer__in=officers)
        .values("officer")
        .annotate(load=Sum(Case(heavy, default=Value(USUAL), output_field=IntegerField())))
    )
    found = {row["officer"]: row["load"] for row in rows}
    return {officer: found.get(officer, 0) for officer in officers}


def people_of(office_id: int) -> dict[int, Person]:
    """What is known of the officers of an office, by user."""
    rows = Colleague.objects.filter(office=office_id)
    return {row.user_id: Person(row.away_from, row.away_until, row.languages, row.topics) for row in rows}


def _officers(office_id: int) -> list[tuple[int, str]]:
    """Who answers at this very office: heads give out, they are given nothing."""
    return [(user, name) for user, name, _at, role in officers_of(frozenset({office_id})) if role == Role.OFFICER]


def _present(office_id: int, *, on: date) -> list[sharing.Officer]:
    known = people_of(office_id)
    here = [user for user, _name in _officers(office_id) if not known.get(user, Person()).is_away(on)]
    open_work = loads(here)
    return [
        sharing.Officer(
            user,
            open_work[user],
            frozenset(known[user].languages) if user in known else frozenset(),
            frozenset(known[user].topics) if user in known else frozenset(),
        )
        for user in here
    ]


def _posts(names: Mapping[int, str]) -> dict[int, set[int]]:
    """The offices at which these people hold any role."""
    posts: dict[int, set[int]] = {}
    for user, _name, office, _role in officers_of(frozenset(house().offices)):
        if user in names:
            posts.setdefault(user, set()).add(office)
    return posts


def _may_be_about(row: Handling, name: str, offices: set[int] | Sequence[int], place: House) -> bool:
    """Whether an appeal may complain of this officer: it is about their office, or names them.

    A word of the name beside an initial or another word of it is a naming; in a complaint one word is enough. Too
    often rather than too seldom: a colleague gets it then.
    """
    about = row.appeal.about_office_id
    if about is not None and not place.below.get(about, frozenset({about})).isdisjoint(offices):
        return True
    own = [folded(word) for word in tokens(name)]
    said = [folded(word) for word in tokens(row.appeal.text)]
    found: set[int] = set()
    for at, word in enumerate(said):
        for number, one in enumerate(own):
            if not _is_form_of(word, one):
                continue
            found.add(number)
            beside = said[max(0, at - 2) : at + 3]
            if any(other[:1] in beside for place_of, other in enumerate(own) if place_of != number):
                return True
            if row.appeal.kind == Kind.COMPLAINT and len(one) >= NAME_LEAST:
                return True
    return len(found) > 1


_VOWELS = "аеиоуыьэюя"
_ENDING_MOST = 5


def _is_form_of(word: str, name: str) -> bool:
    """Whether a word is a name in one of its cases. Stemmers know words, not names: a name keeps its beginning."""
    root = name.rstrip(_VOWELS)
    if len(root) < 3:
        return len(name) > 1 and word == name
    return word.startswith(root) and len(word) - len(root) <= _ENDING_MOST

"""Templates an officer may begin with: those of the office, of the offices above it, and the shipped ones."""

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.translation import override

from dauys.answer import blanks, complaint, days, skeletons
from dauys.answer.models import Template
from dauys.answer.queries.page import AppealPage
from dauys.institution import rights
from dauys.institution.models import Role, User
from dauys.institution.queries import House, house


@dataclass(frozen=True, slots=True)
class Wording:
    """One template in the languages it has. `office_id` is None for a shipped one, whose name differs by language."""

    key: str
    office_id: int | None
    names: dict[str, str]
    outcome: str
    topic_id: int | None
    texts: dict[str, str]
    ids: tuple[int, ...] = ()
    by: str = ""
    saved_at: datetime | None = None

    def name_in(self, language: str) -> str:
        return self.names.get(language) or self.names.get("ru") or next(iter(self.names.values()))

    def text_in(self, language: str) -> str:
        return self.texts.get(language, "")

    @property
    def office(self) -> str:
        office = house().offices.get(self.office_id or 0)
        return str(office.name) if office else ""


@cache
def shipped() -> tuple[Wording, ...]:
    """The templates that come with the product."""
    table: dict[str, Any] = tomllib.loads(
        (files("dauys.answer") / "data" / "templates.toml").read_text(encoding="utf-8")
    )
    return tuple(
        Wording(
            f"shipped-{row['code']}", None, dict(row["title"]), row["outcome"], None,
            {language: text.strip() for language, text in row["text"].items()},
        )
        for row in table["template"]
    )  # fmt: skip


def templates_of(offices: Collection[int]) -> list[Wording]:
    """Open templates of these offices, by office and name; one statement."""
    rows = Template.objects.filter(office_id__in=list(offices), is_open=True).select_related("officer")
    return _together(rows.order_by("office_id", "name", "id"))


def _together(rows: Iterable[Template]) -> list[Wording]:
    found: dict[tuple[int | None, str], list[Template]] = {}
    for row in rows:
        found.setdefault((row.office_id, row.name), []).append(row)
    return [
        Wording(
            f"own-{variants[0].id}", office_id, {row.language: name for row in variants}, variants[-1].outcome,
            variants[-1].topic_id, {row.language: row.text for row in variants}, tuple(row.id for row in variants),
            str(variants[-1].officer or ""), variants[-1].saved_at,
        )
        for (office_id, name), variants in found.items()
    ]  # fmt: skip


def offered(page: AppealPage) -> list[Wording]:
    """What may begin an answer to this appeal, in its language: nearest office first, the shipped ones last.

    One with a topic is offered for that topic and its parts alone. Of one name the nearest office's stands, and an
    office's stands instead of a shipped one. One statement.
    """
    place, language = house(), page.appeal.language
    nearest = list(place.office_chain(page.handling.acting_id)) or place.office_chain(page.handling.clock_id)
    chain = [office.id for office in nearest]
    about = _topics(place, page.handling.topic_id)
    near = {office: rank for rank, office in enumerate(chain)}
    written = templates_of(chain) if page.handling.has_templates else []  # type: ignore[attr-defined]  # annotated
    own = sorted(written, key=lambda one: (near[one.office_id or 0], one.name_in(language).casefold()))
    found: list[Wording] = []
    names: set[str] = set()
    for one in [*own, *shipped()]:
        known = {name.casefold() for name in one.names.values()}
        if one.text_in(language) and (one.topic_id is None or one.topic_id in about) and not known & names:
            found.append(one)
            names |= known
    return sorted(found, key=lambda one: one.topic_id is None)  # those about this very topic first


def _topics(place: House, topic_id: int | None) -> set[int]:
    topic = place.topics.get(topic_id or 0)
    return {one for one in (topic.id, topic.parent_id) if one is not None} if topic else set()


def values(page: AppealPage, officer: User, now: datetime) -> dict[str, str]:
    """What the blanks are filled with, in the language of the appeal; empty where the case has no such thing."""
    place, appeal, handling = house(), page.appeal, page.handling
    language = appeal.language
    answers = handling.clock_id or handling.acting_id
    family = page.promise.policy.family if page.promise else ""
    posts = dict(rights.appointments(officer))
    role = posts.get(handling.acting_id or 0) or posts.get(handling.clock_id or 0) or next(iter(posts.values()), None)
    route = complaint.route(place, answers, language)
    return {
        "number": appeal.number,
        "date": days.day(place.today(now), language),
        "registered": days.day(appeal.registered_on, language),
        "due": days.day(handling.due_on, language) if handling.due_on else "",
        "institution": place.name.in_language(language),
        "office": page.acting.in_language(language) if page.acting else "",
        "above": complaint.above(place, answers, language),
        "officer": officer.name,
        "post": _post(role, language),
        "topic": page.topic.in_language(language) if page.topic else "",
        "place": appeal.place or (page.area.in_language(language) if page.area else ""),
        "law": skeletons.law(family, language),
        "complaint": " ".join(filter(None, [complaint.verdict(language), route])),
    }


def _post(role: str | None, language: str) -> str:
    with override(language):
        return str(Role(role).label) if role else ""


def sample(language: str) -> dict[str, str]:
    """Values that name themselves, to look at a template without a case."""
    return {name: f"«{blanks.hole(name, language)[1:-3]}»" for name in blanks.NAMES}

"""A year of life in the demonstration region. Pure: seed, day and data in; events out, ordered by moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from dauys.demo import together, words
from dauys.demo.events import Contact, Event, Filed, Kind, Picture, SplitOff
from dauys.demo.handling import Staff, at_work, handle
from dauys.demo.planning import Plan, Planner
from dauys.demo.reading import DemoData
from dauys.demo.words import Place, pick
from dauys.institution.calendar import calendar_for, shipped_overrides


def life(*, seed: int, until: date, appeals: int = 5000, data: DemoData) -> Iterator[Event]:
    """Everything that happens in the year that ends with `until`; a `datetime` cuts at that very moment.

    `appeals` is the number of Filed events asked for, met within a few per cent (what lies after
    the cut is not told yet).
    """
    zone = ZoneInfo(data.voice["region"]["zone"])
    cut = until.astimezone(zone) if isinstance(until, datetime) else datetime.combine(until, time(23, 59), zone)
    chance = Random(f"{seed}:plans")
    closed = _feasts(data.voice["region"]["country"], cut.year)
    plans = [plan for plan in Planner(data, chance, cut, closed).plans(appeals) if plan.moment <= cut]
    plans.sort(key=lambda plan: (plan.moment, plan.matter.code, plan.place.area, plan.writer.contact.name))
    staff = Staff(data, closed, cut)
    seen: set[str] = set()
    events: list[Event] = []
    joints: dict[str, together.Joint | None] = {}
    for group, told in _groups(plans).items():
        events += _brought_together(data, Random(f"{seed}:{group}"), group, told, staff, joints)
    for number, plan in enumerate(plans, start=1):
        key = _key(number)
        own = Random(f"{seed}:{key}")
        filed = _filed(data, own, key, plan, staff, seen)
        events.append(filed)
        joint = None if plan.repeated else joints.get(plan.group)
        events += handle(data, own, filed, plan.matter, plan.place, plan.writer, staff, joint)
        if filed.second:
            events += _second(data, own, filed, plan, staff)
    yield from sorted((event for event in events if event.moment <= cut), key=lambda event: (event.moment, event.key))


def _key(number: int) -> str:
    return f"a{number:05d}"


def _groups(plans: list[Plan]) -> dict[str, list[tuple[str, Plan]]]:
    found: dict[str, list[tuple[str, Plan]]] = {}
    for number, plan in enumerate(plans, start=1):
        if plan.group and not plan.repeated:
            found.setdefault(plan.group, []).append((_key(number), plan))
    return {group: told for group, told in found.items() if len(told) > 1}


def _brought_together(
    data: DemoData,
    chance: Random,
    group: str,
    told: list[tuple[str, Plan]],
    staff: Staff,
    joints: dict[str, together.Joint | None],
) -> list[Event]:
    """Whether an operator brings a group together, and what comes of it; `joints` learns of the answer."""
    first = told[0][1]
    is_present = first.moment >= staff.fresh_from
    offices = staff.acting(data.unit_of(first.place.area), first.matter.topic)
    if not offices or (not is_present and chance.random() * 100 > data.steps["share"]["joined"]):
        return []
    joint = together.joint_of(
        chance, data, matter=first.matter, last=told[-1][1].moment, offices=offices, staff=staff, at_work=at_work,
        is_present=is_present,
    )  # fmt: skip
    joints[group] = joint
    return together.events_of(
        data, chance, members=[(plan.moment, key) for key, plan in told], matter=first.matter, place=first.place,
        joint=joint, operator=staff.operators[staff.top][0].email, at_work=at_work, closed=staff.closed,
    )  # fmt: skip


def _second(data: DemoData, chance: Random, filed: Filed, plan: Plan, staff: Staff) -> Iterator[Event]:
    """The second matter of a letter goes its own way from the day on which an operator parts them."""
    matter = data.matters[filed.second_matter]
    moment = at_work(chance, filed.moment + timedelta(hours=chance.uniform(0.3, 3)), staff.closed)
    kind: Kind = pick(chance, matter.kinds)
    by = staff.operators[staff.top][0].email
    part = f"{filed.key}b"
    yield SplitOff(moment, filed.key, part, by, filed.second, kind, matter.topic)
    own = replace(
        filed, moment=moment, key=part, kind=kind, text=filed.second, matter=matter.code, topic_truth=matter.topic,
        second="", second_matter="", attachments=(),
    )  # fmt: skip
    yield from handle(data, chance, own, matter, plan.place, plan.writer, staff)


def _feasts(country: str, year: int) -> frozenset[date]:
    """Holidays of this year and the last, on which offices rest."""
    calendar = calendar_for(country, range(year - 1, year + 1), shipped_overrides(country))
    return frozenset([*calendar.holidays, *calendar.moved_days_off])


def _filed(data: DemoData, chance: Random, key: str, plan: Plan, staff: Staff, seen: set[str]) -> Filed:
    matter, writer, place = plan.matter, plan.writer, plan.place
    mixed = plan.campaign is None and writer.language in ("ru", "kk") and chance.random() < 0.08
    for _ in range(6):  # so that no two people say the very same by accident
        text = (
            words.campaign_text(data, chance, text=plan.campaign.text, writer=writer)
            if plan.campaign
            else words.appeal_text(
                data,
                chance,
                matter=matter,
                writer=writer,
                place=place,
                channel=plan.channel,
                moment=plan.moment,
                repeated=plan.repeated,
                mixed=mixed,
            )
        )
        if plan.campaign or text not in seen:
            break
    if plan.empty:
        text = words.typed(chance, chance.choice(data.steps["empty"][writer.language]), writer.hand, writer.language)
    second, other = _second_words(data, chance, plan)
    text = f"{text}\n\n{second}" if second else text
    seen.add(text)
    area, unit = data.areas[place.area], data.unit_of(place.area)
    said = chance.random()
    area_code = place.area if said < 0.6 else unit if said < 0.9 else ""
    lat = lon = None
    if plan.channel in ("web", "telegram", "open311") and (plan.channel == "open311" or chance.random() < 0.38):
        spread = 0.018 if area.population_share > 0.1 else 0.006
        # One street is one spot on the map; the house shifts it a little.
        spot = Random(f"{place.area}:{place.street}")
        lat = round(area.lat + spot.uniform(-spread, spread) + place.house * 4e-5 + chance.uniform(-1e-4, 1e-4), 5)
        lon = round(area.lon + spot.uniform(-spread, spread) * 1.5 + place.house * 3e-5, 5)
    pictures: tuple[Picture, ...] = ()
    if matter.picture != "none" and plan.channel in ("web", "telegram", "email", "open311") and chance.random() < 0.3:
        pictures = tuple(
            Picture(matter.picture, chance.randrange(1_000_000)) for _ in range(chance.choice((1, 1, 1, 2, 3)))
        )
    office, officer = staff.intake(unit) if plan.channel in ("desk", "phone", "paper") else ("", "")
    contact = writer.contact
    if plan.channel in ("phone", "desk", "paper", "telegram"):
        contact = Contact(contact.name, contact.phone, "")
    elif plan.channel == "email":
        contact = Contact(contact.name, "", contact.email or f"citizen{key}@example.org")
    return Filed(
        moment=plan.moment,
        key=key,
        channel=plan.channel,
        language=writer.language,  # type: ignore[arg-type]  # one of LANGUAGES: the data was checked
        kind=data.steps["empty"]["kind"] if plan.empty else pick(chance, matter.kinds),
        text=text,
        area_code=area_code,
        place_words=_place_words(data, chance, writer.language, place, unit),
        lat=lat,
        lon=lon,
        applicant=None if plan.anonymous else contact,
        attachments=pictures,
        matter=matter.code,
        burst=plan.burst,
        campaign=plan.campaign.matter if plan.campaign else None,
        topic_truth=matter.topic,
        true_area=place.area,
        mixed=mixed,
        office_code=office,
        officer_email=officer,
        second=second,
        second_matter=other,
        empty=plan.empty,
    )


def _second_words(data: DemoData, chance: Random, plan: Plan) -> tuple[str, str]:
    """What a letter says about quite another matter at its end, and the matter; mostly nothing."""
    writer = plan.writer
    share = data.steps["share"]["two_matters"] * (not plan.group and plan.matter.topic != "government.thanks")
    is_letter = plan.channel in ("web", "email", "telegram") and writer.language in ("ru", "kk")
    if not is_letter or plan.empty or writer.hand != "clean" or chance.random() * 100 > share:
        return "", ""
    group = plan.matter.topic.split(".")[0]
    others = [
        one for one in data.matters.values()
        if one.where == "any" and one.months == "all" and one.urgency in ("low", "normal")
        and one.topic.split(".")[0] not in (group, "government")
    ]  # fmt: skip
    other = chance.choice(others)
    told = chance.choice(words.fitting(data, writer, plan.place, other)[1:] or other.phrases[writer.language])
    slots = words.chance_slots(data, chance, writer.language, plan.moment.hour)
    slots |= words.place_slots(data, chance, writer.language, plan.place) | {
        "first": writer.first, "name": writer.contact.name, "phone": writer.contact.phone, "iin": words.iin(chance),
    }  # fmt: skip
    said = words.fill(told, writer.language, slots, chance)
    lead: str = chance.choice(data.steps["second"][writer.language])
    return lead.format(told=said[:1].lower() + said[1:]), other.code


def _place_words(data: DemoData, chance: Random, language: str, place: Place, unit: str) -> str:
    if chance.random() < 0.2:
        return ""
    slots = words.place_slots(data, chance, language, place)
    if language == "kk":
        return f"{slots['village']}, {slots['street']} көшесі, {slots['house']}"
    if data.areas[place.area].population_share > 0.05 and chance.random() < 0.12:
        return str(chance.choice(data.voice["quarters"]["ru" if language == "en" else language]))
    return f"{slots['village']}, {slots['street']}, {slots['house']}"

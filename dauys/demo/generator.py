"""A year of life in the demonstration region. Pure: seed, day and data in; events out, ordered by moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from dauys.demo import together, words
from dauys.demo.events import Channel, Contact, Event, Filed, Kind, Language, Picture, SplitOff
from dauys.demo.handling import Staff, at_work, handle
from dauys.demo.reading import Campaign, DemoData, Matter
from dauys.demo.words import Place, Writer, pick
from dauys.institution.calendar import calendar_for, shipped_overrides

CHANNEL_SHARES: tuple[tuple[Channel, float], ...] = (
    ("web", 38), ("phone", 16), ("telegram", 17), ("desk", 11), ("email", 8), ("paper", 6), ("open311", 4),
)  # fmt: skip
WEEK = (1.28, 1.16, 1.1, 1.05, 0.95, 0.5, 0.42)  # Monday first
HOURS_ONLINE = (1, 0.6, 0.4, 0.3, 0.4, 0.9, 2, 4, 7, 9, 9, 8, 7, 7, 7, 7, 7, 8, 9, 10, 10, 9, 6, 3)
TEMPERS = (("polite", 52.0), ("tired", 30.0), ("angry", 18.0))
HANDS = (("clean", 58.0), ("hasty", 22.0), ("bare", 11.0), ("ascii", 7.0), ("caps", 2.0))
BURST_SIZE = (15, 60)
MEAN_BURST = 27
DAYS = 365
PRESENT_BURSTS = (4, 10)
"""So many days ago something happened to a whole street: one such problem is open now, another answered lately."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One appeal before it has words: when, about what, where, by whom."""

    moment: datetime
    matter: Matter
    place: Place
    writer: Writer
    channel: Channel
    anonymous: bool
    burst: str | None = None
    campaign: Campaign | None = None
    repeated: bool = False
    empty: bool = False

    @property
    def group(self) -> str:
        """Many wrote about this at once."""
        return self.burst or (self.campaign.matter if self.campaign else "")


def life(*, seed: int, until: date, appeals: int = 5000, data: DemoData) -> Iterator[Event]:
    """Everything that happens in the year that ends with `until`; a `datetime` cuts at that very moment.

    `appeals` is the number of Filed events asked for, met within a few per cent (what lies after
    the cut is not told yet).
    """
    zone = ZoneInfo(data.voice["region"]["zone"])
    cut = until.astimezone(zone) if isinstance(until, datetime) else datetime.combine(until, time(23, 59), zone)
    chance = Random(f"{seed}:plans")
    closed = _feasts(data.voice["region"]["country"], cut.year)
    plans = [plan for plan in _Planner(data, chance, cut, closed).plans(appeals) if plan.moment <= cut]
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
        joint = joints.get(plan.group)
        if joint and joint.office.code not in _offices_of(data, staff, plan):
            joint = None
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


def _offices_of(data: DemoData, staff: Staff, plan: Plan) -> list[str]:
    return [office.code for office in staff.acting(data.unit_of(plan.place.area), plan.matter.topic)]


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


class _Planner:
    """Draws the year's plans: everyday ones, bursts, campaigns, people who write again."""

    def __init__(self, data: DemoData, chance: Random, cut: datetime, closed: frozenset[date]) -> None:
        self.data, self.chance, self.cut, self.closed = data, chance, cut, closed
        self.first_day = (cut - timedelta(days=DAYS - 1)).date()
        settlements = data.settlements()
        region = data.voice["region"]
        towns, flats = set(region["towns"]), set(region["flats"])
        codes = {area.code for area in settlements}
        fitting = {"any": codes, "city": codes & towns, "flats": codes & flats, "village": codes - towns}
        self.settlements = {
            where: [(area.code, area.population_share) for area in settlements if area.code in allowed]
            for where, allowed in fitting.items()
        }
        self.seasons = data.voice["seasons"]
        self.matters_of_month = {
            month: [
                (
                    matter,
                    matter.share * self.seasons[matter.months][month - 1] / sum(self.seasons[matter.months]),
                )
                for matter in data.matters.values()
            ]
            for month in range(1, 13)
        }
        self.days = [self.first_day + timedelta(days=back) for back in range(DAYS)]
        # A small wave through the weeks: storms and thaws do not come evenly.
        wave: dict[tuple[int, int], float] = {}
        for day in self.days:
            wave.setdefault(day.isocalendar()[:2], 0.8 + 0.45 * chance.random())
        self.day_weights = [
            (day, WEEK[day.weekday()] * wave[day.isocalendar()[:2]]
             * sum(weight for _, weight in self.matters_of_month[day.month]))
            for day in self.days
        ]  # fmt: skip

    def plans(self, appeals: int) -> list[Plan]:
        scale = appeals / 5000
        found: list[Plan] = []
        for number in range(max(2, round(self.data.steps["empty"]["each_year"] * scale))):
            found.append(self._empty(number))
        for campaign in self.data.campaigns:
            found += self._campaign(campaign, max(3, round(campaign.size * min(scale, 1.0))))
        for number in range(max(1, round(36 * scale))):
            found += self._burst(number)
        days, weights = zip(*self.day_weights, strict=True)
        left = max(appeals - len(found), 0)
        for day in self.chance.choices(days, weights, k=round(left * 0.94)):
            found.append(self._everyday(day))
        # People who were not heard write again, and about the same.
        again = self.chance.sample(found, k=min(left - round(left * 0.94), len(found)))
        return found + [self._again(plan) for plan in again if not plan.empty]

    def _empty(self, number: int) -> Plan:
        """A letter nobody can do anything about; one came this week."""
        told = self.data.steps["empty"]
        day = self.days[-4] if number == 0 else self.chance.choice(self.days[-told["within"] :])
        plan = self._everyday(day)
        channel: Channel = self.chance.choice(("web", "telegram"))
        writer = plan.writer if plan.writer.language != "en" else replace(plan.writer, language="ru")
        matter = self.data.matters[told["matter"]]
        moment = self._moment(day, channel)
        return Plan(moment, matter, plan.place, writer, channel, anonymous=True, empty=True)

    def _everyday(self, day: date) -> Plan:
        matter = pick(self.chance, self.matters_of_month[day.month])
        place = self._place(matter.where)
        return self._plan(day, matter, place)

    def _burst(self, number: int) -> list[Plan]:
        candidates = [self.data.matters[code] for code in self.data.voice["bursts"]["matters"]]
        day = self.chance.choice(self.days)
        if number < len(PRESENT_BURSTS):
            day = self.days[-1 - PRESENT_BURSTS[number]]
        weighted = [(one, self.seasons[one.months][day.month - 1]) for one in candidates]
        matter = pick(self.chance, weighted)
        place = self._place(matter.where)
        share = self.data.areas[place.area].population_share
        low, high = BURST_SIZE
        size = min(high, max(low, round(self.chance.gauss(MEAN_BURST if share > 0.02 else low + 4, 9))))
        plans = []
        for _ in range(size):
            hours = min(self.chance.expovariate(1 / 11), 47.0)
            house = max(1, place.house + self.chance.randint(-12, 12))
            start = datetime.combine(day, time(6), self.cut.tzinfo) + timedelta(hours=hours)
            plans.append(
                self._plan(
                    start.date(),
                    matter,
                    Place(place.area, place.street, house),
                    burst=f"b{number:03d}",
                    at=start,
                )
            )
        return plans

    def _campaign(self, campaign: Campaign, size: int) -> list[Plan]:
        matter = self.data.matters[campaign.matter]
        start = self.chance.choice([day for day in self.days if day.month == campaign.month])
        plans = []
        for _ in range(size):
            day = start + timedelta(days=min(int(self.chance.expovariate(1 / 2.5)), 9))
            place = self._place(matter.where, area=self.chance.choice(campaign.areas))
            plans.append(self._plan(day, matter, place, campaign=campaign))
        return plans

    def _again(self, plan: Plan) -> Plan:
        later = plan.moment.date() + timedelta(days=self.chance.randint(12, 60))
        if not self.seasons[plan.matter.months][later.month - 1]:  # nobody asks for snow to be cleared in June
            later = plan.moment.date() + timedelta(days=self.chance.randint(3, 9))
        moment = self._moment(later, plan.channel)
        return Plan(moment, plan.matter, plan.place, plan.writer, plan.channel, plan.anonymous, repeated=True)

    def _plan(
        self,
        day: date,
        matter: Matter,
        place: Place,
        *,
        burst: str | None = None,
        campaign: Campaign | None = None,
        at: datetime | None = None,
    ) -> Plan:
        writer = self._writer(place, matter, campaign.language if campaign else None)
        shares = [("web", 60.0), ("telegram", 25.0), ("email", 15.0)] if campaign else list(CHANNEL_SHARES)
        channel: Channel = pick(self.chance, shares)
        if at is not None and channel in ("desk", "paper"):
            channel = "phone"
        rests = day in self.closed or day.weekday() == 6
        if at is not None and channel == "phone" and rests:  # a pipe bursts on a feast too
            channel = "web"
        moment = at if at is not None and channel != "phone" else self._moment(day, channel)
        anonymous = (
            campaign is None and channel in ("web", "telegram", "phone", "open311") and self.chance.random() < 0.16
        )
        return Plan(moment, matter, place, writer, channel, anonymous, burst=burst, campaign=campaign)

    def _moment(self, day: date, channel: Channel) -> datetime:
        """Offices keep hours, people do not."""
        if channel in ("desk", "paper", "phone"):
            while day.weekday() >= (6 if channel == "phone" else 5) or day in self.closed:
                day -= timedelta(days=1)
            hour = self.chance.choices(range(9, 18), (9, 12, 11, 8, 3, 8, 9, 8, 5))[0]
        else:
            hour = self.chance.choices(range(24), HOURS_ONLINE)[0]
        moment = time(hour, self.chance.randrange(60), self.chance.randrange(60))
        return datetime.combine(day, moment, self.cut.tzinfo)

    def _place(self, where: str, area: str | None = None) -> Place:
        code = area or pick(self.chance, self.settlements[where])
        big = self.data.areas[code].population_share > 0.03
        streets = len(self.data.voice["streets"]["ru"])
        street = self.chance.randrange(streets if big else 9)
        return Place(code, street, self.chance.randint(1, 96 if big else 44))

    def _writer(self, place: Place, matter: Matter, language: Language | str | None) -> Writer:
        chance, names = self.chance, self.data.voice["names"]
        kk_share = self.data.voice["region"]["kk_share"][self.data.unit_of(place.area)]
        speaks = language or ("kk" if chance.random() < kk_share else "ru")
        if language is None and matter.phrases["en"] and chance.random() < 0.13:
            speaks = "en"
        nation = "kk" if speaks == "kk" or chance.random() < 0.35 else "ru"
        sex = chance.choice("fffmm")
        first = chance.choice(names[f"{nation}_first_{sex}"])
        last = chance.choice(names[f"{nation}_last_{sex}"])
        phone = f"+7 700 000 {chance.randrange(100):02d} {chance.randrange(100):02d}"
        email = f"citizen{chance.randrange(100000)}@example.org" if chance.random() < 0.45 else ""
        hand = pick(chance, HANDS)
        if hand == "ascii" and speaks == "kk" and chance.random() < 0.15:
            hand = "latin"
        temper = pick(chance, TEMPERS)
        return Writer(Contact(f"{first} {last}", phone, email), first, speaks, temper, hand, sex)


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

"""Who writes when, about what and where: the year's plans, before any of them has words. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from dauys.demo.events import Channel, Contact, Language
from dauys.demo.reading import Campaign, DemoData, Matter
from dauys.demo.words import Place, Writer, pick

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


class Planner:
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

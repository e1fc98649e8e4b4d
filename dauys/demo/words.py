"""Makes whole texts of the parts in `data/voice.toml` and `data/matters`: appeals and answers.

Pure: every choice comes from the `random.Random` that is passed in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from dauys.demo.events import Contact
from dauys.demo.reading import DemoData, DemoOffice, DemoPerson, Matter

# A slot of "so long ago" needs another case than a slot of "for so long"; the templates stay readable so.
_RETIMED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "ru": (
        ("{days} назад", "{ago} назад"),
        ("прошло {days}", "прошло {ago}"),
        ("{months} назад", "{months_n} назад"),
    ),
    "kk": (
        ("сағат {time} бері", "{since} бері"),
        ("Сағат {time} бері", "{since} бері"),
        ("{day} бастап", "{from_day} бастап"),
    ),
    "en": (),
}
_ON_THE_STREET = re.compile(r"\b(по|на|вывеске|остановке) \{street\}", re.IGNORECASE)
_OF_THE_STREET = re.compile(r"\b(вдоль|за|с|из|от|бордюры|перекрёстке) \{street\}", re.IGNORECASE)
_BARE_STREET = re.compile(r"\{street\}(?=[.,!?]|$)")
_SENTENCE_START = re.compile(r"(^|[.!?…]\s+)(\w)")
# Slots that tell two short texts about the same thing apart.
_PLACED = ("{street}", "{in_village", "{house}")
_NO_KAZAKH_KEYS = str.maketrans("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноууxиАГКНОУУХИ")
_LATIN = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшыэюяәғқңөұүһі",
        (
            *"abvgdezziiklmnoprstufhc",
            "ch",
            "sh",
            "y",
            "e",
            "yu",
            "ya",
            "a",
            "g",
            "q",
            "n",
            "o",
            "u",
            "u",
            "h",
            "i",
        ),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Place:
    """What a citizen speaks of: a settlement, in it a street (by its number in the list) and a house."""

    area: str
    street: int
    house: int


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes. `temper` is polite, tired or angry; `hand` is how the keys are hit (see `typed`)."""

    contact: Contact
    first: str
    language: str
    temper: str
    hand: str
    sex: str


def iin(chance: Random) -> str:
    """A number with the right check digit (order 521 of 29.06.2023); its month 99 belongs to nobody."""
    while True:
        digits = [0, 0, 9, 9, 0, 0, *(chance.randrange(10) for _ in range(5))]
        check = sum(digit * weight for weight, digit in enumerate(digits, start=1)) % 11
        if check == 10:
            weights = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
            check = sum(digit * weight for weight, digit in zip(weights, digits, strict=True)) % 11
        if check < 10:
            return "".join(map(str, [*digits, check]))


def day_slots(voice: Mapping[str, Any], language: str, day: date, until: date) -> dict[str, str]:
    """The days an answer speaks of, in the case its language asks for."""
    slots = voice["slots"][language]
    if language == "kk":
        return {
            "day": f"{day.day} {slots['months_in'][day.month - 1]}",
            "from_day": f"{day.day} {slots['months_from'][day.month - 1]}",
            "until": f"{until.day} {slots['months_to'][until.month - 1]}",
        }
    months = slots["months_genitive" if language == "ru" else "months_in"]
    return {"day": f"{day.day} {months[day.month - 1]}", "until": f"{until.day} {months[until.month - 1]}"}


def is_on_street(data: DemoData, topic: str) -> bool:
    """Whether a topic is about something one can walk to and look at."""
    streets = data.voice["street_topics"]
    return topic.split(".")[0] in streets["groups"] and topic not in streets["not"]


def place_slots(data: DemoData, chance: Random, language: str, place: Place) -> dict[str, str]:
    """Street, house and settlement as one language says them; rough, everyday grammar."""
    area, town = data.areas[place.area], place.area in data.voice["region"]["towns"]
    house = str(place.house) + ("/1" if place.house % 13 == 0 else "")
    if language == "kk":
        name = f"{area.kk} {'қаласында' if town else 'ауылында'}"
        return {
            "street": data.voice["streets"]["kk"][place.street], "house": house, "in_village": name,
            "in_village_cap": name, "in_village_plain": name, "village": area.kk,
        }  # fmt: skip
    if language == "en":
        street = f"{_latin(data.voice['streets']['ru'][place.street])} street"
        name = f"in {area.en}"
        return {
            "street": street,
            "house": house,
            "in_village": name,
            "in_village_cap": name,
            "village": area.en,
        }
    bare = data.voice["streets"]["ru"][place.street]
    adjective = bare.endswith("ая")
    said = chance.choice(("в городе {}", "у нас в городе {}") if town else ("в селе {}", "у нас в селе {}", "в с. {}"))
    name = said.format(area.ru)
    return {
        "street": bare if adjective and chance.random() < 0.4 else f"ул. {bare}",
        "street_o": (bare[:-2] + "ой") if adjective else f"улице {bare}",
        "street_g": (bare[:-2] + "ой") if adjective else f"ул. {bare}",
        "house": house,
        "in_village": name,
        "in_village_cap": name[0].upper() + name[1:],
        "in_village_plain": f"село {area.ru}",
        "village": ("г. " if town else "с. ") + area.ru,
    }


def chance_slots(data: DemoData, chance: Random, language: str, hour: int) -> dict[str, str]:
    """Numbers and spans of time that colour a phrase; a clock time lies some hours before `hour`."""
    slots = {
        "flat": str(chance.randint(1, 120)), "floor": str(chance.randint(3, 9)),
        "house2": str(chance.randint(1, 90)), "temp": str(chance.randint(11, 17)),
        "bus": str(chance.choice((2, 3, 6, 8, 12, 17, 19, 21, 26, 39, 43, 54))),
        "school": str(chance.randint(1, 44)), "kg": str(chance.randint(2, 60)),
        "clinic": str(chance.randint(1, 6)),
        "age": str(chance.randint(68, 91)), "queue": str(chance.randint(180, 2900)),
        "price": f"{chance.randint(1, 9)} {chance.randint(1, 9)}00",
        "sum": f"{chance.randint(3, 48)} {chance.choice(('000', '500', '800'))}",
        "time": f"{(hour - chance.randint(1, 6)) % 24}:{chance.choice(('10', '20', '30', '40', '50'))}",
    }  # fmt: skip
    for name, choices in data.voice["slots"][language].items():
        if not name.startswith("months_") or name in ("months_n", "months_ago"):
            slots[name] = chance.choice(choices)
    return slots


def appeal_text(
    data: DemoData,
    chance: Random,
    *,
    matter: Matter,
    writer: Writer,
    place: Place,
    channel: str,
    moment: datetime,
    repeated: bool,
    mixed: bool,
) -> str:
    """One appeal as this writer would put it. `repeated` adds a word about an earlier silence."""
    language = writer.language
    said = data.voice["citizen"][language]
    phrases = fitting(data, writer, place, matter)
    thanks = matter.topic.endswith("thanks")
    spoken = channel in ("phone", "desk")  # an officer writes it down: no greeting, no closing
    on_street = is_on_street(data, matter.topic)
    pools = {
        "detail": said["detail_street"] if on_street else said["detail"],
        "history": said["history"] + (said["history_street"] if on_street else []),
        "ask": said["ask"] + (said["ask_street"] if on_street else said["ask_papers"]),
    }
    if on_street and 5 <= moment.month <= 10:
        pools["ask"] = pools["ask"] + said["ask_warm"]
    size = chance.random()
    if size < 0.27:
        core = chance.choice(phrases[:2]) if chance.random() < 0.6 else chance.choice(phrases)
        parts = [core if any(slot in core for slot in _PLACED) else _placed(chance, language, core, on_street)]
        if chance.random() < 0.25:
            parts.append(chance.choice(pools["ask"]))
    else:
        rich = phrases[1:] or phrases
        parts = [chance.choice(rich)]
        if size > 0.6 and len(rich) > 1 and not thanks:
            parts.append(chance.choice([phrase for phrase in rich if phrase != parts[0]]))
        if not spoken and chance.random() < 0.75:
            parts.insert(0, chance.choice(said[f"open_{'polite' if thanks else writer.temper}"]))
        if not thanks:
            for pool, share in (("detail", 0.55), ("history", 0.25), ("ask", 0.6)):
                if chance.random() < share + (0.2 if size > 0.8 else 0):
                    parts.append(chance.choice(pools[pool]))
        if not spoken and chance.random() < 0.5:
            parts.append(chance.choice(said[f"close_{'polite' if thanks else writer.temper}"]))
    if repeated and not thanks:
        parts.insert(min(1, len(parts)), chance.choice(pools["history"]))
    if mixed and language in ("ru", "kk"):
        other = data.voice["mixed"]["kk_into_ru" if language == "ru" else "ru_into_kk"]
        for _ in range(chance.randint(1, 2)):
            parts.insert(chance.randint(1, len(parts)), chance.choice(other))
    if chance.random() < 0.06:
        parts.append(chance.choice(said["contact"]))
    if channel == "paper" and size > 0.3:
        parts.insert(0, chance.choice(said["paper_head"]))
    slots = (
        chance_slots(data, chance, language, moment.hour)
        | place_slots(data, chance, language, place)
        | {
            "first": writer.first,
            "name": writer.contact.name,
            "phone": writer.contact.phone,
            "iin": iin(chance),
        }
    )
    parts = list(dict.fromkeys(part for part in parts if part))
    text = (chance.choice(("\n\n", "\n")) if size > 0.8 and channel in ("web", "email") else " ").join(
        part if part[-1] in ".!?…" else f"{part}." for part in parts
    )
    text = capitalised(fill(text, language, slots, chance))
    if spoken:
        lead: str = chance.choice(said[f"{channel}_lead"])
        named = text.startswith((slots["street"], slots["village"]))
        return lead + (text if named or lead[-2] in ".:" else text[0].lower() + text[1:])
    return typed(chance, text, writer.hand, language)


def campaign_text(data: DemoData, chance: Random, *, text: str, writer: Writer) -> str:
    """Nearly the campaign's own words: a greeting, a name or a closing differ."""
    said = data.voice["citizen"][writer.language]
    parts = [chance.choice(said["open_polite"])] if chance.random() < 0.35 else []
    parts.append(text)
    if chance.random() < 0.5:
        parts.append(chance.choice(said["campaign_close"]))
    if chance.random() < 0.3:
        parts.append(writer.contact.name)
    return " ".join(part for part in parts if part).format(first=writer.first)


def answer_text(
    data: DemoData,
    chance: Random,
    *,
    matter: Matter,
    writer: Writer,
    place: Place,
    officer: DemoPerson,
    office: DemoOffice,
    passed_to: DemoOffice,
    outcome: str,
    formal: bool,
    filed_on: date,
    answered_on: date,
    days: tuple[date, date] | None = None,
) -> str:
    """An officer's answer: concrete (what, when, who, what next, the right to complain) or an отписка.

    `days`: when it was done and when the rest will be; without, chosen by chance.
    """
    language = writer.language
    said = data.voice["officer"][language]
    lasted = max((answered_on - filed_on).days, 0)
    slots = chance_slots(data, chance, language, 12) | place_slots(data, chance, language, place)
    done_on = answered_on - timedelta(days=chance.randint(0, min(lasted, 4)))
    until = answered_on + timedelta(days=chance.randint(12, 75))
    slots |= day_slots(data.voice, language, *(days or (done_on, until)))
    about = matter.about.get(language) or data.topic_names_en[matter.topic].lower()
    excuses = data.voice["why_refused" if outcome == "refused" else "why"][language]
    why = matter.why.get(language) or chance.choice(excuses)
    done = matter.done.get(language, "")
    slots |= {
        "name": writer.first if writer.first and chance.random() < 0.8 else writer.contact.name,
        "about": about,
        "About": about[:1].upper() + about[1:],
        "officer": officer.name,
        "email": officer.email,
        "hours": office.hours[language],
        "office": getattr(passed_to, language),
    }
    greeting = said["greeting"]
    if not writer.first:
        greeting = [one for one in greeting if "{name}" not in one]
    if formal:
        parts = [chance.choice(greeting), chance.choice(said["formal"])]
    else:
        key = {"satisfied": "done"}.get(outcome, outcome)
        parts = [chance.choice(greeting), chance.choice(said["lead"]), chance.choice(said[key])]
        if chance.random() < 0.7:
            parts.append(chance.choice(said["who"]))
        parts.append(chance.choice(said["rights"]))
    text = " ".join(parts).replace("{done}", done).replace("{why}", why)
    return capitalised(fill(text, language, slots, chance)).replace("..", ".")


def fill(template: str, language: str, slots: Mapping[str, str], chance: Random) -> str:
    """Put the slots in; a slot the template asks for and nobody gave is a fault of the data."""
    for said, meant in _RETIMED[language]:
        template = template.replace(said, meant)
    if language == "kk":
        template = _BARE_STREET.sub("{street} көшесі", template)
    if language == "ru" and chance.random() < 0.65:
        template = _ON_THE_STREET.sub(r"\1 {street_o}", template)
        template = _OF_THE_STREET.sub(r"\1 {street_g}", template)
    return template.format_map(slots)


def capitalised(text: str) -> str:
    return _SENTENCE_START.sub(lambda found: found.group(1) + found.group(2).upper(), text)


def typed(chance: Random, text: str, hand: str, language: str) -> str:
    """What the keys did: `clean`, `hasty`, `bare` (no marks), `caps`, `ascii` (kk letters lost), `latin`."""
    if hand == "caps":
        return text.upper()
    if hand == "ascii" and language == "kk":
        return text.translate(_NO_KAZAKH_KEYS)
    if hand == "latin" and language == "kk":
        return _latin(text)
    if hand == "bare":
        return re.sub(r"[.,!?»«]+(?=\s|$)", "", text).lower()
    if hand == "hasty":
        letters = list(text)
        for _ in range(max(1, len(letters) // 70)):
            spot = chance.randrange(1, len(letters) - 1)
            if letters[spot].isalpha() and letters[spot + 1].isalpha():
                if chance.random() < 0.5:
                    letters[spot] = ""
                else:
                    letters[spot], letters[spot + 1] = letters[spot + 1], letters[spot]
        return "".join(letters).rstrip(".")
    return text


def fitting(data: DemoData, writer: Writer, place: Place, matter: Matter) -> list[str]:
    """The phrases that contradict neither the sex of the name nor the kind of place; all if none is left."""
    language, region, setting = writer.language, data.voice["region"], data.voice["setting"]
    unfit = list(data.voice["gender"].get(language, {}).get("male" if writer.sex == "f" else "female", ()))
    if matter.where == "any":
        unfit += setting["village_only"][language] if place.area in region["towns"] else []
        unfit += setting["flats_only"][language] if place.area not in region["flats"] else []
    phrases = matter.phrases[language]
    return [phrase for phrase in phrases if not any(word in phrase.lower() for word in unfit)] or list(phrases)


def _placed(chance: Random, language: str, core: str, on_street: bool) -> str:
    core = core.rstrip(".")
    if not on_street and chance.random() < 0.8:
        return chance.choice((f"{core} ({{village}})", f"{{village}}: {core}"))
    tail = {"ru": "{street}, {house}", "kk": "{street} көшесі, {house}-үй", "en": "{street} {house}"}[language]
    if core[-1] in "?!…":
        return f"{core} {tail}"
    return chance.choice((f"{core}, {tail}", f"{tail}: {core}", f"{core}. {tail}"))


def _latin(text: str) -> str:
    return "".join(
        _LATIN.get(letter, _LATIN.get(letter.lower(), letter).capitalize() if letter.isalpha() else letter)
        for letter in text
    )


def pick(chance: Random, weighted: Sequence[tuple[Any, float]]) -> Any:
    """One of the values, by weight."""
    return chance.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]

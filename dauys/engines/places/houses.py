"""The number of a house behind the name of its street; never a date, a flat, a route or a count."""

import re
from dataclasses import dataclass

from dauys.engines.places import cues
from dauys.engines.places.letters import folded

_LEAD = re.compile(
    r"[\s,.;:»\"“”'()–—-]{0,4}(?:(?:дом(?:[ауе]|ом)?|д|үй[іи]?|уй|стр|house|bldg)(?![^\W\d_])[\s.,:]{0,3})?(?:[№#]|[NН]\s?(?=\d))?\s?",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?P<number>\d{1,4})(?!\d)"
    r"(?:\s?[/\\]\s?(?P<part>\d{1,4})(?!\d)(?P<part_letter>[а-яА-Яa-zA-Z](?![^\W_]))?"
    r"|\s?-?\s?[\"«“'](?P<quoted>[а-яА-ЯәғқңөұүһіӘҒҚҢӨҰҮҺІa-zA-Z])[\"»”']"
    r"|(?P<joined>[а-кА-КәӘa-hA-H])(?![^\W_])"
    r"|-(?P<hyphened>[а-зА-ЗәӘa-eA-E])(?![^\W_])"
    r"|[ \t](?P<apart>[АБВГДЕЖABCDE])(?![^\W_]|\.))?"
)
_BLOCK = re.compile(
    r"[\s,]{0,3}(?:корпус[а-я]{0,2}|корп|блок|к(?=\.?\d))[\s.№]{0,3}(?P<block>\d{1,2})(?!\d)(?!\s?(?:мин|час|лет))"
    r"|[\s,]{0,3}(?:строение|стр)[\s.№]{0,3}(?P<building>\d{1,2})(?!\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"19\d\d|20\d\d")
_FLAT = re.compile(r"-\d{1,3}(?![\d-])(?!\s?[^\W\d_]{0,2}\d)")
_NOT_HOUSE = re.compile(r"[.:,]\d|\s?%|[-–]\d{2}[-–]\d|-\d{3,}|\s\d{2,}[\s-]\d{2}|°|\+")
_NEXT = re.compile(r"[\s.\-–]{0,3}([^\W\d_]+)")
_MORE = re.compile(r"\s?(?:и|және|мен|или|немесе|and|or)\s(?:дом(?:[ауе])?\s)?(?=\d)", re.IGNORECASE)
_ALONE = re.compile(
    r"(?<![^\W_])(?:дом(?:[ауе]|ом)?|үй|house)\s?[,.]?\s?(?:[№#]\s?|номер\s)?(?=\d)|(?<![^\W_])д\.\s?(?:№\s?)?(?=\d)",
    re.IGNORECASE,
)
_BEFORE_UY = re.compile(r"(?<![\w./-])(?=\d{1,3}[а-яА-Я]?[\s-]{1,2}үй(?:де|ге|дің|дің|ден|ді|міз|дегі)?(?![^\W_]))")


@dataclass(frozen=True, slots=True)
class House:
    number: str
    start: int
    end: int


def house_at(text: str, place: int) -> House | None:
    """The house whose number begins at `place` exactly, or None where the number is something else."""
    match = _NUMBER.match(text, place)
    if match is None or match["number"].startswith("0") or _YEAR.fullmatch(match["number"]):
        return None
    end = match.end()
    number = match["number"]
    letter = match["quoted"] or match["joined"] or match["hyphened"] or match["apart"] or ""
    if match["part"]:
        number += "/" + match["part"] + (match["part_letter"] or "").upper()
    elif letter:
        if match["joined"] is None and match["quoted"] is None and not _stands_alone(text, end):
            letter, end = "", match.end("number")
        number += letter.upper()
    if block := _BLOCK.match(text, end):
        number += f"к{block['block']}" if block["block"] else f"с{block['building']}"
        end = block.end()
    elif flat := _FLAT.match(text, end):
        return House(number, place, end) if flat else None
    if _NOT_HOUSE.match(text, end) or _counts(text, end):
        return None
    return House(number, place, end)


def _stands_alone(text: str, place: int) -> bool:
    return place >= len(text) or text[place] in " \t\n,.;:!?)"


def _counts(text: str, place: int) -> bool:
    following = _NEXT.match(text, place)
    if following is None:
        return False
    gap = text[place : following.start(1)]
    if "." in gap or "\n" in gap:
        return False
    return folded(following[1]) in cues.COUNTED


def house_after(text: str, place: int) -> House | None:
    """The house named right behind a street's name: «, д. 12А», «123/1», «5 үй»."""
    lead = _LEAD.match(text, place)
    return house_at(text, lead.end()) if lead is not None else None


def more_after(text: str, house: House) -> House | None:
    """A second house of the same street: «12 и 14»."""
    joint = _MORE.match(text, house.end)
    return house_at(text, joint.end()) if joint is not None else None


def said_alone(text: str) -> list[House]:
    """Houses named without a street: «в доме № 14», «14-үйде»."""
    found = [house_at(text, match.end()) for match in _ALONE.finditer(text)]
    found += [house_at(text, match.end()) for match in _BEFORE_UY.finditer(text)]
    return [house for house in found if house is not None]

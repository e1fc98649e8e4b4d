"""What one word may be in a name: the lists and the endings, each asked once for a word."""

import functools
import re
from dataclasses import dataclass

from dauys.engines.personal.words import fold, kk_base, words

_PATRONYMIC = re.compile(
    r".{2,}(?:ов|ев|ь)ич(?:а|у|ем|ом|е|тин|ке|ка|пен|тан|тен|ти)?$"
    r"|.{2,}(?:ов|ев|инич|ич)н(?:а|ы|е|у|ой|ою|аны|анын|ага|амен)$"
    r"|(?:иль|кузьм|лук|фом|никит|савв|ереме)ич(?:а|у|ем|ом|е)?$"
    r"|.{3,}(?:улы|кызы|оглы|угли|uly|kyzy)(?:на|нын|нан|ны|мен|нда|ндай|ның)?$"
)
_NOT_PATRONYMIC = re.compile(
    r"(?:москвич|кирпич|царевн|королевн|столичн|гречн|яичн|больничн|лестничн|личн|обычн|различн|публичн|античн|пшеничн)"
)
_DOUBTFUL_PATRONYMIC = re.compile(r"(.{2,}?)(?:(?:[ое]в|ич)н(?:ой|ою|ы|у|е)|улы(?:на|нын|ны|мен)?)$")
_PARTED_PATRONYMIC = re.compile(r"(?:улы|кызы|оглы)(?:на|нын|нан|ны|мен|нда)?$")
_STRONG = re.compile(
    r".{2,}(?:(?:[оеё]в|ин|ын)(?:ой|ым|ою|ых|ыми)"
    r"|[оеё]в(?:а|у|е|ы|ка|ке|пен|тын|тан|ка|та|ым)?|[оеё]ва(?:нын|га|ны|мен|дан|да)|ск(?:ий|ого|ому|им|ом|ая"
    r"|ой|ую)|цк(?:ий|ого|ому|им|ом|ая|ой|ую)"
    r"|[аеоуі]нко|[дж]зе|швили|[ая]ндз(?:е|я)|[ая]ян(?:а|у|ом|е)?|(?:ч|щ)ук(?:а|у|ом|е)?|юк(?:а|у|ом|е)?"
    r"|цев(?:а|у|ым|ой|е)?"
    r"|(?:бай|бек|хан|жан|гали|кали)ев(?:а|у|ым|ой|е)?|(?:ov|ova|ev|eva|enko|sky|skiy|skaya|yan|dze|shvili))$"
)
_FIRM = re.compile(r"(?:[ое]в|енко|швили|дзе|ян|янц|чук)$")
_ADJECTIVE = re.compile(r"[сц]к(?:ий|ого|ому|им|ом|ая|ой|ую|ое|ие|их)$")
_PLACE = re.compile(
    r"(?:стан|град|бург|город|поль|абад|кент|ия|ии|ию|лэнд|ленд|таун|сити|инск|овск|анск|евск|горск)(?:а|е|у"
    r"|ом)?$|(?:вичи|щино|[ео]во|ино|ыно)$"
)
_WEAK = re.compile(
    r".{2,}(?:(?:[иы]н)(?:а|у|ым|ой|е|ы)?|ич(?:а|у|ем|е)?|ик(?:а|у|ом|е)?|[аеиоу]к(?:а|у|ом|е)?|ман(?:а|у|ом"
    r"|е)?|берг(?:а|у|ом|е)?|штейн(?:а|у|ом|е)?|бай|бек|хан|тай|in|ina|son|man|berg|stein)$"
)


@dataclass(frozen=True, slots=True)
class Sort:
    """What a word may be by itself."""

    given: bool
    everyday: bool
    patronymic: bool
    parted: bool
    surname: int
    """2 by a sure ending or list, 1 by a doubtful ending."""
    known_other: bool
    before: bool
    after: bool
    street: bool
    thing: bool
    base: bool
    adjective: bool
    """Ends as adjectives do: «Свердловской области» against «Свердловской Анне»."""
    acronym: bool
    latin: bool
    firm: bool
    """Ends as surnames do and hardly any other word."""
    place: bool
    """Ends as names of places do."""


def _patronymic(word: str, key: str) -> bool:
    """«Основной» and «формулы» end like one: where the ending misleads, a known name must stand before it."""
    if not _PATRONYMIC.match(key) or _NOT_PATRONYMIC.match(key):
        return False
    doubtful = _DOUBTFUL_PATRONYMIC.match(key)
    if doubtful is None or "ұ" in word.lower():
        return True
    stem = doubtful.group(1)
    given = words().given
    return any(
        name in given
        for name in (stem, stem + "й", stem + "ь", stem + "а", stem + "я", stem[:-1] + "ий", stem[:-1] + "ей")
    )


@functools.lru_cache(maxsize=32768)
def sort(word: str) -> Sort:
    key = fold(word)
    lists = words()
    parts = key.split("-") if "-" in key else (key,)
    everyday = key in lists.everyday
    given = everyday or key in lists.given or (len(parts) > 1 and all(part in lists.given for part in parts))
    base = key in lists.given_base
    if not given:
        for stem in kk_base(key):
            if stem in lists.given_base and len(stem) > 3:
                given = base = True
                break
    patronymic = len(key) > 6 and _patronymic(word, key)
    surname = 0
    last = parts[-1]
    if key in lists.surnames or (len(last) > 3 and _STRONG.match(last)):
        surname = 2
    elif len(last) > 3 and _WEAK.match(last):
        surname = 1
    known_other = lists.not_names.holds(key) and not patronymic
    if known_other and key in lists.given_base and not everyday:
        known_other = key in lists.not_names.whole
    shouted = len(word) > 1 and sum(map(str.isupper, word)) > 1 and "-" not in word
    return Sort(
        given=given and not known_other,
        everyday=everyday,
        patronymic=patronymic,
        parted=_PARTED_PATRONYMIC.match(key) is not None,
        surname=surname,
        known_other=known_other,
        before=lists.before.holds(key),
        after=lists.after.holds(key),
        street=lists.street.holds(key),
        thing=lists.thing.holds(key),
        base=base,
        adjective=_ADJECTIVE.search(key) is not None,
        acronym=shouted and not word[1:].islower(),
        latin=word.isascii(),
        firm=len(key) > 5 and _FIRM.search(key) is not None,
        place=_PLACE.search(key) is not None,
    )


_NAME_ENDINGS = [
    "нын",
    "нин",
    "дын",
    "дин",
    "тын",
    "тин",
    "ого",
    "ому",
    "ыми",
    "ым",
    "им",
    "ой",
    "ою",
    "ом",
    "ем",
    "ей",
    "ых",
    "мен",
    "бен",
    "пен",
    "га",
    "ге",
    "ка",
    "ке",
    "ды",
    "ди",
    "ны",
    "ни",
    "а",
    "у",
    "е",
    "ы",
    "и",
    "я",
    "ю",
    "й",
    "ь",
]


def root(word: str) -> str:
    """A name without its case ending, to know it again."""
    key = fold(word)
    for end in _NAME_ENDINGS:
        if key.endswith(end) and len(key) - len(end) >= 3:
            return key[: -len(end)]
    return key


def from_a_given_name(word: str) -> bool:
    """«Қасымова», «Иванов»: a surname made of a given name."""
    made = re.match(r"(.{3,})[ео]в(?:а|у|ой|ым|е)?$", fold(word))
    return made is not None and any(made.group(1) + end in words().given for end in ("", "й", "ь", "а"))

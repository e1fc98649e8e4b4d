"""Telephone numbers of Kazakhstan and Russia in all their spellings, in digits and in words."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dauys.engines.personal.numbers import Group, windows
from dauys.engines.personal.spans import Span

# Numbering plan of Kazakhstan (recommendation ITU-T E.164, country code 7): mobile 70x, 747, 75x, 76x, 77x;
# towns 710–729. Of Russia: mobile 9xx; towns 3xx, 4xx, 8xx.
_MOBILE = re.compile(r"7(?:0[0-8]|47|5[01]|6[0-4]|7[1-9])|9\d\d")
_TOWN = re.compile(r"7[12]\d|[348]\d\d")
_CUE = re.compile(
    r"(?:тел(?:\b|\.|еф)|моб(?:\b|\.|ил)|сот(?:\b|\.|ов|ка|к[аеиу])|номер|нөмір|звон|қоңырау|хабарлас|байланыс"
    r"|ватс|вотс|вац|уатсап|whats|viber|вайбер|telegram|телег|\bcall|phone|contact|контакт|связ|обращ\w{3,6} по)",
    re.I,
)
_FIRM_CUE = re.compile(
    r"(?<!\w)(?:тел(?:ефон\w{0,3})?|моб(?:ильн\w{2,3})?|сот(?:ов\w{2,3}|ка)?|т"
    r"|үй тел\w{0,6}|раб(?:оч\w{2})?|дом(?:ашн\w{2})?|қоңырау"
    r"|қ\.?т|phone|tel|mob"
    r"|call|fax|факс|телефоны\w{0,3}|диспетчер\w{0,5}|звони\w{0,4}|перезвони\w{0,4})"
    r"[\s.:№,()-]{1,6}(?:номер\w?\s|нөмір\w{0,3}\s|по\s|на\s|is\s|me\s|at\s)?[(]?$",
    re.I,
)
_OTHER_CUE = re.compile(
    r"(?:заявк\w{1,2}|обращени\w{1,2}|заявлени\w{1,2}|договор\w{0,2}|сч[её]т\w{0,2}|сч[её]тчик\w{0,2}|л/с"
    r"|лот\w?|акт\w?|өтініш\w{0,4}"
    r"|арыз\w{0,3}|шарт\w{0,3}|исх\.?|вх\.?|дел\w|постановлени\w{1,2}|квитанци\w{1,2}|талон\w?|тіркеу"
    r"|инвентарн\w+|кадастров\w+"
    r"|ticket|request|order|invoice)\s?(?:номер\w?|нөмір\w{0,3}|number)?[\s:№#N-]{0,5}$",
    re.I,
)
_MONEY_AFTER = re.compile(r"\s?(?:тенге|тг\b|теңге|₸|руб|kzt|р\.|долл|\$|€|usd|кг\b|км\b|шт\b|м2|м3|кв\.?\s?м)", re.I)
_EXTENSION = re.compile(
    r"[ ,;(]{0,3}(?:доб(?:авочный)?|вн(?:утр)?(?:енний)?|ішкі|ext(?:ension)?)[\s.:№]{0,3}\d{1,6}\)?", re.I
)
_AREA_CODED = re.compile(r"(?:\+7|8)?[ -]?\(\s?(?:8[ -])?(\d{3,5})\s?\)[ -]?((?:\d[ -]?){4,6}\d)(?!\d)")
_SEVEN = re.compile(r"(?<![\d.,/-])\d{3}[- ]\d{2}[- ]\d{2}(?![\d]|[.,/-]\d)")
_SHORT = re.compile(r"(?<![\d.,/-])(?:\d{1,3}[- ]\d{2}[- ]\d{2}|\d{3}[- ]?\d{3,4}|\d{5,7})(?![\d]|[.,/-]\d)")
_ABROAD = re.compile(r"(?<![\d+])\+[ ]?(?!7)[1-9](?:[ \-().]{0,2}\d){7,14}(?!\d)")


def _window(text: str, groups: Sequence[Group], first: int, total: int) -> Sequence[Group]:
    count = windows(groups, total, first)
    run = groups[first : first + count]
    for a, b in pairwise(run):
        between = text[a[1] : b[0]]
        if "," in between or ":" in between or "|" in between or ". " in between:
            return ()
    return run


def _looks_like_a_day(text: str, run: Sequence[Group]) -> bool:
    """12.03.2026 or 2026-03-12 inside the digits: they are days, not a number to call."""
    return any(
        text[a[1] : b[0]] == text[b[1] : c[0]] != "" and text[a[1] : b[0]] in ".-/"
        and sorted((len(a[2]), len(b[2]), len(c[2])))[2] == 4 and len(b[2]) <= 2 and int(b[2]) <= 12
        and (c[2] if len(c[2]) == 4 else a[2])[:2] in ("19", "20")
        for a, b, c in zip(run, run[1:], run[2:], strict=False)
    )  # fmt: skip


def in_digits(text: str, groups: Sequence[Group]) -> Iterator[Span]:
    """Numbers inside one cluster of digits: those with a country code first, then, in what is left, those without."""
    taken = [False] * len(groups)
    for total in (11, 10):
        for first, (_, _, figures) in enumerate(groups):
            if taken[first] or len(figures) > total:
                continue
            # Figure by figure, a number is read from its first figure only: a page of lone figures costs no more.
            if first and len(figures) == 1 == len(groups[first - 1][2]) and _evenly(text, groups, first):
                continue
            run = _window(text, groups, first, total)
            if not run or any(taken[first : first + len(run)]) or _looks_like_a_day(text, run):
                continue
            span = _coded(text, run) if total == 11 else _bare(text, run)
            if span is not None:
                taken[first : first + len(run)] = [True] * len(run)
                yield span


def _evenly(text: str, groups: Sequence[Group], at: int) -> bool:
    """Whether a lone figure stands among lone figures, with the same gap on both sides."""
    if at + 1 >= len(groups) or len(groups[at + 1][2]) > 1:
        return False
    return text[groups[at - 1][1] : groups[at][0]] == text[groups[at][1] : groups[at + 1][0]]


def _beginning(text: str, start: int) -> tuple[int, bool]:
    """Where the number begins, its plus or bracket with it, and whether there is a plus."""
    before = text[max(0, start - 3) : start]
    if before.rstrip(" (").endswith("+"):
        return text.rfind("+", 0, start), True
    if before.endswith("(") and ")" in text[start : start + 8]:
        return start - 1, False
    return start, False


def _coded(text: str, run: Sequence[Group]) -> Span | None:
    start, end, figures = run[0][0], run[-1][1], run[0][2]
    digits = "".join(group[2] for group in run)
    if digits[0] not in "78":
        return None
    begin, plus = _beginning(text, start)
    mobile, town = _MOBILE.match(digits[1:4]) is not None, _TOWN.match(digits[1:4]) is not None
    whole = len(run) == 1
    if plus:
        return _span(text, begin, end, 0.98, "country code")
    if not (mobile or town):
        return None
    if _CUE.search(text, max(0, start - 45), start):
        return _span(text, begin, end, 0.98, "country code")
    if _MONEY_AFTER.match(text, end):
        return None
    other = _OTHER_CUE.search(text, max(0, start - 40), start) is not None
    parted = len(figures) == 1 and len(run) > 1 and len(run[1][2]) in (3, 4, 5, 10)
    if mobile and not (other and whole) and (whole or parted or len(run) <= 5):
        return _span(text, begin, end, 0.85 if whole and figures[0] == "7" else 0.96, "country code")
    if town and not other and parted:
        return _span(text, begin, end, 0.96, "country code")
    if town and not other and whole and (digits[0] == "8" or digits[1] == "7"):
        return _span(text, begin, end, 0.7, "country code")
    return None


def _bare(text: str, run: Sequence[Group]) -> Span | None:
    start, end, figures = run[0][0], run[-1][1], run[0][2]
    digits = "".join(group[2] for group in run)
    begin, plus = _beginning(text, start)
    mobile, town = _MOBILE.match(digits) is not None, _TOWN.match(digits) is not None
    if (
        plus
        or not (mobile or town)
        or _MONEY_AFTER.match(text, end)
        or _OTHER_CUE.search(text, max(0, start - 40), start)
    ):
        return None
    if _CUE.search(text, max(0, start - 45), start):
        return _span(text, begin, end, 0.93, "cue")
    if mobile and len(figures) in (3, 6, 10) and (digits[0] == "7" or len(run) > 1):
        return _span(text, begin, end, 0.75, "mobile code")
    if town and begin < start and len(figures) in (3, 4, 5):
        return _span(text, begin, end, 0.85, "town code")
    return None


def _span(text: str, start: int, end: int, confidence: float, reason: str) -> Span:
    further = _EXTENSION.match(text, end)
    return Span(start, further.end() if further else end, "phone", confidence, reason)


def elsewhere(text: str) -> Iterator[Span]:
    """Numbers of other countries, town numbers with their code in brackets, and short ones beside a cue."""
    if "+" in text:
        for match in _ABROAD.finditer(text):
            yield _span(text, *match.span(), 0.9, "country code")
    if "(" in text:
        for match in _AREA_CODED.finditer(text):
            figures = re.sub(r"\D", "", match.group(1) + match.group(2))
            if len(figures) == 10 and (_TOWN.match(figures) or _MOBILE.match(figures)):
                yield _span(text, *match.span(), 0.93, "town code")
    for match in _SHORT.finditer(text):
        if _FIRM_CUE.search(text, max(0, match.start() - 40), match.start()):
            yield _span(text, *match.span(), 0.85, "cue")
    for match in _SEVEN.finditer(text):
        if "-" in match.group() and not _MONEY_AFTER.match(text, match.end()):
            yield _span(text, *match.span(), 0.6, "form")


# ---------------------------------------------------------------------------------------------------- in words

_FIGURES = {
    "0": "ноль нуль нөл zero",
    "1": "один бір one",
    "2": "два екі two",
    "3": "три үш three",
    "4": "четыре төрт four",
    "5": "пять бес five",
    "6": "шесть алты six",
    "7": "семь жеті seven",
    "8": "восемь сегіз eight",
    "9": "девять тоғыз nine",
    "20": "двадцать жиырма",
    "30": "тридцать отыз",
    "40": "сорок қырық",
    "50": "пятьдесят елу",
    "60": "шестьдесят алпыс",
    "70": "семьдесят жетпіс",
    "80": "восемьдесят сексен",
    "90": "девяносто тоқсан",
    "+": "плюс plus қосу",
}
_RU_TEENS = (
    "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
)
_RU_HUNDREDS = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот"
_SAID: dict[str, str] = {
    **{word: figure for figure, words in _FIGURES.items() for word in words.split()},
    **{word: str(10 + at) for at, word in enumerate(_RU_TEENS.split())},
    **{word: str(100 + 100 * at) for at, word in enumerate(_RU_HUNDREDS.split())},
}
_SAID_RUN = re.compile(
    rf"(?<!\w)(?:(?:{'|'.join(sorted(_SAID, key=len, reverse=True))}|\d{{1,4}}|жүз)(?!\w)[\s,-]{{0,3}}){{5,24}}", re.I
)
_SAID_HINT = re.compile(r"(?<!\w)(?:семьсот|восемь|семь|девятьсот|сегіз|жеті|eight|seven)(?!\w)", re.I)


def in_words(text: str) -> Iterator[Span]:
    """«восемь семьсот один двести тридцать …»: ten or eleven figures said aloud, then written down."""
    if not _SAID_HINT.search(text):
        return
    for match in _SAID_RUN.finditer(text):
        said = list(re.finditer(r"\w+", match.group()))
        words = [word.group().lower() for word in said]
        for count in range(5, len(words) + 1):
            figures = _figures(words[:count])
            if len(figures) >= 10 and (count == len(words) or len(_figures(words[: count + 1])) > len(figures)):
                if (len(figures) == 11 and figures[0] in "78" and figures[1] in "79") or (
                    len(figures) == 10 and _MOBILE.match(figures) and count == len(words)
                ):
                    yield Span(match.start(), match.start() + said[count - 1].end(), "phone", 0.9, "words")
                    break
                if len(figures) > 11:
                    break


def _figures(words: Sequence[str]) -> str:
    """700 then 1 is 701; 20 then 3 is 23; otherwise one after another."""
    figures, room = "", 0
    for word in words:
        if word == "жүз":
            figures, room = (figures[:-1] + figures[-1:] + "00", 2) if figures else ("100", 2)
            continue
        said = word if word.isdigit() else _SAID.get(word, "+")
        if said == "+":
            continue
        if room and not word.isdigit() and len(said) <= room and said != "0" and (len(said) == 1 or int(said) >= 10):
            figures = figures[: len(figures) - len(said)] + said
            room = 1 if len(said) == 2 and said[1] == "0" else 0
        else:
            figures += said
            tens = len(said) == 2 and said[1] == "0" and said != "10"
            room = 0 if word.isdigit() else 2 if len(said) == 3 else int(tens)
    return figures

"""The day a text itself sets: «до 15 марта», «через два дня суд», «15 наурызға дейін», "by Friday"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dauys.engines.urgency.lexicon import fold

FARTHEST = 300
"""Days: a date without a year that is farther ahead than this is taken for one just past, and sets nothing."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """`words` is text[start:end]; `rule` says how the day was found: date, weekday, end, within, event, tomorrow."""

    due_on: date
    words: str
    start: int
    end: int
    rule: str


def _names(*rows: str) -> dict[str, int]:
    """Every name of a row stands for the row's number, from 1."""
    return {fold(name): number for number, row in enumerate(rows, start=1) for name in row.split()}


_MONTHS = _names(
    "январ янв қаңтар january jan", "феврал фев ақпан february feb", "март наурыз march mar",
    "апрел апр сәуір april apr", "мая май мамыр may", "июн маусым june jun", "июл шілде july jul",
    "август авг тамыз august aug", "сентябр сен қыркүйек september sep", "октябр окт қазан october oct",
    "ноябр қараша november nov", "декабр дек желтоқсан december dec",
)  # fmt: skip
_DAYS = _names(
    "понедельник дүйсенбі monday", "вторник сейсенбі tuesday", "среда среды среде среду средой сәрсенбі wednesday",
    "четверг бейсенбі thursday", "пятниц жұма friday", "суббот сенбі saturday", "воскресень жексенбі sunday",
)  # fmt: skip
_NUMBERS = _names(
    "один одного одну бір one a", "два две двух екі two", "три трех үш three", "четыре четырех төрт four",
    "пять пяти бес five", "шесть шести алты six", "семь семи жеті seven", "восемь восьми сегіз eight",
    "девять девяти тоғыз nine", "десять десяти он ten",
)  # fmt: skip
_UNITS = {fold(name): days for name, days in (
    ("день", 1), ("дня", 1), ("дней", 1), ("суток", 1), ("сутки", 1), ("күн", 1), ("day", 1),
    ("недел", 7), ("апта", 7), ("week", 7), ("месяц", 30), ("ай", 30), ("month", 30),
)}  # fmt: skip


def _one_of(names: dict[str, int]) -> str:
    return "(?:" + "|".join(sorted(names, key=len, reverse=True)) + ")"


_MONTH, _DAY, _UNIT = _one_of(_MONTHS), _one_of(_DAYS), _one_of(_UNITS)
_COUNT = rf"(?:\d{{1,3}}|{_one_of(_NUMBERS)})"
_RU = rf"(?P<d>\d{{1,2}})(?:-?(?:го|е|му))?\s+(?P<m>{_MONTH})[а-я]*(?:\s+(?P<y>\d{{4}}))?"
_DOTTED = r"(?P<d>\d{1,2})[./](?P<m>\d{1,2})(?:[./](?P<y>\d{4}|\d{2}))?(?![\d:])"
_EN = (
    rf"(?:the\s+)?(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<m>{_MONTH})[a-zи]*"
    rf"|(?P<m2>{_MONTH})[a-zи]*\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)\b(?:,?\s+(?P<y>\d{{4}}))?"
)
_KK = rf"(?:(?P<y>\d{{4}})\s+жыл\w*\s+)?(?P<d>\d{{1,2}})(?:\s*-?\s*ш[иы])?\s+(?P<m>{_MONTH})"
_UNTIL_RU = r"(?:до|к|ко|не\s+позднее|не\s+позже|не\s+позднее\s+чем)"
_UNTIL_EN = r"(?:by|before|untиl|tиll|no\s+later\s+than|not\s+later\s+than)"
_UNTIL_KK = r"\s+(?:дейин|шейин|дейн)"


_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_UNTIL_RU}\s+{_RU}",
        rf"\b{_UNTIL_RU}\s+{_DOTTED}",
        rf"\b{_KK}[а-я]{{2}}{_UNTIL_KK}",
        rf"\b(?P<m>{_MONTH})(?:нын|нин|дын|дин|тын|тин)\s+(?P<d>\d{{1,2}})\s*-?\s*[а-я]{{2,4}}{_UNTIL_KK}",
        rf"\b{_DOTTED}\s*-?\s*[а-я]{{2,4}}{_UNTIL_KK}",
        rf"\b{_UNTIL_EN}\s+{_EN}",
        rf"\b{_UNTIL_EN}\s+(?P<y>\d{{4}})-(?P<m>\d{{2}})-(?P<d>\d{{2}})",
    )
)
_OF_MONTH = re.compile(r"\b(?:до|к)\s+(?P<d>\d{1,2})(?:-?го|-?му)?\s+числ[ау]|\b(?P<dk>\d{1,2})-?[а-я]{2,4}\s+дейин")
_WEEKDAYS = (
    re.compile(rf"\b{_UNTIL_RU}\s+(?P<w>{_DAY})[а-я]{{0,3}}\b"),
    re.compile(rf"\b(?P<w>{_DAY})(?:ге|га|ке|ка|нин соны)?(?:\s+кун\w+)?{_UNTIL_KK}"),
    re.compile(rf"\b{_UNTIL_EN}\s+(?:next\s+)?(?P<w>{_DAY})"),
)
_ENDS = (
    re.compile(r"\b(?:до|к)\s+кон(?:ца|цу)\s+(?:этого\s+|текущего\s+|этой\s+)?(?P<p>дня|недели|месяца|года|рабоч)"),
    re.compile(rf"\b(?P<p>кун|апта|ай|жыл)(?:нин|нын|дын|дин)\s+(?:сон|аяг)\w+{_UNTIL_KK}"),
    re.compile(rf"\b{_UNTIL_EN}\s+the\s+end\s+of\s+(?:the\s+|thиs\s+)?(?P<p>day|week|month|year)"),
)
_WITHIN = (
    re.compile(rf"\bв\s+течени[еи]\s+(?:(?P<n>{_COUNT})\s+)?(?P<u>{_UNIT})[а-я]*"),
    re.compile(rf"\b(?P<n>{_COUNT})\s+(?P<u>{_UNIT})\w*\s+ишинде"),
    re.compile(rf"\bwиthиn\s+(?P<n>{_COUNT})\s+(?P<u>{_UNIT})s?"),
)
_AHEAD = (
    re.compile(rf"\bчерез\s+(?:(?P<n>{_COUNT})\s+)?(?P<u>{_UNIT})[а-я]*"),
    re.compile(rf"\b(?P<n>{_COUNT})\s+(?P<u>{_UNIT})[а-я]*\s+(?:кейин|сон)\b"),
    re.compile(rf"\bиn\s+(?P<n>{_COUNT})\s+(?P<u>{_UNIT})s?"),
)
_ON_DAY = (
    re.compile(rf"\b{_RU}"),
    re.compile(rf"\b{_KK}(?:да|де|та|те)?\b"),
    re.compile(rf"\bon\s+{_EN}"),
)
_ON_WEEKDAY = (
    re.compile(rf"\b(?:в|во)\s+(?:эт[уо]т?\s+)?(?P<w>{_DAY})[а-я]{{0,3}}\b"),
    re.compile(rf"\b(?P<w>{_DAY})\s+куни"),
    re.compile(rf"\bon\s+(?P<w>{_DAY})"),
)
_NEXT_DAYS = {
    fold(word): days
    for word, days in (
        ("сегодня", 0), ("бүгін", 0), ("today", 0), ("завтра", 1), ("ертең", 1), ("tomorrow", 1),
        ("послезавтра", 2), ("бүрсігүні", 2), ("завтрашнему", 1), ("завтрашнего", 1), ("ертеңге", 1),
    )
}  # fmt: skip
_NEXT_DAY = re.compile(rf"\b(?<!сегодня-)(?<!сегодня- )(?<!сегодня )(?P<t>{_one_of(_NEXT_DAYS)})\b")
_EVENT = re.compile(
    r"\b(?:суд|судебн\w+|заседани\w+|операци\w+|экзамен\w*|выселя\w+|выселени\w+|срок\w*\s+истека\w+|последний\s+день"
    r"|крайний\s+срок|похорон\w+|аукцион\w*|торги|рейс|срок\s+подачи|призыв\w*|сот|сотымыз|сотым|емтихан\w*|сонгы\s+кун\w*"
    r"|мерзим\w*\s+(?:бит|аякт|от)\w+|уйден\s+шыгар\w+|court|hearиng|surgery|operatиon|exam\w*|evиct\w*|deadlиne|expиre\w*"
    r"|last\s+day|funeral)\b"
)
_REQUEST = re.compile(
    r"\b(?:прос[ия]\w*|прошу|треб\w+|нужн\w+|надо|необходимо|обязать|обяжите|срочно|сурай\w+|отинем\w*|талап\s+ет\w+|керек|please|ask|demand|need)\b|[ий]те\b"
    r"|(?:ныз|низ)(?:дар|дер)?(?:шы|ши)?\b|^\s*\w{2,}(?:ть|ти)\b"
)
_NOT_SET = re.compile(
    r"\b(?:обеща\w+|пообеща\w+|говорил\w*|сказал\w*|уаде\w*|promиs\w+|saиd"
    r"|осуществля\w+|производит\w+|запланиров\w+|планиру\w+)\b"
)
_RANGE = re.compile(r"\b(?:с|со)\s+\d[\w.\s]{0,22}$")
_SENTENCE = re.compile(r"[^!?;\n.]+(?:\.(?=\d)[^!?;\n.]+)*")


def _folded(text: str) -> str:
    folded = fold(text)
    if len(folded) != len(text):  # a few letters change their length in lower case; places in the text must not
        folded = "".join(small if len(small := fold(letter)) == 1 else letter for letter in text)
    return folded


def deadline(text: str, received_on: date) -> Deadline | None:
    """The earliest day, on or after the day of receipt, that the text sets for an answer or is pressed by.

    What others promised is not a deadline; a day of an event (a court hearing, an operation) is.
    """
    folded = _folded(text)
    if not _HINT.search(folded):
        return None
    found = [one for match in _SENTENCE.finditer(folded) for one in _in_sentence(match, text, received_on)]
    return min(found, key=lambda one: (one.due_on, one.start), default=None)


_HINT = re.compile(
    r"\bдо\b|\bк\b|\bко\b|не поздн|не позже|дейи?н|шейин|\bby\b|before|untиl|tиll|later|\bчерез\b|кейин|сон\b"
    rf"|ишинде|течени|wиthиn|{_one_of(_NEXT_DAYS)}|\bсуд|\bсот|операц|hearиng|court|surgery|\bиn\b"
)


def _in_sentence(match: re.Match[str], text: str, day: date) -> Iterator[Deadline]:
    said = match.group()
    event = _EVENT.search(said) is not None
    if _NOT_SET.search(said) and not event:
        return
    asks = _REQUEST.search(said) is not None

    def made(hit: re.Match[str], due: date | None, rule: str) -> Iterator[Deadline]:
        if due is not None and due >= day and not _RANGE.search(said[: hit.start()]):
            start, end = match.start() + hit.start(), match.start() + hit.end()
            yield Deadline(due, text[start:end], start, end, rule)

    if not asks and not event:
        return  # «не убиралась до 16 марта», «закрыто до понедельника»: a day is told, not set
    for pattern in _DATES:
        for hit in pattern.finditer(said):
            yield from made(hit, _date_of(hit, day), "date")
    for hit in _OF_MONTH.finditer(said):
        yield from made(hit, _day_of_month(int(hit["d"] or hit["dk"]), day), "date")
    for pattern in _WEEKDAYS:
        for hit in pattern.finditer(said):
            yield from made(hit, _weekday(_DAYS[hit["w"]], day), "weekday")
    for pattern in _ENDS:
        for hit in pattern.finditer(said):
            yield from made(hit, _end_of(hit["p"], day), "end")
    if asks:
        for pattern in _WITHIN:
            for hit in pattern.finditer(said):
                yield from made(hit, _later(hit, day), "within")
    for hit in _NEXT_DAY.finditer(said):
        days = _NEXT_DAYS[hit["t"]]
        if days or event:
            yield from made(hit, day + timedelta(days=days), "event" if event else "tomorrow")
    if event:
        for pattern in _AHEAD:
            for hit in pattern.finditer(said):
                yield from made(hit, _later(hit, day), "event")
        for pattern in _ON_DAY:
            for hit in pattern.finditer(said):
                yield from made(hit, _date_of(hit, day), "event")
        for pattern in _ON_WEEKDAY:
            for hit in pattern.finditer(said):
                yield from made(hit, _weekday(_DAYS[hit["w"]], day), "event")


def _date_of(hit: re.Match[str], day: date) -> date | None:
    groups = hit.groupdict()
    month_said, day_said = groups.get("m") or groups.get("m2"), groups.get("d") or groups.get("d2")
    month = int(month_said) if month_said and month_said.isdigit() else _MONTHS.get(month_said or "", 0)
    year = int(groups["y"]) if groups.get("y") else None
    if year is not None and year < 100:
        year += 2000
    try:
        if year is not None:
            return date(year, month, int(day_said or 0))
        this = date(day.year, month, int(day_said or 0))
        soonest = this if this >= day else this.replace(year=day.year + 1)
    except ValueError:
        return None
    return soonest if (soonest - day).days <= FARTHEST else None


def _day_of_month(number: int, day: date) -> date | None:
    try:
        this = day.replace(day=number)
        return this if this >= day else (this.replace(day=1) + timedelta(days=32)).replace(day=number)
    except ValueError:
        return None


def _weekday(number: int, day: date) -> date:
    return day + timedelta(days=(number - 1 - day.weekday() - 1) % 7 + 1)


def _end_of(period: str, day: date) -> date:
    if period in {"дня", "рабоч", "кун", "day"}:
        return day
    if period in {"недели", "апта", "week"}:
        return day + timedelta(days=6 - day.weekday())
    if period in {"месяца", "ай", "month"}:
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return date(day.year, 12, 31)


def _later(hit: re.Match[str], day: date) -> date:
    said = hit["n"]
    count = 1 if said is None else int(said) if said.isdigit() else _NUMBERS[said]
    return day + timedelta(days=count * _UNITS[hit["u"]])

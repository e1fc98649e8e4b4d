"""Identity papers, number plates and days of birth."""

import re
from collections.abc import Iterator

from dauys.engines.personal.plain import LOOKALIKES
from dauys.engines.personal.spans import Span

_DOCUMENT = re.compile(
    r"(?:удостоверени\w*(?:\s+личности|\s+инвалид\w+|\s+водител\w+)?|уд\.?\s?л(?:ич)?\w*\.?|паспорт\w*"
    r"|жеке\s+куәл[іи]\w*|куәл[іи]\w*"
    r"|төлқұжат\w*|свидетельств\w*(?:\s+о\s+\w{4,12})?|водительск\w+(?:\s+\w{5,14})?|снилс|инн|вид\w? на жительство"
    r"|identity card|passport|id card|driving licen[cs]e)"
    r"[^\d\n]{0,28}?((?:(?!Р[ФК])[A-ZА-Я]{1,2}\s?№?\s?)?(?:\d{2}\s?\d{2}\s?(?:№|номер|N)?\s?\d{6}"
    r"|\d{3}-\d{3}-\d{3}[ -]\d{2}|\d{7,12}))(?![\d/-])",
    re.IGNORECASE,
)
_SERIES = re.compile(
    r"сери\w\s{0,2}[:№]?\s?(\d{2}\s?\d{2}|[A-ZА-Я]{1,3})[\s,]{0,2}(?:№|номер|N)?\s{0,2}\d{6,8}(?!\d)", re.IGNORECASE
)
_PASSPORT = re.compile(r"(?<!\w)[NНСC]\s?\d{8}(?!\d)")

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_RU_LETTERS = "ABEKMHOPCTYX"
_PLATE = re.compile(
    rf"(?<![\w-])(?:(?P<kz>\d{{3}}[ -]?[{_LETTERS}]{{2,3}}[ -]?(?:0[1-9]|1\d|20))"
    rf"|(?P<old>[{_LETTERS}][ -]?\d{{3}}[ -]?[{_LETTERS}]{{2,3}}(?![ -]?\d))"
    rf"|(?P<ru>[{_RU_LETTERS}][ ]?\d{{3}}[ ]?[{_RU_LETTERS}]{{2}}[ ]?[1-9]?\d{{2}}(?:[ ]?rus)?))(?![\w])(?!-\w)",
    re.IGNORECASE,
)
_PLATE_CUE = re.compile(
    r"(?:госномер\w?|гос\.?\s?(?:рег\.?\s?)?(?:номер|знак)\w{0,2}|номер\w{0,3}|нөмір\w{0,4}|машин\w{1,3}"
    r"|авто\w{0,14}|а/м|грз|г/н"
    r"|көлі\w{1,5}|көліг\w{1,4}|такси|джип|тойота|toyota|камри|лада|ваз|plate|car|такси\w?|газель"
    r"|грузовик\w{0,2})\W{0,4}(?:\w+\W{1,3}){0,3}$",
    re.IGNORECASE,
)
_UNITS = frozenset(
    [
        "KB",
        "KBM",
        "KG",
        "KM",
        "CM",
        "MM",
        "TC",
        "TB",
        "EKB",
        "LIT",
        "LET",
        "KOP",
        "KOPP",
        "TYC",
        "MLN",
        "PYB",
        "THT",
        "CT",
        "CTP",
        "PAZ",
        "RAZ",
        "CHAS",
        "MIN",
    ]
)
_PLATE_HINT = re.compile(r"\d{3}")

_DAY = (
    r"(?:0?[1-9]|[12]\d|3[01])(?:\s?[./-]\s?(?:0?[1-9]|1[0-2])\s?[./-]\s?"
    r"|\s+[А-Яа-яӘәІіҢңҒғҮүҰұҚқӨөҺһA-Za-z]{3,10}\.?,?\s+)(?:19|20)?\d{2}"
    r"|(?:19|20)\d{2}[./-](?:0[1-9]|1[0-2])[./-](?:0[1-9]|[12]\d|3[01])"
    r"|(?:19|20)\d{2}\s+жылғы?\s+\d{1,2}\s?-?\s?[а-яәіңғүұқөһ]{3,9}"
)
_BORN_BEFORE = re.compile(
    r"(?:родил(?:ся|ась|ись)|рожд(?:ения|ён|ена|енн\w{1,3})|дата рожд\w*|д\.\s?р\.|туған(?:\s+(?:күн\w{0,3}"
    r"|жыл\w{0,3}|күні,? айы,? жылы))?|born(?: on)?"
    rf"|date of birth|dob|birthday)[\s:–—,()-]{{0,4}}(?:в\s|on\s|in\s)?({_DAY}|(?:19|20)\d{{2}}(?!\d))",
    re.IGNORECASE,
)
_BORN_AFTER = re.compile(
    rf"(?<![\d.])({_DAY}|(?:19|20)\d{{2}}|\d{{2}})\s?-?(?:г\.\s?р\.?|г\.?\s?рожд\w*|года?\s+рожд\w*"
    rf"|жылғы\s+туған|ж\.\s?т\.|(?:жылы|күні)\s+туған\w*|г/р|гр\.(?=\s?р)|года?\s+родил\w+)(?!\w)",
    re.IGNORECASE,
)
_BORN_HINT = re.compile(r"рожд|родил|р\.|туған|born|birth|dob|г/р|ж\.", re.IGNORECASE)
_DOCUMENT_HINT = re.compile(
    r"удост|уд\.|уд л|паспорт|куәл|төлқұ|свидет|водит|снилс|инн|жительство|card|passport|licen|сери", re.IGNORECASE
)


def papers(text: str) -> Iterator[Span]:
    if _DOCUMENT_HINT.search(text):
        for match in _DOCUMENT.finditer(text):
            yield Span(*match.span(1), "document", 0.9, "cue")
        for match in _SERIES.finditer(text):
            yield Span(match.start(1), match.end(), "document", 0.9, "cue")
    for match in _PASSPORT.finditer(text):
        yield Span(*match.span(), "document", 0.8, "form")


def plates(text: str) -> Iterator[Span]:
    if not _PLATE_HINT.search(text):
        return
    latin = text.translate(LOOKALIKES)
    for match in _PLATE.finditer(latin):
        signs = re.sub(r"[ -]", "", match.group()).upper()
        parted = len(signs) != len(match.group())
        letters = "".join(sign for sign in signs if sign.isalpha())
        shouting = match.group().upper() == match.group()
        if not shouting and not any(sign.islower() for sign in match.group() if sign.isalpha()):
            continue
        named = _PLATE_CUE.search(text, max(0, match.start() - 45), match.start()) is not None
        if (letters in _UNITS and not named) or (letters.startswith("KB") and parted):
            continue
        sure = match.group("kz") is not None and len(letters) == 3 and shouting
        if named:
            yield Span(*match.span(), "plate", 0.97, "cue")
        elif sure or (not parted and (shouting or match.group("ru") is not None or len(letters) == 3)):
            yield Span(*match.span(), "plate", 0.85, "form")
        elif shouting and match.group("ru") is not None:
            yield Span(*match.span(), "plate", 0.75, "form")


def births(text: str) -> Iterator[Span]:
    if not _BORN_HINT.search(text):
        return
    for pattern in (_BORN_BEFORE, _BORN_AFTER):
        for match in pattern.finditer(text):
            yield Span(*match.span(1), "birth", 0.93, "cue")

"""Where somebody lives: street, house and flat, or the flat alone."""

import re
from collections.abc import Iterator

from dauys.engines.personal.spans import Span

_UP = "А-ЯЁӘҒҚҢӨҰҮҺІA-Z"
_LOW = "а-яёәғқңөұүһіa-z"
_STREET_RU = (
    r"(?:ул(?:\.|иц[аеыу]\w?)?|пр(?:\.|-т|оспект[еау]?)|пер(?:\.|еул(?:ок|к[аеу]))|мкр\.?|мкрн\.?|мк-н|м-н"
    r"|микрорайон[еа]?|бульвар[еа]?|б-р|шоссе|набережн\w{2,3}|наб\.|квартал[еа]?|проезд[еа]?|тупик[еа]?|street|st\."
    r"|avenue|ave\.)"
)
_STREET_KK = (
    r"(?:көшес[іи]\w{0,4}|кошес[иі]\w{0,4}|к-сі\w{0,3}|даңғылы\w{0,4}|данғылы\w{0,4}|шағын\sаудан\w{0,5}"
    r"|ықшам\s?аудан\w{0,5}|тұйығы\w{0,4}|мөлтек\s?аудан\w{0,5})"
)
_HOUSE = (
    r"(?:(?:д(?:\.|ом[еау]?)?|үй|house|№"
    r"|h\.)\s{0,2}№?\s{0,2})?\d{1,4}(?:\s?[а-дa-d](?!\w))?(?:\s?[/\\]\s?\d{1,4}[а-я]?)?"
    r"(?:[ -]?үй\w{0,4})?(?:[\s,]{1,2}(?:к(?:\.|орп(?:\.|ус)?)|стр\.?|лит(?:\.|ера?)?"
    r"|блок)\s{0,2}[\dА-Яа-яA-Za-z]{1,3}(?!\w))?"
)
_FLAT_NUMBER = (
    r"(?:(?:кв(?:\.|артир[аеуы]|-р[аеуы]|-ра)?|пәт(?:ер\w{0,4}|\.)|комн\w*\.?|flat|apt\.?"
    r"|apartment)\s{0,2}[№#]?\s{0,2}\d{1,4}[а-дА-Д]?"
    r"|\d{1,4}[ -]?(?:пәтер\w{0,4}|кв(?:\.|-ра)?(?!\s?[.м]?\s?м)|(?:-?(?:я|й|ой|ую|ая)\s)?квартир[аеу]))"
)
_FLAT = rf"[\s,.;-]{{1,3}}{_FLAT_NUMBER}"
_SHORT_FLAT = r"\s?-\s?\d{1,4}(?![\d-])"
_STREET_NAME = (
    rf"(?:\d{{1,3}}(?:-?(?:я|й|ая|ый))?\s)?[«\"]?[{_UP}{_LOW}\d][{_UP}{_LOW}\d.-]{{0,24}}(?:\s[{_UP}{_LOW}]"
    rf"[{_UP}{_LOW}.-]{{1,24}}){{0,2}}?[»\"]?"
)
_RU = re.compile(
    rf"(?<![\w-])(?:{_STREET_RU}\s{{0,2}}{_STREET_NAME}|[{_UP}{_LOW}-]{{4,24}}(?:ая|ой|ую|ий|ый|ом|ому)\s{_STREET_RU})"
    rf"[\s,]{{1,3}}{_HOUSE}(?P<flat>{_FLAT}|{_SHORT_FLAT})?(?!\w)",
    re.IGNORECASE,
)
_KK = re.compile(
    rf"(?<![\w-])[{_UP}{_LOW}][{_LOW}.-]{{1,24}}(?:\s[{_UP}{_LOW}][{_LOW}.-]{{1,24}}){{0,2}}?\s{_STREET_KK}[\s,]{{1,3}}{_HOUSE}"
    rf"(?P<flat>{_FLAT}|{_SHORT_FLAT})?(?!\w)",
    re.IGNORECASE,
)
_EN = re.compile(
    r"(?<![\w-])\d{1,4}[a-d]?\s[A-Z][a-z]{1,24}(?:\s[A-Z][a-z]{1,24})?\s(?:[Ss]treet|St\.?|[Aa]venue|[Rr]oad)"
    r"(?P<flat>,?\s{0,2}(?:flat|apt\.?|apartment)\s\d{1,4})?(?!\w)"
)
_BARE = re.compile(
    rf"(?<![\w-])[{_UP}][{_LOW}]{{2,24}}[\s,]{{1,2}}(?:д(?:\.|ом)?\s{{0,2}}|үй\s)?\d{{1,4}}[а-дА-Д]?(?:/\d{{1,3}})?"
    rf"(?P<flat>{_FLAT}|{_SHORT_FLAT})(?!\w|\s?(?:г\.|ч\.|час|мин|дн|янв|фев|мар|апр|ма[йя]|ию[нл]|авг|сен|окт"
    rf"|ноя|дек|қаң|ақп|нау|сәу|мам|мау|шіл|там|қыр|қаз|қар|жел|:|%|тг|тенге|кг|км))"
)
_HOUSE_AND_FLAT = re.compile(
    rf"(?<![\w-])(?:(?:д\.|дом[еау]?|үй)\s{{0,2}}№?\s{{0,2}}\d{{1,4}}[а-дА-Д]?(?:/\d{{1,3}})?"
    rf"|\d{{1,4}}[ -]?үй\w{{0,4}}){_FLAT}(?!\w)",
    re.IGNORECASE,
)
# A flat needs no street: «кв. 45», «из квартиры № 45», «45-пәтер». «В 12 квартирах» counts flats and names none.
_FLAT_ALONE = re.compile(
    r"(?<![^\W\d_])(?:(?:кв|квартир[аеуы]|квартирой|кв-р[аеуы]|пәтер\w{0,4}|flat|apartment|apt"
    r"|комнат[аеуы])[.:,]?\s{0,3}(?:№+|#|N|номер\w?|под номером)?[.:]?\s{0,3}"
    r"\d{1,4}(?:\s?[а-дА-Д](?!\w))?(?:(?:\s?[,и/-]\s?|\s?,\s?и\s)\d{1,4}){0,8}(?![\d-]|\s?(?:кв|м2|м²|тг|тенге"
    r"|рубл|этаж|квартир|час|дн|раз|чел))"
    r"|(?<!\d)\d{1,4}(?:\s?-?\s?(?:я|ая|й|ой|ую|го))?[ -]?квартир(?:а|у|е)(?!\w|[\s№.]{0,3}\d)"
    # «3 квартиры» are three flats, «37 квартиры» belongs to one; «у 3 квартиры» does too.
    r"|(?:(?<![\d ])(?<!\d )|(?<=у )|(?<=из )|(?<=от )|(?<=около )|(?<=возле ))\d{1,4}[ -]?(?:й |ой"
    r" )?квартиры(?!\w|[\s№.]{0,3}\d)"
    r"|(?<!\d)(?:\d{3}|[1-9][015-9])[ -]?квартиры(?!\w|[\s№.]{0,3}\d)|(?<!\d)\d{1,4}[ -]кв\.(?!\s?(?:м|км|см))"
    r"|(?<!\d)\d{1,4}[ -]?пәтер(?:де|ден|дің|ге|і|ді|інде|іне)?(?!\w))",
    re.IGNORECASE,
)
_FLAT_HINT = re.compile(r"кв|пәт|flat|apart|apt|комн", re.IGNORECASE)


def addresses(text: str) -> Iterator[Span]:
    """A house with a flat is a home; a house alone may be one, and is less sure."""
    for pattern in (_RU, _KK, _EN):
        for match in pattern.finditer(text):
            flat = match.group("flat") is not None
            yield Span(*match.span(), "address", 0.95 if flat else 0.7, "house and flat" if flat else "house")
    for match in _BARE.finditer(text):
        yield Span(*match.span(), "address", 0.75, "house and flat")
    if _FLAT_HINT.search(text):
        for match in _HOUSE_AND_FLAT.finditer(text):
            yield Span(*match.span(), "address", 0.8, "house and flat")
        for match in _FLAT_ALONE.finditer(text):
            yield Span(*match.span(), "address", 0.7, "flat")

"""Personal data in the words of an appeal: where it stands, of what kind, how surely, and why.

Everything here is rules: check digits where a number has one, cue words where it has none, and the endings of
patronymics and surnames for people. Redaction before release should take every span; a display that points at
personal data may take the sure ones only.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

READ_AT_MOST = 400_000  # characters; a longer text is given in pieces


@dataclass(frozen=True)
class Span:
    """text[start:end] is personal data.

    `kind` is one of iin, bin, phone, email, card, iban, document, plate, name, address; `confidence` runs
    from 0 to 1; `reason` names the rule: "check digit", "cue", "patronymic", "initials", "house and flat" …
    """

    start: int
    end: int
    kind: str
    confidence: float
    reason: str


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_UP = "А-ЯЁӘҒҚҢӨҰҮҺІA-Z"
_LOW = "а-яёәғқңөұүһіa-z"
_CAP = rf"[{_UP}][{_LOW}]{{1,24}}(?:-[{_UP}][{_LOW}]{{1,24}})?"

# ---------------------------------------------------------------------------------------------------- numbers

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_TWELVE = re.compile(r"(?<!\d)\d{6}[ -]?\d{6}(?!\d)|(?<!\d)\d{4} \d{4} \d{4}(?! ?\d)")
_PHONE = re.compile(
    r"(?<![\d+])(?:\+\s?7|8|7)[ \-–(.\t]{0,3}7\d{2,3}[ \-–).\t]{0,3}\d{2,3}[ \-–.\t]?\d{2}[ \-–.\t]?\d{2}"
    r"(?!\d)"
    r"|(?<![\d+])(?:\+\s?7|8|7)[ \-–(.]{0,3}7(?:[ \-–().]{0,2}\d){9}(?!\d)"
)
_BARE_PHONE = re.compile(r"(?<![\d+])\(?7\d{2}\)?[ \-–.]{0,2}\d{3}[ \-–.]?\d{2}[ \-–.]?\d{2}(?!\d)")
_HOME_PHONE = re.compile(
    r"(?:тел(?:ефон\w{0,3})?|қоңырау|phone"
    r"|tel)[\s.:№]{0,4}((?:\(?\d{3,5}\)?[ -]?)?\d{1,3}[ -]\d{2}[ -]\d{2}|\d{5,6})(?!\d)",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?<!\d)(?:\d{4}[ -]){3}\d{4}(?!\d)|(?<!\d)\d{16}(?!\d)")
_IBAN = re.compile(r"(?<![A-Za-z0-9])KZ\d{2}(?: ?[A-Z0-9]){16}(?![A-Za-z0-9])", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"(?:удостоверени\w*(?:\s+личности)?|уд\.?\s?л(?:ич)?\w*\.?|паспорт\w*|жеке\s+куәл[іи]\w*|төлқұжат\w*"
    r"|identity card|passport)"
    r"[^\d\n]{0,25}?((?:[NН]\s?)?\d{8,9})(?!\d)",
    re.IGNORECASE,
)
_PASSPORT = re.compile(r"(?<!\w)[NН]\s?\d{8}(?!\d)")
_PLATE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZАВСЕНКМОРТХУ"
_PLATE = re.compile(
    rf"(?<![\w-])(?:\d{{3}}[ -]?[{_PLATE_LETTERS}]{{2,3}}[ -]?(?:0[1-9]|1\d|20)"
    rf"|[{_PLATE_LETTERS}][ -]?\d{{3}}[ -]?[{_PLATE_LETTERS}]{{2,3}})(?![\w-])"
)
_NUMBER_CUE = re.compile(r"(?:иин|жсн|iin|бин|бсн|bin)\W{0,12}$", re.IGNORECASE)
_PHONE_CUE = re.compile(
    r"(?:тел|моб|сот|номер|нөмір|звон|перезвон|қоңырау|хабарлас|байланыс|ватс|вотс|вац|whats|telegram"
    r"|телег|call|phone|contact|связ)",
    re.IGNORECASE,
)


def _check_digit_holds(digits: str) -> bool:
    """The control digit of an IIN or BIN: order of the interior minister No. 521 of 29.06.2023."""
    figures = [int(digit) for digit in digits]
    for weights in (range(1, 12), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        control = sum(figure * weight for figure, weight in zip(figures, weights, strict=False)) % 11
        if control != 10:
            return control == figures[11]
    return False


def _begins_with_a_birthday(digits: str) -> bool:
    if digits[6] not in "0123456":
        return False
    century = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}.get(digits[6], 2000)
    try:
        date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    return True


def _luhn_holds(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        figure = int(digit) * (1 + place % 2)
        total += figure - 9 if figure > 9 else figure
    return total % 10 == 0


def _iban_holds(iban: str) -> bool:
    """ISO 13616: letters become 10…35, the first four signs move to the end, the remainder by 97 is 1."""
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def _digits(text: str) -> str:
    # Only the ten ASCII digits count: \d also matches other scripts' digits, which no Kazakh number uses.
    return "".join(sign for sign in text if sign in "0123456789")


def _twelve(text: str) -> Iterator[Span]:
    for match in _TWELVE.finditer(text):
        digits = _digits(match.group())
        if len(digits) != 12:
            continue
        cue = bool(_NUMBER_CUE.search(text, max(0, match.start() - 20), match.start()))
        firm = digits[4] in "456"
        kind = "bin" if firm and not _begins_with_a_birthday(digits) else "iin"
        if not _check_digit_holds(digits):
            if cue:  # a slip of the pen is personal data all the same
                yield Span(*match.span(), kind, 0.8, "cue")
        elif cue:
            yield Span(*match.span(), kind, 0.99, "cue and check digit")
        elif kind == "bin" or _begins_with_a_birthday(digits):
            yield Span(*match.span(), kind, 0.95, "check digit and date")
        else:  # one in eleven random numbers gets here
            yield Span(*match.span(), kind, 0.6, "check digit")


def _phones(text: str) -> Iterator[Span]:
    for match in _PHONE.finditer(text):
        digits = _digits(match.group())
        if len(digits) == 11 and digits[0] in "78" and digits[1] == "7":
            plain = match.group().isdigit() and match.group()[0] == "7"
            yield Span(*match.span(), "phone", 0.85 if plain else 0.97, "country code")
    for match in _BARE_PHONE.finditer(text):
        digits = _digits(match.group())
        if len(digits) != 10:
            continue
        if _PHONE_CUE.search(text, max(0, match.start() - 40), match.start()):
            yield Span(*match.span(), "phone", 0.92, "cue")
        elif digits[1] in "047" and digits[:3] in _MOBILE:
            yield Span(*match.span(), "phone", 0.7, "mobile code")
    for match in _HOME_PHONE.finditer(text):
        yield Span(*match.span(1), "phone", 0.85, "cue")


_MOBILE = _set_of("700 701 702 703 704 705 706 707 708 747 750 751 760 761 762 763 764 771 775 776 777 778")


def _numbers(text: str) -> Iterator[Span]:
    yield from _twelve(text)
    yield from _phones(text)
    for match in _CARD.finditer(text):
        digits = _digits(match.group())
        if len(digits) == 16 and digits[0] != "0" and _luhn_holds(digits):
            yield Span(*match.span(), "card", 0.95, "check digit")
    for match in _IBAN.finditer(text):
        signs = re.sub(r"[^A-Z0-9]", "", match.group().upper())
        sure = len(signs) == 20 and signs.isascii() and _iban_holds(signs)
        yield Span(*match.span(), "iban", 0.99 if sure else 0.6, "check digits" if sure else "form")
    for match in _DOCUMENT.finditer(text):
        yield Span(*match.span(1), "document", 0.9, "cue")
    for match in _PASSPORT.finditer(text):
        yield Span(*match.span(), "document", 0.8, "form")
    for match in _PLATE.finditer(text):
        yield Span(*match.span(), "plate", 0.85, "form")


# ------------------------------------------------------------------------------------------------------ names

_PATRONYMIC_HINT = re.compile(r"ович|евич|ьич|мич|овн|евн|ичн|(?:ұ|у)лы\b|(?:қ|к)ызы|тегі\b|оглы")
_PATRONYMIC = (
    rf"[{_UP}][{_LOW}]{{2,20}}(?:(?:ович|евич|ьич|мич)(?:а|у|ем|ом|е|тің|ке|қа)?|(?:овн|евн|ичн)(?:а|ы|е|у"
    rf"|ой|ою|аның|аға)|(?:ұлы|улы|қызы|кызы|оглы)(?:на|ның|нын|мен)?)(?![{_LOW}])"
)
_SPLIT_PATRONYMIC = rf"{_CAP}\s(?:ұлы|улы|қызы|кызы|оглы)(?:на|ның|мен)?(?![{_LOW}])"
_FULL_NAME = re.compile(
    rf"(?<![\w-])(?:(?:{_CAP}\s{{1,2}}){{0,2}}(?:{_PATRONYMIC}|{_SPLIT_PATRONYMIC})(?:\s(?:{_CAP}))?)"
)
_FULL_NAME_SMALL = re.compile(
    rf"(?<![\w-])[{_LOW}]{{3,20}}\s[{_LOW}]{{3,20}}\s[{_LOW}]{{2,20}}(?:ович|евич|овна|евна|ұлы|қызы|улы"
    rf"|кызы)(?![\w-])"
)
_SURNAME_END = r"(?:ов|ев|ёв|ин|ын|ова|ева|ёва|ина|ына|ский|ская|цкий|цкая|енко|баев|бекова?|ову|еву|овой|евой)"
_INITIALS = re.compile(rf"(?<![\w.])(?:{_CAP}\s[{_UP}]\.\s?(?:[{_UP}]\.)?|[{_UP}]\.\s?(?:[{_UP}]\.\s?)?{_CAP})(?![\w])")
_SURNAME_AND_NAME = re.compile(
    rf"(?<![\w-])(?:[{_UP}][{_LOW}]{{1,18}}{_SURNAME_END}\s{_CAP}"
    rf"|{_CAP}\s[{_UP}][{_LOW}]{{1,18}}{_SURNAME_END})(?![\w-])"
)
_NAME_CUE = re.compile(
    r"(?:(?i:меня зовут|мо[её] имя|я[ ,]+гр(?:ажданка|ажданин|\.)|гражданк[аи]|гражданина?|фио"
    r"|ф\.\s?и\.\s?о\.?|заявитель(?:ница)?|"
    r"менің (?:атым|есімім)|атым|аты-жөні[мң]?|аты жөні|арыз иесі|өтініш иесі|my name is|с уважением"
    r"|құрметпен))"
    rf"\s{{0,3}}[:,–—-]?\s{{0,3}}({_CAP}(?:\s{_CAP}){{0,2}}|[{_LOW}]{{3,20}})"
)
_NOT_A_NAME = _set_of(
    "улица улице улицы ул улиц проспект проспекте пр переулок пер площадь микрорайон мкр имени им село "
    "селе город городе район районе "
    "школа школе школы школу сад парк сквер остановка көшесі к-сі даңғылы атындағы больница площади "
    "шоссе бульвар"
)
_NOT_FIRST = _set_of(
    "здравствуйте уважаемый уважаемая прошу просим добрый дорогой дорогая господин госпожа аким депутат "
    "глава директор врач "
    "участковый инспектор сосед соседка учитель құрметті сәлеметсіз бе мырза ханым әкім мы я наш наша от "
    "кому для дом по на в у "
    "маршала генерала комиссара адмирала канала братьев магазин проспекта улицы переулка большая малая "
    "дача рядовая "
    "спасибо благодарю врачу доктор доктору рахмет мынау осы вы ваш dear mr mrs"
)
_NOT_AFTER_CUE = _set_of(
    "не так как на что нет просто уже я мы вы он она и а но жители житель коллектив группа собственники все"
)


def _word_before(text: str, start: int) -> str:
    before = text[max(0, start - 24) : start].rstrip(" .\t").rsplit(None, 1)
    return before[-1].strip("«\"'(.,").lower() if before else ""


def _word_after(text: str, end: int) -> str:
    after = text[end : end + 24].split(None, 1)
    return after[0].strip("»\"').,:;").lower() if after else ""


def _trimmed(text: str, start: int, end: int) -> int:
    """Drop a leading capitalised word that greets or titles rather than names."""
    while True:
        first = text[start:end].split(None, 1)
        if len(first) < 2 or first[0].lower().strip(",.") not in _NOT_FIRST:
            return start
        start = end - len(first[1])


def _names(text: str) -> Iterator[Span]:
    if _PATRONYMIC_HINT.search(text):
        for match in _FULL_NAME.finditer(text):
            start, end = _trimmed(text, *match.span()), match.end()
            if _word_before(text, start) in _NOT_A_NAME or _word_after(text, end) in _NOT_A_NAME:
                continue
            several = len(text[start:end].split()) > 1
            yield Span(start, end, "name", 0.97 if several else 0.75, "patronymic")
        for match in _FULL_NAME_SMALL.finditer(text):
            yield Span(*match.span(), "name", 0.7, "patronymic")
    for match in _NAME_CUE.finditer(text):
        first = match.group(1).split()[0]
        if first.lower() in _NOT_AFTER_CUE or first.lower() in _NOT_FIRST or first.lower() in _NOT_A_NAME:
            continue
        small = first[0].islower()
        if small and not re.search(r"зовут|атым|есімім|name", match.group(), re.IGNORECASE):
            continue
        yield Span(*match.span(1), "name", 0.7 if small else 0.93, "cue")
    if "." in text:
        for match in _INITIALS.finditer(text):
            start = _trimmed(text, *match.span())
            if _word_before(text, start) in _NOT_A_NAME:
                continue
            word = max(re.split(r"[\s.]+", match.group()), key=len).lower()
            if word in _NOT_A_NAME or word in _NOT_FIRST:
                continue
            both = match.group().count(".") >= 2
            surname = re.search(_SURNAME_END + "$", word) is not None
            if not both and not surname:
                continue
            yield Span(start, match.end(), "name", 0.9 if both else 0.6, "initials")
    at = 0
    while pair := _SURNAME_AND_NAME.search(text, at):
        words = pair.group().lower().split()
        if _NOT_FIRST.intersection(words) or _NOT_A_NAME.intersection(words):
            at = pair.start() + len(pair.group().split(None, 1)[0])  # the next word may begin a name
            continue
        at = pair.end()
        if _word_before(text, pair.start()) in _NOT_A_NAME or _word_after(text, pair.end()) in _NOT_A_NAME:
            continue
        yield Span(*pair.span(), "name", 0.6, "surname")


# -------------------------------------------------------------------------------------------------- addresses

_STREET_RU = (
    r"(?:ул(?:\.|иц[аеыу]\w?)?|пр(?:\.|-т|оспект[еа]?)|пер(?:\.|еул[окек]+[аеу]?)|мкр\.?|мкрн\.?"
    r"|микрорайон[еа]?|бульвар[еа]?|б-р|шоссе|набережн\w+|квартал[еа]?|проезд[еа]?|тупик[еа]?|street|st\."
    r"|avenue|ave\.)"
)
_STREET_KK = (
    r"(?:көшес[іи]\w{0,4}|кошес[иі]\w{0,4}|к-сі\w{0,3}|даңғылы\w{0,4}|шағын\sаудан\w{0,5}"
    r"|ықшам\s?аудан\w{0,5}|тұйығы\w{0,4})"
)
_HOUSE = (
    r"(?:(?:д(?:\.|ом[еау]?)?|үй|house|№"
    r"|h\.)\s{0,2}№?\s{0,2})?\d{1,4}(?:\s?[а-дa-d](?![\w]))?(?:\s?[/\\]\s?\d{1,4}[а-я]?)?(?:[ -]?үй\w{0,4"
    r"})?"
)
_FLAT = (
    r"[\s,.;-]{1,3}(?:(?:кв(?:\.|артир[аеуы])?|пәтер\w{0,4}|комн\w*\.?|flat"
    r"|apt\.?)\s{0,2}№?\s{0,2}\d{1,4}|\d{1,4}[ -]?(?:пәтер\w{0,4}|кв\.?|квартир\w))"
)
_SHORT_FLAT = r"\s?-\s?\d{1,4}(?![\d-])"
_STREET_NAME = (
    rf"(?:\d{{1,3}}(?:-?(?:я|й|ая|ый))?\s)?[«\"]?[{_UP}{_LOW}\d][{_UP}{_LOW}\d.-]{{0,24}}(?:\s[{_UP}{_LOW}"
    rf"][{_UP}{_LOW}.-]{{1,24}}){{0,2}}?[»\"]?"
)
_ADDRESS_RU = re.compile(
    rf"(?<![\w-])(?:{_STREET_RU}\s{{0,2}}{_STREET_NAME}|[{_UP}{_LOW}-]{{4,24}}(?:ая|ой|ую|ий|ый|ом"
    rf"|ому)\s{_STREET_RU})[\s,]{{1,3}}{_HOUSE}(?P<flat>{_FLAT}|{_SHORT_FLAT})?(?!\w)",
    re.IGNORECASE,
)
_ADDRESS_KK = re.compile(
    rf"(?<![\w-])[{_UP}][{_LOW}.-]{{1,24}}(?:\s[{_UP}{_LOW}][{_LOW}.-]{{1,24}}){{0,2}}?\s{_STREET_KK}[\s,"
    rf"]{{1,3}}{_HOUSE}(?P<flat>{_FLAT}|{_SHORT_FLAT})?(?!\w)",
)
_ADDRESS_EN = re.compile(
    r"(?<![\w-])\d{1,4}[a-d]?\s[A-Z][a-z]{1,24}(?:\s[A-Z][a-z]{1,24})?\s(?:[Ss]treet|St\.?"
    r"|[Aa]venue)(?P<flat>,?\s{0,2}(?:flat|apt\.?)\s\d{1,4})?(?!\w)"
)
_ADDRESS_BARE = re.compile(
    rf"(?<![\w-])[{_UP}][{_LOW}]{{2,24}}[\s,]{{1,2}}(?:д(?:\.|ом)?\s{{0,2}}"
    rf"|үй\s)?\d{{1,4}}[а-дА-Д]?(?:/\d{{1,3}})?(?P<flat>{_FLAT}|{_SHORT_FLAT})(?!\w)"
)
_HOUSE_AND_FLAT = re.compile(
    rf"(?<![\w-])(?:(?:д\.|дом[еау]?|үй)\s{{0,2}}№?\s{{0,2}}\d{{1,4}}[а-дА-Д]?(?:/\d{{1,3}})?"
    rf"|\d{{1,4}}[ -]?үй\w{{0,4}}){_FLAT}(?!\w)",
    re.IGNORECASE,
)
_ADDRESS_HINT = re.compile(r"\d")


def _addresses(text: str) -> Iterator[Span]:
    for pattern in (_ADDRESS_RU, _ADDRESS_KK, _ADDRESS_EN):
        for match in pattern.finditer(text):
            flat = match.group("flat") is not None
            yield Span(*match.span(), "address", 0.95 if flat else 0.85, "house and flat" if flat else "house")
    for match in _ADDRESS_BARE.finditer(text):
        yield Span(*match.span(), "address", 0.75, "house and flat")
    for match in _HOUSE_AND_FLAT.finditer(text):
        yield Span(*match.span(), "address", 0.8, "house and flat")


def find(text: str) -> tuple[Span, ...]:
    """All personal data in a text, in order, without overlaps (the surer and then the longer span wins).

    Reads the first 400,000 characters; never raises, whatever the text holds.
    """
    text = text[:READ_AT_MOST]
    found: list[Span] = []
    if "@" in text:
        found.extend(Span(*match.span(), "email", 0.99, "form") for match in _EMAIL.finditer(text))
    if _ADDRESS_HINT.search(text):
        found.extend(_numbers(text))
        found.extend(_addresses(text))
    found.extend(_names(text))
    if len(found) < 2:
        return tuple(found)
    kept: list[Span] = []  # ordered and apart
    for span in sorted(found, key=lambda s: (-s.confidence, s.start - s.end, s.start)):
        at = bisect_right(kept, span.start, key=lambda s: s.start)
        free_before = at == 0 or kept[at - 1].end <= span.start
        free_after = at == len(kept) or span.end <= kept[at].start
        if free_before and free_after:
            kept.insert(at, span)
    return tuple(kept)


def mask(text: str, spans: Sequence[Span], *, sign: str = "███") -> str:
    """The text with every span replaced by a sign that tells nothing, not even the length."""
    pieces, at = [], 0
    for span in sorted(spans, key=lambda s: s.start):
        if span.start < at:
            at = max(at, span.end)
            continue
        pieces += [text[at : span.start], sign]
        at = span.end
    return "".join([*pieces, text[at:]])

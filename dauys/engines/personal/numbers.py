"""Numbers that stand for a person: IIN and BIN, bank cards and accounts, personal accounts of utilities."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from dauys.engines.personal.plain import LOOKALIKES
from dauys.engines.personal.spans import Span

CLUSTER = re.compile(r"(?<![\d*])\+?[ ]?\(?\d(?:[ \t\-().*_/\\|,:]{0,3}\d)*(?![\d])")
"""Digits that stand together, with whatever people put between them."""

_GROUP = re.compile(r"\d+")
Group = tuple[int, int, str]

_IIN_CUE = re.compile(
    r"(?:иин|жсн|\biin|бин|бсн|\bbin|идентификационн\w{2,4} номер\w?|сәйкестендіру нөмір\w{1,3})\W{0,12}$", re.I
)
_CARD_CUE = re.compile(
    r"(?:карт[аеуыоқ]\w{0,6}|\bcard|каспи\w{0,3}|kaspi\w{0,5}|visa|mastercard|халык|halyk)[^\d\n]{0,30}$", re.I
)
_CARD_HIDDEN = re.compile(r"(?<![\dXxХх*•])\d{4}[ -]?(?:[*•XxХх]{2,4}[ -]?){2,3}\d{4}(?!\d)")
_MONEY_AFTER = re.compile(r"\s?(?:тенге|тг\b|теңге|₸|руб|kzt|р\.|долл|\$|€|usd)", re.I)
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![A-Z0-9])")
_IBAN_HINT = re.compile(r"[A-ZА-Яa-zа-я]{2}\d\d")
_IBAN_LENGTH = {
    "KZ": 20,
    "RU": 33,
    "DE": 22,
    "GB": 22,
    "TR": 26,
    "KG": 22,
    "BY": 28,
    "AE": 23,
    "PL": 28,
    "UA": 29,
    "LT": 20,
    "LV": 21,
    "EE": 20,
    "GE": 22,
    "AZ": 28,
}
_ACCOUNT = re.compile(
    r"(?:лиц(?:евой|\.|евого|евому|евым)?\s?сч[её]т\w{0,2}|л\s?[/.]\s?с[ч]?|жеке\s(?:дербес\s)?шот\w{0,4}"
    r"|дербес\sшот\w{0,4}"
    r"|абонентск\w{2,3}\s(?:номер|сч[её]т)\w?|personal account)\b[^\d\n]{0,15}(\d[\d -]{3,18}\d)(?!\d)",
    re.I,
)


def check_digit_holds(digits: str) -> bool:
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


def luhn_holds(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        figure = int(digit) * (1 + place % 2)
        total += figure - 9 if figure > 9 else figure
    return total % 10 == 0


def iban_holds(iban: str) -> bool:
    """ISO 13616: letters become 10…35, the first four signs move to the end, the remainder by 97 is 1."""
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def groups_of(cluster: re.Match[str]) -> list[Group]:
    base = cluster.start()
    return [(base + match.start(), base + match.end(), match.group()) for match in _GROUP.finditer(cluster.group())]


def windows(groups: Sequence[Group], total: int, first: int) -> int:
    """How many groups from `first` on make exactly `total` digits; 0 when none do."""
    length = 0
    for at in range(first, len(groups)):
        length += len(groups[at][2])
        if length >= total:
            return at - first + 1 if length == total else 0
    return 0


def _joined(groups: Sequence[Group]) -> str:
    return "".join(group[2] for group in groups)


def _close(text: str, groups: Sequence[Group]) -> bool:
    return all(b[0] - a[1] <= 3 and not set(text[a[1] : b[0]]) & set(",:/|") for a, b in pairwise(groups))


def _by_itself(text: str, groups: Sequence[Group], first: int, count: int) -> bool:
    """Whether more than a space parts the run from the digits around it."""
    last = first + count - 1
    before = text[groups[first - 1][1] : groups[first][0]] if first else ","
    after = text[groups[last][1] : groups[last + 1][0]] if last + 1 < len(groups) else ","
    return not (before.isspace() or after.isspace() or "-" in before + after)


def twelve(text: str, groups: Sequence[Group]) -> Iterator[Span]:
    for first, (start, _, figures) in enumerate(groups):
        if len(figures) > 12 or (first and len(figures) not in (4, 6, 12)):
            continue
        count = windows(groups, 12, first)
        if not count:
            continue
        run = groups[first : first + count]
        if not _close(text, run):
            continue
        digits, end = _joined(run), run[-1][1]
        cue = first == 0 and _IIN_CUE.search(text, max(0, start - 50), start) is not None
        shape = tuple(len(group[2]) for group in run)
        if not cue and (
            shape not in {(12,), (6, 6), (4, 4, 4)} or (count > 1 and not _by_itself(text, groups, first, count))
        ):
            continue
        kind = "bin" if digits[4] in "456" and not _begins_with_a_birthday(digits) else "iin"
        if not check_digit_holds(digits):
            if cue:  # a slip of the pen is personal data all the same
                yield Span(start, end, kind, 0.9, "cue")
        elif cue:
            yield Span(start, end, kind, 0.99, "cue and check digit")
        elif _MONEY_AFTER.match(text, end):
            continue
        elif kind == "bin" or _begins_with_a_birthday(digits):
            yield Span(start, end, kind, 0.95, "check digit and date")
        else:  # one in eleven random numbers gets here
            yield Span(start, end, kind, 0.6, "check digit")


def cards(text: str, groups: Sequence[Group]) -> Iterator[Span]:
    for first, (start, _, figures) in enumerate(groups):
        if figures[0] not in "23456" or len(figures) not in (4, 13, 15, 16, 18, 19):
            continue
        for total in (16, 15, 18, 19, 13):
            count = windows(groups, total, first)
            if not count:
                continue
            run = groups[first : first + count]
            shape = tuple(len(group[2]) for group in run)
            if shape not in {(16,), (4, 4, 4, 4), (15,), (4, 6, 5), (18,), (19,), (4, 4, 4, 4, 3), (13,)} or not _close(
                text, run
            ):
                continue
            digits, end = _joined(run), run[-1][1]
            cue = _CARD_CUE.search(text, max(0, start - 45), start) is not None
            if luhn_holds(digits) and (total == 16 or cue):
                yield Span(start, end, "card", 0.97 if cue else 0.95, "check digit")
                break
            if cue and total == 16:
                yield Span(start, end, "card", 0.85, "cue")
                break


def ibans(text: str) -> Iterator[Span]:
    if not _IBAN_HINT.search(text):
        return
    latin = text.translate(LOOKALIKES).upper()
    if len(latin) != len(text):  # a letter whose capital is longer (ß): keep places true
        latin = text.translate(LOOKALIKES)
    for match in _IBAN.finditer(latin):
        raw = match.group()
        length = _IBAN_LENGTH.get(raw[:2])
        signs = re.sub(r"[ -]", "", raw)
        if length is None or len(signs) < length:
            continue
        end, seen = match.start(), 0
        while seen < length:
            seen += latin[end] not in " -"
            end += 1
        if iban_holds(signs[:length]):
            yield Span(match.start(), end, "iban", 0.99, "check digits")
        elif raw[:2] == "KZ" and len(signs) == length:
            yield Span(match.start(), end, "iban", 0.7, "form")


def accounts(text: str) -> Iterator[Span]:
    for match in _CARD_HIDDEN.finditer(text):
        yield Span(*match.span(), "card", 0.8, "form")
    for match in _ACCOUNT.finditer(text):
        yield Span(*match.span(1), "account", 0.9, "cue")

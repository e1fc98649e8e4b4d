"""Invented pieces of personal data, each with the words before it, in the spellings people use."""

import random
import tomllib
from collections.abc import Callable
from importlib.resources import files

from dauys.engines.personal.numbers import check_digit_holds, luhn_holds

WORDS: dict[str, list[str]] = tomllib.loads(
    (files("dauys.commands.evaluate.invented") / "words.toml").read_text(encoding="utf-8")
)


def figures(draw: random.Random, count: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(count))


def _iin(draw: random.Random) -> str:
    while True:
        day = f"{draw.randrange(100):02}{draw.randrange(1, 13):02}{draw.randrange(1, 29):02}"
        if draw.random() < 0.1:  # odd birth dates are issued too
            day = f"{draw.randrange(100):02}{draw.choice(('00', '13', '99'))}{draw.randrange(100):02}"
        head = day + draw.choice("123456") + figures(draw, 4)
        for last in "0123456789":
            if check_digit_holds(head + last):
                return head + last


def _iin_text(draw: random.Random) -> tuple[str, str]:
    number = _iin(draw)
    cue = draw.choice(("ИИН ", "иин: ", "ЖСН ", "ЖСН: ", "мой ИИН - ", "IIN ", "менің ЖСН-ім ", "ИИН № ", "(ИИН) ", ""))
    if not cue and number[2:4] in ("00", "13", "99"):
        cue = "ИИН "
    shape = draw.choice((number, number, number, f"{number[:6]} {number[6:]}", f"{number[:6]}-{number[6:]}"))
    return cue, shape


def _bin_text(draw: random.Random) -> tuple[str, str]:
    while True:
        head = (
            f"{draw.randrange(100):02}{draw.randrange(1, 13):02}"
            + draw.choice("456")
            + draw.choice("0123")
            + figures(draw, 5)
        )
        for last in "0123456789":
            if check_digit_holds(head + last):
                return draw.choice(("БИН ", "БСН ", "БИН: ", "BIN ")), head + last


_MOBILES = WORDS["mobiles"]
_TOWNS = WORDS["towns"]


def _phone_text(draw: random.Random) -> tuple[str, str]:
    cue = draw.choice(
        (
            "тел. ",
            "телефон: ",
            "мой номер ",
            "звоните ",
            "байланыс: ",
            "қоңырау шалыңыз ",
            "сот. ",
            "телефон нөмірім ",
            "phone ",
            "call me at ",
            "WhatsApp ",
            "т. ",
        )
    )
    code, rest = draw.choice(_MOBILES), figures(draw, 7)
    a, b, c = rest[:3], rest[3:5], rest[5:]
    prefix = draw.choice(("+7", "8", "8", "+7"))
    shapes = [
        f"{prefix}{code}{rest}",
        f"{prefix} {code} {a} {b} {c}",
        f"{prefix} ({code}) {a}-{b}-{c}",
        f"{prefix}({code}){a}{b}{c}",
        f"{prefix}-{code}-{a}-{b}-{c}",
        f"{prefix} {code} {a}{b}{c}",
        f"{prefix}.{code}.{a}.{b}.{c}",
        f"{prefix} {code}-{a}-{b}{c}",
        f"{code}{rest}",
        f"{code} {a} {b} {c}",
        f"{code}-{a}-{b}-{c}",
        f"7{code}{rest}",
        f"{prefix} {code[0]}{code[1]}{code[2]} {a} {b}{c}",
        f"{prefix}/{code}/{a} {b} {c}",
        f"{prefix} 9{figures(draw, 2)} {a}-{b}-{c}",
        f"+7 (9{figures(draw, 2)}) {a} {b} {c}",
    ]
    if draw.random() < 0.2:
        town = draw.choice(_TOWNS)
        x, y, z = figures(draw, 2), figures(draw, 2), figures(draw, 2)
        shapes = [
            f"8 ({town}) {x}-{y}-{z}",
            f"8-{town}-{x}-{y}-{z}",
            f"+7 ({town}) {x}{y}{z}",
            f"({town}) {x} {y} {z}",
            f"8 ({town}) {x}-{y}-{z} доб. {figures(draw, 3)}",
            f"8({town}){x}{y}{z}",
        ]
    shape = draw.choice(shapes)
    if draw.random() < 0.25 and shape[0] in "+8" and not shape.startswith("8-7"):
        cue = ""
    return cue, shape


_SAID = WORDS["said"]


def _said_phone_text(draw: random.Random) -> tuple[str, str]:
    digits = "8" + draw.choice(_MOBILES) + figures(draw, 7)
    return "телефон ", " ".join(_SAID[int(figure)] for figure in digits)


_BOXES = WORDS["boxes"]
_LATIN = WORDS["latin"]


def _email_text(draw: random.Random) -> tuple[str, str]:
    name = draw.choice(_LATIN)
    box = draw.choice(_BOXES)
    local = draw.choice(
        (
            name,
            f"{name}{draw.randrange(1950, 2010)}",
            f"{name}.{draw.choice(_LATIN)}",
            f"{name}_{draw.randrange(100)}",
            f"{name}-{draw.choice('abk')}",
        )
    )
    shape = f"{local}@{box}"
    chance = draw.random()
    if chance < 0.06:
        shape = shape.replace("a", "а")  # the Cyrillic letter
    elif chance < 0.1:
        shape = f"{local} собака {box.replace('.', ' точка ')}"
    elif chance < 0.14:
        shape = f"{local}(at){box}"
    elif chance < 0.18:
        shape = f"{local} @ {box}" if draw.random() < 0.5 else shape.upper()
    return draw.choice(("почта ", "e-mail: ", "пишите на ", "электрондық пошта ", "email ", "")), shape


def _handle_text(draw: random.Random) -> tuple[str, str]:
    name = f"{draw.choice(_LATIN)}_{draw.randrange(1000)}"
    if draw.random() < 0.5:
        return draw.choice(("пишите в телеграм ", "мой инстаграм ", "телеграмда ", "my telegram ")), "@" + name
    return draw.choice(("инстаграм: ", "телеграм: ", "telegram: ", "instagram: ")), name


def _page_text(draw: random.Random) -> tuple[str, str]:
    host = draw.choice(
        (
            "vk.com/",
            "https://vk.com/",
            "t.me/",
            "https://www.instagram.com/",
            "facebook.com/",
            "https://ok.ru/profile/",
            "wa.me/",
        )
    )
    return draw.choice(
        ("моя страница ", "профиль ", "парақшам ", "see ")
    ), host + f"{draw.choice(_LATIN)}{draw.randrange(10000)}"


def _card_text(draw: random.Random) -> tuple[str, str]:
    head = draw.choice("45") + figures(draw, 14)
    number = next(head + last for last in "0123456789" if luhn_holds(head + last))
    fours = [number[at : at + 4] for at in range(0, 16, 4)]
    return draw.choice(("карта ", "номер карты: ", "Kaspi Gold ", "картам ", "card ", "")), draw.choice(
        (number, " ".join(fours), "-".join(fours))
    )


def _iban_text(draw: random.Random) -> tuple[str, str]:
    body = figures(draw, 3) + "".join(draw.choice("ABCDEFGHKMNT0123456789") for _ in range(13))
    control = 98 - int("".join(str(int(sign, 36)) for sign in body + "KZ00")) % 97
    number = f"KZ{control:02}{body}"
    fours = " ".join(number[at : at + 4] for at in range(0, 20, 4))
    return draw.choice(("счёт ", "ИИК ", "шот ", "IBAN ", "")), draw.choice((number, fours, number.lower()))


def _account_text(draw: random.Random) -> tuple[str, str]:
    return draw.choice(("лицевой счёт ", "лицевой счет № ", "л/с ", "жеке шот ", "дербес шот № ")), figures(
        draw, draw.randrange(6, 11)
    )


def _document_text(draw: random.Random) -> tuple[str, str]:
    if draw.random() < 0.3:
        return draw.choice(("паспорт ", "төлқұжат ", "passport ")), "N" + figures(draw, 8)
    if draw.random() < 0.2:
        return "паспорт РФ ", f"{figures(draw, 4)} {figures(draw, 6)}"
    cue = draw.choice(
        (
            "удостоверение личности № ",
            "уд. личности ",
            "жеке куәлігім ",
            "удостоверение ",
            "жеке куәлік № ",
            "identity card No ",
        )
    )
    return cue, "0" + figures(draw, 8)


def _plate_text(draw: random.Random) -> tuple[str, str]:
    letters, ru = "ABCDEFHKLMNOPRSTXYZ", "АВЕКМНОРСТУХ"
    kind = draw.random()
    cue = draw.choice(("госномер ", "машина ", "автокөлік нөмірі ", "номер машины ", "car plate ", "авто с номером "))
    region = f"{draw.randrange(1, 21):02}"
    while True:
        three = "".join(draw.choice(letters) for _ in range(3))
        if three[:2] not in ("KB", "KM") and three not in ("RAZ", "PAZ", "LET", "MIN", "CTP"):
            break
    if kind < 0.55:
        shape = draw.choice(
            (
                f"{figures(draw, 3)}{three}{region}",
                f"{figures(draw, 3)} {three} {region}",
                f"{figures(draw, 3)}{three.lower()}{region}",
            )
        )
    elif kind < 0.65:
        look = "".join(draw.choice("АВЕКМНОРСТХ") for _ in range(3))
        shape = (
            f"{figures(draw, 3)}{look}{region}" if look[:2] not in ("КВ", "КМ") else f"{figures(draw, 3)}ABC{region}"
        )
    elif kind < 0.8:
        shape = draw.choice(
            (
                f"{draw.choice('ABDEFHKLMNPRSTX')}{figures(draw, 3)}{three}",
                f"{draw.choice('FSLM')} {figures(draw, 3)} {three}",
            )
        )
    else:
        body = "".join(draw.choice(ru) for _ in range(2))
        body = "ТО" if body in ("КВ", "КМ", "СМ", "ММ", "ТС", "СТ", "МО") else body
        shape = draw.choice(
            (
                f"{draw.choice(ru)}{figures(draw, 3)}{body}{draw.choice(('77', '178', '22'))}",
                f"{draw.choice(ru).lower()}{figures(draw, 3)}{body.lower()}55",
            )
        )
    return cue, shape


_MONTHS = WORDS["months"]


def _birth_text(draw: random.Random) -> tuple[str, str]:
    year, month, day = draw.randrange(1930, 2020), draw.randrange(1, 13), draw.randrange(1, 29)
    shape = draw.choice(
        (f"{day:02}.{month:02}.{year}", f"{day} {_MONTHS[month - 1]} {year}", f"{day:02}/{month:02}/{year}")
    )
    return draw.choice(("дата рождения ", "родилась ", "я родился ", "туған күнім ", "born on ", "д.р. ")), shape


_RU_MEN = WORDS["ru_men"]
_RU_WOMEN = WORDS["ru_women"]
_KK_MEN = WORDS["kk_men"]
_KK_WOMEN = WORDS["kk_women"]
_STEMS = WORDS["stems"]
_KK_STEMS = WORDS["kk_stems"]


def _ru_name(draw: random.Random) -> str:
    woman = draw.random() < 0.5
    stem = draw.choice([s for s in _STEMS if not s.endswith("ов")])
    surname = stem + ("ев" if stem.endswith("ь") else "ов")
    if woman:
        surname += "а"
    name = draw.choice(_RU_WOMEN if woman else _RU_MEN)
    father = draw.choice(("Иван", "Петр", "Александр", "Виктор", "Владимир", "Степан")) + ("овна" if woman else "ович")
    full = [
        f"{surname} {name} {father}",
        f"{name} {father}",
        f"{name} {surname}",
        f"{surname} {name}",
        f"{surname} {name[0]}.{father[0]}.",
        f"{name[0]}. {father[0]}. {surname}",
        f"{name} {father} {surname}",
    ]
    shape = draw.choice(full)
    chance = draw.random()
    if chance < 0.06 and "." not in shape:
        shape = shape.lower()
    return shape


def _kk_name(draw: random.Random) -> str:
    woman = draw.random() < 0.5
    name = draw.choice(_KK_WOMEN if woman else _KK_MEN)
    stem = draw.choice(_KK_STEMS)
    surname = stem + ("ов" if stem[-1] not in "иі" else "ев") + ("а" if woman else "")
    father = draw.choice(_KK_MEN) + ("қызы" if woman else "ұлы")
    shape = draw.choice(
        (
            f"{surname} {name} {father}",
            f"{name} {father}",
            f"{name} {surname}",
            f"{surname} {name}",
            f"{surname} {name[0]}.",
            f"{name[0]}. {surname}",
        )
    )
    if draw.random() < 0.2:
        shape = shape.translate(str.maketrans("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноуухиАГКНОУУХИ"))
    if draw.random() < 0.06 and "." not in shape:
        shape = shape.lower()
    return shape


def _name_text(draw: random.Random) -> tuple[str, str]:
    if draw.random() < 0.5:
        return draw.choice(
            ("Меня зовут ", "С уважением, ", "обращается ", "сосед ", "мастер ", "Заявитель: ", "")
        ), _ru_name(draw)
    return draw.choice(("Менің атым ", "Құрметпен, ", "көршім ", "өтініш иесі ", "меня зовут ", "")), _kk_name(draw)


_STREETS = WORDS["streets"]
_KK_STREETS = WORDS["kk_streets"]


def _address_text(draw: random.Random) -> tuple[str, str]:
    house, flat = draw.randrange(1, 200), draw.randrange(1, 300)
    ru, kk = draw.choice(_STREETS), draw.choice(_KK_STREETS)
    shape = draw.choice(
        (
            f"ул. {ru}, д. {house}, кв. {flat}",
            f"ул {ru} {house}-{flat}",
            f"улица {ru}, дом {house}, квартира {flat}",
            f"{kk} көшесі, {house}-үй, {flat}-пәтер",
            f"{kk} көшесі {house} үй {flat} пәтер",
            f"{house} Garden street, flat {flat}",
            f"улица {ru} {house}/{draw.randrange(1, 9)} кв {flat}",
        )
    )
    return draw.choice(("живу по адресу ", "мекенжайым: ", "адрес ", "тұратын жерім ", "I live at ")), shape


MAKERS: tuple[tuple[str, Callable[[random.Random], tuple[str, str]], int], ...] = (
    ("iin", _iin_text, 12),
    ("bin", _bin_text, 4),
    ("phone", _phone_text, 26),
    ("phone", _said_phone_text, 1),
    ("email", _email_text, 10),
    ("handle", _handle_text, 4),
    ("page", _page_text, 4),
    ("card", _card_text, 7),
    ("iban", _iban_text, 5),
    ("account", _account_text, 4),
    ("document", _document_text, 6),
    ("plate", _plate_text, 8),
    ("birth", _birth_text, 5),
    ("name", _name_text, 16),
    ("address", _address_text, 10),
)

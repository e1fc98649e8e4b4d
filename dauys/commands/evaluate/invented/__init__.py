"""Invented appeals with known personal data, to measure the finding where real data may not be shown.

Everything is drawn from the seed: the same seed gives the same texts for ever. Numbers are invented; names are put
together at random from common ones. Most texts also get things that look personal and are not: sums, dates, numbers of
requests and laws, meter readings, twelve figures that fail the check digit, sixteen that fail Luhn.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dauys.commands.evaluate.invented.pieces import MAKERS, WORDS, figures
from dauys.engines.personal.numbers import check_digit_holds, luhn_holds

NUMBERS = frozenset(
    {"iin", "bin", "phone", "email", "handle", "page", "card", "iban", "account", "document", "plate", "birth"}
)
"""Kinds with figures or signs of their own; names, addresses, health and family are measured apart."""


@dataclass(frozen=True, slots=True)
class Known:
    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Invented:
    text: str
    known: tuple[Known, ...]


_OPENINGS = WORDS["openings"]
_TRAPS: tuple[Callable[[random.Random], str], ...] = (
    lambda d: f"Заплатили {d.randrange(1, 999)} {d.randrange(1000):03} {d.randrange(1000):03} тенге.",
    lambda d: (
        f"С {d.randrange(1, 29):02}.{d.randrange(1, 13):02}.2026 по "
        f"{d.randrange(1, 29):02}.{d.randrange(1, 13):02}.2026 не было воды."
    ),
    lambda d: f"Обращение № {d.randrange(10**6, 10**7)} осталось без ответа.",
    lambda d: f"Заявка {d.randrange(10**9, 6 * 10**9)} закрыта.",
    lambda d: f"Показания счётчика {d.randrange(10000, 99999)}.",
    lambda d: (
        f"Статья {d.randrange(1, 99)} пункт {d.randrange(1, 20)} Закона № {d.randrange(100, 500)}-V от 29.06.2020."
    ),
    lambda d: (
        f"Автобус № {d.randrange(1, 99)} опоздал на {d.randrange(10, 59)} минут, в "
        f"{d.randrange(6, 22)}:{d.randrange(10, 59)}."
    ),
    lambda d: (
        f"{d.randrange(1, 29):02}.{d.randrange(1, 13):02}.2026 күні сағат "
        f"{d.randrange(6, 22)}:{d.randrange(10, 59)} болды."
    ),
    lambda d: f"Төлем {d.randrange(1, 99)} {d.randrange(1000):03} теңге.",
    lambda d: f"Кадастровый номер 05-{d.randrange(100, 999)}-{d.randrange(100, 999)}-{d.randrange(100, 999)}.",
    lambda d: f"Координаты 49.{d.randrange(10**5, 10**6)}, 82.{d.randrange(10**5, 10**6)}.",
    lambda d: f"Подъезд {d.randrange(1, 9)}, этаж {d.randrange(1, 20)}, прошло {d.randrange(2, 30)} дней.",
    lambda d: f"Номер накладной {_failing(d, 12, check_digit_holds)}.",
    lambda d: f"Штрихкод {_failing(d, 16, luhn_holds)}.",
    lambda d: f"Температура {d.randrange(10, 20)}.{d.randrange(10)} градусов, давление 7{d.randrange(10, 70)} мм.",
    lambda d: f"GOST {d.randrange(10000, 99999)}-2015, {d.randrange(1, 9)}00 kg.",
    lambda d: f"Площадь {d.randrange(20, 99)} кв. м, {d.randrange(100, 999)} кв {d.randrange(10, 20)} раз.",
    lambda d: f"Лот № {d.randrange(10**7, 10**8)}-ОИ{d.randrange(1, 9)} 2026 года.",
)


def _failing(draw: random.Random, count: int, holds: Callable[[str], bool]) -> str:
    while holds(number := draw.choice("13579") + figures(draw, count - 1)):
        pass
    return number


def _disguised(draw: random.Random, kind: str, shape: str) -> str:
    """Sometimes with signs nobody sees, as copied from a web page or a messenger."""
    chance = draw.random()
    if kind in ("iin", "phone", "card", "document") and chance < 0.05 and len(shape) > 5:
        at = draw.randrange(2, len(shape) - 1)
        return shape[:at] + draw.choice(("\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff")) + shape[at:]
    if chance < 0.09 and kind in ("phone", "card", "iin") and " " in shape:
        return shape.replace(" ", "\u00a0")
    if chance < 0.12 and kind == "phone" and "-" in shape:
        return shape.replace("-", "\u2013")
    return shape


def invented(count: int, seed: int = 0) -> Iterator[Invented]:
    """`count` texts in Kazakh, Russian and English with nought to three known pieces each."""
    draw = random.Random(seed)  # noqa: S311 a seeded generator of invented texts, not cryptography
    kinds = [kind for kind, _, _ in MAKERS]
    makers = [maker for _, maker, _ in MAKERS]
    weights = [weight for _, _, weight in MAKERS]
    for _ in range(count):
        text = draw.choice(_OPENINGS)
        known: list[Known] = []
        pieces = draw.choice((0, 1, 1, 1, 2, 2, 3))
        parts: list[int | None] = [
            *draw.choices(range(len(makers)), weights, k=pieces),
            *([None] * draw.choice((0, 1, 1, 2))),
        ]
        draw.shuffle(parts)
        for part in parts:
            text += draw.choice((" ", " ", "\n", " <br>"))
            if part is None:
                text += draw.choice(_TRAPS)(draw)
                continue
            cue, shape = makers[part](draw)
            shape = _disguised(draw, kinds[part], shape)
            text += cue
            known.append(Known(len(text), len(text) + len(shape), kinds[part]))
            text += shape + draw.choice((".", ",", ";", "\n"))
        yield Invented(text, tuple(known))

"""How many appeals a core routes by a book of rules: an invented region, starter texts, rules from their words."""

import random
import time
import tomllib
from importlib.resources import files
from typing import Any

from dauys.commands import show
from dauys.engines.routing import Competence, Known, Reading, Router, Rule, Rules, flaws
from dauys.engines.search_terms import readings, tokens

READING = Reading(tokens, readings)
DISTRICTS, PLACES, OFFICES = 19, 300, 60
KINDS = ("application", "complaint", "inquiry", "message", "proposal", "response")
CHANNELS = ("web", "desk", "phone", "letter", "telegram")
LINES = 6
"""Starter texts put together to one appeal: about sixty words."""
AT_ONCE = 20_000
NOTICE = 10_000
"""Appeals between two looks at the progress."""


def measure(*, appeals: int, rules: int, seed: int = 7) -> dict[str, Any]:
    """Appeals a CPU second on one core, with the words of a text cut already and with the cutting; and what it costs to
    check a book of so many rules before it is saved.
    """
    draw = random.Random(seed)  # noqa: S311  # invented matters, the same every time
    told = tomllib.loads((files("dauys.understand") / "data" / "starter.toml").read_text(encoding="utf-8"))
    starters = {row["code"]: [*row.get("ru", ()), *row.get("kk", ()), *row.get("en", ())] for row in told["topic"]}
    topics = sorted(starters)
    vocabulary = sorted({word for lines in starters.values() for line in lines for word in tokens(line)})
    book = [_rule(draw, topics, vocabulary) for _ in range(rules)]
    router = Router(_competences(topics), {}, rules=Rules(book, READING), offices={f"o{n}" for n in range(OFFICES)})
    matters = [_matter(draw, topics, starters) for _ in range(min(appeals, AT_ONCE))]
    cut = [tokens(text) for text, _matter in matters]
    for (_text, matter), words in zip(
        matters, cut, strict=True
    ):  # every word of theirs is known to the rules after this
        router.route(**matter, words=words)

    by_rule = 0
    started = time.process_time()
    with show.Ticker("Appeals routed", appeals) as ticker:
        for number in range(appeals):
            by_rule += router.route(**matters[number % AT_ONCE][1], words=cut[number % AT_ONCE]).rule is not None
            if number % NOTICE == NOTICE - 1:
                ticker.advance(NOTICE)
    ready = time.process_time() - started

    some = min(appeals, 5 * AT_ONCE)
    started = time.process_time()
    for number in range(some):
        text, matter = matters[number % AT_ONCE]
        router.route(**matter, words=tokens(text))
    cutting = time.process_time() - started

    known = Known(
        topics=topics, areas=_areas(), kinds=KINDS, channels=CHANNELS, urgency=("usual", "soon", "danger"),
        offices=[f"o{n}" for n in range(OFFICES)],
    )  # fmt: skip
    started = time.process_time()
    found = flaws(book, known, READING)
    return {
        "appeals": appeals, "rules": rules, "words_each": round(sum(map(len, cut)) / len(cut), 1),
        "per_cpu_second": round(appeals / ready), "per_cpu_second_with_cutting": round(some / cutting),
        "by_a_rule": round(by_rule / appeals, 3), "check_s": round(time.process_time() - started, 2),
        "flaws": len(found),
    }  # fmt: skip


def lines(found: dict[str, Any]) -> list[str]:
    return [
        f"{found['appeals']:,} appeals of {found['words_each']} words by {found['rules']} rules, one core: "
        f"{found['per_cpu_second']:,} a CPU second; "
        f"{found['per_cpu_second_with_cutting']:,} with cutting texts into words",
        f"a rule decided {found['by_a_rule']:.1%} of them; the others went by competence",
        f"checking the rules for contradictions: {found['check_s']} CPU seconds, {found['flaws']} flaws",
    ]


def _areas() -> dict[str, str | None]:
    around: dict[str, str | None] = {"R": None}
    around |= {f"D{number}": "R" for number in range(DISTRICTS)}
    return around | {f"V{number}": f"D{number % DISTRICTS}" for number in range(PLACES)}


def _competences(topics: list[str]) -> list[Competence]:
    by_group = sorted({topic.partition(".")[0] for topic in topics})
    rows = [Competence("o0", None, None, True, True, 0)]
    rows += [Competence(f"o{1 + n % 20}", "R", group, True, True, 1) for n, group in enumerate(by_group)]
    return rows + [
        Competence(f"o{21 + district}", f"D{district}", group, True, n % 2 == 0, 2)
        for district in range(DISTRICTS)
        for n, group in enumerate(by_group)
    ]


def _rule(draw: random.Random, topics: list[str], vocabulary: list[str]) -> Rule:
    """As administrators write them: a word or phrase or two, or a topic; mostly with a place."""
    words = tuple(" ".join(draw.choices(vocabulary, k=draw.choice((1, 1, 2)))) for _ in range(draw.choice((0, 2, 3))))
    return Rule(
        topics=tuple(draw.sample(topics, draw.choice((0, 1, 2)) if words else 1)),
        areas=(f"D{draw.randrange(DISTRICTS)}",) if draw.random() < 0.7 else (),
        kinds=(draw.choice(KINDS),) if draw.random() < 0.2 else (),
        channels=(draw.choice(CHANNELS),) if draw.random() < 0.1 else (),
        urgency=("danger",) if draw.random() < 0.1 else (),
        words=words,
        acts=f"o{draw.randrange(OFFICES)}",
        clock=f"o{draw.randrange(OFFICES)}" if draw.random() < 0.3 else None,
    )


def _matter(draw: random.Random, topics: list[str], starters: dict[str, list[str]]) -> tuple[str, dict[str, Any]]:
    topic, place = draw.choice(topics), draw.randrange(PLACES)
    text = " ".join(draw.choices(starters[topic], k=LINES))
    return text, {
        "topic": topic if draw.random() < 0.95 else None, "topic_confidence": draw.random(),
        "area_chain": (f"V{place}", f"D{place % DISTRICTS}", "R") if draw.random() < 0.8 else (),
        "kind": draw.choice(KINDS), "about_office": f"o{draw.randrange(OFFICES)}" if draw.random() < 0.05 else None,
        "threshold": 0.3, "channel": draw.choice(CHANNELS), "urgency": draw.choice(("usual", "soon", "danger")),
    }  # fmt: skip

"""`dauys learn`: teach the reader of topics from the institution's own past, or go back to an earlier reader."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from dauys.commands import run, show

if TYPE_CHECKING:
    from dauys.engines.topics import Guess

LEAST = 200
"""Fewer labelled appeals teach less than the starter set knows."""


@click.command()
@click.option("--list", "listing", is_flag=True, help="Show the readers there are; the one in force is marked.")
@click.option("--use", "version", metavar="VERSION", help="Put an earlier reader back in force.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def learn(listing: bool, version: str | None, as_json: bool) -> None:
    """Teach the reader of topics from past appeals whose topic a person gave, together with the starter set.

    Names, numbers and addresses are hidden first. The newest tenth is held back once, to say honestly how well the new
    reader does on appeals it never saw. The reader before stays and can be brought back.
    """
    run.setup()
    from dauys.institution.queries import NotEstablished

    try:
        if listing:
            _list(as_json)
        elif version:
            _use(version, as_json)
        else:
            _learn(as_json)
    except NotEstablished:
        show.stop("There is no institution here yet.", remedy="Run: dauys up", code=1)


def _list(as_json: bool) -> None:
    from dauys.understand.reader import readers

    rows: list[dict[str, Any]] = [
        {
            "version": one.version, "texts": one.samples, "trained_at": one.trained_at, "in_force": one.is_current,
            "accuracy_held_back": (one.card.get("held_back") or {}).get("accuracy"),
        }
        for one in readers()
    ]  # fmt: skip
    show.result({"readers": rows}, as_json=as_json, lines=[_line(row) for row in rows] or ["No reader yet."])


def _line(row: dict[str, Any]) -> str:
    held = row["accuracy_held_back"]
    told = f", right in {held:.1%} of texts held back" if held is not None else ""
    return f"{'*' if row['in_force'] else ' '} {row['version']}  {row['texts']} texts{told}"


def _use(version: str, as_json: bool) -> None:
    from dauys.engines import topics
    from dauys.understand import actions

    try:
        actions.use_model(version=version, now=datetime.now(UTC))
    except actions.UnknownReader:
        show.stop(f"There is no reader {version}.", remedy="See: dauys learn --list")
    except topics.UnreadableModel as error:
        show.stop(f"The reader {version} cannot be used, and the one in force stays. {error}", code=1)
    show.result({"in_force": version}, as_json=as_json, lines=[f"{version} is in force."])


def _learn(as_json: bool) -> None:
    from dauys.engines import topics
    from dauys.understand import actions, reading

    with show.Ticker("Gathering settled appeals, names and numbers hidden", actions.past_count()) as ticker:
        past = actions.past(progress=ticker.advance)
    if len(past.samples) < LEAST:
        show.stop(
            f"Only {len(past.samples)} appeals have a topic given by a person; {LEAST} are needed.",
            remedy="Settle more at the triage desk, or take over past appeals: dauys import appeals FILE",
            code=1,
        )
    starter = actions.starter_samples()
    cut = len(past.samples) * 9 // 10
    newest = past.samples[cut:]
    earlier = [*starter, *past.samples[:cut]]
    fields: list[dict[str, str]] = [*({} for _one in starter), *past.fields]
    try:
        with show.step("Measuring on the newest tenth"):
            kept, _left_out = actions.teachable(earlier)
            told = [fields[i] for i in kept]
            trial = topics.train([earlier[i] for i in kept], seed=1, fields=told if any(told) else None)
            guesses = trial.classify([text for text, _code in newest], fields=past.fields[cut:])
        with show.step("Learning from all"):
            made = actions.learn(
                [*starter, *past.samples], fields=fields, name="learned", now=datetime.now(UTC), span=past.span,
                heard_until=past.heard_until,
            )  # fmt: skip
    except topics.TooFewSamples:
        show.stop(
            "The settled appeals have fewer than two topics with two texts each: there is nothing to tell apart.",
            remedy="Settle appeals of more topics at the triage desk.",
            code=1,
        )
    measured = _measured(guesses, [code for _text, code in newest], reading.threshold(trial.card))
    value = {
        "in_force": made.version, "texts": made.samples, "span": past.span, "languages": made.card["languages"],
        "decides_alone_from": reading.threshold(made.card), "left_out": made.card["left_out"], **measured,
    }  # fmt: skip
    lines = [
        f"{made.version} is in force, learned from {made.samples} texts. Back: dauys learn --use VERSION",
        f"On the {measured['held_back']} newest appeals a trial reader was right in {measured['accuracy']:.1%}; "
        f"sure (from {measured['trial_sure_from']:.0%} on) of {measured['answered_share']:.1%}, of these right in "
        f"{(measured['accuracy_where_sure'] or 0):.1%}.",
        f"It decides alone from {value['decides_alone_from']:.0%} sure on.",
    ]
    if made.card["left_out"]:
        lines.append(f"Left out, with one text only: {', '.join(made.card['left_out'])}.")
    show.result(value, as_json=as_json, lines=lines)


def _measured(guesses: "list[Guess]", codes: list[str], sure_from: float) -> dict[str, Any]:
    right = [guess.ranked[0][0] == code for guess, code in zip(guesses, codes, strict=True)]
    sure = [hit for hit, guess in zip(right, guesses, strict=True) if guess.confidence >= sure_from]
    return {
        "held_back": len(right),
        "trial_sure_from": sure_from,
        "accuracy": round(sum(right) / len(right), 3),
        "answered_share": round(len(sure) / len(right), 3),
        "accuracy_where_sure": round(sum(sure) / len(sure), 3) if sure else None,
    }

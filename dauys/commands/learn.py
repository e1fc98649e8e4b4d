"""`dauys learn`: teach the readers of topics and offices from the institution's own past, or go back."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from dauys.commands import run, show

if TYPE_CHECKING:
    from dauys.engines.topics import Guess
    from dauys.understand.lessons import Past
    from dauys.understand.models import Target

NAMES = {"topic": "topics", "office": "offices"}
"""What the reader of each target tells, as the lines of this command name it."""


@click.command()
@click.option("--list", "listing", is_flag=True, help="Show the readers there are; the one in force is marked.")
@click.option("--use", "version", metavar="VERSION", help="Put an earlier reader, of topics or offices, back in force.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def learn(listing: bool, version: str | None, as_json: bool) -> None:
    """Teach the readers of topics and offices from past appeals.

    A topic is learned where a person or old records gave it, together with the starter set; an office where it answered
    in the end, or a person chose it. Names, numbers and addresses are hidden first. The newest tenth is held back once,
    to say honestly how well the new readers do on appeals they never saw. The readers before stay and can be brought
    back.
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
            "of": one.target, "version": one.version, "texts": one.samples, "trained_at": one.trained_at,
            "in_force": one.is_current,
            "accuracy_held_back": (one.card.get("held_back") or {}).get("accuracy"),
        }
        for one in readers()
    ]  # fmt: skip
    show.result({"readers": rows}, as_json=as_json, lines=[_line(row) for row in rows] or ["No reader yet."])


def _line(row: dict[str, Any]) -> str:
    held = row["accuracy_held_back"]
    told = f", right in {held:.1%} of texts held back" if held is not None else ""
    return f"{'*' if row['in_force'] else ' '} {row['version']}  {NAMES[row['of']]}, {row['texts']} texts{told}"


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
    from dauys.understand import actions, lessons
    from dauys.understand.models import Target

    with show.Ticker("Gathering settled appeals, names and numbers hidden", actions.past_count()) as ticker:
        past = actions.pasts(progress=ticker.advance)
    learned = {target: _learned(target, past[target]) for target in Target}
    topic, office = learned[Target.TOPIC], learned[Target.OFFICE]
    if not any(told.get("in_force") for told in learned.values()):
        show.stop(
            " ".join(_without(target, told, lessons.LEAST) for target, told in learned.items()),
            remedy="Settle more at the triage desk, or take over past appeals: dauys import appeals FILE",
            code=1,
        )
    lines = [
        line
        for target, told in learned.items()
        for line in (_lines(target, told) if told.get("in_force") else [_without(target, told, lessons.LEAST)])
    ]
    show.result({**topic, "office": office}, as_json=as_json, lines=lines)


def _learned(target: "Target", past: "Past") -> dict[str, Any]:
    """A new reader of this target put in force and how it did; without `in_force` why there is none."""
    from dauys.engines import topics
    from dauys.understand import actions, in_force, lessons
    from dauys.understand.models import Target

    known = {"in_force": None, "known": len(past.samples), "needed": lessons.LEAST}
    if len(past.samples) < lessons.LEAST:
        return {**known, "why": "too_few"}
    starter = actions.starter_samples() if target == Target.TOPIC else []
    cut = len(past.samples) * 9 // 10
    newest = past.samples[cut:]
    earlier = [*starter, *past.samples[:cut]]
    fields: list[dict[str, str]] = [*({} for _one in starter), *past.fields]
    try:
        with show.step(f"{NAMES[target].capitalize()}: measuring on the newest tenth"):
            kept, _left_out = actions.teachable(earlier)
            told = [fields[i] for i in kept]
            trial = actions.train([earlier[i] for i in kept], target=target, fields=told if any(told) else None)
            guesses = trial.classify([text for text, _code in newest], fields=past.fields[cut:])
        with show.step(f"{NAMES[target].capitalize()}: learning from all"):
            made = actions.learn(
                [*starter, *past.samples], fields=fields, name="learned", now=datetime.now(UTC), span=past.span,
                heard_until=past.heard_until, target=target,
            )  # fmt: skip
    except topics.TooFewSamples:
        return {**known, "why": "too_few_kinds"}
    measured = _measured(guesses, [code for _text, code in newest], in_force.threshold(trial.card))
    return {
        "in_force": made.version, "texts": made.samples, "span": past.span, "languages": made.card["languages"],
        "decides_alone_from": in_force.threshold(made.card), "left_out": made.card["left_out"],
        "covered_at_90": made.card["held_back"]["covered"].get(in_force.SURE_PRECISION), **measured,
    }  # fmt: skip


def _without(target: "Target", told: dict[str, Any], least: int) -> str:
    """Why there is no new reader of this target."""
    of = NAMES[target]
    if told["why"] == "too_few_kinds":
        return f"The settled appeals have fewer than two {of} with two texts each: there is nothing to tell apart."
    if target == "office":
        return f"No new reader of offices: of {told['known']} appeals is the office known; {least} are needed."
    return f"Only {told['known']} appeals have a topic given by a person; {least} are needed."


def _lines(target: "Target", told: dict[str, Any]) -> list[str]:
    lines = [
        f"{told['in_force']} is in force, learned from {told['texts']} texts. Back: dauys learn --use VERSION",
        f"On the {told['held_back']} newest appeals a trial reader was right in {told['accuracy']:.1%}; "
        f"sure (from {told['trial_sure_from']:.0%} on) of {told['answered_share']:.1%}, of these right in "
        f"{(told['accuracy_where_sure'] or 0):.1%}.",
    ]
    if target == "office":
        lines.append(f"It names an office, as advice, from {told['decides_alone_from']:.0%} sure on.")
    else:
        lines.append(f"It decides alone from {told['decides_alone_from']:.0%} sure on.")
    if told["left_out"]:
        lines.append(f"Left out, with one text only: {', '.join(told['left_out'])}.")
    return lines


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

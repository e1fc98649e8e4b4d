"""`dauys learn`: teach the reader of topics from the institution's own past, or go back to an earlier reader."""

import sys
from datetime import UTC, datetime

import click

from dauys.commands import run, show

LEAST = 200
"""Fewer labelled appeals teach less than the starter set knows."""


@click.command()
@click.option("--list", "listing", is_flag=True, help="Show the readers there are; the one in force is marked.")
@click.option("--use", "version", metavar="VERSION", help="Put an earlier reader back in force.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def learn(listing: bool, version: str | None, as_json: bool) -> None:
    """Teach the reader of topics from past appeals whose topic a person gave, together with the starter set.

    The newest tenth is held back first, to say honestly how well the new reader does on appeals it never saw.
    """
    run.setup()
    from dauys.engines import topics
    from dauys.understand import actions
    from dauys.understand.models import TopicModel
    from dauys.understand.reading import SURE

    if listing:
        rows = list(TopicModel.objects.order_by("-id").values("version", "samples", "trained_at", "is_current"))
        show.result(
            {"readers": rows}, as_json=as_json,
            lines=[f"{'*' if row['is_current'] else ' '} {row['version']}  {row['samples']} texts" for row in rows]
            or ["No reader yet."],
        )  # fmt: skip
        return
    if version:
        try:
            actions.use_model(version=version)
        except TopicModel.DoesNotExist:
            show.stop(f"There is no reader {version}.", remedy="See: dauys learn --list")
        show.result({"in_force": version}, as_json=as_json, lines=[f"{version} is in force."])
        return
    with show.step("Gathering labelled appeals"):
        past = actions.past_samples()
    if len(past) < LEAST:
        show.stop(
            f"Only {len(past)} appeals have a topic given by a person; {LEAST} are needed.",
            remedy="Settle more at the triage desk, or take over past appeals: dauys import appeals FILE",
            code=1,
        )
    cut = len(past) * 9 // 10
    starter = actions.starter_samples()
    with show.step("Measuring on the newest tenth"):
        trial = topics.train([*starter, *past[:cut]], seed=1)
        guesses = trial.classify([text for text, _code in past[cut:]])
    right = [guess.ranked[0][0] == code for guess, (_text, code) in zip(guesses, past[cut:], strict=True)]
    sure = [hit for hit, guess in zip(right, guesses, strict=True) if guess.confidence >= SURE]
    with show.step("Learning from all"):
        made = actions.learn([*starter, *past], name="learned", now=datetime.now(UTC))
    value = {
        "in_force": made.version, "samples": made.samples, "held_back": len(right),
        "accuracy": round(sum(right) / len(right), 3),
        "answered_share": round(len(sure) / len(right), 3),
        "accuracy_where_sure": round(sum(sure) / len(sure), 3) if sure else None,
    }  # fmt: skip
    show.result(
        value, as_json=as_json,
        lines=[
            f"{made.version} is in force, learned from {made.samples} texts.",
            f"On {len(right)} newer appeals it was right in {value['accuracy']:.1%}; where sure "
            f"({value['answered_share']:.1%} of them) in {(value['accuracy_where_sure'] or 0):.1%}.",
        ],
    )  # fmt: skip
    sys.exit(0)

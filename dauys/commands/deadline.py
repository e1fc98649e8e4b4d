"""By when an answer is owed, day by day: from a shell, with or without an installation."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dauys.commands import show
from dauys.commands.run import setup

if TYPE_CHECKING:
    from dauys.answer.calculating import Ground
    from dauys.engines.deadline import Step

KINDS = ("application", "complaint", "inquiry", "message", "proposal", "response")


@click.command()
@click.option("--kind", type=click.Choice(KINDS), help="Kind of appeal, in the words of the law.")
@click.option("--registered", required=True, metavar="DAY", help="2026-03-10, or with the clock: 2026-03-10T17:50.")
@click.option("--received", default="", metavar="DAY", help="When it came, for rules that count from receipt.")
@click.option(
    "--family", default="", help="Family of rules, such as kz. Without it: the institution's, or the country's."
)
@click.option("--matter", default="", help="A special rule of the family, such as petition.")
@click.option("--body", default="local", type=click.Choice(["local", "central"]), show_default=True)
@click.option("--rule", default="", metavar="ID", help="One rule by its id, instead of kind and family.")
@click.option("--country", default="", metavar="CC", help="Count by this country's shipped calendar (ISO 3166-1).")
@click.option("--json", "as_json", is_flag=True, help="Print the count as JSON.")
def deadline(
    kind: str | None,
    registered: str,
    received: str,
    family: str,
    matter: str,
    body: str,
    rule: str,
    country: str,
    as_json: bool,
) -> None:
    """Count by when an answer is owed and explain every day of it.

    With a clock, the day of registration is found first: after hours and on days off it is the next working day. Where
    this folder (DAUYS_HOME) holds an institution, its own calendar and hours count; elsewhere those that ship for
    --country, KZ if none is named.
    """
    setup()
    from django.utils.translation import override

    from dauys.answer.calculating import Asked, Unclear, as_data, count, families, kinds_of
    from dauys.answer.words.deadlines import on_the_way, steps
    from dauys.answer.words.deadlines import registered as why_registered
    from dauys.answer.words.promise import term
    from dauys.institution.calendar import UnknownCountry

    if not kind and not rule:
        show.stop("--kind is missing.", remedy=f"Write one of: {', '.join(KINDS)}; or name a rule with --rule.")
    with override("en"):
        ground = _ground(country)
        asked = Asked(registered, kind or "", family, matter, body, rule, received)
        try:
            counted = count(asked, ground)
        except Unclear as unclear:
            known = {
                "family": f" Known: {', '.join(families())}.",
                "kind": f" Covered: {', '.join(kinds_of(family or ground.family)) or 'none'}.",
            }.get(unclear.field, "")
            show.stop(f"--{unclear.field}: {unclear.problem}", remedy=f"{unclear.remedy}{known}")
        except UnknownCountry:
            show.stop(f"--country: no calendar is known for {country!r}.", remedy="Write two letters of ISO 3166-1.")
        said = steps(counted)
        policy = counted.policy
        lines = [
            f"An answer is due on {counted.due_on} ({counted.due_on:%A}).",
            f"{term(policy)} from {'receipt' if counted.from_receipt else 'registration'} on {counted.starts_on}: "
            f"{policy.article} ({policy.id}){'' if policy.checked else ', not compared with the text of the law'}.",
            f"Source: {policy.source}",
        ]
        if counted.registration:
            lines.append(
                why_registered(counted.registration.reason) + f" Day of registration: {counted.registered_on}."
            )
        if policy.note and not policy.checked:
            lines.append(f"Note: {policy.note}")
        if counted.deadline.is_provisional:
            lines.append("Provisional: a day inside the term is an estimate.")
        for year in counted.unchecked_years:
            lines.append(f"Nobody has compared the moved days of {year} with the government's order yet.")
        lines += ["", *(_line(one, said[one.date]) for one in counted.deadline.steps), ""]
        lines += [f"- {one.words} ({one.article})" for one in on_the_way(counted, date.isoformat)]
        show.result(as_data(counted, said), as_json=as_json, lines=lines)


def _ground(country: str) -> "Ground":
    """The institution's own, where there is one and no other country was named."""
    from dauys.answer.calculating import of_country, of_house

    if not country and _has_tables():
        from django.db import DatabaseError

        from dauys.institution.queries import NotEstablished, house

        try:
            return of_house(house())
        except (NotEstablished, DatabaseError):
            pass
    return of_country(country or "KZ")


def _has_tables() -> bool:
    """False where asking would only make an empty database file."""
    from django.conf import settings

    base = settings.DATABASES["default"]
    return "sqlite" not in str(base["ENGINE"]) or Path(str(base["NAME"])).is_file()


def _line(one: "Step", said: str) -> str:
    number = f"{one.number:3d}" if one.counts else "   "
    return f"{one.date} {one.date:%a} {number}  {said}{'' if one.confirmed else ' (not confirmed)'}"

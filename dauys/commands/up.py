"""`dauys up`: from nothing to a running institution in one command; the second time it only runs.

Nothing is written until every question is answered; then all of it is, in one transaction.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from dauys.commands import run, show

if TYPE_CHECKING:
    from dauys.institution.models import User
    from dauys.institution.plan import Plan
    from dauys.institution.reader import Reader

INTERRUPTED = 130
ANSWER = "answer"


@click.command()
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML file that describes the institution (docs/recipes/set-up-an-institution.md).",
)
@click.option("--yes", is_flag=True, help="Ask nothing: everything must be in --file.")
@click.option("--only-setup", is_flag=True, help="End after setting up; do not run.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def up(file: Path | None, yes: bool, only_setup: bool, host: str, port: int) -> None:
    """Set up a real institution and run it: server and worker.

    The first time it asks for the institution's name, areas, first office and administrator, or takes them
    from --file. Run it again at any time: what is set up stays as it is.
    """
    run.setup()
    from django.conf import settings
    from django.utils import timezone

    from dauys.institution import actions
    from dauys.institution.models import Institution, User

    settings.HOME.mkdir(parents=True, exist_ok=True)
    with show.step("Tables"):
        run.migrated()
    if Institution.objects.exists():
        if file is not None:
            show.console.print("  This institution is set up already; the file is not read.")
    else:
        plan = _plan(file, yes)
        with show.step("Setting up the institution"):
            try:
                actions.establish(plan=plan, now=timezone.now())
            except actions.AlreadyEstablished:
                show.stop(
                    "Somebody else has set up an institution here in the meantime.",
                    remedy="Run: dauys up",
                    code=1,
                )
    _prepared(timezone.now())
    # A kill between establishing and this line leaves people without a password: the next start finds them.
    _hand_out([person for person in User.objects.order_by("email") if not person.has_usable_password()])
    if only_setup:
        click.echo("Set up. Start it with: dauys up")
        return
    run.ready()
    click.echo(f"Open http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/ (Ctrl-C stops it)")  # noqa: S104
    sys.exit(run.together(host=host, port=port))


def _prepared(now: datetime) -> None:
    from dauys.understand.actions import ensure_model

    with show.step("Translations and pages"):
        run.translations_compiled()
        run.static_collected()
    with show.step("The reader of topics"):
        ensure_model(now=now)


def _hand_out(people: list["User"]) -> None:
    """A password for everybody who has none, told once."""
    from django.utils import timezone

    from dauys.institution.actions import new_password

    if not people:
        return
    click.echo("\nPasswords, shown only now. Hand each to its person; they change it after signing in.")
    for person in people:
        click.echo(f"  {person.email}  {new_password(person=person, officer=None, now=timezone.now())}")
    click.echo("A lost one is replaced with: dauys people password E-MAIL\n")


def _plan(file: Path | None, yes: bool) -> "Plan":
    from dauys.institution.plan import BadPlan, parse, read

    families = _families()
    try:
        if file is not None:
            return read(file, families=families)
        if yes:
            show.stop("--yes asks nothing, and there is no --file.", remedy="Give --file institution.toml.")
        table, beside = _asked(families)
        return parse(table, beside=beside, families=families)
    except BadPlan as bad:
        click.echo(
            f"{len(bad.faults)} {'thing is' if len(bad.faults) == 1 else 'things are'} to be mended:",
            err=True,
        )
        for fault in bad.faults:
            click.echo(f"  {fault}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        _interrupted()


def _interrupted() -> NoReturn:
    click.echo("\nStopped. Nothing has been set up. Where nobody can answer, give --file institution.toml.", err=True)
    sys.exit(INTERRUPTED)


def _families() -> frozenset[str]:
    from dauys.answer.policies import load

    return frozenset(policy.family for policy in load())


def _asked(families: frozenset[str]) -> tuple[dict[str, Any], Path]:
    """The plan's table from a conversation, and the folder in which its files lie."""
    from dauys.institution.models import Area, Office
    from dauys.institution.names import LANGUAGES

    click.echo("\nThis sets up an empty institution. Ctrl-C at any question leaves everything as it was.\n")
    click.echo("Its name, in at least one of the three languages (Enter leaves one out).")
    names = _names()
    country = _ask("Country, two letters of ISO 3166-1, such as KZ", check=_check_country).upper()
    zone = _ask("Time zone", _zone_of(country), check=lambda reader: reader.zone(ANSWER))
    click.echo("\nAreas: the territory it serves, by the codes of the official classifier.")
    area, beside = _asked_areas(names, Area.Level.values)
    click.echo("\nThe first office. The others are added later.")
    rules = country.lower() if country.lower() in families else "internal"
    office = {
        "code": _ask("Short code in Latin letters", "main", check=lambda reader: reader.slug(ANSWER)),
        "kind": _choose("Kind", Office.Kind.values, Office.Kind.OTHER),
        **{language: _ask(f"Name, {language}", name) for language, name in names.items()},
        "policy": _choose("Deadline rules", sorted(families), rules),
        "competence": [{"role": "both"}],
    }
    click.echo("\nThe first administrator.")
    person = {
        "name": _ask("Name"),
        "email": _ask("E-mail, with which they sign in", check=lambda reader: reader.email(ANSWER)),
        "language": _choose("Language", LANGUAGES, next(iter(names))),
        "roles": [{"office": office["code"], "role": role} for role in ("administrator", "head")],
    }
    click.echo(f"\nTopics: the shipped list. Calendar: the working days of {country} with the moved days known.")
    if not click.confirm("Set it up so?", default=True):
        _interrupted()
    head = {**names, "country": country, "zone": zone, "topics": "starter", **area.pop("institution", {})}
    return {"institution": head, **area, "office": [office], "person": [person]}, beside


def _asked_areas(names: dict[str, str], levels: list[str]) -> tuple[dict[str, Any], Path]:
    while True:
        file = _ask("CSV file with code,parent,level,ru,kk,en,lat,lon (Enter: type one area by hand)", "")
        if not file:
            break
        path = Path(file).expanduser()
        if path.is_file():
            return {"institution": {"areas_file": path.name}}, path.parent
        click.echo(f"There is no file {path}. Try again.")
    code = _ask("Code of the area, such as 630000000")
    level = _choose("Level", levels, "region")
    named = {language: _ask(f"Name of the area, {language}", name) for language, name in names.items()}
    click.echo("The areas below it are taken over later from the official list: dauys import areas FILE --under …")
    return {"area": [{"code": code, "level": level, **named}]}, Path()


def _names() -> dict[str, str]:
    while True:
        given = {language: _ask(f"Name, {language}", "") for language in ("kk", "ru", "en")}
        if kept := {language: name for language, name in given.items() if name}:
            return kept
        click.echo("At least one name is needed.")


def _choose(question: str, known: Sequence[str], default: str) -> str:
    return _ask(f"{question} ({', '.join(known)})", default, check=lambda reader: reader.choice(ANSWER, known))


def _ask(question: str, default: str | None = None, *, check: Callable[["Reader"], object] | None = None) -> str:
    """One answer in one line, asked again until it holds: the plan would refuse it for the same reason."""
    from dauys.institution.reader import Fault, Reader

    while True:
        answer = str(click.prompt(question, default=default, show_default=bool(default), type=str)).strip()
        if not answer and default is None:
            continue
        faults: list[Fault] = []
        reader = Reader({ANSWER: answer}, "", faults)
        if answer:
            (check or (lambda each: each.text(ANSWER)))(reader)
        if not faults:
            return answer
        click.echo(f"{faults[0].problem}. {faults[0].remedy}.")


def _check_country(reader: "Reader") -> None:
    from dauys.institution.plan import check_country

    check_country(reader, ANSWER, reader.text(ANSWER).upper())


def _zone_of(country: str) -> str:
    """The first time zone of a country in the system's own table; UTC where it is not known."""
    from zoneinfo import TZPATH

    for folder in TZPATH:
        table = Path(folder, "zone.tab")
        if table.is_file():
            for line in table.read_text(encoding="utf-8").splitlines():
                cells = line.split("\t")
                if len(cells) > 2 and cells[0] == country:
                    return cells[2]
    return "UTC"

"""`dauys import`: past appeals, the official list of areas, and names of places."""

import csv
import hashlib
import subprocess  # our own worker, started with our own interpreter
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from dauys.commands import run, show


class Sources(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["appeals", "areas", "places"]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name == "areas":
            from dauys.commands.take_over_areas import areas

            return areas
        if name == "places":
            from dauys.commands.take_over_places import places

            return places
        return super().get_command(ctx, name)


@click.group(name="import", cls=Sources)
def take_over() -> None:
    """Take over past appeals (CSV, JSON Lines, XLSX), the official list of areas, or names of places."""


SENTENCES = {
    "empty": "is empty",
    "too_long": "is too long ({length} characters; at most {most})",
    "unknown": "is “{value}”; it must be one of {choices}",
    "not_a_date": "is “{value}”, which is no date; write 2026-03-10T17:50 or 10.03.2026 17:50",
    "not_a_number": "is “{value}”, which is no number",
    "in_the_future": "lies in the future ({value})",
    "not_a_row": "cannot be read as a row",
    "half": "has only one of the two coordinates",
    "off_the_map": "lies off the map",
}


def sentence(field: str, code: str, params: dict[str, object]) -> str:
    words = SENTENCES.get(code, code)
    return f"{field} {words.format(**params)}" if params else f"{field} {words}"


def _code(prefix: str, name: str) -> str:
    """A code that the same name always gets, so that a second run finds what the first one made."""
    return f"{prefix}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def resolver(create: frozenset[str], *, language: str, policy: str, now: datetime) -> Any:
    """Names of the file as rows of the institution: by any of their names, or made where the map allows it."""
    from dauys.hear.channels import batch
    from dauys.institution import actions
    from dauys.institution.plan import AreaPlan, OfficePlan, TopicPlan
    from dauys.institution.queries import Names, house

    def names(name: str) -> Names:
        return Names(**{tongue: name[:200] if tongue == language else "" for tongue in ("kk", "ru", "en")})

    def by_name(rows: dict[int, Any]) -> dict[str, Any]:
        return {
            name.casefold(): row
            for row in rows.values()
            for name in (row.code, row.name.kk, row.name.ru, row.name.en)
            if name
        }

    topics: dict[tuple[str, ...], str | None] = {}
    areas: dict[str, int | None] = {}
    offices: dict[str, str | None] = {}

    def topic(path: tuple[str, ...]) -> str | None:
        if path not in topics:
            topics[path] = find_topic(path)
        return topics[path]

    def find_topic(path: tuple[str, ...]) -> str | None:
        here = by_name(house().topics)
        parent = ""
        for depth, name in enumerate(path[:2]):
            found = here.get(name.casefold())
            if found is not None and (depth == 0 or found.parent_id is not None):
                parent = found.code
                continue
            if "topics" not in create:
                return parent or None
            code = _code("t", name) if not parent else f"{parent}.{_code('t', name)}"
            if code not in house().topic_by_code:
                actions.add_topic(topic=TopicPlan(code, parent, names(name)), officer=None, now=now)
            parent = code
        return parent or None

    def area(name: str) -> int | None:
        if name not in areas:
            found = by_name(house().areas).get(name.casefold())
            if found is None and "areas" in create:
                roots = [row for row in house().areas.values() if row.parent_id is None]
                plan = AreaPlan(_code("x", name), roots[0].code if len(roots) == 1 else "", "district", names(name))
                actions.add_areas(areas=[plan], officer=None, now=now)
                found = house().area_by_code[plan.code]
            areas[name] = found.id if found else None
        return areas[name]

    def office(name: str) -> str | None:
        if name not in offices:
            found = by_name(house().offices).get(name.casefold())
            if found is None and "offices" in create:
                root = next((row for row in house().offices.values() if row.parent_id is None), None)
                plan = OfficePlan(
                    _code("o", name), root.code if root else "", "department", names(name),
                    policy or (root.policy if root else "internal"), competences=(),
                )  # fmt: skip
                actions.add_office(office=plan, officer=None, now=now)
                found = house().office_by_code[plan.code]
            offices[name] = found.code if found else None
        return offices[name]

    return batch.Resolve(topic, area, office)


@take_over.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map", "map_file", type=click.Path(path_type=Path), help="TOML file that says which column carries what."
)
@click.option("--dry-run", is_flag=True, help="Read and check every row, keep nothing.")
@click.option("--no-reading", is_flag=True, help="Leave reading, promising and sealing to the running worker.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def appeals(file: Path, map_file: Path | None, dry_run: bool, no_reading: bool, as_json: bool) -> None:
    """Take over an institution's past appeals from FILE (.csv, .jsonl or .xlsx, also .gz).

    Every refused row is reported with its line and reason. Killed at any moment and run again, it goes on where it
    stopped and doubles nothing. docs/recipes/take-over-past-appeals.md shows a column map.
    """
    run.setup()
    from dauys.hear.channels import batch
    from dauys.institution.queries import NotEstablished, house

    now = datetime.now(UTC)
    try:
        header, lines = batch.rows(file)
        mapped = batch.read_map(map_file, header, str(house().zone))
    except batch.UnusableFile as error:
        show.stop(str(error))
    except NotEstablished:
        show.stop("There is no institution yet.", remedy="Run: dauys up")
    show.console.print("  Columns: " + ", ".join(f"{name} ← {of}" for name, of in mapped.columns.items()))
    with show.step("Counting rows"):
        total = sum(1 for _ in lines)
    if dry_run:
        _dry_run(file, mapped, total, as_json, now)
        return
    resolve = resolver(mapped.create, language=mapped.defaults.get("language", "ru"), policy=mapped.policy, now=now)
    begun = time.monotonic()
    worker = None if no_reading else subprocess.Popen([sys.executable, "-m", "dauys", "work", "--until-idle"])
    try:
        done, report = _take(file, mapped, resolve, total, now)
    finally:
        if worker is not None:
            run.import_mark().touch()
    took = time.monotonic() - begun
    if worker is not None:
        _wait(worker)
    read = time.monotonic() - begun
    value = {
        "rows": total, "taken": done.taken, "refused": done.refused,
        "refused_report": str(report) if done.refused else None,
        "seconds_taking": round(took, 1), "seconds_in_all": round(read, 1),
        "rows_per_second": round(total / max(read, 0.001)),
    }  # fmt: skip
    lines_out = [
        f"{done.taken} appeals taken over, {done.refused} rows refused, {value['rows_per_second']} rows/s in all."
    ]
    if done.refused:
        lines_out.append(f"Refused rows, each with line and reason: {report}")
    show.result(value, as_json=as_json, lines=lines_out)
    sys.exit(1 if done.refused else 0)


def _wait(worker: "subprocess.Popen[bytes]") -> None:
    """Wait for the worker to read what was taken, showing how far it is."""
    from django.db import connection

    def left() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT coalesce(max(id), 0) FROM appeal) - (SELECT coalesce(max(appeal_id), 0) FROM handling)"
            )
            return int(cursor.fetchone()[0])

    waiting = left()
    moved = time.monotonic()
    with show.Ticker("Read, routed and promised", waiting) as ticker:
        # The worker may have left the work to one that was already running: what counts is that nothing is left.
        while worker.poll() is None or left() > 0:
            time.sleep(0.5)
            now_done = max(ticker.done, waiting - left())
            if now_done > ticker.done:
                moved = time.monotonic()
            ticker.advance(now_done - ticker.done)
            if worker.poll() is not None and time.monotonic() - moved > 60:
                click.echo("The reading stands still; start the worker to finish it: dauys work", err=True)
                return


def _take(file: Path, mapped: Any, resolve: Any, total: int, now: datetime) -> tuple[Any, Path]:
    from django.conf import settings

    from dauys.hear.channels import batch

    folder = Path(settings.HOME) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    run.import_mark().unlink(missing_ok=True)
    # Named by content: another file of the same name is another import, the same one resumed goes on in its report.
    report = folder / f"{file.name}.{batch.source(file, mapped)[:8]}.refused.csv"
    kept, is_new = _kept_lines(report), not report.exists()
    with open(report, "a", newline="", encoding="utf-8") as out, show.Ticker("Taken over", total) as ticker:
        writer = csv.writer(out)
        if is_new:
            writer.writerow(["line", "field", "reason"])

        def refused(row: batch.RefusedRow) -> None:
            if row.line not in kept:
                writer.writerow([row.line, row.field, sentence(row.field, row.code, row.params)])
                out.flush()

        done = batch.take(file, mapped, resolve, now=now, progress=ticker.advance, refused=refused)
    return done, report


def _kept_lines(report: Path) -> set[int]:
    """Lines already reported by a run that was killed."""
    if not report.exists():
        return set()
    with open(report, newline="", encoding="utf-8") as file:
        return {int(row[0]) for row in csv.reader(file) if row and row[0].isdecimal()}


def _dry_run(file: Path, mapped: Any, total: int, as_json: bool, now: datetime) -> None:
    from dauys.hear.channels import batch
    from dauys.hear.submission import Refused, check

    def anything(_name: object) -> None:
        return None

    resolve = batch.Resolve(anything, anything, anything)
    bad: list[tuple[int, str]] = []
    with show.Ticker("Checked", total) as ticker:
        for line, row in batch.rows(file)[1]:
            try:
                check(batch.submission(row, line, mapped, resolve, source="dry run", import_id=0, now=now))
            except Refused as refusal:
                bad.append((line, sentence(refusal.field, refusal.code, refusal.params)))
            ticker.advance()
    show.result(
        {"rows": total, "good": total - len(bad), "refused": [{"line": line, "reason": why} for line, why in bad]},
        as_json=as_json,
        lines=[
            f"{total - len(bad)} of {total} rows can be taken over; nothing was kept.",
            *[f"line {line}: {why}" for line, why in bad[:20]],
            *([f"… and {len(bad) - 20} more (use --json for all)"] if len(bad) > 20 else []),
        ],
    )
    sys.exit(1 if bad else 0)

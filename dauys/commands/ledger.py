"""The ledger from a shell: check all of it, show its key, its head and the history of one case."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dauys.commands import show
from dauys.commands.run import setup
from dauys.commands.verify import KEY_FILE, printable

if TYPE_CHECKING:
    from dauys.ledger.audit import Expectation, Finding, Recount

TITLES = {
    "grammar": "Leaves follow the grammar",
    "positions": "Positions without a gap, in the order of writing",
    "days": "Days never go backwards",
    "heads": "Signed heads: signature, size, root, consistency",
    "tiles": "Tiles equal the leaves",
    "waiting": "Waiting leaves sound, none passed over",
    "received": "Each appeal has exactly one “received” entry",
    "answered": "Each sent answer has its “answered” entry",
    "known": "Each case of the ledger is an appeal in the tables",
    "numbers": "Registration numbers without a gap, by year",
    "appeals": "Each appeal says what was received: words, contact, files",
    "answers": "Each answer says what was sent",
    "verdicts": "Each verdict says what the citizen said",
    "rulings": "Each ruling on the way says what was decided, why and until when",
}


@click.group()
def ledger() -> None:
    """Check and show the public ledger."""


@ledger.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(as_json: bool) -> None:
    """Recompute the whole ledger from its entries and hold every table against it, each row's words included.

    Exits with 1 if anything is wrong, naming the evidence. It may run while the house works.
    """
    setup()
    from dauys.ledger.actions import verifier_key
    from dauys.ledger.audit import audit, recount
    from dauys.ledger.queries import sealed_size

    with show.Ticker("Leaves", sealed_size()) as ticker:
        findings = audit(key=verifier_key(), expectations=expectations(), progress=ticker.advance)
    for rows in recounts():
        with show.Ticker(rows.check.capitalize(), rows.count()) as ticker:
            findings.append(recount(rows, progress=ticker.advance))
    show.result(
        {
            finding.check: {
                "ok": finding.ok,
                "seen": finding.seen,
                "wrong": finding.wrong,
                "evidence": finding.evidence,
            }
            for finding in findings
        },
        as_json=as_json,
        lines=_table(findings),
    )
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


def _table(findings: "list[Finding]") -> list[str]:
    width = max(len(TITLES[finding.check]) for finding in findings)
    lines = [f"     {'check'.ljust(width)}  {'looked at':>10}  {'wrong':>8}"]
    for finding in findings:
        mark = "ok " if finding.ok else "BAD"
        lines.append(f"{mark}  {TITLES[finding.check].ljust(width)}  {finding.seen:>10}  {finding.wrong:>8}")
        lines += [f"       {printable(evidence)}" for evidence in finding.evidence]
        if finding.wrong > len(finding.evidence):
            lines.append(f"       … and {finding.wrong - len(finding.evidence)} more")
    return lines


def expectations() -> "list[Expectation]":
    """What the tables of appeals and answers must show for the entries, and the entries for them."""
    from django.apps import apps

    from dauys.ledger.audit import Expectation
    from dauys.ledger.core.leaf import FORMAT, Kind

    appeal, register, answer, entry = (
        f'"{apps.get_model(name)._meta.db_table}"'
        for name in ("hear.Appeal", "hear.Register", "answer.Answer", "ledger.Entry")
    )
    received, answered = (
        f"""(SELECT "case", count(*) AS n FROM {entry}
              WHERE leaf LIKE '{FORMAT}\n{kind}\n%' GROUP BY "case")"""
        for kind in (Kind.RECEIVED, Kind.ANSWERED)
    )
    running = "CAST(substr(number, 6) AS bigint)"
    return [
        Expectation(
            "received",
            f"SELECT count(*) FROM {appeal}",
            f"""SELECT 'appeal ' || a.number || ': ' || coalesce(e.n, 0) || ' entries' FROM {appeal} a
                LEFT JOIN {received} e ON e."case" = a."case" WHERE coalesce(e.n, 0) <> 1 ORDER BY a.id""",
        ),
        # An answer taken over from old records names no officer; it was not sent from here.
        Expectation(
            "answered",
            f"SELECT count(*) FROM {answer}",
            f"""SELECT 'appeal ' || a.number || ': ' || coalesce(s.n, 0) || ' answers, '
                       || coalesce(e.n, 0) || ' entries' FROM {appeal} a
                LEFT JOIN (SELECT appeal_id, count(*) AS n, count(officer_id) AS sent
                           FROM {answer} GROUP BY appeal_id) s ON s.appeal_id = a.id
                LEFT JOIN {answered} e ON e."case" = a."case"
                WHERE coalesce(e.n, 0) NOT BETWEEN coalesce(s.sent, 0) AND coalesce(s.n, 0) ORDER BY a.id""",
        ),
        Expectation(
            "known",
            f"""SELECT count(DISTINCT "case") FROM {entry} WHERE leaf IS NOT NULL AND "case" <> '-'""",
            f"""SELECT 'case ' || e."case" || ' has entries and no appeal' FROM {entry} e
                LEFT JOIN {appeal} a ON a."case" = e."case"
                WHERE e.leaf IS NOT NULL AND e."case" <> '-' AND a.id IS NULL
                GROUP BY e."case" ORDER BY min(e.id)""",
        ),
        Expectation(
            "numbers",
            f"SELECT count(*) FROM {appeal}",
            f"""SELECT 'year ' || y.year || ': the register counts ' || coalesce(r.last, 0) || ', there are '
                       || coalesce(n.n, 0) || ' appeals numbered ' || coalesce(n.low, 0)
                       || ' to ' || coalesce(n.high, 0)
                FROM (SELECT year FROM {register}
                      UNION SELECT CAST(substr(number, 1, 4) AS integer) FROM {appeal}) y
                LEFT JOIN {register} r ON r.year = y.year
                LEFT JOIN (SELECT CAST(substr(number, 1, 4) AS integer) AS year, count(*) AS n,
                                  min({running}) AS low, max({running}) AS high
                           FROM {appeal} GROUP BY 1) n ON n.year = y.year
                WHERE coalesce(n.n, 0) <> coalesce(r.last, 0) OR coalesce(n.high, 0) <> coalesce(r.last, 0)
                   OR coalesce(n.low, 1) <> 1 ORDER BY y.year""",
        ),
    ]


def recounts() -> "list[Recount]":
    """The rows whose words the ledger commits to: none may say something else than on its day."""
    from dauys.answer.queries import proof as answers
    from dauys.hear import commitments as appeals
    from dauys.ledger.audit import Recount
    from dauys.ledger.core.leaf import Kind

    judged = frozenset({Kind.AMENDED, Kind.REOPENED})
    ruled = frozenset({Kind.AMENDED, Kind.EXTENDED, Kind.FORWARDED, Kind.REFUSED, Kind.WITHDRAWN})
    return [
        Recount("appeals", frozenset({Kind.RECEIVED}), appeals.received_count, appeals.received_again),
        Recount("answers", frozenset({Kind.ANSWERED}), answers.answers_count, answers.answers_again),
        Recount("verdicts", judged, answers.verdicts_count, answers.verdicts_again),
        Recount("rulings", ruled, answers.rulings_count, answers.rulings_again),
    ]


@ledger.command()
def key() -> None:
    """Print the public key, and write it beside the data as ledger-key.txt, where “dauys verify” finds it."""
    setup()
    from django.conf import settings

    from dauys.ledger.actions import verifier_key

    text = f"{verifier_key()}\n"
    path = Path(settings.HOME) / KEY_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    click.echo(text, nl=False)
    click.echo(f"Written to {path}. Publish it in several places that are not this server.", err=True)


@ledger.command()
def head() -> None:
    """Print the newest signed head exactly as it is published: “dauys ledger head > checkpoint”."""
    setup()
    from dauys.ledger import queries

    newest = queries.head()
    if newest is None:
        show.stop("Nothing has been sealed yet.", remedy="The worker does it: dauys work --once", code=1)
    else:
        click.echo(newest.note, nl=False)


@ledger.command("show")
@click.argument("case_number")
@click.option("--json", "as_json", is_flag=True, help="Print the entries as JSON.")
def show_case(case_number: str, as_json: bool) -> None:
    """Show everything the ledger holds about one case, by its name in Base 64 or its registration number."""
    setup()
    from dauys.hear.heard import heard_by_number
    from dauys.ledger import queries

    heard = heard_by_number(case_number)
    entries = queries.entries_of(heard.case if heard else case_number)
    if not entries:
        show.stop(
            f"The ledger holds nothing about “{printable(case_number[:80])}”.",
            remedy="Give a registration number such as 2026-000001, or a case of 24 letters from the ledger.",
            code=1,
        )
    rows = [
        {
            "entry": entry.id,
            "at": entry.at.isoformat(timespec="seconds"),
            "verb": entry.verb,
            "by": str(entry.actor) if entry.actor else None,
            "position": entry.leaf_index,
            "leaf": entry.leaf.splitlines() if entry.leaf else None,
            "detail": entry.detail,
        }
        for entry in entries
    ]
    lines = [f"case {entries[0].case}"]
    for entry, row in zip(entries, rows, strict=True):
        by = f"  by {printable(str(entry.actor))}" if entry.actor else ""
        lines += ["", f"{row['at']}  {entry.verb}{by}"]
        if entry.leaf is None:
            lines.append("  internal: not published")
            continue
        is_sealed = entry.leaf_index is not None
        lines.append(f"  published at position {entry.leaf_index}" if is_sealed else "  to be sealed")
        lines += [f"    {printable(line)}" for line in entry.leaf.splitlines()]
    show.result({"case": entries[0].case, "entries": rows}, as_json=as_json, lines=lines)

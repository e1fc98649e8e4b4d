"""`dauys mail`: what became of the letters, what came back, whether the mail server answers."""

import sys
from typing import BinaryIO

import click

from dauys.commands import show
from dauys.commands.run import setup

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")


@click.group()
def mail() -> None:
    """Letters to citizens and officers by e-mail."""
    setup()


@mail.command("bounces")
@click.argument("file", type=click.File("rb"))
@as_json_option
def bounces(file: BinaryIO, as_json: bool) -> None:
    """Note one message that came back: FILE as it arrived, or - for standard input (an alias of your mail server).

    Prints what was found and never an address. A message that is no notice of ours changes nothing.
    """
    from dauys.answer.post.bounces import BYTES_MOST, Came, note_bounce

    found = note_bounce(file.read(BYTES_MOST))
    words = {
        Came.BOUNCED: f"Letter {found.letter_id} came back ({found.status}).",
        Came.DELAYED: f"Letter {found.letter_id} is delayed ({found.status}); nothing is changed.",
        Came.NOT_OURS: "A notice, but of no letter that was sent from here.",
        Came.NO_NOTICE: "This message is no delivery status notification.",
    }
    show.result(
        {"came": found.came, "letter": found.letter_id, "status": found.status},
        as_json=as_json,
        lines=[words[found.came]],
    )
    if found.came in {Came.NOT_OURS, Came.NO_NOTICE}:
        sys.exit(1)


@mail.command("state")
@as_json_option
def state(as_json: bool) -> None:
    """How many letters stand in which state, and how the mail server was found last."""
    from dauys.answer.models import Letter
    from dauys.answer.post import desk, sending, server

    try:
        is_on, wrong = server.configured() is not None, ""
    except server.Misconfigured as error:
        is_on, wrong = False, str(error)
    counts = desk.counts()
    found = sending.server_state()
    show.result(
        {"on": is_on, "wrong": wrong, "counts": counts, "server_failures": found.failures, "server_said": found.why},
        as_json=as_json,
        lines=[
            wrong or ("Mail is on." if is_on else "Mail is off: set DAUYS_EMAIL_URL (docs/operating.md)."),
            *(f"{value}: {counts.get(value, 0)}" for value in Letter.State.values),
            *([f"The server failed {found.failures} times in a row, last: {found.why}"] if found.failures else []),
        ],
    )


@mail.command("try")
@as_json_option
def try_server(as_json: bool) -> None:
    """Connect to the mail server, check its certificate and sign in; nothing is sent."""
    from dauys.answer.post import server

    try:
        known = server.configured()
        if known is None:
            show.stop("Mail is off.", remedy="Set DAUYS_EMAIL_URL (docs/operating.md).", code=1)
        with server.connected(known):
            pass
    except server.Misconfigured as error:
        show.stop(f"{error.setting} is wrong.", remedy=error.remedy, code=1)
    except server.Unreachable as failure:
        show.stop(
            f"The mail server cannot be used: {failure.why}.",
            remedy="Check host, port, certificate (DAUYS_EMAIL_CA), user and password file.",
            code=1,
        )
    show.result({"ok": True}, as_json=as_json, lines=["The mail server answers and takes our letters."])

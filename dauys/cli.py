"""`dauys`: everything an administrator does from a shell. `dauys --help` explains every command.

Exit codes: 0 done; 1 the thing asked about is not as it should be (a check failed, rows were refused);
2 the command was used wrongly; 130 interrupted.
"""

import importlib
import os
import sys

import click

COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("dauys.commands.up:up", "Set up a real institution and run it: server and worker."),
    "demo": ("dauys.commands.demo:demo", "Run a demonstration region with a year of invented appeals."),
    "serve": ("dauys.commands.run:serve", "Run the web server alone."),
    "work": ("dauys.commands.run:work", "Run the worker alone: reading, promising, sealing, counting."),
    "check": ("dauys.commands.run:check", "Check that this installation is fit to accept appeals."),
    "migrate": ("dauys.commands.run:migrate", "Bring the database to this version's tables."),
    "import": ("dauys.commands.take_over:take_over", "Take over past appeals or the official list of areas."),
    "evaluate": ("dauys.commands.evaluate:evaluate", "Measure how well appeals are read, on labelled files."),
    "learn": ("dauys.commands.learn:learn", "Teach the readers of topics and offices from past appeals."),
    "weights": ("dauys.commands.weights:weights", "See, measure or make the model that knows what texts mean."),
    "deadline": ("dauys.commands.deadline:deadline", "Count by when an answer is owed, day by day, with the article."),
    "ledger": ("dauys.commands.ledger:ledger", "Check and show the public ledger."),
    "verify": ("dauys.commands.verify:verify", "Check a citizen's receipt against the ledger's public key."),
    "people": ("dauys.commands.people:people", "Add officers and appoint them to offices."),
    "mail": ("dauys.commands.mail:mail", "Letters by e-mail: their states, what came back, the server."),
    "bench": ("dauys.commands.bench.bench:bench", "Measure intake, import and pages on this machine."),
}


class Commands(click.Group):
    """Loads a command's module when it is called, so that help and completion stay instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_where, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            import difflib

            near = difflib.get_close_matches(name, COMMANDS, n=1)
            hint = f" Did you mean “{near[0]}”?" if near else ""
            ctx.fail(f"There is no command “{name}”.{hint} “dauys --help” lists them all.")
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Data, keys and attachments are kept in ./var; set DAUYS_HOME to keep them elsewhere.",
)
@click.version_option(package_name="dauys")
def main() -> None:
    """Dauys, the working system of a listening state: every appeal heard, answered in time, and proven."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dauys.settings")


if __name__ == "__main__":
    sys.exit(main())

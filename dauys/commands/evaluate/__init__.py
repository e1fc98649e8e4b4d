"""`dauys evaluate`: how well the reading does, measured on a file of your own, beside other people's readers."""

import importlib

import click

ASPECTS: dict[str, str] = {
    "language": "Language of short texts, beside lingua and py3langid.",
    "triage": "Topic and department, trained on one file and tested on a later one, beside the Signalen recipe.",
    "duplicates": "Appeals about one matter, beside the rule of category and 250 metres.",
    "places": "Places named in texts, at the fineness the text allows.",
    "redaction": "Personal data found in texts.",
    "kinds": "Kind, urgency and the separate things asked.",
    "answers": "Answers a citizen will dispute, beside their length and a TF-IDF classifier.",
}


class Aspects(click.Group):
    """Loads an aspect's module when it is called, so that help stays instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(ASPECTS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in ASPECTS:
            return None
        command: click.Command = importlib.import_module(f"dauys.commands.evaluate.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Aspects"):
            formatter.write_dl(list(ASPECTS.items()))


@click.group(cls=Aspects)
def evaluate() -> None:
    """Measure the reading of appeals on labelled files. Nothing is written and no database is needed."""

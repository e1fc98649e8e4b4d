"""Learn the weights anew: `python -m dauys.engines.language.make --out weights.model SOURCES/*/*`.

Each file lies in a folder named by its language: kk, ru, en, other (any other language), own (our own TOML files, which
name the language of each text) or exclude (texts that must not be learned from). Files that end in .tsv (word, how
often in a million) and .wordlist (the most frequent word first) are lists of single words. The card in the model's
first line names the sources. The same files give the same model, byte for byte.
"""

import hashlib
from typing import BinaryIO

import click

from dauys.engines.language import learning, model, sources

LABELS = ("kk", "ru", "en", "other", "own", "exclude")


@click.command(help=__doc__)
@click.option("--out", required=True, type=click.File("wb"), help="Where the model goes.")
@click.argument("files", nargs=-1, required=True, type=click.File("rb"))
def make(out: BinaryIO, files: tuple[BinaryIO, ...]) -> None:
    contents: dict[str, str] = {}
    digest: dict[str, str] = {}
    for file in sorted(files, key=lambda file: file.name):
        raw = file.read()
        contents[file.name] = raw.decode("utf-8", "replace").lstrip("\ufeff")
        digest[file.name] = hashlib.sha256(raw).hexdigest()
    told: list[learning.Told] = []
    lists: dict[str, dict[str, float]] = {}
    for name, content in contents.items():
        label = name.rsplit("/", 2)[-2] if "/" in name else ""
        if label not in LABELS:
            raise click.BadParameter(f"{name}: its folder must be one of {', '.join(LABELS)}", param_hint="FILES")
        if name.endswith(".aff"):
            continue
        if name.endswith(sources.LISTS):
            lists.setdefault(label, {}).update(sources.listed(name, content))
            continue
        affixes = contents.get(name.removesuffix(".dic") + ".aff", "")
        source = name.rsplit("/", 1)[-1]
        for language, text in sources.texts(source, content, label, affixes=affixes):
            told.append(learning.Told(language, source, text))
    click.echo(f"{len(told)} texts from {len(contents)} files", err=True)
    together = hashlib.sha256("".join(f"{d} {n.rsplit('/', 2)[-2]}\n" for n, d in digest.items()).encode()).hexdigest()
    made = learning.learn(told, lists=lists, sources_sha256=together, say=lambda line: click.echo(line, err=True))
    out.write(model.write(made))


if __name__ == "__main__":
    make()

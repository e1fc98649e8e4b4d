"""Words set as a PDF by typst. What people wrote reaches it as data and is never read as markup."""

import io
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import segno
import typst
from django.utils.translation import gettext as _

from dauys.institution.queries import house

BREAK_AFTER = 60
"""Letters of one unbroken word after which the line may end: a long address or a row of signs would leave the page."""

MARKS_MOST = 8

_LONG = re.compile(r"\S{" + str(BREAK_AFTER) + r"}(?=\S)")
_MAY_BREAK = "\N{ZERO WIDTH SPACE}"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@cache
def _form(name: str) -> bytes:
    folder = files("dauys.answer") / "letters"
    return ((folder / "paper.typ").read_text("utf-8") + (folder / f"{name}.typ").read_text("utf-8")).encode()


def typeset(form: str, told: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of a form of this folder (`answer`, `ticket`) with these values: the same values, the same bytes.

    Values are strings, lists and mappings; the form lays them out and evaluates none. Fonts are those inside
    typst (Libertinus Serif has the Kazakh letters; DejaVu Sans Mono what it lacks), so every machine sets alike, and
    nothing is read from disk or network.
    """
    made = typst.compile(
        _form(form),
        sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
        format="pdf",
    )
    if not isinstance(made, bytes):
        raise TypeError("A PDF is one file")
    return made


def paragraphs(text: str) -> list[list[str]]:
    """A text as paragraphs of lines, as it was written; words too long for a line may break."""
    clean = _CONTROL.sub("", _few_marks(text).replace("\r\n", "\n").replace("\r", "\n"))
    broken = _LONG.sub(lambda found: found.group() + _MAY_BREAK, clean)
    parts = [part.split("\n") for part in re.split(r"\n[ \t]*\n", broken)]
    return [kept for part in parts if (kept := [line.rstrip() for line in part if line.strip()])]


def _few_marks(text: str) -> str:
    """No writing puts more than a few marks upon one letter, and typst's time grows with the square of their number."""
    kept, marks = [], 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= MARKS_MOST:
            kept.append(sign)
    return "".join(kept)


def mark_of_invention() -> str:
    """What every paper of a demonstration says; empty in a real house."""
    is_invented = house().institution.is_invented
    return _("Demonstration: every person, office and appeal here is invented.") if is_invented else ""


def square(address: str) -> str:
    """A code to scan, as SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=0, scale=4)
    return drawn.getvalue().decode()

"""What stands around the form: its token, the emergency numbers, and what is wrong in words."""

import secrets
import tomllib
from functools import cache
from importlib.resources import files as resources
from typing import Any, NamedTuple

from django.core import signing
from django.utils.translation import gettext, gettext_lazy, ngettext

from dauys.hear.submission import Refused

_SERVICES = {
    "fire": gettext_lazy("fire"),
    "police": gettext_lazy("police"),
    "ambulance": gettext_lazy("ambulance"),
    "gas": gettext_lazy("gas leak"),
}


class Emergency(NamedTuple):
    """One number for everything, and (number, service) pairs; empty for a country we hold no numbers of."""

    number: str
    services: tuple[tuple[str, Any], ...]


@cache
def _emergency_numbers() -> dict[str, dict[str, Any]]:
    return tomllib.loads((resources("dauys.hear") / "data" / "emergency.toml").read_text(encoding="utf-8"))


def emergency(country: str) -> Emergency:
    """Whom to call instead of writing when life is in danger."""
    known = _emergency_numbers().get(country, {})
    return Emergency(
        known.get("all", ""),
        tuple((known[code], words) for code, words in _SERVICES.items() if code in known),
    )


def new_token() -> str:
    """The name of one form, given out by us: a form sent twice is recognised by it."""
    return signing.Signer(salt="hear.form").sign(secrets.token_urlsafe(16))


def token_of(told: str) -> str | None:
    """The form's name if we gave it out, or None."""
    try:
        return signing.Signer(salt="hear.form").unsign(told)
    except signing.BadSignature:
        return None


def sentence(refused: Refused) -> str:
    """What is wrong and what to do about it, in the reader's language."""
    fill = refused.params
    match (refused.field, refused.code):
        case ("text", "empty"):
            return gettext("Write in your own words what happened or what you ask for.")
        case ("text", "too_long"):
            return gettext(
                "The text has %(length)s characters and at most %(most)s can be taken. Shorten it, "
                "or send the long part as a PDF or a photo of the pages."
            ) % {"length": fill["length"], "most": fill["most"]}
        case ("place", "too_long"):
            return gettext(
                "The place has %(length)s characters and at most %(most)s can be taken. "
                "Leave the street or landmark here and tell the rest in the text."
            ) % {"length": fill["length"], "most": fill["most"]}
        case ("files", "too_many"):
            return ngettext(
                "At most %(most)s file can be taken. Remove the others, or put several pages into one PDF.",
                "At most %(most)s files can be taken. Remove some, or put several pages into one PDF.",
                int(str(fill["most"])),
            ) % {"most": fill["most"]}
        case ("files", "too_large"):
            return gettext(
                "“%(name)s” is larger than %(most)s MB. Send a smaller photo or fewer pages in one file."
            ) % {"name": fill["name"], "most": fill["most"]}
        case ("files", "too_much"):
            return gettext(
                "All files together are larger than %(most)s MB. Leave some out, or send smaller photos."
            ) % {"most": fill["most"]}
        case ("files", "wrong_type"):
            return gettext(
                "“%(name)s” is not a photo or a PDF. JPEG, PNG, WebP, GIF and PDF can be taken; "
                "a document can be saved as PDF or photographed."
            ) % {"name": fill["name"]}
        case ("files", "empty_file"):
            return gettext("“%(name)s” is empty. Choose it again or leave it out.") % {"name": fill["name"]}
        case ("files", "no_room"):
            return gettext(
                "There is no room for files just now, so “%(name)s” was not taken. "
                "File the appeal without it and add it later."
            ) % {"name": fill["name"]}
    return gettext("This cannot be taken as it is. Please correct it and send again.")

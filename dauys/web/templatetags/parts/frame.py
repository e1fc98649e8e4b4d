"""What the frame and the lists need: stylesheets, and ways to the newer and the older."""

from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from dauys.web.templatetags.parts.register import register

SHEETS = [
    "frame",
    "nav",
    "language",
    "button",
    "field",
    "choice",
    "upload",
    "notice",
    "badge",
    "due",
    "card",
    "table",
    "pager",
    "tabs",
    "search",
    "thread",
    "steps",
    "figure",
    "chart",
    "map",
    "receipt",
    "empty",
    "progress",
    "keys",
    "confirm",
    "hero",
]
"""One stylesheet a part, in the order they are linked."""


@register.simple_tag
@cache
def stylesheets() -> SafeString:
    """Links to every part's stylesheet."""
    links = (f'<link rel="stylesheet" href="{static(f"web/parts/{name}.css")}">' for name in SHEETS)
    return mark_safe("\n  ".join(links))  # noqa: S308  # names of our own


@register.inclusion_tag("web/parts/pager.html", takes_context=True)
def pager(context: template.Context, newer: str = "", older: str = "", shown: int | None = None) -> dict[str, Any]:
    """Newer and older by key: each is a value for `?before=` / `?after=`, or empty at the list's end."""
    query = context["request"].GET.copy()
    query.pop("before", None), query.pop("after", None), query.pop("lang", None)

    def link(name: str, key: str) -> str:
        asked = query.copy()
        asked[name] = key
        return f"?{asked.urlencode()}"

    return {
        "newer": link("after", str(newer)) if newer else "",
        "older": link("before", str(older)) if older else "",
        "shown": shown,
    }

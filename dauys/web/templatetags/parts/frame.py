"""What the frame and the lists need: stylesheets, and ways to the newer and the older."""

from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from dauys.web.sheet import SHEETS, sheet
from dauys.web.templatetags.parts.register import register


@register.simple_tag
def stylesheets() -> SafeString:
    """Links to the stylesheets: one sheet of all parts, or each part by itself while somebody works on them."""
    if settings.DEBUG:
        names = ["tokens", "base", *(f"parts/{name}" for name in SHEETS)]
        addresses = [static(f"web/{name}.css") for name in names]
    else:
        addresses = [reverse("web:sheet", args=[sheet().name])]
    links = (f'<link rel="stylesheet" href="{address}">' for address in addresses)
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

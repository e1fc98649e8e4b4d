"""The parts every page is built of. Registered as a builtin: no `load` is needed. Usage: dauys/web/README.md."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django import template
from django.forms import BaseForm, BoundField
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.templatetags.static import static
from django.utils.html import escape, format_html, format_html_join, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop, ngettext

from dauys.institution.queries import NotEstablished, house
from dauys.web import days, drawing

register = template.Library()

SOON_DAYS = 2
"""A promise this near is said to be soon."""

STATES: Mapping[str, tuple[str, str, str]] = {
    "received": ("info", "inbox", gettext_noop("Received")),
    "unrouted": ("info", "route", gettext_noop("Looking for the right office")),
    "promised": ("brand", "clock", gettext_noop("Being worked on")),
    "answered": ("brand", "speech", gettext_noop("Answered")),
    "confirmed": ("good", "solved", gettext_noop("Confirmed as solved")),
    "disputed": ("late", "reopen", gettext_noop("Reopened by the citizen")),
    "unread": ("soon", "mail", gettext_noop("New message")),
    "draft": ("", "pen", gettext_noop("Draft")),
    "late": ("late", "late", gettext_noop("Late")),
    "today": ("soon", "warning", gettext_noop("Due today")),
    "soon": ("soon", "soon", gettext_noop("Due soon")),
    "ok": ("", "calendar", gettext_noop("In time")),
    "urgent": ("late", "warning", gettext_noop("Urgent")),
    "danger": ("late", "warning", gettext_noop("Danger to life")),
    "needs_person": ("soon", "hand", gettext_noop("A person must look")),
    "suggested": ("", "lamp", gettext_noop("Suggested by the machine")),
    "checked": ("good", "person", gettext_noop("Checked by a person")),
    "personal": ("soon", "hidden", gettext_noop("Personal data inside")),
    "same": ("brand", "same", gettext_noop("Same matter")),
    "sealed": ("good", "seal", gettext_noop("Sealed in the ledger")),
    "unsealed": ("info", "soon", gettext_noop("Waiting to be sealed")),
    "waiting": ("info", "soon", gettext_noop("Being made safe")),
    "safe": ("good", "shield", gettext_noop("Safe copy ready")),
    "refused": ("late", "cross", gettext_noop("Refused")),
    "satisfied": ("good", "check", gettext_noop("Done")),
    "partly": ("soon", "check", gettext_noop("Partly done")),
    "explained": ("info", "speech", gettext_noop("Explained")),
    "redirected": ("info", "route", gettext_noop("Passed to the competent body")),
    "invented": ("soon", "info", gettext_noop("Invented")),
    "imported": ("", "table", gettext_noop("Taken over from old records")),
}
"""State code → tone, shape, words. Every tone has several shapes, so the shape tells states apart without colour."""


SHEETS = (
    "frame nav language button field choice upload notice badge due card table pager tabs search thread steps figure "
    "chart map receipt empty progress keys confirm hero"
).split()
"""One stylesheet a part, in the order they are linked."""


# Small things


@register.simple_tag
@cache
def stylesheets() -> SafeString:
    """Links to every part's stylesheet."""
    links = (f'<link rel="stylesheet" href="{static(f"web/parts/{name}.css")}">' for name in SHEETS)
    return mark_safe("\n  ".join(links))  # noqa: S308  # names of our own


@cache
def _sprite() -> str:
    return static("web/icons.svg")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A line drawing from web/icons.svg; silent to screen readers unless it has a label."""
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, _sprite(), name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', _sprite(), name)


@register.simple_tag
def state(value: str, words: str = "") -> SafeString:
    """A badge for a state code of STATES; an unknown code shows its own words beside a plain dot."""
    tone, shape, said = STATES.get(str(value), ("", "dot", ""))
    return badge(words or (gettext(said) if said else str(value)), tone, shape)


@register.simple_tag
def badge(words: str, tone: str = "", shape: str = "dot") -> SafeString:
    """tone: info, brand, good, soon, late or empty."""
    return format_html('<span class="badge" data-tone="{}">{}{}</span>', tone, icon(shape), words)


@register.simple_tag
def confidence(value: float) -> SafeString:
    """How sure a finding is: a word, three steps and the percentage."""
    level = 3 if value >= 0.8 else 2 if value >= 0.5 else 1
    word = (gettext("unsure"), gettext("fairly sure"), gettext("sure"))[level - 1]
    steps = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="8" height="{}" rx="1"/>',
        (("on" if place < level else "off", place * 10, 8 - place * 4, 8 + place * 4) for place in range(3)),
    )
    return format_html(
        '<span class="sure"><svg viewBox="0 0 28 16" aria-hidden="true">{}</svg>{} ({})</span>',
        steps,
        word,
        days.percent(value),
    )


@register.simple_tag
def qr(text: str, label: str = "") -> SafeString:
    """A square to scan, as SVG without styles."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(omitsize=True, border=1, svgclass=None, lineclass=None)
    name = format_html('<svg role="img" aria-label="{}"', label or gettext("Code to scan with a phone"))
    return mark_safe(drawn.replace("<svg", name, 1))  # noqa: S308  # drawn by segno, label escaped above


@register.simple_tag
def highlight(text: str, terms: Iterable[str], around: int = 0) -> SafeString:
    """The text with each term marked, everything escaped. `around` cuts to that many letters about the first hit."""
    wanted = [re.escape(term) for term in sorted(set(terms), key=len, reverse=True) if term]
    found = re.compile("|".join(wanted), re.IGNORECASE) if wanted else None
    if around and len(text) > 2 * around:
        first = found.search(text) if found else None
        centre = first.start() if first else 0
        start, stop = max(0, centre - around), min(len(text), max(centre, around) + around)
        text = ("…" if start else "") + text[start:stop].strip() + ("…" if stop < len(text) else "")
    if not found:
        return escape(text)
    out, last = [], 0
    for hit in found.finditer(text):
        out += [escape(text[last : hit.start()]), format_html("<mark>{}</mark>", hit.group())]
        last = hit.end()
    return mark_safe("".join([*out, escape(text[last:])]))  # noqa: S308  # every piece is escaped


# Days and numbers


def _zone() -> ZoneInfo:
    try:
        return house().zone
    except NotEstablished:
        return ZoneInfo("UTC")


@register.filter
def day(value: date | datetime | None, form: str = "") -> str:
    """«4 апреля 2026 г.»; forms: short (no year), number (04.04.2026)."""
    if value is None or value == "":
        return ""
    return days.day(value.astimezone(_zone()).date() if isinstance(value, datetime) else value, form)


@register.filter
def moment(value: datetime | None, form: str = "") -> str:
    """Day and clock in the institution's zone."""
    return days.moment(value.astimezone(_zone()), form) if value else ""


@register.filter
def month(value: date | None) -> str:
    return days.month(value) if value else ""


@register.filter
def weekday(value: date | None) -> str:
    return days.weekday(value) if value else ""


@register.filter
def iso(value: date | datetime | None) -> str:
    """For the datetime attribute of <time>."""
    return value.isoformat() if value else ""


@register.filter
def number(value: float | None, places: int = 0) -> str:
    return "–" if value is None or value == "" else days.number(value, places)


@register.filter
def percent(value: float | None, places: int = 0) -> str:
    """A share of one (0.87 → 87 %)."""
    return days.percent(value, places)


@register.simple_tag
def due(due_on: date | None, today: date, answered_on: date | None = None, short: bool = False) -> SafeString:
    """The promised day and how it stands: late, today, soon, ok; kept or broken once answered."""
    if due_on is None:
        return format_html('<span class="due quiet">{}</span>', gettext("No promise yet"))
    written = days.day(due_on)
    if answered_on is not None:
        over = (answered_on - due_on).days
        if over <= 0:
            code, shape = "kept", "check"
            words = gettext("Answered in time, on %(date)s") % {"date": days.day(answered_on)}
        else:
            code, shape = "broken", "late"
            words = ngettext(
                "Answered %(days)s day late, on %(date)s", "Answered %(days)s days late, on %(date)s", over
            ) % {"days": over, "date": days.day(answered_on)}
        return _due(code, shape, due_on, words)
    left = (due_on - today).days
    if left < 0:
        code, shape, over = "late", "late", -left
        words = (
            ngettext("%(days)s day late", "%(days)s days late", over)
            if short
            else ngettext(
                "%(days)s day late: an answer was promised by %(date)s",
                "%(days)s days late: an answer was promised by %(date)s",
                over,
            )
        ) % {"days": over, "date": written}
    elif left == 0:
        code, shape = "today", "warning"
        words = gettext("Due today") if short else gettext("Today: an answer is promised by %(date)s") % {"date": written}
    else:
        code, shape = ("soon", "soon") if left <= SOON_DAYS else ("ok", "calendar")
        words = (
            ngettext("%(days)s day left", "%(days)s days left", left)
            if short
            else ngettext(
                "%(days)s day left: an answer is promised by %(date)s",
                "%(days)s days left: an answer is promised by %(date)s",
                left,
            )
        ) % {"days": left, "date": written}
    return _due(code, shape, due_on, words)


def _due(code: str, shape: str, due_on: date, words: str) -> SafeString:
    return format_html(
        '<time class="due" data-state="{}" datetime="{}">{}{}</time>', code, due_on.isoformat(), icon(shape), words
    )


# Forms


@register.inclusion_tag("web/parts/field.html")
def field(
    bound: BoundField,
    hint: str = "",
    label: str = "",
    columns: bool = False,
    size: str = "",
    optional: bool | None = None,
) -> dict[str, Any]:
    """One question of a form with its label, hint and errors, tied together for screen readers.

    `hint` and `label` replace the form's own (a space for none); `optional=False` where the form itself, not the
    field, demands an answer. A field may carry `choice_hints` (value → words) to explain its choices.
    """
    widget = bound.field.widget
    hint = (hint or str(bound.help_text or "")).strip()
    key = bound.auto_id or bound.html_name
    described = [f"{key}_hint"] if hint else []
    described += [f"{key}_error"] if bound.errors else []
    attrs: dict[str, str] = {}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    kind = "input"
    if isinstance(widget, CheckboxInput):
        kind = "check"
    elif isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        kind = "choices"
    elif isinstance(widget, FileInput):
        kind = "upload"
    if kind == "input":
        attrs["class"] = f"input {widget.attrs.get('class', '')}".strip()
        if size:
            attrs["data-size"] = size
        if label:
            attrs["placeholder"] = ""  # the form's own placeholder would contradict a label given here
    if isinstance(widget, Textarea) and widget.attrs.get("maxlength"):
        attrs["data-counter"] = f"{key}_counter"
    hints = getattr(bound.field, "choice_hints", {})
    options = []
    if kind == "choices":
        for option in bound.subwidgets:
            data = option.data
            data["attrs"] = {**data["attrs"], **attrs}
            # The hint of a choice is keyed by the value as it is written in the form.
            options.append((option, hints.get(str(data["value"]), hints.get(data["value"], ""))))
    return {
        "field": bound,
        "kind": kind,
        "hint": hint,
        "label": label or bound.label,
        "is_optional": not bound.field.required if optional is None else optional,
        "key": key,
        "columns": columns,
        "is_select": isinstance(widget, Select),
        "options": options,
        "control": "" if kind == "choices" else bound.as_widget(attrs=attrs),
        "counter": attrs.get("data-counter", ""),
        "limit": widget.attrs.get("maxlength", ""),
        "is_hidden": bound.is_hidden,
    }


@register.inclusion_tag("web/parts/errors.html")
def errors(form: BaseForm) -> dict[str, Any]:
    """What went wrong, above the form, each line leading to its field."""
    rows = []
    for bound in form:
        for words in bound.errors:
            anchor = bound.auto_id
            if isinstance(bound.field.widget, (RadioSelect, CheckboxSelectMultiple)):
                anchor = f"{anchor}_0"
            rows.append((anchor, bound.label, words))
    return {"general": form.non_field_errors(), "rows": rows}


# Figures, charts and maps


@register.inclusion_tag("web/parts/figure.html")
def figure(
    value: object, label: str, period: str = "", of: str = "", tone: str = "", unit: str = "", href: str = ""
) -> dict[str, Any]:
    """A big number with its period and what it is out of; put several inside <dl class="figures">."""
    is_words = not any(sign.isdigit() for sign in str(value))
    return {"value": value, "label": label, "period": period, "of": of, "tone": tone, "unit": unit, "href": href,
            "is_words": is_words}  # fmt: skip


@register.inclusion_tag("web/parts/bar_chart.html")
def bar_chart(
    rows: Iterable[Sequence[Any] | Mapping[str, Any]],
    caption: str,
    note: str = "",
    total: float = 0,
    part: str = "",
    heading: str = "",
) -> dict[str, Any]:
    """Bars in a list. A row: (label, value[, href[, part value]]) or a mapping of label, value, href, part.

    `total` adds each bar's share; `part` names the darker piece of each bar; `heading` heads the table's first column.
    """
    bars = [_bar(row) for row in rows]
    most = max((bar["value"] for bar in bars), default=0) or 1
    for bar in bars:
        bar["width"] = f"{100 * bar['value'] / most:.2f}%"
        bar["share"] = bar["value"] / total if total else None
        bar["part_width"] = f"{100 * bar['part'] / most:.2f}%" if bar["part"] is not None else ""
    return {"bars": bars, "caption": caption, "note": note, "total": total, "part": part, "heading": heading}


def _bar(row: Sequence[Any] | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(row, Mapping):
        return {"label": row["label"], "value": row["value"], "href": row.get("href", ""), "part": row.get("part")}
    label, value, href, part, *_ = (*row, "", None) if len(row) == 2 else (*row, None, None)
    return {"label": label, "value": value, "href": href or "", "part": part}


@register.inclusion_tag("web/parts/line_chart.html")
def line_chart(
    series: Sequence[tuple[str, Sequence[float]]], labels: Sequence[object], caption: str, note: str = ""
) -> dict[str, Any]:
    """Lines over time: up to three (name, values), and one label for each value (dates are written out)."""
    written = [days.day(label, "short") if isinstance(label, date) else str(label) for label in labels]
    names = [name for name, _values in series]
    table = list(zip(written, zip(*(values for _name, values in series), strict=True), strict=True))
    return {
        "plot": drawing.plot(series, written),
        "names": names,
        "table": table,
        "caption": caption,
        "note": note,
        "width": drawing.PLOT_WIDTH,
        "height": drawing.PLOT_HEIGHT,
    }


@register.inclusion_tag("web/parts/area_map.html")
def area_map(
    outlines: Mapping[str, Any] | None,
    rows: Iterable[Sequence[Any]],
    caption: str,
    note: str = "",
    movable: bool = False,
) -> dict[str, Any]:
    """Areas shaded by count. A row: (area code, name, count[, href]). Drawn by the server; the list says the same.

    `movable` (once a page, with map_styles and map_scripts) lets a reader with scripts zoom and touch the areas.
    """
    areas = [(*row, "")[:4] for row in rows]
    classes = drawing.shades(count for _code, _name, count, _href in areas)
    known = {code: (name, count, href) for code, name, count, href in areas}
    flat = drawing.sheet(outlines or {})
    shapes = []
    for shape in flat.shapes if flat else ():
        name, count, href = known.get(shape.code, ("", 0, ""))
        step = drawing.shade_of(count, classes)
        shapes.append({"code": shape.code, "path": shape.path, "name": name, "count": count, "href": href, "step": step})
    return {
        "sheet": flat,
        "shapes": shapes,
        "classes": classes,
        "areas": sorted(areas, key=lambda row: -row[2]),
        "total": sum(row[2] for row in areas),
        "attribution": (outlines or {}).get("attribution", ""),
        "caption": caption,
        "note": note,
        "data": _outlines_script(outlines, "areas_outlines", {row["code"]: row for row in shapes}) if movable else "",
    }


MOST_PLACES = 300
"""Names written on the map; a whole country's register would drown it."""


def _outlines_script(
    outlines: Mapping[str, Any] | None, name: str, facts: Mapping[str, Mapping[str, Any]] | None = None
) -> SafeString:
    """The outlines with names in the reader's language, and the known places, as a JSON block for web/js/map.js."""
    try:
        areas = house().area_by_code
    except NotEstablished:
        areas = {}
    features = []
    for row in (outlines or {}).get("features") or []:
        code = str(row["properties"].get("code", ""))
        known = areas.get(code)
        said: dict[str, Any] = {"name": str(known.name) if known else row["properties"].get("name", "")}
        if facts is not None and code in facts:
            fact = facts[code]
            said = {"name": fact["name"], "step": fact["step"], "href": fact["href"], "said": days.number(fact["count"])}
        features.append({"type": "Feature", "properties": said, "geometry": row["geometry"]})
    places = [
        [str(area.name), area.lat, area.lon, area.level == "district"]
        for area in areas.values()
        if area.lat is not None and area.level in {"district", "settlement"}
    ]
    content = {
        "type": "FeatureCollection",
        "attribution": (outlines or {}).get("attribution", ""),
        "features": features,
        "places": places[:MOST_PLACES] if facts is None and features else [],
    }
    return json_script(content, name)


@register.inclusion_tag("web/parts/point_picker.html")
def point_picker(lat: BoundField, lon: BoundField, outlines: Mapping[str, Any] | None, label: str = "") -> dict[str, Any]:
    """A map to put one pin on; it fills two hidden fields. Without scripts it is not shown: words and lists remain."""
    return {
        "lat": lat,
        "lon": lon,
        "label": label or gettext("Show the place on the map"),
        "data": _outlines_script(outlines, f"{lat.auto_id}_outlines"),
        "data_id": f"{lat.auto_id}_outlines",
    }


@register.inclusion_tag("web/parts/place_map.html")
def place_map(lat: float, lon: float, outlines: Mapping[str, Any] | None, label: str = "") -> dict[str, Any]:
    """One pin on the same map, for an officer; the coordinates in words stand beside it."""
    return {
        "lat": lat,
        "lon": lon,
        "label": label or gettext("The place on the map"),
        "data": _outlines_script(outlines, "place_outlines"),
    }


@register.simple_tag
def map_styles() -> SafeString:
    """For {% block head %} of a page with a map that moves."""
    return format_html('<link rel="stylesheet" href="{}">', static("leaflet/leaflet.css"))


@register.simple_tag
def map_scripts() -> SafeString:
    """For {% block scripts %} of a page with a map that moves."""
    return format_html(
        '<script src="{}" defer></script><script src="{}" defer></script>',
        static("leaflet/leaflet.js"),
        static("web/js/map.js"),
    )


# Ways


@register.inclusion_tag("web/parts/pager.html", takes_context=True)
def pager(context: template.Context, newer: str = "", older: str = "", shown: int | None = None) -> dict[str, Any]:
    """Newer and older by key: each is a value for `?before=` / `?after=`, or empty at the list's end."""
    query = context["request"].GET.copy()
    query.pop("before", None), query.pop("after", None), query.pop("lang", None)

    def link(name: str, key: str) -> str:
        asked = query.copy()
        asked[name] = key
        return "?" + asked.urlencode()

    return {
        "newer": link("after", str(newer)) if newer else "",
        "older": link("before", str(older)) if older else "",
        "shown": shown,
    }


@register.filter
def as_json(value: object) -> str:
    """For a data attribute."""
    return json.dumps(value, ensure_ascii=False)

"""Figures and charts; a number never stands without its period and what it is out of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from dauys.web import days, drawing
from dauys.web.templatetags.parts.register import register


@register.inclusion_tag("web/parts/figure.html")
def figure(
    value: object, label: str, period: str = "", of: str = "", tone: str = "", unit: str = "", href: str = ""
) -> dict[str, Any]:
    """A big number with its period and what it is out of; put several inside <dl class="figures">."""
    is_words = not any(sign.isdigit() for sign in str(value))
    return {
        "value": value,
        "is_words": is_words,
        "unit": unit,
        "label": label,
        "of": of,
        "period": period,
        "tone": tone,
        "href": href,
    }


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

    `total` adds each bar's share; `part` names the other-coloured piece of each bar; `heading` heads the
    table's first column.
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
        return {
            "label": row["label"],
            "value": row["value"],
            "href": row.get("href", ""),
            "part": row.get("part"),
        }
    label, value, href, part, *_ = (*row, "", None) if len(row) == 2 else (*row, None, None)
    return {"label": label, "value": value, "href": href or "", "part": part}


@register.inclusion_tag("web/parts/line_chart.html")
def line_chart(
    series: Sequence[tuple[str, Sequence[float]]], labels: Sequence[object], caption: str, note: str = ""
) -> dict[str, Any]:
    """Lines over time: up to three (name, values), and one label for each value.

    Dates are written out, with their year where the chart spans more than one.
    """
    form = "number" if len({label.year for label in labels if isinstance(label, date)}) > 1 else "short"
    written = [days.day(label, form) if isinstance(label, date) else str(label) for label in labels]
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

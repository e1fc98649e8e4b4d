"""Samples for the patterns page: made up, fixed, from no table."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.utils.translation import gettext_lazy as _

from dauys.web.templatetags.parts import STATES

SPRITE = Path(__file__).parent / "static" / "web" / "icons.svg"
COLOURS = [
    "paper",
    "surface",
    "sunken",
    "ink",
    "soft",
    "brand",
    "brand-soft",
    "ochre",
    "ochre-bright",
    "ochre-soft",
    "good",
    "soon",
    "late",
    "info",
]

TODAY = date(2026, 4, 6)
NOON = datetime(2026, 4, 6, 7, 5, tzinfo=UTC)


class SampleForm(forms.Form):
    text = forms.CharField(
        label=_("What has happened?"),
        help_text=_("In your own words: what, where, since when."),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 400}),
    )
    kind = forms.ChoiceField(
        label=_("What do you want to send?"),
        choices=[("complaint", _("Complaint")), ("proposal", _("Proposal")), ("inquiry", _("Inquiry"))],
        widget=forms.RadioSelect,
        initial="complaint",
    )
    area = forms.ChoiceField(
        label=_("Area"),
        required=False,
        choices=[("", _("Choose, if you know it")), ("1", "Ақсу"), ("2", "Тарлан")],
    )
    phone = forms.CharField(label=_("Telephone"), help_text=_("Only to answer you."), max_length=20)
    photos = forms.FileField(label=_("Photos and papers"), required=False, help_text=_("Up to five files."))
    agrees = forms.BooleanField(label=_("Send me the answer by e-mail"), help_text=_("Besides the page."))
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["kind"].choice_hints = {  # type: ignore[attr-defined]
            "complaint": _("Somebody did something wrong, or did not do their duty."),
            "proposal": _("Something could be better."),
            "inquiry": _("I want to know something."),
        }


def _patch(code: str, name: str, west: float, south: float, corners: list[tuple[float, float]]) -> dict[str, object]:
    ring = [[west + x, south + y] for x, y in corners]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name},
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }


OUTLINES: dict[str, object] = {
    "type": "FeatureCollection",
    "features": [
        _patch("a", "Ақсу", 80, 48, [(0, 0.4), (1.3, 0), (2.2, 0.5), (1.8, 1.4), (0.6, 1.6)]),
        _patch("b", "Тарлан", 80, 48, [(2.2, 0.5), (3.6, 0.2), (4.2, 1.1), (3.1, 1.7), (1.8, 1.4)]),
        _patch("c", "Көкшоқы", 80, 48, [(0.6, 1.6), (1.8, 1.4), (3.1, 1.7), (2.6, 2.6), (1, 2.5)]),
        _patch("d", "Сарыөзек", 80, 48, [(3.1, 1.7), (4.2, 1.1), (5, 1.9), (4.1, 2.8), (2.6, 2.6)]),
    ],
}
"""A land that does not exist."""


def _days() -> list[dict[str, object]]:
    rows = []
    for ahead in range(15):
        on = TODAY + timedelta(days=ahead)
        kind = "due" if ahead == 14 else "off" if on.weekday() > 4 else "work"
        rows.append({"on": on, "kind": kind})
    return rows


def samples() -> dict[str, object]:
    """Everything `web/patterns.html` shows."""
    wrong = SampleForm({"kind": "", "area": "1", "phone": ""}, prefix="dark", auto_id="id_%s")
    right = SampleForm(prefix="light", initial={"text": "Көшеде үш күннен бері су жоқ."})
    weeks = [TODAY - timedelta(weeks=back) for back in range(12, -1, -1)]
    return {
        "sides": [("light", _("Light"), right), ("dark", _("Dark"), wrong)],
        "picker": SampleForm(prefix="map"),
        "states": list(STATES),
        "sample_day": TODAY,
        "sample_moment": NOON,
        "dues": [TODAY - timedelta(days=3), TODAY, TODAY + timedelta(days=2), TODAY + timedelta(days=12)],
        "kept_on": TODAY - timedelta(days=1),
        "broken_on": TODAY + timedelta(days=4),
        "days": _days(),
        "bars": [
            (_("Water and heating"), 412, "#bars", 301),
            (_("Roads"), 268, "#bars", 120),
            (_("Schools and kindergartens"), 97, "", 80),
            (_("Other"), 8, "", 1),
        ],
        "bars_total": 785,
        "series": [
            (_("Received"), [31, 44, 40, 52, 61, 58, 49, 72, 90, 84, 66, 59, 47]),
            (_("Answered"), [20, 38, 41, 45, 50, 60, 55, 58, 70, 88, 71, 64, 52]),
        ],
        "weeks": weeks,
        "outlines": OUTLINES,
        "area_rows": [
            ("a", "Ақсу", 120, "#map"), ("b", "Тарлан", 64, "#map"),
            ("c", "Көкшоқы", 9), ("d", "Сарыөзек", 0),
        ],
        "row_samples": [
            SimpleNamespace(
                number="2026-000412", what="Үш күннен бері су жоқ, балалар ауырып жатыр.",
                office=_("Water works"), state="promised", due_on=TODAY - timedelta(days=3),
            ),
            SimpleNamespace(
                number="2026-000431", what="На остановке темно: фонарь не горит.",
                office=_("Lighting"), state="disputed", due_on=TODAY,
            ),
            SimpleNamespace(
                number="2026-000440", what="Please publish the bus timetable for the new district.",
                office=_("Transport"), state="answered", due_on=TODAY + timedelta(days=9),
            ),
        ],
        "sure": [0.93, 0.64, 0.31],
        "terms": ["су", "фонарь", "bus"],
        "colours": COLOURS,
        "drawings": re.findall(r'<symbol id="([a-z]+)"', SPRITE.read_text()),
    }  # fmt: skip

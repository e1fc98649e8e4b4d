"""The parts every page is built of, a builtin library: no `load` is needed. Usage: dauys/web/README.md."""

from dauys.web.sheet import SHEETS
from dauys.web.templatetags.parts import charts, forms, frame, maps, moments
from dauys.web.templatetags.parts.register import register
from dauys.web.templatetags.parts.words import STATES, badge, confidence, due, highlight, icon, qr, state

__all__ = [
    "SHEETS", "STATES", "badge", "charts", "confidence", "due", "forms", "frame", "highlight", "icon", "maps",
    "moments", "qr", "register", "state",
]  # fmt: skip

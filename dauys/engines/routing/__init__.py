"""Who acts and who owes the answer: by written rules first, then by competence; never the body complained about.

`values` says what goes in and comes out, `rules` finds the first rule that applies, `router` decides, `flaws` reads a
set of rules before it is put in force.
"""

from dauys.engines.routing.flaws import ERRORS, Flaw, Known, flaws
from dauys.engines.routing.router import ALTERNATIVES, Router, route
from dauys.engines.routing.rules import Near, Rules
from dauys.engines.routing.values import CONDITIONS, Code, Competence, Reading, Reason, Route, Rule

__all__ = [
    "ALTERNATIVES",
    "CONDITIONS",
    "ERRORS",
    "Code",
    "Competence",
    "Flaw",
    "Known",
    "Near",
    "Reading",
    "Reason",
    "Route",
    "Router",
    "Rule",
    "Rules",
    "flaws",
    "route",
]

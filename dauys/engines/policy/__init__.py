"""Which rule sets the term: the law as data, read strictly and picked by kind, body and day of registration.

`read` takes the text of one file, `parse` its table, `pick` finds the rule. A `Policy` carries the term itself and,
where the source has them, what is said of each step on the way, all with a citation of their own (`part.cited`, or
`policy.cite(part.cited, language)`):

==============  =====================  ======================================================================
in the file     attribute of Policy    what it holds
==============  =====================  ======================================================================
``register``    ``register``           same day, or within amount and unit
``redirect``    ``redirect``           amount, unit, notify
``extension``   ``extension``          max_amount, unit, starts_from, by_roles, notify_amount/_unit, max_times
``hearing``     ``hearing``            before_amount, unit, kinds, objection_amount/_unit
``return``      ``returning``          amount, unit
``terminate``   ``terminating``        notify_amount/_unit, by_roles
``pass_up``     ``passing_up``         amount, unit, with_case, may_satisfy
``suspension``  ``suspension``         max_amount, unit, by_roles, notify_amount/_unit
``complain``    ``complaining``        amount, unit, untold_amount
``[[ground]]``  ``grounds``            code, ``for`` (extend, return, terminate, suspend, attach, unheard), article,
                                       kinds, names (``name_in(language)``), by_roles, after_defects, not_for_danger,
                                       checked, note; ``grounds_for(verb, kind)``, ``ground(verb, code, kind)``
``[[within]]``  ``within``             terms no step keeps by itself, for people to read
==============  =====================  ======================================================================
"""

from dauys.engines.policy.reading import parse, read
from dauys.engines.policy.rules import (
    KINDS,
    Body,
    Citation,
    Complain,
    CountFrom,
    Extension,
    ExtensionFrom,
    Ground,
    Hearing,
    NoPolicy,
    OnExpiry,
    PassUp,
    Policy,
    Redirect,
    Register,
    Return,
    Roll,
    Suspension,
    Terminate,
    Unit,
    Verb,
    Within,
    pick,
)
from dauys.engines.policy.table import MalformedPolicy, line_of

__all__ = [
    "KINDS",
    "Body",
    "Citation",
    "Complain",
    "CountFrom",
    "Extension",
    "ExtensionFrom",
    "Ground",
    "Hearing",
    "MalformedPolicy",
    "NoPolicy",
    "OnExpiry",
    "PassUp",
    "Policy",
    "Redirect",
    "Register",
    "Return",
    "Roll",
    "Suspension",
    "Terminate",
    "Unit",
    "Verb",
    "Within",
    "line_of",
    "parse",
    "pick",
    "read",
]

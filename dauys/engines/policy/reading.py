"""One file of rules: what may be written in it, and every way in which it is refused."""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from itertools import combinations
from typing import Any, TypeVar

from dauys.engines.policy.rules import (
    KINDS,
    Citation,
    Complain,
    Extension,
    Ground,
    Hearing,
    PassUp,
    Policy,
    Redirect,
    Register,
    Return,
    Suspension,
    Terminate,
    Within,
)
from dauys.engines.policy.table import MalformedPolicy, Table, line_of

_UNITS = ("wd", "cd", "week", "month")
_COUNT_FROM = ("receipt", "registration", "arrival_after_redirect")
_ROLL = ("next_working_day", "none")
_EXTENSION_FROM = ("due", "decision")
_ON_EXPIRY = ("deemed_refused", "overdue")
_LANGUAGES = ("kk", "ru", "en")
_VERBS = ("extend", "return", "terminate", "suspend", "attach", "unheard")
_NEEDS = {"extend": "extension", "return": "return", "terminate": "terminate", "suspend": "suspension"}
_BODIES = ("local", "central")

Part = TypeVar("Part")


def read(text: str) -> tuple[Policy, ...]:
    """Read the text of one file of rules.

    Raises:
        MalformedPolicy: names the key, the line and the remedy.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(told[1]) if told else text.count("\n") + 1
        problem = str(error).split(" (at ")[0]
        raise MalformedPolicy("the file", f"is not TOML: {problem}", "Correct that line", line) from error
    try:
        return parse(table)
    except MalformedPolicy as error:
        line_found = line_of(text, error.key)
        raise MalformedPolicy(error.key, error.problem, error.remedy, line_found) from error


def parse(table: Mapping[str, Any]) -> tuple[Policy, ...]:
    """Read one file of rules: `family`, its `names` and a list of `policy` tables, as `tomllib` gives them.

    Every key is known, typed and in range, or the whole file is refused; two rules never cover one kind on
    one day.

    Raises:
        MalformedPolicy: names the key and the remedy.
    """
    file = Table(table, "")
    family = file.text("family")
    names = _names(file) if file.has("names") else {}
    rows = file.tables("policy")
    file.close()
    policies = tuple(_policy(row, family, names) for row in rows)
    _refuse_overlaps(policies)
    return policies


def _policy(row: Table, family: str, names: Mapping[str, str]) -> Policy:
    kinds = row.texts("kinds", KINDS)
    policy = Policy(
        id=row.text("id"),
        family=family,
        family_names=names,
        kinds=kinds,
        amount=row.amount("amount"),
        unit=row.choice("unit", _UNITS),
        count_from=row.choice("count_from", _COUNT_FROM),
        first_day_counts=row.flag("first_day_counts"),
        roll=row.choice("roll", _ROLL),
        on_expiry=row.choice("on_expiry", _ON_EXPIRY),
        article=row.text("article"),
        articles=_articles(row),
        source=row.text("source"),
        valid_from=row.day("valid_from"),
        valid_to=row.day("valid_to") if row.has("valid_to") else None,
        checked=row.flag("checked"),
        note=row.text("note") if row.has("note") else "",
        matter=row.code("matter") if row.has("matter") else "",
        bodies=row.texts("bodies", _BODIES) if row.has("bodies") else (),
        register=_part(row, "register", _register),
        redirect=_part(row, "redirect", _redirect),
        extension=_part(row, "extension", _extension),
        hearing=_part(row, "hearing", _hearing),
        returning=_part(row, "return", _return),
        terminating=_part(row, "terminate", _terminate),
        passing_up=_part(row, "pass_up", _pass_up),
        suspension=_part(row, "suspension", _suspension),
        complaining=_part(row, "complain", _complain),
        grounds=_grounds(row, kinds),
        within=_withins(row),
    )
    row.close()
    if not policy.id.startswith(f"{family}."):
        raise MalformedPolicy(row.key("id"), f"is {policy.id!r}", f'Begin it with "{family}."')
    if policy.valid_to and policy.valid_to < policy.valid_from:
        raise MalformedPolicy(row.key("valid_to"), f"is {policy.valid_to}", f"Write a day from {policy.valid_from} on")
    if policy.hearing and not set(policy.hearing.kinds) <= set(policy.kinds):
        raise MalformedPolicy(
            row.key("hearing.kinds"), "names a kind the rule does not cover", "Choose among its kinds"
        )
    return policy


def _part(row: Table, name: str, read_one: Callable[[Table], Part]) -> Part | None:
    """A table inside a rule, or None where the rule has none."""
    if not row.has(name):
        return None
    table = row.table(name)
    part = read_one(table)
    table.close()
    return part


def _articles(row: Table) -> dict[str, str]:
    return _by_language(row.table("articles")) if row.has("articles") else {}


def _names(row: Table) -> dict[str, str]:
    table = row.table("names")
    names = _by_language(table)
    if not names:
        raise MalformedPolicy(table.key("en"), "is missing", "Write a text in quotes for kk, ru or en")
    return names


def _by_language(table: Table) -> dict[str, str]:
    texts = {language: table.text(language) for language in _LANGUAGES if table.has(language)}
    table.close()
    return texts


def _cited(table: Table) -> Citation:
    return Citation(table.text("article") if table.has("article") else "", _articles(table))


def _register(table: Table) -> Register:
    if table.has("same_day") and table.flag("same_day"):
        return Register(same_day=True, amount=0, unit="cd", cited=_cited(table))
    return Register(False, table.amount("amount"), table.choice("unit", _UNITS), _cited(table))


def _redirect(table: Table) -> Redirect:
    return Redirect(table.amount("amount"), table.choice("unit", _UNITS), table.flag("notify"), _cited(table))


def _extension(table: Table) -> Extension:
    amount, unit = _notice(table)
    return Extension(
        max_amount=table.amount("max_amount"),
        unit=table.choice("unit", _UNITS),
        starts_from=table.choice("from", _EXTENSION_FROM),
        by_roles=table.texts("by_roles"),
        reason_required=table.flag("reason_required"),
        notify_amount=amount,
        notify_unit=unit,
        max_times=table.amount("max_times"),
        cited=_cited(table),
    )


def _hearing(table: Table) -> Hearing:
    timed = table.has("objection_amount") or table.has("objection_unit")
    return Hearing(
        before_amount=table.amount("before_amount"),
        unit=table.choice("unit", _UNITS),
        kinds=table.texts("kinds", KINDS),
        objection_amount=table.amount("objection_amount") if timed else None,
        objection_unit=table.choice("objection_unit", _UNITS) if timed else None,
        cited=_cited(table),
    )


def _return(table: Table) -> Return:
    return Return(table.amount("amount"), table.choice("unit", _UNITS), _cited(table))


def _terminate(table: Table) -> Terminate:
    return Terminate(
        table.amount("notify_amount"),
        table.choice("notify_unit", _UNITS),
        table.texts("by_roles") if table.has("by_roles") else (),
        _cited(table),
    )


def _pass_up(table: Table) -> PassUp:
    return PassUp(
        table.amount("amount"),
        table.choice("unit", _UNITS),
        table.flag("with_case"),
        table.flag("may_satisfy"),
        _cited(table),
    )


def _suspension(table: Table) -> Suspension:
    amount, unit = _notice(table)
    return Suspension(
        max_amount=table.amount("max_amount"),
        unit=table.choice("unit", _UNITS),
        by_roles=table.texts("by_roles"),
        notify_amount=amount,
        notify_unit=unit,
        cited=_cited(table),
    )


def _complain(table: Table) -> Complain:
    return Complain(
        table.amount("amount"),
        table.choice("unit", _UNITS),
        table.amount("untold_amount") if table.has("untold_amount") else None,
        _cited(table),
    )


def _notice(table: Table) -> tuple[int | None, Any]:
    if table.has("notify_amount") or table.has("notify_unit"):
        return table.amount("notify_amount"), table.choice("notify_unit", _UNITS)
    return None, None


def _grounds(row: Table, kinds: tuple[str, ...]) -> tuple[Ground, ...]:
    if not row.has("ground"):
        return ()
    grounds: list[Ground] = []
    for table in row.tables("ground"):
        cited = Citation(table.text("article"), _articles(table))
        ground = Ground(
            code=table.code("code"),
            verb=table.choice("for", _VERBS),
            cited=cited,
            checked=table.flag("checked"),
            kinds=table.texts("kinds", kinds) if table.has("kinds") else kinds,
            names=_names(table),
            by_roles=table.texts("by_roles") if table.has("by_roles") else (),
            after_defects=table.flag("after_defects") if table.has("after_defects") else False,
            not_for_danger=table.flag("not_for_danger") if table.has("not_for_danger") else False,
            note=table.text("note") if table.has("note") else "",
        )
        table.close()
        needed = _NEEDS.get(ground.verb)
        if needed and not row.has(needed):
            raise MalformedPolicy(
                table.key("for"),
                f"is {ground.verb!r}, but the rule has no [policy.{needed}]",
                f"Write [policy.{needed}] above its grounds, or remove this ground",
            )
        if any((ground.verb, ground.code) == (earlier.verb, earlier.code) for earlier in grounds):
            raise MalformedPolicy(table.key("code"), f"repeats {ground.code!r}", "Give each ground its own code")
        grounds.append(ground)
    return tuple(grounds)


def _withins(row: Table) -> tuple[Within, ...]:
    if not row.has("within"):
        return ()
    withins = []
    for table in row.tables("within"):
        withins.append(
            Within(
                code=table.code("code"),
                amount=table.amount("amount"),
                unit=table.choice("unit", _UNITS),
                names=_names(table),
                cited=Citation(table.text("article"), _articles(table)),
                checked=table.flag("checked"),
                note=table.text("note") if table.has("note") else "",
            )
        )
        table.close()
    return tuple(withins)


def _refuse_overlaps(policies: tuple[Policy, ...]) -> None:
    for (_place, earlier), (place, policy) in combinations(enumerate(policies, 1), 2):
        if policy.id == earlier.id:
            raise MalformedPolicy(f"policy[{place}].id", f"repeats {policy.id!r}", "Give each rule its own id")
        shared = sorted(set(policy.kinds) & set(earlier.kinds))
        apart = (
            policy.matter != earlier.matter
            or (policy.bodies and earlier.bodies and not set(policy.bodies) & set(earlier.bodies))
            or policy.valid_from > (earlier.valid_to or date.max)
            or earlier.valid_from > (policy.valid_to or date.max)
        )
        if shared and not apart:
            raise MalformedPolicy(
                f"policy[{place}].valid_from",
                f"{policy.id!r} and {earlier.id!r} both cover {', '.join(shared)} on the same days",
                "End one before the other begins (valid_to), or divide the kinds, the matters or the bodies",
            )

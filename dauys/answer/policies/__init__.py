"""The rules that set terms, one TOML file a family. A country or an institution is added by adding a file."""

import tomllib
from functools import cache
from importlib.resources import files

from dauys.engines.deadline import Term
from dauys.engines.policy import MalformedPolicy, Policy, parse


@cache
def load() -> tuple[Policy, ...]:
    """Every rule of every file here, read once.

    Raises:
        MalformedPolicy: the key begins with the name of the file.
    """
    policies: list[Policy] = []
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            policies += _read(file.name, file.read_text(encoding="utf-8"))
    return tuple(policies)


def term_of(policy: Policy) -> Term:
    """What the deadline engine needs to know of a rule."""
    return Term(policy.amount, policy.unit, policy.first_day_counts, policy.roll)


def _read(name: str, text: str) -> tuple[Policy, ...]:
    try:
        policies = parse(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise MalformedPolicy(name, str(error), "Correct the TOML at that line") from error
    except MalformedPolicy as error:
        raise MalformedPolicy(f"{name}: {error.key}", error.problem, error.remedy) from error
    family = name.removesuffix(".toml")
    if policies[0].family != family:
        # Ids begin with the family, so this also keeps ids apart between files.
        raise MalformedPolicy(f"{name}: family", f"is {policies[0].family!r}", f'Write "{family}", like the file')
    return policies

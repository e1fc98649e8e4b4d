"""Whether the codes of a plan fit together: what is mentioned exists, once, and leads to the top."""

from typing import TYPE_CHECKING

from dauys.institution.models import Role
from dauys.institution.reader import Fault, repeated

if TYPE_CHECKING:
    from dauys.institution.plan import Plan


def broken_codes(plan: "Plan") -> list[Fault]:
    """Every code that is mentioned exists, none twice, no circle of parents, somebody can administer."""
    faults: list[Fault] = []
    areas, topics = {row.code for row in plan.areas}, {row.code for row in plan.topics}
    offices = {row.code for row in plan.offices}
    for kind, rows in (("area", plan.areas), ("topic", plan.topics), ("office", plan.offices)):
        faults += repeated(kind, [row.code for row in rows])
        parents = {row.code: row.parent for row in rows}
        for row in rows:
            if row.parent and row.parent not in parents:
                faults.append(
                    Fault(
                        f"{kind} {row.code}: parent",
                        f"{row.parent!r} does not exist",
                        f"Add that {kind}, or correct the code",
                    )
                )
            elif _goes_round(row.code, parents):
                faults.append(Fault(f"{kind} {row.code}: parent", "leads round in a circle", "Break the circle"))
    deep = {row.code for row in plan.topics if row.parent}
    for topic in plan.topics:
        if topic.parent in deep:
            faults.append(
                Fault(f"topic {topic.code}: parent", f"{topic.parent!r} is itself a part", "Keep to two levels")
            )
    for office in plan.offices:
        for key, code, known in [
            ("area", office.area, areas),
            *(("competence.areas", row.area or "", areas) for row in office.competences),
            *(("competence.topics", row.topic or "", topics) for row in office.competences),
        ]:
            if code and code not in known:
                faults.append(Fault(f"office {office.code}: {key}", f"{code!r} does not exist", "Correct the code"))
    faults += repeated("person", [row.email for row in plan.people])
    for person in plan.people:
        faults += repeated(f"person {person.email}: roles", [f"{role} at {office}" for office, role in person.roles])
        for at, _role in person.roles:
            if at not in offices:
                faults.append(
                    Fault(
                        f"person {person.email}: roles",
                        f"office {at!r} does not exist",
                        "Correct the code of the office",
                    )
                )
    roots = {row.code for row in plan.offices if not row.parent}
    if not any(role == Role.ADMINISTRATOR and at in roots for row in plan.people for at, role in row.roles):
        faults.append(
            Fault(
                "person",
                "nobody is administrator at an office without a parent",
                'Give one person roles = [{ office = "…", role = "administrator" }]',
            )
        )
    return faults


def _goes_round(code: str, parents: dict[str, str]) -> bool:
    seen = {code}
    while code := parents.get(code, ""):
        if code in seen:
            return True
        seen.add(code)
    return False

"""How many promises a second are counted, all at once and each day by day, on a country's real calendar."""

import random
import time
from datetime import date, timedelta
from typing import Any

import numpy as np

from dauys.commands import show

SEED = 7
ONE_BY_ONE = 5000


def measure(*, promises: int, country: str) -> dict[str, Any]:
    """Invented days of registration under every rule that ships, counted to their due days.

    In bulk: from `date` objects to `date` objects, the table of the calendar included; and from numbers to numbers.
    """
    from dauys.answer.policies import shipped, term_of
    from dauys.engines.deadline import Almanac, deadline
    from dauys.institution.calendar import calendar_for, shipped_overrides

    calendar = calendar_for(country, range(2024, 2030), shipped_overrides(country))
    terms = list(dict.fromkeys(term_of(policy) for policy in shipped()))
    chance = random.Random(SEED)  # noqa: S311  # an invented load, no secret
    first = date(2025, 1, 1)
    each = promises // len(terms)
    with show.step(f"{each * len(terms)} days of registration under {len(terms)} different terms"):
        asked = [(term, [first + timedelta(days=chance.randrange(900)) for _ in range(each)]) for term in terms]

    begun = time.process_time()
    almanac = Almanac(calendar)
    counted = []
    for term, days in asked:
        due = almanac.due_days(np.fromiter((day.toordinal() for day in days), np.int32, len(days)), term)
        counted.append([date.fromordinal(day) for day in due.tolist()])
    bulk = time.process_time() - begun

    numbers = [(term, np.array([day.toordinal() for day in days], np.int32)) for term, days in asked]
    begun = time.process_time()
    for term, ordinals in numbers:
        almanac.due_days(ordinals, term)
    plain = time.process_time() - begun

    tried = max(1, ONE_BY_ONE // len(terms))
    begun = time.process_time()
    same = [
        deadline(registered_on=day, term=term, calendar=calendar).due_on == due
        for (term, days), found in zip(asked, counted, strict=True)
        for day, due in zip(days[:tried], found[:tried], strict=True)
    ]
    single = time.process_time() - begun
    total = each * len(terms)
    return {
        "promises": total,
        "terms": len(terms),
        "bulk_per_cpu_s": round(total / max(bulk, 1e-6)),
        "numbers_per_cpu_s": round(total / max(plain, 1e-6)),
        "day_by_day_per_cpu_s": round(len(same) / max(single, 1e-6)),
        "compared": len(same),
        "equal": sum(same),
    }


def lines(found: dict[str, Any]) -> list[str]:
    return [
        f"in bulk, days in and days out: {found['bulk_per_cpu_s']} promises a CPU second "
        f"({found['promises']} promises, {found['terms']} terms); numbers alone: {found['numbers_per_cpu_s']}",
        f"day by day with every step explained: {found['day_by_day_per_cpu_s']} promises a CPU second; "
        f"{found['equal']} of {found['compared']} compared are equal",
    ]

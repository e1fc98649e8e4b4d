"""Which office answered, and which one a person chose: what the reader of offices learns from (`understand.reach`)."""

from django.db.models import F

from dauys.answer.models import Handling, Routing, State

BY_HAND = ("redirected", "routed_by_hand")
"""What a person says of the office themselves. A dispute that moves an appeal to the head above says nothing of it."""


def acted(most: int) -> list[tuple[int, int]]:
    """(appeal, office that acted) of the newest that have their answer and are about no body's own conduct."""
    answered = Handling.objects.filter(
        state__in=(State.ANSWERED, State.CONFIRMED), acting__isnull=False, appeal__about_office=None
    )
    return list(answered.order_by("-appeal_id").values_list("appeal_id", "acting_id")[:most])


def given_by_hand(after: int, most: int) -> list[tuple[int, int, int]]:
    """(routing, appeal, office) of the newest `most` that a person gave to an office after this routing, oldest first.

    `+ 0` keeps the databases to the small index of what people chose; by number they would walk all routings.
    """
    chosen = Routing.objects.filter(officer__isnull=False, acting__isnull=False, reasons__0__code__in=BY_HAND)
    rows = chosen.annotate(number=F("id") + 0).filter(number__gt=after).order_by("-number")
    return list(rows.values_list("number", "appeal_id", "acting_id")[:most])[::-1]

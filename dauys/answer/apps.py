from datetime import date

from django.apps import AppConfig


class AnswerConfig(AppConfig):
    name = "dauys.answer"

    def ready(self) -> None:
        from dauys.institution import reach

        reach.open_promises_from = _open_promises_from


def _open_promises_from(day: date) -> int:
    """Open promises that fall due on that day or later: what a change of the calendar may touch."""
    from dauys.answer.models import Handling

    return Handling.objects.filter(is_open=True, due_on__gte=day).count()

"""Figures anyone may check: each carries its period and its denominator."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce


class Day(models.Model):
    """Counts of one day, office, district and topic: what every public figure adds up from."""

    day = models.DateField()
    office = models.ForeignKey("institution.Office", models.PROTECT, null=True, related_name="+", db_index=False)
    district = models.ForeignKey("institution.Area", models.PROTECT, null=True, related_name="+", db_index=False)
    topic = models.ForeignKey("institution.Topic", models.PROTECT, null=True, related_name="+", db_index=False)
    channel = models.CharField(max_length=10)
    heard = models.PositiveIntegerField(default=0, help_text="appeals received on this day")
    answered = models.PositiveIntegerField(default=0, help_text="of those, answered by now")
    in_time = models.PositiveIntegerField(default=0, help_text="of those, first answered by the promised day")
    late_open = models.PositiveIntegerField(default=0, help_text="of those, open and past the promised day")
    judged = models.PositiveIntegerField(default=0, help_text="of those, the citizen said solved or not solved")
    confirmed = models.PositiveIntegerField(default=0, help_text="of those, the citizen's last word is: solved")
    days_to_answer = models.JSONField(default=dict, help_text="days to the first answer → how many")

    class Meta:
        db_table = "day"
        constraints = [
            models.UniqueConstraint(
                "day",
                Coalesce("office", Value(0)),
                Coalesce("district", Value(0)),
                Coalesce("topic", Value(0)),
                "channel",
                name="day_once",
            ),
            models.CheckConstraint(condition=Q(answered__lte=F("heard")), name="day_answered_of_heard"),
            models.CheckConstraint(condition=Q(in_time__lte=F("answered")), name="day_in_time_of_answered"),
            models.CheckConstraint(condition=Q(judged__lte=F("answered")), name="day_judged_of_answered"),
            models.CheckConstraint(condition=Q(confirmed__lte=F("judged")), name="day_confirmed_of_judged"),
        ]


class Counted(models.Model):
    """Up to which ledger entry the days are counted."""

    through = models.BigIntegerField(default=0)
    counted_on = models.DateField(help_text="lateness changes with the date, so each new day recounts open ones")
    counted_at = models.DateTimeField()

    class Meta:
        db_table = "counted"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="counted_is_one")]

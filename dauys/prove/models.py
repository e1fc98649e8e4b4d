"""Figures anyone may check: each carries its period and its denominator."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce


class Day(models.Model):
    """Counts of one day, office, district, topic, channel and wait; every public figure is a sum of these."""

    day = models.DateField(help_text="on which the appeals were received, in the institution's zone")
    office = models.ForeignKey("institution.Office", models.PROTECT, null=True, related_name="+", db_index=False)
    district = models.ForeignKey("institution.Area", models.PROTECT, null=True, related_name="+", db_index=False)
    topic = models.ForeignKey("institution.Topic", models.PROTECT, null=True, related_name="+", db_index=False)
    channel = models.CharField(max_length=10)
    wait = models.PositiveSmallIntegerField(null=True, help_text="days to the first answer; empty while there is none")
    heard = models.PositiveIntegerField(default=0, help_text="appeals received on this day")
    answered = models.PositiveIntegerField(default=0, help_text="of those, answered by now")
    owed = models.PositiveIntegerField(default=0, help_text="of those, answered, or past the promised day without")
    in_time = models.PositiveIntegerField(default=0, help_text="of those, first answered by the promised day")
    open = models.PositiveIntegerField(default=0, help_text="of those, still worked on: new, or reopened")
    late_open = models.PositiveIntegerField(default=0, help_text="of those, open and past the promised day")
    judged = models.PositiveIntegerField(default=0, help_text="of those, the citizen said solved, in part or not")
    confirmed = models.PositiveIntegerField(default=0, help_text="of those, the citizen's last word is: solved")
    partly = models.PositiveIntegerField(default=0, help_text="of those, the citizen's last word is: in part")

    class Meta:
        db_table = "day"
        # Every column, so that figures are read from the index alone, a third faster than through the table.
        indexes = [
            models.Index(
                "day", "office", "district", "topic", "channel", "wait", "heard", "answered", "owed",
                "in_time", "open", "late_open", "judged", "confirmed", "partly",
                name="day_for_figures",
            )
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                "day",
                Coalesce("office", Value(0)),
                Coalesce("district", Value(0)),
                Coalesce("topic", Value(0)),
                "channel",
                Coalesce("wait", Value(-1)),
                name="day_once",
            ),
            models.CheckConstraint(condition=Q(answered__lte=F("heard")), name="day_answered_of_heard"),
            models.CheckConstraint(condition=Q(answered=0) | Q(wait__isnull=False), name="day_answered_has_wait"),
            models.CheckConstraint(condition=Q(owed__gte=F("answered"), owed__lte=F("heard")), name="day_owed_between"),
            models.CheckConstraint(condition=Q(in_time__lte=F("answered")), name="day_in_time_of_answered"),
            models.CheckConstraint(condition=Q(open__lte=F("heard")), name="day_open_of_heard"),
            models.CheckConstraint(condition=Q(late_open__lte=F("open")), name="day_late_of_open"),
            models.CheckConstraint(condition=Q(judged__lte=F("answered")), name="day_judged_of_answered"),
            models.CheckConstraint(condition=Q(confirmed__lte=F("judged")), name="day_confirmed_of_judged"),
            models.CheckConstraint(
                condition=Q(partly__lte=F("judged") - F("confirmed")), name="day_partly_is_not_confirmed"
            ),
        ]


class Stale(models.Model):
    """A day whose counts are no longer true. `round` tells a day marked again from one being recounted."""

    day = models.DateField(primary_key=True)
    round = models.BigIntegerField()

    class Meta:
        db_table = "stale_day"


class Counted(models.Model):
    """How far the ledger was read for days to recount."""

    through = models.BigIntegerField(default=0, help_text="the last ledger entry whose appeal's day was marked")
    round = models.BigIntegerField(default=0)
    stamp = models.BigIntegerField(
        default=0, help_text="drawn anew whenever counts are replaced: the same stamp, the same figures"
    )
    counted_on = models.DateField(help_text="lateness changes with the date, so each new day recounts open ones")
    counted_at = models.DateTimeField()

    class Meta:
        db_table = "counted"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="counted_is_one")]

"""Where an appeal stands, which office it is with, and how it came there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    UNROUTED = "unrouted", _("looking for the right office")
    PROMISED = "promised", _("being worked on")
    ANSWERED = "answered", _("answered")
    CONFIRMED = "confirmed", _("solved: confirmed by the citizen")
    DISPUTED = "disputed", _("reopened: the citizen says it is not solved")
    ENDED = "ended", _("ended without an answer")


class Handling(models.Model):
    """Where one appeal stands now. Every change here has its own row elsewhere (routing, promise, answer, verdict)."""

    appeal = models.OneToOneField("hear.Appeal", models.PROTECT, primary_key=True, related_name="handling")
    state = models.CharField(max_length=10, choices=State.choices)
    is_open = models.BooleanField()
    acting = models.ForeignKey("institution.Office", models.PROTECT, null=True, related_name="+", db_index=False)
    clock = models.ForeignKey("institution.Office", models.PROTECT, null=True, related_name="+", db_index=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    due_on = models.DateField(null=True)
    topic = models.ForeignKey("institution.Topic", models.PROTECT, null=True, related_name="+", db_index=False)
    area = models.ForeignKey("institution.Area", models.PROTECT, null=True, related_name="+", db_index=False)
    district = models.ForeignKey("institution.Area", models.PROTECT, null=True, related_name="+", db_index=False)
    urgency = models.CharField(max_length=8, default="usual")
    received_at = models.DateTimeField(help_text="copied from the appeal, for lists by time")
    unread = models.BooleanField(default=False, help_text="the citizen wrote and nobody has opened it")
    begin_by = models.DateField(null=True, help_text="what is first on a desk: the due day, earlier for a reason")
    hand_overs = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="times it was passed from office to office"
    )
    disputes = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="times the citizen said it is not solved"
    )
    paused_on = models.DateField(null=True, help_text="the law's clock stands still since")
    lapsed_on = models.DateField(null=True, help_text="the term passed in silence: a refusal in law since")

    class Meta:
        db_table = "handling"
        indexes = [
            models.Index("acting", "due_on", "appeal", name="handling_of_office", condition=Q(is_open=True)),
            models.Index("clock", "due_on", "appeal", name="handling_of_clock", condition=Q(is_open=True)),
            models.Index("officer", "due_on", "appeal", name="handling_of_officer", condition=Q(is_open=True)),
            models.Index("due_on", "appeal", name="handling_by_due", condition=Q(is_open=True)),
            models.Index("district", "due_on", "appeal", name="handling_of_district", condition=Q(is_open=True)),
            models.Index("topic", "due_on", "appeal", name="handling_of_topic", condition=Q(is_open=True)),
            models.Index("state", "appeal", name="handling_by_state"),
            models.Index("acting", "appeal", name="handling_all_of_office"),
            models.Index("acting", "begin_by", "appeal", name="handling_first_of_office", condition=Q(is_open=True)),
            models.Index("officer", "begin_by", "appeal", name="handling_first_of_officer", condition=Q(is_open=True)),
            models.Index("begin_by", "appeal", name="handling_first", condition=Q(is_open=True)),
            models.Index(
                "begin_by", "appeal", name="handling_passed_round", condition=Q(is_open=True, hand_overs__gte=2)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="unrouted") | Q(clock__isnull=False), name="handling_routed_has_clock"
            ),
            models.CheckConstraint(
                condition=Q(is_open=False) | ~Q(state__in=["answered", "confirmed", "ended"]),
                name="handling_open_state",
            ),
        ]


class Routing(models.Model):
    """A decision which office acts and which holds the clock, and why."""

    appeal = models.ForeignKey("hear.Appeal", models.PROTECT, related_name="+")
    acting = models.ForeignKey("institution.Office", models.PROTECT, null=True, related_name="+", db_index=False)
    clock = models.ForeignKey("institution.Office", models.PROTECT, null=True, related_name="+", db_index=False)
    reasons = models.JSONField(default=list)
    # Who chose the office by hand; nobody where the rules chose it.
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "routing"
        indexes = [models.Index("officer", name="routing_by_hand", condition=Q(officer__isnull=False))]


class Followed(models.Model):
    """One row: up to which finding the corrections of people have been followed."""

    finding = models.PositiveBigIntegerField()

    class Meta:
        db_table = "followed"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="followed_is_one")]

"""What is owed and by when, and every ruling that changes it on the way."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Promise(models.Model):
    """What is owed to one appeal, and by when. A changed promise is a new row."""

    BY_RULING = ("extended", "resumed")
    """Reasons of a promise whose day a person's decision set: it is not counted from the rule again."""

    appeal = models.ForeignKey("hear.Appeal", models.PROTECT, related_name="+")
    office = models.ForeignKey("institution.Office", models.PROTECT, related_name="+", db_index=False)
    policy = models.CharField(max_length=60, help_text="id of the rule, see dauys/answer/policies")
    registered_on = models.DateField()
    due_on = models.DateField()
    reason = models.CharField(
        max_length=20,
        default="registered",
        help_text="registered, routed, redirected, reopened, extended, resumed, recounted",
    )
    origin = models.CharField(
        max_length=20, default="", db_default="", help_text="a recounted one: the reason of the promise it counts anew"
    )
    made_at = models.DateTimeField()

    class Meta:
        db_table = "promise"
        indexes = [models.Index("made_at", "id", name="promise_recounted", condition=Q(reason="recounted"))]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("registered_on")), name="promise_due_after_registration")
        ]


class Ruling(models.Model):
    """One decision on the way to an answer: who, when, on what ground, why in words, and what follows from it.

    `until_on` is the day it leads to: the new due day of an extension, the last day to mend defects or to be heard.
    `ended_at` closes what lasts: defects mended, a hearing held, a pause over. What happened stays as it was written.
    """

    class Kind(models.TextChoices):
        EXTENDED = "extended", _("the term was extended")
        DEFECTS = "defects", _("the citizen was asked to mend the appeal")
        RETURNED = "returned", _("returned without consideration")
        HEARING = "hearing", _("the citizen is heard before an unfavourable decision")
        PAUSED = "paused", _("the term was suspended")
        LAPSED = "lapsed", _("the term passed in silence: a refusal in law")
        PASSED_UP = "passed_up", _("passed up to the body that considers complaints")
        TERMINATED = "terminated", _("the procedure was terminated")
        WITHDRAWN = "withdrawn", _("withdrawn by the citizen")
        ATTACHED = "attached", _("added to the earlier file, already answered")

    ALOUD = "oral"
    """Ground of a hearing's row that is the citizen's wish to be heard aloud; its officer is whom they asked."""

    appeal = models.ForeignKey("hear.Appeal", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ground = models.CharField(max_length=32, blank=True, default="", help_text="code of the ground, from the rule")
    words = models.TextField(blank=True, default="", help_text="why, as the citizen reads it")
    article = models.CharField(max_length=120, blank=True, default="")
    decided_on = models.DateField()
    until_on = models.DateField(null=True)
    notice_by = models.DateField(null=True, help_text="the last day to tell the citizen")
    told_at = models.DateTimeField(null=True, help_text="when the citizen was told")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ruling"
        indexes = [
            models.Index("until_on", "id", name="ruling_waiting", condition=Q(ended_at=None)),
            models.Index("notice_by", "id", name="ruling_untold", condition=Q(told_at=None, notice_by__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("decided_on")), name="ruling_leads_forward"
            ),
            models.CheckConstraint(
                condition=Q(officer__isnull=False) | Q(kind__in=["lapsed", "withdrawn", "attached", "passed_up"]),
                name="ruling_has_an_officer",
            ),
        ]


class Recount(models.Model):
    """One going over of all open promises after the working calendar or the rules changed."""

    digest = models.CharField(max_length=64, unique=True, help_text="of the calendar and the rules it counted by")
    looked_at = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    last = models.PositiveBigIntegerField(default=0, help_text="the appeal it has come to")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recount"


class RuleBook(models.Model):
    """A whole set of routing rules as somebody saved it; the newest one in force decides. Never edited."""

    rules = models.JSONField(default=list)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the rules")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    tried = models.JSONField(null=True, help_text="what the trial on past appeals said before it was saved")
    queue_at = models.PositiveBigIntegerField(default=0, help_text="the appeal without an office it has come to")
    queue_to = models.PositiveBigIntegerField(default=0, help_text="the last appeal that was placed before it")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "rule_book"

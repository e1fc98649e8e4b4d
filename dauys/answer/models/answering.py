"""The answer: as it is written, as it leaves, as it was sent; and what the citizen says of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    SATISFIED = "satisfied", _("Done")
    PARTLY = "partly", _("Partly done")
    EXPLAINED = "explained", _("Explained")
    REFUSED = "refused", _("Refused")
    REDIRECTED = "redirected", _("Passed to the competent body")


class Draft(models.Model):
    """An answer being written; one for each appeal, kept as the officer types."""

    appeal = models.OneToOneField("hear.Appeal", models.PROTECT, primary_key=True, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    saved_at = models.DateTimeField()
    by_machine = models.BooleanField(
        default=False, db_default=False, help_text="begun by a drafting machine; a person has changed it since"
    )

    class Meta:
        db_table = "draft"


class Deferred(models.Model):
    """A verb an officer has pressed and may still take back: it is done when its moment has come."""

    appeal = models.OneToOneField("hear.Appeal", models.PROTECT, primary_key=True, related_name="+")
    verb = models.CharField(max_length=32)
    arguments = models.JSONField(default=dict)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    leaves_at = models.DateTimeField(db_index=True)
    failed = models.CharField(max_length=60, blank=True, default="", help_text="name of what stood in its way")

    class Meta:
        db_table = "deferred"


class Template(models.Model):
    """Words an office has prepared: blanks in them are filled from the case."""

    office = models.ForeignKey("institution.Office", models.CASCADE, null=True, related_name="+")
    topic = models.ForeignKey("institution.Topic", models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    language = models.CharField(max_length=2)
    name = models.CharField(max_length=120)
    text = models.TextField()
    is_open = models.BooleanField(default=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "template"
        constraints = [
            models.UniqueConstraint(
                Coalesce("office", 0), "language", "name", name="template_name_once", condition=Q(is_open=True)
            )
        ]


class Joint(models.Model):
    """One answer to many appeals of one problem; each author gets a letter of their own in their language."""

    problem = models.ForeignKey("understand.Problem", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    texts = models.JSONField(default=dict, help_text="the words by language")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    findings = models.JSONField(null=True)
    overridden = models.JSONField(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="every appeal of it has its letter")

    class Meta:
        db_table = "joint"


class Answer(models.Model):
    """What the institution replied. It stays as it was sent; a later answer is a new row."""

    appeal = models.ForeignKey("hear.Appeal", models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField()
    office = models.ForeignKey("institution.Office", models.PROTECT, related_name="+", db_index=False)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="nobody where a past answer was taken over",
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    text = models.TextField(blank=True, help_text="empty only where a past answer came without its words")
    due_on = models.DateField(help_text="the promise it kept or broke")
    sent_at = models.DateTimeField()
    sent_on = models.DateField(help_text="in the institution's zone")
    joint = models.ForeignKey(Joint, models.PROTECT, null=True, related_name="+")
    findings = models.JSONField(null=True, help_text="what the answer check said when it was sent")
    overridden = models.JSONField(null=True, help_text="serious findings the officer sent it in spite of, and why")
    by_machine = models.BooleanField(
        default=False, db_default=False, help_text="its draft was begun by a drafting machine"
    )

    class Meta:
        db_table = "answer"
        constraints = [models.UniqueConstraint(fields=["appeal", "ordinal"], name="answer_ordinal_once")]
        indexes = [
            models.Index("sent_on", "id", name="answer_by_day"),
            models.Index("officer", "sent_on", name="answer_of_officer"),
            models.Index("office", "sent_on", name="answer_of_office"),
        ]


class Verdict(models.Model):
    """The citizen's own word on an answer."""

    appeal = models.ForeignKey("hear.Appeal", models.PROTECT, related_name="+")
    answer = models.OneToOneField(Answer, models.PROTECT, related_name="verdict")
    solved = models.BooleanField()
    partly = models.BooleanField(default=False, db_default=False, help_text="not solved, but in part")
    rests = models.BooleanField(
        default=False, db_default=False, help_text="solved in part, and the citizen leaves it at that"
    )
    rating = models.PositiveSmallIntegerField(null=True)
    words = models.TextField(blank=True, default="")
    given_at = models.DateTimeField()
    given_on = models.DateField(help_text="in the institution's zone")

    class Meta:
        db_table = "verdict"
        constraints = [
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__range=(1, 5)), name="verdict_rating_one_to_five"
            ),
            models.CheckConstraint(condition=Q(partly=False) | Q(solved=False), name="verdict_partly_is_not_solved"),
            models.CheckConstraint(condition=Q(rests=False) | Q(partly=True), name="verdict_rests_only_in_part"),
        ]
        indexes = [models.Index("given_on", "id", name="verdict_by_day")]

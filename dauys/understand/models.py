"""What we concluded about appeals, with reason and confidence; never the appeals themselves."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Aspect(models.TextChoices):
    LANGUAGE = "language", _("Language")
    TOPIC = "topic", _("Topic")
    PLACE = "place", _("Place")
    URGENCY = "urgency", _("Urgency")
    PERSONAL = "personal", _("Personal data")
    SAMENESS = "sameness", _("Same matter")


class Finding(models.Model):
    """One conclusion about one aspect of one appeal. A correction is a new row; the old one stays."""

    appeal = models.ForeignKey("hear.Appeal", models.PROTECT, related_name="+")
    aspect = models.CharField(max_length=10, choices=Aspect.choices)
    value = models.CharField(max_length=120, help_text="a code: language, topic, area, urgency level, counts")
    confidence = models.FloatField()
    reasons = models.JSONField(default=list)
    engine = models.CharField(max_length=60, help_text="name and version; empty when a person said it")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        db_table = "finding"
        constraints = [
            models.UniqueConstraint(
                fields=["appeal", "aspect"], condition=Q(is_current=True), name="finding_current_once"
            ),
            models.CheckConstraint(condition=Q(confidence__range=(0, 1)), name="finding_confidence_range"),
        ]


class Examination(models.Model):
    """Where the reading of one appeal stands now: its current topic, area and whether a person must look."""

    appeal = models.OneToOneField("hear.Appeal", models.PROTECT, primary_key=True, related_name="+")
    language = models.CharField(max_length=8)
    topic = models.ForeignKey("institution.Topic", models.PROTECT, null=True, related_name="+")
    topic_confidence = models.FloatField(default=0)
    area = models.ForeignKey("institution.Area", models.PROTECT, null=True, related_name="+")
    urgency = models.CharField(max_length=8, default="usual")
    personal = models.PositiveSmallIntegerField(default=0, help_text="pieces of personal data found in the text")
    alike = models.ForeignKey(
        "hear.Appeal", models.PROTECT, null=True, related_name="+", help_text="nearest appeal of the same matter"
    )
    needs_person = models.BooleanField(help_text="waits at the triage desk")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    examined_at = models.DateTimeField()

    class Meta:
        db_table = "examination"
        indexes = [
            models.Index("appeal", name="examination_for_person", condition=Q(needs_person=True)),
            models.Index("topic", "appeal", name="examination_by_topic"),
        ]


class Band(models.Model):
    """A key under which near-identical texts meet, with the newest appeal seen under it."""

    key = models.BigIntegerField(primary_key=True)
    appeal = models.ForeignKey("hear.Appeal", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "band"


class Problem(models.Model):
    """The one matter behind many appeals."""

    title = models.CharField(max_length=200)
    topic = models.ForeignKey("institution.Topic", models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey("institution.Area", models.PROTECT, null=True, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "problem"


class Belonging(models.Model):
    """An appeal belongs to a problem because a person said so."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="belongings")
    appeal = models.OneToOneField("hear.Appeal", models.PROTECT, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "belonging"


class TopicModel(models.Model):
    """One trained reader of topics; the newest current one reads, an older one can be brought back."""

    version = models.CharField(max_length=60, unique=True)
    content = models.BinaryField()
    samples = models.PositiveIntegerField()
    trained_at = models.DateTimeField()
    is_current = models.BooleanField(default=False)

    class Meta:
        db_table = "topic_model"
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="topic_model_current_once"
            )
        ]

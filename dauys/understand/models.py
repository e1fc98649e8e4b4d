"""What we concluded about appeals, with reason and confidence; never the appeals themselves."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Aspect(models.TextChoices):
    LANGUAGE = "language", _("Language")
    TOPIC = "topic", _("Topic")
    OFFICE = "office", _("Usually answered by")
    PLACE = "place", _("Place")
    URGENCY = "urgency", _("Urgency")
    PERSONAL = "personal", _("Personal data")
    SAMENESS = "sameness", _("Same matter")
    KIND = "kind", _("Kind of appeal")
    ASKS = "asks", _("What is asked")
    DEADLINE = "deadline", _("Day named in the text")
    PERSON = "person", _("Person who needs care first")


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
        indexes = [
            # What people said: followed by number, taken back by moment, compared with the machine by month.
            models.Index("officer", "made_at", name="finding_said_at", condition=Q(officer__isnull=False)),
        ]


class Examination(models.Model):
    """Where the reading of one appeal stands now: its current topic, area and whether a person must look."""

    appeal = models.OneToOneField("hear.Appeal", models.PROTECT, primary_key=True, related_name="+")
    language = models.CharField(max_length=8)
    topic = models.ForeignKey("institution.Topic", models.PROTECT, null=True, related_name="+")
    topic_confidence = models.FloatField(default=0)
    office = models.ForeignKey(
        "institution.Office", models.PROTECT, null=True, related_name="+", db_index=False,
        help_text="the office that usually answers such appeals: advice, never where it is",
    )  # fmt: skip
    office_confidence = models.FloatField(default=0, db_default=0)
    area = models.ForeignKey("institution.Area", models.PROTECT, null=True, related_name="+")
    urgency = models.CharField(max_length=8, default="usual")
    press = models.FloatField(default=0, help_text="0 to 1: what should be read first (engines.urgency)")
    matter = models.ForeignKey(
        "hear.Appeal", models.PROTECT, null=True, related_name="+", help_text="the oldest appeal of the same problem"
    )
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
            models.Index("appeal", name="examination_ungrouped", condition=Q(matter=None)),
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


class Target(models.TextChoices):
    """What a reader was taught to tell; each by a reader of its own."""

    TOPIC = "topic", _("Topic")
    OFFICE = "office", _("Office")


class TopicModel(models.Model):
    """One trained reader, of topics or of the offices that answer; the current one of each reads, an older one can be
    brought back.
    """

    target = models.CharField(max_length=6, choices=Target.choices, default=Target.TOPIC, db_default=Target.TOPIC)
    version = models.CharField(max_length=60, unique=True)
    content = models.BinaryField()
    meaning = models.BinaryField(
        default=b"",
        db_default=b"",
        help_text="its reader of meaning, for languages it was taught little of; empty: none",
    )
    samples = models.PositiveIntegerField()
    trained_at = models.DateTimeField()
    is_current = models.BooleanField(default=False)
    card = models.JSONField(default=dict, help_text="what it learned from, how it scores, where it fails")
    # For topics the number of a finding, for offices that of a routing (`reach.given`).
    heard_until = models.BigIntegerField(default=0, help_text="the newest word of a person it has learned from since")

    class Meta:
        db_table = "topic_model"
        constraints = [
            models.UniqueConstraint(
                fields=["target"], condition=Q(is_current=True), name="topic_model_current_once_each"
            )
        ]


class Merge(models.Model):
    """Two groups turned out to be one problem: what was found under `gone` is now under `kept`, the older."""

    kept = models.ForeignKey("hear.Appeal", models.PROTECT, related_name="+")
    gone = models.ForeignKey("hear.Appeal", models.PROTECT, related_name="+")
    by = models.ForeignKey("hear.Appeal", models.PROTECT, related_name="+", help_text="the appeal that joined them")
    merged_at = models.DateTimeField()

    class Meta:
        db_table = "merge"


class Burst(models.Model):
    """On this day more appeals of a topic came than its usual rhythm explains."""

    day = models.DateField()
    topic = models.ForeignKey("institution.Topic", models.PROTECT, related_name="+")
    area = models.ForeignKey("institution.Area", models.PROTECT, null=True, related_name="+", help_text="empty: all")
    days = models.PositiveSmallIntegerField(help_text="length of the window that ends on the day")
    seen = models.PositiveIntegerField(help_text="appeals in the window")
    expected = models.FloatField(help_text="appeals the usual rhythm lets expect in it")
    chance = models.FloatField(help_text="probability of so many or more on an unchanged rhythm")
    voices = models.PositiveIntegerField(help_text="a text sent by many hands counts once")
    campaign = models.PositiveIntegerField(default=0, help_text="appeals of the one text that makes half of it or more")
    words = models.JSONField(default=list)
    samples = models.JSONField(default=list, help_text="registration numbers of appeals that stand for it")

    class Meta:
        db_table = "burst"
        constraints = [
            models.UniqueConstraint(fields=["day", "topic", "area"], name="burst_once"),
            models.UniqueConstraint(fields=["day", "topic"], condition=Q(area=None), name="burst_everywhere_once"),
        ]


class Watch(models.Model):
    """Up to which day the counts have been judged, how many cells, and the false-alarm rate that was held."""

    day = models.DateField(unique=True)
    cells = models.PositiveIntegerField()
    rate = models.FloatField()
    watched_at = models.DateTimeField()

    class Meta:
        db_table = "watch"


class PlaceName(models.Model):
    """One name of a place, taken over from a map or written by the institution, beside the names areas have themselves.

    `area` is the area it names or lies in, and stays empty where the import could not tell; an area's name without
    its area waits for a later import and reads nothing.
    """

    class Kind(models.TextChoices):
        AREA = "area", _("Area")
        STREET = "street", _("Street")
        LANDMARK = "landmark", _("Landmark")

    key = models.CharField(max_length=80, unique=True, help_text="the source's own number of it, and which name")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, blank=True, default="")
    canonical = models.CharField(max_length=200, blank=True, default="", help_text="the name in force, if another")
    area = models.ForeignKey("institution.Area", models.PROTECT, null=True, related_name="+")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    source = models.CharField(max_length=120)
    licence = models.CharField(max_length=120)
    is_own = models.BooleanField(default=False, help_text="written by the institution itself")
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "place_name"
        constraints = [
            models.CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="place_name_on_the_globe",
            )
        ]

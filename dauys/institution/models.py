"""Who answers, for what, where, and on which days."""

from datetime import time

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from dauys.institution.names import Named


class Institution(Named):
    """The one body this installation serves."""

    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2; picks the holiday calendar")
    zone = models.CharField(max_length=64, help_text="IANA time zone in which days begin and end")
    opens = models.TimeField(default=time(9))
    closes = models.TimeField(default=time(18, 30))
    is_invented = models.BooleanField(default=False, help_text="demonstration data; every page says so")
    outlines = models.JSONField(default=dict, help_text="GeoJSON of the areas, for the map; may be empty")
    revision = models.PositiveBigIntegerField(default=1, help_text="grows with every change of this room's tables")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "institution"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="institution_is_one")]


class Area(Named):
    """A territorial unit. `code` is the classifier's own (KATO: nine digits)."""

    class Level(models.TextChoices):
        COUNTRY = "country", _("Country")
        REGION = "region", _("Region")
        DISTRICT = "district", _("District or city")
        OKRUG = "okrug", _("Rural okrug")
        SETTLEMENT = "settlement", _("Settlement")

    code = models.CharField(max_length=20, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    level = models.CharField(max_length=12, choices=Level.choices)
    district = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", help_text="its unit of district level"
    )
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)

    class Meta:
        db_table = "area"
        constraints = [models.CheckConstraint(condition=~Q(parent=F("id")), name="area_not_its_own_parent")]


class Topic(Named):
    """What an appeal is about; two levels, edited by the institution."""

    code = models.CharField(max_length=60, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    position = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(default=True, help_text="offered for new appeals")

    class Meta:
        db_table = "topic"
        ordering = ["position", "code"]


class Office(Named):
    """A part of the institution with its own queue, staff and rules."""

    class Kind(models.TextChoices):
        BRANCH = "branch", _("Branch")
        PRIMARY = "primary", _("Primary organisation")
        AKIMAT = "akimat", _("Local executive body")
        DEPARTMENT = "department", _("Department")
        COUNCIL = "council", _("Council")
        OTHER = "other", _("Office")

    code = models.SlugField(max_length=60, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.OTHER)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    policy = models.CharField(max_length=40, help_text="family of deadline rules, see dauys/answer/policies")
    rules = models.JSONField(default=dict, blank=True, help_text="the office's own settings")
    email = models.EmailField(blank=True, default="")
    hours = models.JSONField(default=dict, blank=True, help_text="reception hours by language")
    is_open = models.BooleanField(default=True)

    class Meta:
        db_table = "office"


class Competence(models.Model):
    """What an office answers for: an area (or any) × a topic (or any)."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="competences")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+")
    acts = models.BooleanField(default=True, help_text="does the work")
    holds_clock = models.BooleanField(default=True, help_text="owes the answer by the due date")

    class Meta:
        db_table = "competence"
        constraints = [
            models.CheckConstraint(condition=Q(acts=True) | Q(holds_clock=True), name="competence_does_something"),
            models.UniqueConstraint(
                "office", Coalesce("area", Value(0)), Coalesce("topic", Value(0)), name="competence_once"
            ),
        ]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who works here. What they may do comes from their appointments alone."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=160)
    language = models.CharField(max_length=2, default="ru")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        db_table = "user"

    def __str__(self) -> str:
        return self.name or self.email


class Role(models.TextChoices):
    OPERATOR = "operator", _("Operator")
    OFFICER = "officer", _("Officer")
    HEAD = "head", _("Head")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")


class Appointment(models.Model):
    """A person holds a role at an office from a day, until a day."""

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    office = models.ForeignKey(Office, models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=14, choices=Role.choices)
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "appointment"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "office", "role"], condition=Q(until_on=None), name="appointment_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("since_on")), name="appointment_ends_after_start"
            ),
        ]


class CalendarDay(models.Model):
    """A day on which the institution's calendar departs from the country's usual one."""

    day = models.DateField(unique=True)
    works = models.BooleanField()
    name_kk = models.CharField(max_length=120, blank=True, default="")
    name_ru = models.CharField(max_length=120, blank=True, default="")
    name_en = models.CharField(max_length=120, blank=True, default="")
    source = models.CharField(max_length=300)
    checked = models.BooleanField(default=False)

    class Meta:
        db_table = "calendar_day"

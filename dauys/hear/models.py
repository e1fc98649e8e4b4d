"""Appeals as they were spoken. The words are never edited; contact data is sealed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The six kinds of the law's chapter on appeals (APPC art. 4)."""

    APPLICATION = "application", _("Application")
    COMPLAINT = "complaint", _("Complaint")
    INQUIRY = "inquiry", _("Inquiry")
    MESSAGE = "message", _("Report")
    PROPOSAL = "proposal", _("Proposal")
    RESPONSE = "response", _("Feedback")


class Channel(models.TextChoices):
    WEB = "web", _("Website")
    DESK = "desk", _("Personal reception")
    PHONE = "phone", _("Telephone")
    PAPER = "paper", _("Paper")
    EMAIL = "email", _("E-mail")
    TELEGRAM = "telegram", _("Telegram")
    OPEN311 = "open311", _("Open311")
    BATCH = "batch", _("Import")


class Register(models.Model):
    """The running number of a year: the count of what was received, so a gap cannot exist."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveBigIntegerField()

    class Meta:
        db_table = "register"


class Import(models.Model):
    """One run of taking over an institution's past appeals; resumed by the file's own digest."""

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the file and its column map")
    name = models.CharField(max_length=200)
    rows_done = models.PositiveBigIntegerField(default=0)
    taken = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "import"


class Appeal(models.Model):
    """What one person or group asked, in their own words."""

    number = models.CharField(max_length=20, unique=True, help_text="public registration number")
    case = models.CharField(max_length=24, unique=True, help_text="16 random bytes, base64; its name in the ledger")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    text = models.TextField()
    language = models.CharField(max_length=2, help_text="in which the citizen wants the answer")
    place = models.CharField(max_length=300, blank=True, default="", help_text="where, in the citizen's words")
    area = models.ForeignKey("institution.Area", models.PROTECT, null=True, related_name="+")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    about_office = models.ForeignKey(
        "institution.Office", models.PROTECT, null=True, related_name="+", help_text="the body complained about"
    )
    received_at = models.DateTimeField()
    registered_on = models.DateField(help_text="working day on which the law's clock starts")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_at = models.ForeignKey("institution.Office", models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=64, unique=True, help_text="submission key: a second sending is the first")
    code_mac = models.BinaryField(max_length=32, help_text="HMAC of the access code")
    imported = models.ForeignKey(Import, models.PROTECT, null=True, related_name="+")
    labels = models.JSONField(null=True, help_text="an imported appeal's own category, body and status")
    part_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="the appeal it was split from, to be answered apart",
    )

    class Meta:
        db_table = "appeal"
        indexes = [
            models.Index("received_at", "id", name="appeal_by_time"),
            models.Index("imported", "id", name="appeal_of_import", condition=Q(imported__isnull=False)),
            models.Index("part_of", "id", name="appeal_parts", condition=Q(part_of__isnull=False)),
        ]


class Sealed(models.Model):
    """Contact data and commitment salts of one appeal, under its own key. No key, no data: that is erasure."""

    appeal = models.OneToOneField(Appeal, models.PROTECT, primary_key=True, related_name="sealed")
    wrapped_key = models.BinaryField(null=True)
    box = models.BinaryField(null=True)
    has_contact = models.BooleanField()

    class Meta:
        db_table = "sealed"


class Attachment(models.Model):
    """A file the citizen sent: the original sealed as it came, a safe copy for staff."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being made safe")
        SAFE = "safe", _("safe copy ready")
        REFUSED = "refused", _("could not be opened safely")

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    by_office = models.BooleanField(
        default=False, db_default=False, help_text="sent by the institution, not by the citizen"
    )
    came_later = models.BooleanField(
        default=False, db_default=False, help_text="with a message or an answer, not with the appeal itself"
    )
    path = models.CharField(max_length=120, help_text="of the sealed original below settings.ATTACHMENTS")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    safe_path = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        db_table = "attachment"
        indexes = [models.Index("id", name="attachment_waiting", condition=Q(state="waiting"))]

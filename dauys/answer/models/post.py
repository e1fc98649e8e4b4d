"""What is sent to people outside the pages: notices and reminders, and what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    """One notice on its way to a citizen or an officer. It names what to tell; the words, and the address of a citizen,
    are made when it leaves and kept nowhere.

    `key` names what it is about, so that the same thing is never told twice. A letter that was being handed over when
    the machine died is `unsure`: it is not sent again by itself, a person decides.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting to be sent")
        SENDING = "sending", _("being handed over")
        SENT = "sent", _("sent")
        BOUNCED = "bounced", _("came back")
        FAILED = "failed", _("given up after many tries")
        UNSURE = "unsure", _("perhaps sent: the machine stopped in between")
        DROPPED = "dropped", _("not sent: no address, or no longer wanted")

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=32)
    appeal = models.ForeignKey("hear.Appeal", models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False,
        help_text="an officer; nobody: the applicant",
    )  # fmt: skip
    detail = models.JSONField(default=dict, help_text="what the words need; never personal data")
    channel = models.CharField(max_length=10, default="email")
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    why = models.CharField(
        max_length=200, blank=True, default="", help_text="what the mail server said, without addresses"
    )
    tries = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=120, blank=True, default="", db_index=True)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "letter"
        indexes = [
            models.Index("next_at", "id", name="letter_waiting", condition=Q(state__in=["queued", "sending"])),
            models.Index("state", "id", name="letter_by_state"),
        ]


class Reminder(models.Model):
    """Somebody was reminded that a promise nears or passed; the citizen sees it."""

    class Rung(models.IntegerChoices):
        OFFICER = 1, _("the officer")
        HEAD = 2, _("the head of the office")
        ABOVE = 3, _("the office above")

    promise = models.ForeignKey("Promise", models.PROTECT, related_name="+")
    appeal = models.ForeignKey("hear.Appeal", models.PROTECT, related_name="+")
    rung = models.PositiveSmallIntegerField(choices=Rung.choices)
    days_left = models.SmallIntegerField(help_text="working days until the due day; negative once it has passed")
    office = models.ForeignKey("institution.Office", models.PROTECT, null=True, related_name="+", db_index=False)
    made_on = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "reminder"
        constraints = [models.UniqueConstraint(fields=["promise", "rung", "days_left"], name="reminder_once")]
        indexes = [models.Index("office", "made_on", name="reminder_of_office")]


class Quiet(models.Model):
    """Somebody asked not to be told of one kind of thing by letter: an applicant about their appeal, or an officer."""

    kind = models.CharField(max_length=32)
    appeal = models.ForeignKey("hear.Appeal", models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        db_table = "quiet"
        constraints = [
            models.UniqueConstraint(fields=["kind", "appeal"], name="quiet_of_appeal_once"),
            models.UniqueConstraint(fields=["kind", "person"], name="quiet_of_person_once"),
            models.CheckConstraint(
                condition=Q(appeal=None, person__isnull=False) | Q(appeal__isnull=False, person=None),
                name="quiet_is_somebodys",
            ),
        ]


class Looked(models.Model):
    """How far one search for what to tell has come, and how the mail server was found last."""

    name = models.CharField(max_length=32, primary_key=True)
    kept = models.JSONField(default=dict)

    class Meta:
        db_table = "looked"

"""What is said between the citizen and the institution, and the files that go with it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One thing said in the conversation about an appeal. Notes are seen by staff only."""

    class Author(models.TextChoices):
        CITIZEN = "citizen", _("Citizen")
        OFFICER = "officer", _("Officer")
        NOTE = "note", _("Internal note")

    appeal = models.ForeignKey("hear.Appeal", models.PROTECT, related_name="+")
    author = models.CharField(max_length=8, choices=Author.choices)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    text = models.TextField()
    key = models.CharField(max_length=64, unique=True, help_text="a second sending is the first")
    sent_at = models.DateTimeField()
    answer_by = models.DateField(null=True, help_text="a question to the citizen: answer hoped for by; stops no clock")

    class Meta:
        db_table = "message"
        constraints = [
            models.CheckConstraint(
                condition=Q(author="citizen") | Q(officer__isnull=False), name="message_officer_is_named"
            )
        ]


class Enclosure(models.Model):
    """A file that goes with a message or an answer; with neither, it waits in the draft."""

    attachment = models.OneToOneField("hear.Attachment", models.PROTECT, primary_key=True, related_name="+")
    appeal = models.ForeignKey("hear.Appeal", models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="enclosures")
    answer = models.ForeignKey("Answer", models.PROTECT, null=True, related_name="enclosures")

    class Meta:
        db_table = "enclosure"
        constraints = [
            models.CheckConstraint(condition=Q(message=None) | Q(answer=None), name="enclosure_goes_with_one_thing")
        ]

"""How an office shares its appeals among its people."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Sharing(models.Model):
    """An office whose head lets appeals that nobody has taken be given out by the machine. No row: nobody does."""

    office = models.OneToOneField("institution.Office", models.PROTECT, primary_key=True, related_name="+")
    by_language = models.BooleanField(default=False, help_text="first to those who write the appeal's language")
    by_topic = models.BooleanField(default=False, help_text="first to those who know its topic")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    since_at = models.DateTimeField()

    class Meta:
        db_table = "sharing"


class Colleague(models.Model):
    """What sharing must know of one officer at one office: until when away, what they write and know."""

    office = models.ForeignKey("institution.Office", models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    away_from = models.DateField(null=True)
    away_until = models.DateField(null=True, help_text="the last day away")
    languages = models.JSONField(default=list, help_text="codes; empty: all")
    topics = models.JSONField(default=list, help_text="codes, parts with them; empty: all")

    class Meta:
        db_table = "colleague"
        constraints = [
            models.UniqueConstraint(fields=["office", "user"], name="colleague_once"),
            models.CheckConstraint(
                condition=Q(away_from=None) | Q(away_until=None) | Q(away_until__gte=F("away_from")),
                name="colleague_away_ends",
            ),
        ]

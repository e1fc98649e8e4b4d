"""What comes first on a desk and why, and who has an appeal open. All of it can be made anew from other tables."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Turn(models.Model):
    """Why an open appeal is begun on `Handling.begin_by`, and what that was counted from."""

    appeal = models.OneToOneField("hear.Appeal", models.PROTECT, primary_key=True, related_name="+")
    due_on = models.DateField(null=True)
    reasons = models.JSONField(default=list, help_text="[code, working days earlier, value], see engines.first")
    people = models.PositiveIntegerField(default=1, help_text="appeals in the same matter when it was counted")

    class Meta:
        db_table = "turn"


class Ordered(models.Model):
    """One row: how far what may change an appeal's turn has been followed."""

    entry = models.PositiveBigIntegerField(default=0, help_text="the last entry of the ledger")
    grouped = models.PositiveBigIntegerField(default=0, help_text="the last appeal put into a group")
    merge = models.PositiveBigIntegerField(default=0, help_text="the last merge of groups")
    digest = models.CharField(max_length=64, default="", help_text="SHA-256 of the weights and the working days")
    walked = models.PositiveBigIntegerField(
        null=True, help_text="the open appeal up to which all are counted anew; empty: all are"
    )

    class Meta:
        db_table = "ordered"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="ordered_is_one")]


class Presence(models.Model):
    """An officer has an appeal open now. Kept for a minute, without a history."""

    appeal = models.ForeignKey("hear.Appeal", models.CASCADE, related_name="+", db_index=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "presence"
        constraints = [models.UniqueConstraint(fields=["appeal", "officer"], name="presence_once")]

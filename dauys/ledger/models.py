"""What happened, in an order nobody can quietly change."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """One action. With a `leaf` it is public: those seven lines enter the Merkle tree when sealed."""

    verb = models.CharField(max_length=40)
    case = models.CharField(max_length=24, help_text="16 random bytes, base64; '-' where no case is meant")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    detail = models.JSONField(null=True, help_text="reasons and choices; never personal data")
    leaf = models.TextField(null=True)  # noqa: DJ001  (no leaf is not an empty leaf)
    leaf_index = models.BigIntegerField(null=True, unique=True)

    class Meta:
        db_table = "entry"
        indexes = [
            models.Index("case", "id", name="entry_of_case"),
            models.Index("id", name="entry_to_seal", condition=Q(leaf_index=None) & Q(leaf__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(leaf_index=None) | Q(leaf__isnull=False), name="entry_sealed_has_leaf")
        ]


class Pen(models.Model):
    """One row that every writer takes in turn, so that entry order, commit order and date order agree."""

    last_on = models.DateField()

    class Meta:
        db_table = "pen"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="pen_is_one")]


class Tile(models.Model):
    """Up to 256 hashes of one level of the tree (C2SP tlog-tiles)."""

    level = models.PositiveSmallIntegerField()
    position = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        db_table = "tile"
        constraints = [models.UniqueConstraint(fields=["level", "position"], name="tile_once")]


class Checkpoint(models.Model):
    """A signed head of the log. Heads are never replaced, only followed by larger ones."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "checkpoint"

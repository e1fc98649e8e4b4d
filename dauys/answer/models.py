"""Who answers, by when, what was said, and what the citizen says of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    UNROUTED = "unrouted", _("looking for the right office")
    PROMISED = "promised", _("being worked on")
    ANSWERED = "answered", _("answered")
    CONFIRMED = "confirmed", _("solved: confirmed by the citizen")
    DISPUTED = "disputed", _("reopened: the citizen says it is not solved")


class Handling(models.Model):
    """Where one appeal stands now. Every change here has its own row elsewhere (routing, promise, answer, verdict)."""

    appeal = models.OneToOneField("hear.Appeal", models.PROTECT, primary_key=True, related_name="handling")
    state = models.CharField(max_length=10, choices=State.choices)
    is_open = models.BooleanField()
    acting = models.ForeignKey("institution.Office", models.PROTECT, null=True, related_name="+", db_index=False)
    clock = models.ForeignKey("institution.Office", models.PROTECT, null=True, related_name="+", db_index=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    due_on = models.DateField(null=True)
    topic = models.ForeignKey("institution.Topic", models.PROTECT, null=True, related_name="+", db_index=False)
    area = models.ForeignKey("institution.Area", models.PROTECT, null=True, related_name="+", db_index=False)
    district = models.ForeignKey("institution.Area", models.PROTECT, null=True, related_name="+", db_index=False)
    urgency = models.CharField(max_length=8, default="usual")
    received_at = models.DateTimeField(help_text="copied from the appeal, for lists by time")
    unread = models.BooleanField(default=False, help_text="the citizen wrote and nobody has opened it")

    class Meta:
        db_table = "handling"
        indexes = [
            models.Index("acting", "due_on", "appeal", name="handling_of_office", condition=Q(is_open=True)),
            models.Index("clock", "due_on", "appeal", name="handling_of_clock", condition=Q(is_open=True)),
            models.Index("officer", "due_on", "appeal", name="handling_of_officer", condition=Q(is_open=True)),
            models.Index("due_on", "appeal", name="handling_by_due", condition=Q(is_open=True)),
            models.Index("district", "due_on", "appeal", name="handling_of_district", condition=Q(is_open=True)),
            models.Index("topic", "due_on", "appeal", name="handling_of_topic", condition=Q(is_open=True)),
            models.Index("state", "appeal", name="handling_by_state"),
            models.Index("acting", "appeal", name="handling_all_of_office"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="unrouted") | Q(clock__isnull=False), name="handling_routed_has_clock"
            ),
            models.CheckConstraint(
                condition=Q(is_open=False) | ~Q(state__in=["answered", "confirmed"]), name="handling_open_state"
            ),
        ]


class Routing(models.Model):
    """A decision which office acts and which holds the clock, and why."""

    appeal = models.ForeignKey("hear.Appeal", models.PROTECT, related_name="+")
    acting = models.ForeignKey("institution.Office", models.PROTECT, null=True, related_name="+", db_index=False)
    clock = models.ForeignKey("institution.Office", models.PROTECT, null=True, related_name="+", db_index=False)
    reasons = models.JSONField(default=list)
    # Who chose the office by hand; nobody where the rules chose it.
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "routing"


class Followed(models.Model):
    """One row: up to which finding the corrections of people have been followed."""

    finding = models.PositiveBigIntegerField()

    class Meta:
        db_table = "followed"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="followed_is_one")]


class Promise(models.Model):
    """What is owed to one appeal, and by when. A changed promise is a new row."""

    appeal = models.ForeignKey("hear.Appeal", models.PROTECT, related_name="+")
    office = models.ForeignKey("institution.Office", models.PROTECT, related_name="+", db_index=False)
    policy = models.CharField(max_length=60, help_text="id of the rule, see dauys/answer/policies")
    registered_on = models.DateField()
    due_on = models.DateField()
    reason = models.CharField(max_length=20, default="registered", help_text="registered, reopened, redirected")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "promise"
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("registered_on")), name="promise_due_after_registration")
        ]


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

    class Meta:
        db_table = "message"
        constraints = [
            models.CheckConstraint(
                condition=Q(author="citizen") | Q(officer__isnull=False), name="message_officer_is_named"
            )
        ]


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

    class Meta:
        db_table = "draft"


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

    class Meta:
        db_table = "answer"
        constraints = [models.UniqueConstraint(fields=["appeal", "ordinal"], name="answer_ordinal_once")]
        indexes = [models.Index("sent_on", "id", name="answer_by_day")]


class Verdict(models.Model):
    """The citizen's own word on an answer."""

    appeal = models.ForeignKey("hear.Appeal", models.PROTECT, related_name="+")
    answer = models.OneToOneField(Answer, models.PROTECT, related_name="verdict")
    solved = models.BooleanField()
    rating = models.PositiveSmallIntegerField(null=True)
    words = models.TextField(blank=True, default="")
    given_at = models.DateTimeField()
    given_on = models.DateField(help_text="in the institution's zone")

    class Meta:
        db_table = "verdict"
        constraints = [
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__range=(1, 5)), name="verdict_rating_one_to_five"
            )
        ]
        indexes = [models.Index("given_on", "id", name="verdict_by_day")]

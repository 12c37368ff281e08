"""The record."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, ExpressionWrapper, F, GeneratedField, Q, Value, When
from django.db.models.functions import Least
from django.utils import timezone

from pharmacies.models import Officer, Pharmacy, PoliceForce, StaffMember, Tablet

from ..enums import WANTS_POLICE, Attention, Danger, Left, MadeSure, Outcome, Override, Rung, State, Told, Wish
from .constraints import both_or_neither

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from .entry import Entry

OPEN_STATES = (State.WAITING, State.READ, State.CLAIMED)


class CodewordRequest(models.Model):
    """One person asking, at one pharmacy, at one time: in short, a record.

    Holds choices from closed lists and times; everything that a person said is in sealed entries. What police can
    read, and from when, follows from four moments (release.py), which only ever come about and never go away.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=7)
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="records")
    origin_force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")  # frozen; the seal is bound to it
    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, related_name="records")
    tablet = models.ForeignKey(Tablet, models.PROTECT, related_name="records")
    recorder = models.ForeignKey(StaffMember, models.PROTECT, related_name="records", null=True)
    sitting_id = models.UUIDField(null=True)  # whose turn it was; the only link for somebody without a PIN
    key = models.UUIDField()  # of the button that started it: pressed twice, it is one record
    letter = models.CharField(max_length=1, default="A")  # which person, where two are in the pharmacy at once
    is_drill = models.BooleanField(default=False)
    one_of_many = models.BooleanField(default=False)  # many alarms came from this tablet in a minute: all are kept
    elsewhere = models.CharField(max_length=8, blank=True)  # *not here*: the postcode that staff gave instead
    paper_serial = models.CharField(max_length=9, blank=True)  # keyed in from a paper form
    happened_at = models.DateTimeField(
        null=True
    )  # when it happened, by the paper; `started_at` is when it was keyed in
    started_at = models.DateTimeField(default=timezone.now)
    # Another force asked for help (sql/help.sql): made with only what it chose; the tablet stays with that force.
    helps = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+", null=True)

    danger = models.CharField(max_length=10, choices=Danger)
    wish = models.CharField(max_length=15, choices=Wish, blank=True)
    step = models.CharField(
        max_length=20
    )  # the question that comes next, so that any tablet of the pharmacy goes on there

    alerted_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    overridden_at = models.DateTimeField(null=True)
    override_reason = models.CharField(max_length=15, choices=Override, blank=True)
    override_told = models.CharField(max_length=5, choices=Told, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    restricted_at = models.DateTimeField(null=True)  # words only for the force's named conflict officers
    reported_mistake_at = models.DateTimeField(null=True)  # a report, never a withdrawal: it can be forced
    # Police made sure of that, and how; the log and a step of the record say who.
    made_sure_at = models.DateTimeField(null=True)
    made_sure_how = models.CharField(max_length=10, choices=MadeSure, blank=True)
    officers_sent_at = models.DateTimeField(null=True)
    rung = models.CharField(max_length=10, choices=Rung, blank=True)
    left_how = models.CharField(max_length=10, choices=Left, blank=True)
    left_at = models.DateTimeField(null=True)
    other_back_at = models.DateTimeField(null=True)
    released_at = GeneratedField(
        expression=Least("alerted_at", "agreed_at", "overridden_at"),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )
    words_released = GeneratedField(
        expression=ExpressionWrapper(
            Q(overridden_at__isnull=False) | Q(agreed_at__isnull=False, withdrawn_at__isnull=True),
            output_field=models.BooleanField(),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    attention = GeneratedField(
        expression=Case(
            When(alerted_at__isnull=False, then=Value(Attention.ALERT)),
            When(Q(overridden_at__isnull=False) | Q(wish=Wish.POLICE_NOW), then=Value(Attention.POLICE_NOW)),
            default=Value(Attention.POLICE_LATER),
        ),
        output_field=models.PositiveSmallIntegerField(choices=Attention),
        db_persist=True,
    )

    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    acted_at = models.DateTimeField(null=True)  # the holder's last action; with nobody holding it, when a claim ended
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)

    mistaken_at = models.DateTimeField(null=True)  # pressed before any release; gone for good after ten seconds
    finished_at = models.DateTimeField(null=True)  # the receipt was put away: no tablet sees it any more

    if TYPE_CHECKING:
        entries: RelatedManager["Entry"]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tablet", "key"], name="record_once_per_button"),
            models.UniqueConstraint(fields=["origin_force", "reference"], name="record_reference_once_per_force"),
            models.CheckConstraint(condition=both_or_neither("read_at", "read_by"), name="record_read_by_somebody"),
            models.CheckConstraint(
                condition=both_or_neither("claimed_at", "claimed_by"), name="record_claimed_by_somebody"
            ),
            models.CheckConstraint(
                condition=both_or_neither("closed_at", "closed_by"), name="record_closed_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(overridden_at__isnull=True, override_reason="", override_told="")
                | Q(overridden_at__isnull=False) & ~Q(override_reason="") & ~Q(override_told=""),
                name="record_override_has_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.SETTLED], released_at__isnull=True)
                | Q(state__in=[State.WAITING, State.READ, State.CLAIMED, State.CLOSED], released_at__isnull=False),
                name="record_state_fits_release",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLAIMED) | Q(claimed_at__isnull=False), name="record_claimed_has_a_holder"
            ),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED, closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(state=State.CLOSED) & Q(closed_at__isnull=True, outcome=""),
                name="record_closed_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(mistaken_at__isnull=True) | Q(released_at__isnull=True), name="record_mistake_not_released"
            ),
            # Paper is about the past: it never sounds as danger now.
            models.CheckConstraint(
                condition=Q(paper_serial="", happened_at__isnull=True)
                | Q(alerted_at__isnull=True, happened_at__isnull=False) & ~Q(paper_serial=""),
                name="record_paper_is_no_alert",
            ),
            models.CheckConstraint(
                condition=Q(reported_mistake_at__isnull=True) | Q(alerted_at__isnull=False),
                name="record_reported_mistake_was_alarm",
            ),
            models.CheckConstraint(
                condition=Q(made_sure_how="", made_sure_at__isnull=True)
                | ~Q(made_sure_how="") & Q(made_sure_at__isnull=False),
                name="record_made_sure_says_how",
            ),
            # A withdrawal can be forced: it never ends an alarm by itself.
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED)
                | Q(reported_mistake_at__isnull=True)
                | Q(made_sure_at__gte=F("reported_mistake_at")),
                name="record_mistake_is_made_sure_of",
            ),
            models.CheckConstraint(
                condition=Q(left_how="", left_at__isnull=True) | ~Q(left_how="") & Q(left_at__isnull=False),
                name="record_left_has_its_time",
            ),
        ]
        indexes = [
            # The queue: only what is open, already in its order.
            models.Index(
                fields=["force", "attention", "released_at"],
                condition=Q(state__in=OPEN_STATES),
                name="record_queue",
            ),
            # A force's records by day, closed ones too; and one by the reference that somebody reads out.
            models.Index(fields=["force", "-released_at"], name="record_by_day"),
            # A pharmacy's records by time: those of the same hour, and the search by pharmacy.
            models.Index(fields=["pharmacy", "started_at"], name="record_of_pharmacy"),
            models.Index(fields=["pharmacy"], condition=Q(finished_at__isnull=True), name="record_open_receipts"),
            models.Index(
                fields=["started_at"], condition=Q(state__in=[State.DRAFT, State.SETTLED]), name="record_unreleased"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def verified(self) -> bool:
        """Whether somebody proved with a PIN who they are."""
        return self.recorder_id is not None

    @property
    def declined_police(self) -> bool:
        """The person does not want police; what was already released stays released."""
        return self.withdrawn_at is not None and self.wish not in WANTS_POLICE

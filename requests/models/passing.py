"""Passing a record on: to another force, or to the next shift."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from pharmacies.models import Officer, PoliceForce

from ..enums import OfferReason, OfferState
from .constraints import both_or_neither
from .record import CodewordRequest


class Offer(models.Model):
    """A record offered to another force. The sender stays responsible until somebody there accepts.

    Holds copies of what was offered and nothing else, because until then the receiver cannot see the record; after it
    the same row is the sender's stub.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(CodewordRequest, models.PROTECT, related_name="offers")
    from_force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="offers_made")
    to_force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="offers_got")
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OPEN)
    reason = models.CharField(max_length=20, choices=OfferReason)
    reference = models.CharField(max_length=7)
    attention = models.PositiveSmallIntegerField()
    released_at = models.DateTimeField()  # the clock that runs on
    place = models.CharField(max_length=140)  # town-level: the pharmacy's name and postcode
    offered_at = models.DateTimeField(default=timezone.now)
    offered_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    decline_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["-offered_at"]
        constraints = [
            models.UniqueConstraint(fields=["record"], condition=Q(state=OfferState.OPEN), name="offered_once"),
            models.CheckConstraint(condition=~Q(from_force=models.F("to_force")), name="offer_to_another_force"),
            models.CheckConstraint(
                condition=Q(state=OfferState.OPEN, decided_at__isnull=True)
                | ~Q(state=OfferState.OPEN) & Q(decided_at__isnull=False),
                name="offer_decided_or_open",
            ),
        ]

    def __str__(self) -> str:
        return f"offer of {self.record_id}"


class HandOver(models.Model):
    """The sheet with which one officer's open records pass to the next; signed by who takes them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["made_by"], condition=Q(signed_at__isnull=True), name="hand_over_one_at_a_time"
            ),
            models.CheckConstraint(condition=both_or_neither("signed_at", "signed_by"), name="hand_over_signed"),
            models.CheckConstraint(condition=~Q(signed_by=models.F("made_by")), name="hand_over_to_another"),
        ]

    def __str__(self) -> str:
        return f"hand-over of {self.made_by_id}"

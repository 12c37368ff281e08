"""Asking another force for help while the person is still at the pharmacy."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from pharmacies.models import Officer, PoliceForce

from ..enums import OfferReason
from .record import CodewordRequest


class HelpAsked(models.Model):
    """One force asked another for help: joins its record and the one that it made there, each in sight of its own force
    alone. Both forces see this row; it holds nothing that anybody said. A disposal empties its side of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(CodewordRequest, models.PROTECT, related_name="helps_asked", null=True)
    other = models.ForeignKey(CodewordRequest, models.PROTECT, related_name="help_of", null=True)
    from_force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")
    to_force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=OfferReason)
    reference = models.CharField(max_length=7)  # of the record that help is asked for, to be read out over the phone
    other_reference = models.CharField(max_length=7)
    received_at = models.DateTimeField()  # when police first had it: the other record's own clock starts later
    entries = models.PositiveSmallIntegerField()  # how many were chosen
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(condition=~Q(from_force=models.F("to_force")), name="help_from_another_force"),
        ]
        indexes = [
            models.Index(fields=["record", "at"], name="help_asked_in_order"),
            models.Index(fields=["other"], name="help_of_record"),
        ]

    def __str__(self) -> str:
        return f"help asked of {self.to_force_id}"

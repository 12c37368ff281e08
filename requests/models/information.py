"""Lines for people who did not want police."""

import uuid

from django.db import models

from pharmacies.models import Officer, PoliceForce

from ..enums import Wish
from .constraints import both_or_neither


class InformationLine(models.Model):
    """One person who did not want police: force, day, what was wanted. No key to any record, and no time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="information_lines")
    day = models.DateField()
    wanted = models.CharField(max_length=15, choices=Wish)
    district_name = models.CharField(max_length=100, blank=True)  # only where five pharmacies or more take part
    is_drill = models.BooleanField(default=False)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=both_or_neither("acknowledged_at", "acknowledged_by"), name="line_acknowledged_by_somebody"
            )
        ]
        indexes = [models.Index(fields=["force", "-day"], name="line_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.wanted}"

"""Restricted words that somebody opened who is not named for them."""

import uuid
from datetime import timedelta

from django.db import models
from django.utils import timezone

from pharmacies.models import Officer, PoliceForce

from .record import CodewordRequest

OPEN_FOR = timedelta(hours=1)  # ani.sees_restricted says the same


class GlassBroken(models.Model):
    """An officer opened restricted words. Why stands in a sealed note of the record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(CodewordRequest, models.PROTECT, related_name="glass_broken")
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.pk)

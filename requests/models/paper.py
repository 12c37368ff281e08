"""Paper forms, for when the network does not serve."""

import uuid

from django.db import models
from django.utils import timezone

from pharmacies.models import Pharmacy


class PaperForm(models.Model):
    """One printed form by its serial number. Nothing here says whether it was used: only whether it came back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, related_name="paper_forms")
    serial = models.CharField(max_length=9, unique=True)
    key = models.UUIDField(unique=True)  # of the button that printed it: pressed twice, it is one form
    printed_at = models.DateTimeField(default=timezone.now)
    returned_at = models.DateTimeField(null=True)  # keyed in and shredded, or shredded unused

    class Meta:
        ordering = ["printed_at"]

    def __str__(self) -> str:
        return self.serial

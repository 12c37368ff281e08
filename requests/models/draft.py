"""What was typed and not yet saved when a tablet was covered."""

from django.db import models
from django.utils import timezone

from pharmacies.models import StaffMember

from .record import CodewordRequest


class Draft(models.Model):
    """The boxes of one screen as they stood, sealed, for the person who typed them; emptied when the screen is saved.

    Police never read a draft: half a sentence is no answer.
    """

    record = models.OneToOneField(CodewordRequest, models.CASCADE, primary_key=True, related_name="draft")
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    step = models.CharField(max_length=20)
    sealed = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Draft of {self.record_id}"

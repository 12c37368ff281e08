"""Lines from police to the tablet."""

import uuid

from django.db import models
from django.utils import timezone

from pharmacies.models import Officer, PoliceForce

from .record import CodewordRequest


class Message(models.Model):
    """One ready-made line, as it was sent. The tablet shows those of its own open records; finishing ends that."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(CodewordRequest, models.PROTECT, related_name="messages")
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    text = models.CharField(max_length=200)  # the force's own line, word for word: no free text
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["sent_at"]
        indexes = [models.Index(fields=["record", "sent_at"], name="message_in_order")]

    def __str__(self) -> str:
        return "line to the tablet"

"""What was said, seen or done about a record."""

import uuid

from django.db import models
from django.utils import timezone

from pharmacies.models import Officer, PoliceForce, StaffMember

from ..enums import EntryKind, Level
from .record import CodewordRequest


class Entry(models.Model):
    """One thing said, seen or done, sealed, timed and attributed. Never changed: a correction is another entry."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(CodewordRequest, models.PROTECT, related_name="entries")
    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=EntryKind)
    level = models.CharField(max_length=5, choices=Level)
    key = models.UUIDField()  # of the screen it was typed on: sent twice, it is one entry
    sealed = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="+", null=True)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)

    # Of another force's record, for a record that asks for help: what is taken back there is taken back here. No key:
    # the source's record may be disposed of first.
    copied_from = models.UUIDField(null=True, editable=False, db_index=True)
    taken_back_at = models.DateTimeField(null=True)  # typed into the wrong record; its content is gone

    class Meta:
        ordering = ["at"]
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["record", "key"], name="entry_once_per_screen")]
        indexes = [models.Index(fields=["record", "at"], name="entry_in_order")]

    def __str__(self) -> str:
        return f"{self.kind} entry"

    @property
    def field(self) -> str:
        """What the seal is bound to besides record and force."""
        return f"{self.kind}|{self.id}"

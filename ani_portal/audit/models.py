"""The log. Rows are written by `ani.audit_append` in the database and by nothing else."""

from django.db import models
from django.utils import timezone


class AuditChain(models.Model):
    """The head of one force's chain (or of the system's, number 0)."""

    chain = models.IntegerField(primary_key=True)  # a force's id; 0 is what has no force
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"chain {self.chain} at {self.seq}"


class AuditEntry(models.Model):
    """One thing done or looked at. Ids are text, so that no foreign key ever rewrites history."""

    chain = models.IntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=64)
    via = models.CharField(max_length=64, blank=True)
    event = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=30, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    hash = models.BinaryField(max_length=32)
    # Its ids were removed after their time (ani.audit_thin); the row of the chain that says so, and vouches for the rest.
    thinned_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["chain", "seq"]
        verbose_name_plural = "audit entries"
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="audit_seq_once_per_chain"),
            models.CheckConstraint(
                condition=~models.Q(actor_kind="") & ~models.Q(actor_id="") & ~models.Q(event=""),
                name="audit_says_who_and_what",
            ),
        ]
        indexes = [models.Index(fields=["chain", "object_kind", "object_id"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.chain}/{self.seq} {self.event}"


class AnchorSent(models.Model):
    """That a day's mark of the log left this system, or did not, and the kind of fault."""

    at = models.DateTimeField(default=timezone.now)
    problem = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.problem or 'sent'}"

"""The store of wrapped keys: a schema of its own, backed up apart from the data (docs/operations.md)."""

from django.db import models


class RecordKey(models.Model):
    """One record's own key, wrapped. Destroying this row destroys what the record's person said."""

    record_id = models.UUIDField(primary_key=True)
    force_id = models.IntegerField()  # the force the record was made for; never changes
    master_key = models.CharField(max_length=40)
    wrapped = models.BinaryField(max_length=100)

    class Meta:
        managed = False  # Django makes no schemas: the migration does
        db_table = 'vault"."record_key'

    def __str__(self) -> str:
        return str(self.record_id)

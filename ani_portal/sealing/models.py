"""The store of wrapped keys: a schema of its own, backed up apart from the data (docs/data-protection/keys-and-backups.md)."""

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


class ForceKey(models.Model):
    """The key of one force's fingerprints of phone numbers, wrapped."""

    force_id = models.IntegerField(primary_key=True)
    master_key = models.CharField(max_length=40)
    wrapped = models.BinaryField(max_length=100)

    class Meta:
        managed = False
        db_table = 'vault"."force_key'

    def __str__(self) -> str:
        return str(self.force_id)


class PhoneMark(models.Model):
    """The keyed fingerprint of one phone number in one record. In this store, so that it goes with the record's key."""

    id = models.BigAutoField(primary_key=True)
    record_id = models.UUIDField()
    force_id = models.IntegerField()  # whose key it was made with
    mark = models.BinaryField(max_length=32)

    class Meta:
        managed = False
        db_table = 'vault"."phone_mark'

    def __str__(self) -> str:
        return str(self.record_id)

from django.db import migrations, models

MAKE = """
create schema vault;
create table vault.record_key (
    record_id uuid primary key,
    force_id integer not null,
    master_key varchar(40) not null,
    wrapped bytea not null
);
create index record_key_master on vault.record_key (master_key);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(MAKE, "drop schema vault cascade"),
        migrations.CreateModel(
            name="RecordKey",
            fields=[
                ("record_id", models.UUIDField(primary_key=True, serialize=False)),
                ("force_id", models.IntegerField()),
                ("master_key", models.CharField(max_length=40)),
                ("wrapped", models.BinaryField(max_length=100)),
            ],
            options={"db_table": 'vault"."record_key', "managed": False},
        ),
    ]

"""The table that Django's database cache counts in; it makes its own only by a command."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "create table accounts_counters (cache_key varchar(255) primary key, value text not null,"
            " expires timestamptz not null);"
            "create index accounts_counters_expires on accounts_counters (expires);",
            "drop table accounts_counters",
        )
    ]

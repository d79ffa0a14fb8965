"""The log of what was touched in the published tables, by which the lake is refreshed."""

from django.db import migrations, models

TRANSACTION = """
create function lake_transaction() returns text language sql volatile as $$ select pg_current_xact_id()::text $$;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_idempotency")]

    operations = [
        migrations.RunSQL(TRANSACTION, "drop function lake_transaction;"),
        migrations.CreateModel(
            name="LakeTouch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.CharField(max_length=63)),
                ("partition", models.CharField(max_length=63)),
                ("xid", models.TextField(db_default=models.Func(function="lake_transaction"))),
            ],
        ),
    ]

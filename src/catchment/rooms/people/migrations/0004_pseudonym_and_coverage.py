"""The pseudonym under which a person goes into the lake, random and unique, and who insures the person."""

import django.db.models.deletion
from django.db import migrations, models

NEW_KEY = """
create function people_new_key() returns bigint language sql volatile as $$
    select ('x0' || left(one.hex, 12) || right(one.hex, 3))::bit(64)::bigint
    from (select replace(gen_random_uuid()::text, '-', '') as hex) one
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_doors")]

    operations = [
        migrations.RunSQL(NEW_KEY, "drop function people_new_key;"),
        migrations.AddField(
            model_name="person",
            name="person_key",
            field=models.BigIntegerField(
                db_default=models.Func(function="people_new_key"), editable=False, unique=True
            ),
        ),
        migrations.CreateModel(
            name="Coverage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("resident", "RESIDENT"), ("employee", "EMPLOYEE")], max_length=16)),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
            ],
        ),
    ]

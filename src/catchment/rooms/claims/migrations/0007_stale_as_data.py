from django.db import migrations, models

TO_JSON = """
alter table claims_settlement alter column stale drop not null;
alter table claims_settlement alter column stale type jsonb using to_jsonb(nullif(stale, ''));
"""
TO_TEXT = """
alter table claims_settlement alter column stale type varchar(200) using coalesce(left(stale #>> '{}', 200), '');
alter table claims_settlement alter column stale set not null;
"""


class Migration(migrations.Migration):
    """Why a settlement should be reckoned anew becomes data; a sentence kept earlier stays, as a JSON text."""

    dependencies = [
        ("claims", "0006_taken_back_and_disputed"),
    ]

    operations = [
        migrations.RunSQL(
            TO_JSON,
            TO_TEXT,
            state_operations=[
                migrations.AlterField(model_name="settlement", name="stale", field=models.JSONField(null=True)),
            ],
        ),
    ]

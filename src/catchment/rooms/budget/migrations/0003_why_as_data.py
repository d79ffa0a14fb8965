from django.db import migrations, models

TO_JSON = "alter table budget_finding alter column why type jsonb using to_jsonb(why);"
TO_TEXT = "alter table budget_finding alter column why type text using coalesce(why #>> '{}', '');"


class Migration(migrations.Migration):
    """Why a finding was put up becomes data; a sentence kept earlier stays, as a JSON text."""

    dependencies = [
        ("budget", "0002_watch_case_mix"),
    ]

    operations = [
        migrations.RunSQL(
            TO_JSON,
            TO_TEXT,
            state_operations=[
                migrations.AlterField(model_name="finding", name="why", field=models.JSONField()),
            ],
        ),
    ]

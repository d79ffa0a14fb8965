"""The name on a claim goes into a table of its own: a policy on rows cannot keep one column from who sees the claim."""

import django.db.models.deletion
from django.db import migrations, models

OUT = "insert into claims_claimant (claim_id, name) select id, person_name from claims_claim"


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_history")]

    operations = [
        migrations.CreateModel(
            name="Claimant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                (
                    "claim",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="claims.claim"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(OUT),
        migrations.RemoveField(model_name="claim", name="person_name"),
    ]

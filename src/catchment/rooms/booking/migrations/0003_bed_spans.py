"""Since when a bed is open; of the beds there are nobody wrote it down: those not closed have been open all along."""

import django.db.models.deletion
from django.db import migrations, models

FILL = "insert into booking_bedspan (bed_id) select id from booking_bed where state <> 'closed'"


class Migration(migrations.Migration):
    dependencies = [("booking", "0002_slot_state")]

    operations = [
        migrations.CreateModel(
            name="BedSpan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                (
                    "bed",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="booking.bed"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)), fields=("bed",), name="bed_open_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]

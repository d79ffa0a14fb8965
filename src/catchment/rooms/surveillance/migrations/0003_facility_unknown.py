import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial"), ("surveillance", "0002_withdrawn")]

    operations = [
        migrations.AlterField(
            model_name="reportcard",
            name="facility",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.facility"
            ),
        ),
    ]

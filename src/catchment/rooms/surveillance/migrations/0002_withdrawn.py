from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveillance", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="reportcard", name="withdrawn_at", field=models.DateTimeField(null=True)
        ),
    ]

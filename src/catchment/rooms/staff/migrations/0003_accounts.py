"""What attempts are counted in, when sessions were ended, and what a token may do."""

from django.db import migrations, models

CACHE = """
create unlogged table catchment_cache (cache_key varchar(255) primary key, value text not null, expires timestamptz not null);
create index catchment_cache_expires on catchment_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_alter_post_role")]
    operations = [
        migrations.RunSQL(CACHE, "drop table catchment_cache"),
        migrations.AddField("practitioner", "sessions_ended_at", models.DateTimeField(null=True)),
        migrations.AddField("apitoken", "scopes", models.JSONField(null=True)),
        migrations.AddField("apitoken", "last_used_at", models.DateTimeField(null=True)),
    ]

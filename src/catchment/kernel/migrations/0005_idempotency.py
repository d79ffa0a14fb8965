"""Answers kept for a while under the key of their request; each is its own post's alone."""

from django.db import migrations, models

EXPIRE = """
create function kernel_expire_answers() returns bigint
language sql security definer set search_path = public as $$
    with gone as (delete from kernel_keptanswer where expires_at <= clock_timestamp() returning 1)
    select count(*) from gone
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_row_history")]

    operations = [
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("post_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("content_type", models.CharField(max_length=100)),
                ("location", models.CharField(blank=True, max_length=400)),
                ("body", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["post_id", "key"], name="answer_once")],
                "indexes": [models.Index(fields=["expires_at"], name="answer_expires")],
            },
        ),
        migrations.RunSQL(EXPIRE, "drop function kernel_expire_answers;"),
    ]

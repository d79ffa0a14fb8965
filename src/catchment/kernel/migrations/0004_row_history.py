"""Rows keep what they were: a trigger that the site puts on clinical and money tables writes the old row away."""

from django.db import migrations, models

KEEP = """
create function kernel_keep_row() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    before constant jsonb := to_jsonb(old) - 'sensitivity';
begin
    if tg_op = 'UPDATE' and before = to_jsonb(new) - 'sensitivity' then
        return new;
    end if;
    insert into kernel_rowhistory ("table", row_id, person_id, changed_at, post_id, actor_role, was, gone)
    values (tg_table_name, old.id, (before ->> 'person_id')::bigint, clock_timestamp(), wall_post(),
        coalesce(current_setting('catchment.role', true), ''), to_jsonb(old), tg_op = 'DELETE');
    return coalesce(new, old);
end $$;
create function kernel_history_stays() returns trigger language plpgsql as $$
begin
    raise exception 'row histories are never changed' using errcode = 'insufficient_privilege';
end $$;
create trigger history_stays before update or delete on kernel_rowhistory for each row
    execute function kernel_history_stays();
"""
UNDO = "drop function kernel_keep_row cascade; drop function kernel_history_stays cascade;"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_wall")]

    operations = [
        migrations.CreateModel(
            name="RowHistory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=63)),
                ("row_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField(null=True)),
                ("changed_at", models.DateTimeField()),
                ("post_id", models.BigIntegerField(null=True)),
                ("actor_role", models.CharField(blank=True, max_length=64)),
                ("was", models.JSONField()),
                ("gone", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["table", "row_id", "id"], name="history_row"),
                    models.Index(fields=["person_id", "changed_at"], name="history_person"),
                ]
            },
        ),
        migrations.RunSQL(KEEP, UNDO),
    ]

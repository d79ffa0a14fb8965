"""The audit becomes a chain: each entry holds the digest of the one before it in its lane, and none can change.

A lane is held by one transaction at a time, taken without waiting, so that writers never stand in line.
"""

from django.db import migrations, models

CHAIN = """
create function kernel_audit_chain() returns trigger language plpgsql as $$
declare
    first constant int := pg_backend_pid() % 64;
    head kernel_auditlane%rowtype;
begin
    for turn in 0..1023 loop
        new.lane := (first + turn) % 1024;
        exit when pg_try_advisory_xact_lock(471100, new.lane);
        if turn = 1023 then
            raise exception 'every lane of the audit is taken' using errcode = 'too_many_connections';
        end if;
    end loop;
    new.written_at := clock_timestamp();
    new.day := (new.written_at at time zone 'Asia/Shanghai')::date;
    select * into head from kernel_auditlane where day = new.day and lane = new.lane;
    new.seq := coalesce(head.seq, 0) + 1;
    new.digest := sha256(coalesce(head.digest, ''::bytea) || convert_to(jsonb_build_array(
        new.id, new.day, new.lane, new.seq, (extract(epoch from new.at) * 1000000)::bigint,
        (extract(epoch from new.written_at) * 1000000)::bigint, new.event, new.actor_role, new.actor_name,
        new.user_id, new.post_id, new.facility_id, new.person_id, new.subject_kind, new.subject_id, new.purpose,
        new.detail, new.request_id, encode(new.nonce, 'hex'), encode(new.mac, 'hex'))::text, 'UTF8'));
    insert into kernel_auditlane (day, lane, seq, digest) values (new.day, new.lane, new.seq, new.digest)
        on conflict (day, lane) do update set seq = excluded.seq, digest = excluded.digest;
    return new;
end $$;
create trigger audit_chain before insert on kernel_auditentry for each row execute function kernel_audit_chain();

create function kernel_audit_stays() returns trigger language plpgsql as $$
begin
    if current_setting('catchment.rebuild', true) = 'on' then
        if tg_op = 'DELETE' then
            return old;
        end if;
        return new;
    end if;
    raise exception 'the audit is never changed' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_stays before update or delete on kernel_auditentry for each row
    execute function kernel_audit_stays();
create trigger audit_is_not_emptied before truncate on kernel_auditentry for each statement
    execute function kernel_audit_stays();
"""
UNDO = "drop function kernel_audit_chain cascade; drop function kernel_audit_stays cascade;"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="AuditLane",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("lane", models.SmallIntegerField()),
                ("seq", models.BigIntegerField()),
                ("digest", models.BinaryField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("day", "lane"), name="audit_lane_once")]},
        ),
        migrations.AddField("auditentry", "written_at", models.DateTimeField(null=True)),
        migrations.AddField("auditentry", "day", models.DateField(null=True)),
        migrations.AddField("auditentry", "lane", models.SmallIntegerField(null=True)),
        migrations.AddField("auditentry", "seq", models.BigIntegerField(null=True)),
        migrations.AddField("auditentry", "digest", models.BinaryField(null=True)),
        migrations.AddField("auditentry", "nonce", models.BinaryField(null=True)),
        migrations.AddField("auditentry", "mac", models.BinaryField(null=True)),
        migrations.AddConstraint(
            "auditentry", models.UniqueConstraint(fields=("day", "lane", "seq"), name="audit_place_in_chain")
        ),
        migrations.RunSQL(CHAIN, UNDO),
    ]

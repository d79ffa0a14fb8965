"""The application's role and the words by which policies ask for whom a connection acts."""

from django.db import migrations

ROLE = """
do $$
begin
    if not exists (select from pg_roles where rolname = 'catchment_app') then
        begin
            create role catchment_app login nosuperuser nocreatedb nocreaterole nobypassrls noreplication;
        exception
            when duplicate_object or unique_violation then null;
            when insufficient_privilege then
                raise exception 'the role catchment_app is missing and % may not create it', current_user
                    using hint = 'let an administrator run: create role catchment_app login nosuperuser nobypassrls; '
                        || 'grant catchment_app to ' || quote_ident(current_user);
        end;
    end if;
    if not (select rolsuper from pg_roles where rolname = current_user)
        and not pg_has_role(current_user, 'catchment_app', 'set') then
        execute format('grant catchment_app to %I', current_user);
    end if;
end $$;
"""
WORDS = """
create function wall_reach(wanted text) returns boolean language sql stable parallel safe as $$
    select position(' ' || wanted || ' ' in coalesce(current_setting('catchment.reach', true), '')) > 0
$$;
create function wall_facilities() returns bigint[] language sql stable parallel safe as $$
    select coalesce(nullif(current_setting('catchment.facilities', true), ''), '{}')::bigint[]
$$;
create function wall_facility() returns bigint language sql stable parallel safe as $$
    select nullif(current_setting('catchment.facility', true), '')::bigint
$$;
create function wall_post() returns bigint language sql stable parallel safe as $$
    select nullif(current_setting('catchment.post', true), '')::bigint
$$;
create function wall_person() returns bigint language sql stable parallel safe as $$
    select nullif(current_setting('catchment.person', true), '')::bigint
$$;
create function wall_now() returns timestamptz language sql stable parallel safe as $$
    select coalesce(nullif(current_setting('catchment.at', true), '')::timestamptz, now())
$$;
create function wall_after() returns interval language sql stable parallel safe as $$
    select make_interval(days => coalesce(nullif(current_setting('catchment.after_days', true), ''), '0')::int)
$$;
create function wall_shared() returns boolean language sql stable parallel safe as $$
    select coalesce(current_setting('catchment.shared', true), '') = 'on'
$$;
create function wall_stands() returns boolean language sql stable parallel safe as $$
    select current_setting('role') = 'catchment_app' or session_user = 'catchment_app'
$$;
"""
UNDO = """
drop function wall_reach, wall_facilities, wall_facility, wall_post, wall_person, wall_now, wall_after, wall_shared,
    wall_stands;
"""
CHAIN = """
alter function kernel_audit_chain() security definer set search_path = public;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_audit_chain")]

    operations = [
        migrations.RunSQL(ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(WORDS, UNDO),
        migrations.RunSQL(CHAIN, "alter function kernel_audit_chain() security invoker reset search_path;"),
    ]

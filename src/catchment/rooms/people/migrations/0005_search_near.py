"""A search asks the index alone for what was typed, and reads the rows of those people only whom it can show."""

import importlib

from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models

BEFORE = importlib.import_module("catchment.rooms.people.migrations.0003_doors").FIND
FIND = """
create or replace function people_find(here bigint, first text, last text, numbers text[], most int)
returns setof people_line language plpgsql stable security definer set search_path = public as $$
begin
    if not people_may_find() then
        raise exception 'this actor may not search' using errcode = 'insufficient_privilege';
    end if;
    return query
    with hits as (
        (select t.person_id, t.token, 0 as place from people_searchtoken t
         where t.facility_id = here and t.token ~>=~ first and t.token ~<~ last
         order by t.token using ~<~ limit most)
        union all
        (select t.person_id, t.token, 1 from people_searchtoken t
         where t.token ~>=~ first and t.token ~<~ last
         order by t.token using ~<~ limit most)
        union all
        (select i.person_id, '', -1 from people_personidentifier i where i.value = any(numbers) limit most)
    ), closest as (
        select distinct on (t.person_id) t.person_id, t.token, t.place
        from hits t order by t.person_id, t.place, t.token using ~<~
    ), shown as (
        select c.person_id, c.token, c.place
        from closest c order by c.place, c.token using ~<~, c.person_id limit most / 2
    )
    select p.id, p.public_id, p.name::text, p.sex::text, p.birth_date, coalesce(a.name, '')::text, p.phone::text,
        coalesce(f.name, '')::text, h.place, h.token::text
    from shown h
    join people_person d on d.id = h.person_id
    join people_person p on p.id = coalesce(d.merged_into_id, d.id) and p.merged_into_id is null
    left join places_area a on a.id = p.area_id
    left join places_facility f on f.id = p.primary_facility_id
    order by h.place, h.token using ~<~, p.id;
end $$;
"""
TOKEN = OpClass(models.F("token"), "text_pattern_ops")


class Migration(migrations.Migration):
    dependencies = [("people", "0004_pseudonym_and_coverage"), ("places", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="searchtoken", name="token_prefix"),
        migrations.RemoveIndex(model_name="searchtoken", name="token_facility"),
        migrations.AddIndex(
            model_name="searchtoken",
            index=models.Index(TOKEN, include=("person", "facility"), name="token_prefix"),
        ),
        migrations.AddIndex(
            model_name="searchtoken",
            index=models.Index(models.F("facility"), TOKEN, include=("person",), name="token_facility"),
        ),
        migrations.RunSQL(FIND, BEFORE.replace("create function", "create or replace function")),
    ]

"""The three doors in the wall around people: finding by what is typed, one line by identifier, testing a number.

They run as the owner and show an index line at most, so that a search needs no sight of the tables.
"""

from django.db import migrations

LINE = """
create type people_line as (
    person_id bigint, public_id uuid, name text, sex text, birth_date date, village text, phone text, facility text,
    place int, token text
);
create function people_may_find() returns boolean language sql stable parallel safe as $$
    select not wall_stands() or wall_reach('people:find') or wall_reach('people:read-all')
$$;
"""
FIND = """
create function people_find(here bigint, first text, last text, numbers text[], most int)
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
    )
    select p.id, p.public_id, p.name::text, p.sex::text, p.birth_date, coalesce(a.name, '')::text, p.phone::text,
        coalesce(f.name, '')::text, h.place, h.token::text
    from hits h
    join people_person d on d.id = h.person_id
    join people_person p on p.id = coalesce(d.merged_into_id, d.id) and p.merged_into_id is null
    left join places_area a on a.id = p.area_id
    left join places_facility f on f.id = p.primary_facility_id
    order by h.place, h.token using ~<~, p.id;
end $$;
"""
BY_IDENTIFIER = """
create function people_line_of(wanted uuid)
returns setof people_line language plpgsql stable security definer set search_path = public as $$
begin
    if not people_may_find() then
        return;
    end if;
    return query
    select p.id, p.public_id, p.name::text, p.sex::text, p.birth_date, coalesce(a.name, '')::text, p.phone::text,
        coalesce(f.name, '')::text, 0, ''::text
    from people_person d
    join people_person p on p.id = coalesce(d.merged_into_id, d.id)
    left join places_area a on a.id = p.area_id
    left join places_facility f on f.id = p.primary_facility_id
    where d.public_id = wanted;
end $$;
create function people_holds(person bigint, numbers text[])
returns boolean language sql stable security definer set search_path = public as $$
    select people_may_find() and (
        exists (select from people_personidentifier i where i.person_id = person and i.value = any(numbers))
        or exists (select from people_person p where p.id = person and p.phone <> '' and p.phone = any(numbers))
    )
$$;
"""
UNDO = """
drop function people_find, people_line_of, people_holds, people_may_find;
drop type people_line;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_moves_and_merge_accounts"), ("kernel", "0003_wall")]

    operations = [migrations.RunSQL(LINE + FIND + BY_IDENTIFIER, UNDO)]

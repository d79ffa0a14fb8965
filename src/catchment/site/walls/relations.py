"""By which relations a post sees a person: each a question in SQL about `wanted`, asked in this order.

`wall_sees` remembers, to the end of the transaction, the person last seen: rows come in runs of one person.

The variables: `wanted` the person, `here` the facilities that the post answers for, `own` its own facility.
"""

from django.conf import settings

RELATIONS: dict[str, str] = {
    "responsible": "select from people_person p where p.id = wanted and p.primary_facility_id = any(here)",
    "contract": """select from staff_careresponsibility c join staff_post p on p.id = c.post_id
        where c.person_id = wanted and c.since <= wall_today() and (c.until is null or c.until > wall_today())
        and (c.agreed_until is null or c.agreed_until >= wall_today()) and p.facility_id = any(here)""",
    "begun-by-hand": """select from consent_relation r where r.person_id = wanted
        and r.since <= wall_now() + interval '1 minute' and r.until > wall_now()
        and ((r.post_id is null and r.facility_id = own) or r.post_id = wall_post())""",
    "referral": """select from referral_referral r where r.person_id = wanted and r.parties && here
        and (r.state in ('sent', 'information-requested', 'accepted', 'arrived', 'answered', 'taken-over')
            or (r.state <> 'draft' and r.state_since > wall_now() - wall_after()))""",
    "advice": """select from referral_advice a where a.person_id = wanted
        and (a.from_facility_id = any(here) or a.holder_facility_id = any(here))
        and (a.state in ('asked', 'answered') or a.state_since > wall_now() - wall_after())""",
    "encounter": """select from record_encounter e where e.person_id = wanted and e.facility_id = any(here)
        and (coalesce(e.ended_at, e.at) > wall_now() - wall_after()
            or (e.ended_at is null and e.status in ('planned', 'arrived', 'triaged', 'in-progress', 'onleave')))""",
    "network": """select from people_person p
        join places_membership theirs on theirs.facility_id = p.primary_facility_id and theirs.until is null
        join places_membership ours on ours.network_id = theirs.network_id and ours.until is null
        where wall_shared() and p.id = wanted and ours.facility_id = own
        and not exists (select from consent_choice c where c.person_id = wanted and c.sharing = 'relations')""",
}
ASK = """
create or replace function wall_today() returns date language sql stable parallel safe as $$
    select (wall_now() at time zone '{zone}')::date
$$;
create or replace function wall_sees(wanted bigint) returns boolean
language plpgsql stable security definer set search_path = public as $$
begin
    if current_setting('catchment.seen', true) = wanted::text then
        return true;
    end if;
    if wanted = wall_person() or wall_related(wanted, wall_facilities(), wall_facility()) then
        perform set_config('catchment.seen', wanted::text, true);
        return true;
    end if;
    return false;
end $$;
create or replace function wall_related(wanted bigint, here bigint[], own bigint) returns boolean
language plpgsql stable security definer set search_path = public as $$
begin
    if here = '{{}}' then
        return false;
    end if;
{checks}
    return false;
end $$;
revoke execute on function wall_related from public;
create or replace function wall_relations(wanted bigint) returns setof text
language plpgsql stable security definer set search_path = public as $$
declare
    here constant bigint[] := wall_facilities();
    own constant bigint := wall_facility();
begin
{lines}
end $$;
create or replace function wall_opened() returns bigint[]
language sql stable security definer set search_path = public as $$
    select coalesce(array_agg(o.person_id), '{{}}') from board_opening o join board_workitem w on w.id = o.item_id
    where o.post_id = wall_post() and o.until > wall_now() and o.since <= wall_now() + interval '1 minute'
    and w.state = 'open' and w.facility_id = wall_facility()
$$;
create or replace function wall_referred(wanted bigint) returns boolean
language sql stable security definer set search_path = public as $$
    select exists (select from referral_referral r where r.person_id = wanted and r.state <> 'draft')
$$;
create or replace function wall_case(item bigint, wanted bigint) returns boolean
language sql stable security definer set search_path = public as $$
    select exists (
        select from board_workitem w where w.id = item and w.state = 'open' and w.facility_id = wall_facility()
        and (w.person_id = wanted or (w.subject_kind = 'finding' and exists (
            select from budget_evidence e where e.finding_id = w.subject_id and e.person_id = wanted)))
    )
$$;
create or replace function wall_explicit(wanted bigint) returns boolean
language sql stable security definer set search_path = public as $$
    select wanted = wall_person() or exists (
        select from consent_relation r where r.person_id = wanted and r.explicit
        and r.since <= wall_now() + interval '1 minute' and r.until > wall_now()
        and ((r.post_id is null and r.facility_id = wall_facility()) or r.post_id = wall_post())
    )
$$;
"""


def functions() -> str:
    """The SQL that defines `wall_sees`, `wall_relations`, `wall_explicit`, and what is asked for offices and managers.

    `wall_opened`: whom the acting post has open in work that its office still holds. `wall_case`: whether a piece of
    open work of its office is about a person. `wall_referred`: whether a person was ever referred.
    `wall_today`: the day where the county is.
    """
    checks = "\n".join(
        f"    if exists ({asked}) then\n        return true;\n    end if;" for asked in RELATIONS.values()
    )
    lines = "\n".join(
        f"    if exists ({asked}) then\n        return next '{code}';\n    end if;" for code, asked in RELATIONS.items()
    )
    return ASK.format(checks=checks, lines=lines, zone=settings.TIME_ZONE)

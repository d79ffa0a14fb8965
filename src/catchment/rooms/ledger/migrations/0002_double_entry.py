"""PostgreSQL keeps the books: balance at commit, numbers without gaps, nothing changed, nothing into a closed period."""

from django.db import migrations

KEEP = """
create function ledger_number() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    month ledger_period%rowtype;
begin
    select * into month from ledger_period where id = new.period_id for share;
    if month.state <> 'open' then
        raise exception 'period % is closed', month.code using errcode = 'check_violation';
    end if;
    if new.booked_on not between month.starts and month.ends then
        raise exception 'booked on %, outside of period %', new.booked_on, month.code using errcode = 'check_violation';
    end if;
    insert into ledger_journal (period_id, source_kind, last) values (new.period_id, new.source_kind, 1)
        on conflict (period_id, source_kind) do update set last = ledger_journal.last + 1
        returning last into new.number;
    new.written_in := pg_current_xact_id()::text::bigint;
    return new;
end $$;
create trigger ledger_number before insert on ledger_transaction for each row execute function ledger_number();

create function ledger_same_moment() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    if not exists (select from ledger_transaction t where t.id = new.transaction_id
            and t.written_in = pg_current_xact_id()::text::bigint) then
        raise exception 'transaction % is written already; post a correction', new.transaction_id
            using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger ledger_same_moment before insert on ledger_posting for each row execute function ledger_same_moment();

create function ledger_balance() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    wanted constant bigint := (to_jsonb(new) ->> tg_argv[0])::bigint;
    lines bigint;
    total numeric;
begin
    select count(*), coalesce(sum(amount), 0) into lines, total from ledger_posting where transaction_id = wanted;
    if lines < 2 or total <> 0 then
        raise exception 'transaction % does not balance: % postings, sum %', wanted, lines, total
            using errcode = 'check_violation';
    end if;
    return null;
end $$;
create constraint trigger ledger_balance after insert on ledger_transaction deferrable initially deferred
    for each row execute function ledger_balance('id');
create constraint trigger ledger_balance after insert on ledger_posting deferrable initially deferred
    for each row execute function ledger_balance('transaction_id');

create function ledger_period_changed() returns trigger
language plpgsql security definer set search_path = public as $$
begin
    update ledger_period set state = new.state where id = new.period_id;
    return null;
end $$;
create trigger ledger_period_changed after insert on ledger_periodchange for each row
    execute function ledger_period_changed();

create function ledger_stays() returns trigger language plpgsql as $$
begin
    if pg_trigger_depth() > 1 or current_setting('catchment.rebuild', true) = 'on' then
        return coalesce(new, old);
    end if;
    raise exception '% is never changed; post a correction', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger ledger_stays before update or delete on ledger_transaction for each row execute function ledger_stays();
create trigger ledger_stays before update or delete on ledger_posting for each row execute function ledger_stays();
create trigger ledger_stays before update or delete on ledger_periodchange for each row execute function ledger_stays();
create trigger ledger_stays before update or delete on ledger_period for each row execute function ledger_stays();
create trigger ledger_stays before insert or update or delete on ledger_journal for each row
    execute function ledger_stays();
create trigger ledger_is_not_emptied before truncate on ledger_transaction for each statement
    execute function ledger_stays();
create trigger ledger_is_not_emptied before truncate on ledger_posting for each statement
    execute function ledger_stays();
"""
UNDO = """
drop function ledger_number cascade; drop function ledger_same_moment cascade; drop function ledger_balance cascade;
drop function ledger_period_changed cascade; drop function ledger_stays cascade;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunSQL(KEEP, UNDO)]

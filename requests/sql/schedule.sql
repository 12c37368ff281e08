-- How long closed records are kept: what holds whoever asks, and through whichever door.

-- The time of an outcome that its force has not set; retention/schedule.py says the same, and a test compares them.
create or replace function ani.default_months(outcome text) returns integer
    language sql immutable set search_path = pg_catalog as
$$ select case when outcome in ('nothing_further', 'drill') then 12 else 72 end $$;

-- The least: a year, so that a complaint, an inspection or the person's own question still finds the record.
create or replace function ani.least_months(outcome text) returns integer
    language sql immutable set search_path = pg_catalog as
$$ select case when outcome = 'drill' then 1 else 12 end $$;

create or replace function ani.guard_schedule() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    held integer := case when tg_op = 'UPDATE' then old.keep_months else ani.default_months(new.outcome) end;
begin
    if num_nonnulls(new.set_by_id, new.set_by_coordinator_id) <> 1 then
        raise exception 'a line of the schedule is set by one person' using errcode = 'check_violation';
    elsif new.keep_months < ani.least_months(new.outcome) then
        raise exception 'a closed record is kept for % months at least', ani.least_months(new.outcome)
            using errcode = 'check_violation';
    elsif new.keep_months < held and not exists (
        -- Two people: it was asked for by one, and agreed by another, in this very transaction.
        select from requests_retentionproposal p
        where p.force_id = new.force_id and p.outcome = new.outcome and p.before_months = held
            and p.keep_months = new.keep_months and p.agreed and p.decided_at = now() and p.decided_by_id <> p.asked_by_id
    ) then
        raise exception 'a shorter time needs two people' using errcode = 'check_violation';
    end if;
    return new;
end $$;

drop trigger if exists guard on requests_retentionrule;
create trigger guard before insert or update on requests_retentionrule
    for each row execute function ani.guard_schedule();

-- A decision is made once, at the database's time; what was asked for does not change.
create or replace function ani.guard_proposal() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    if tg_op = 'INSERT' then
        if new.decided_at is not null or new.agreed then
            raise exception 'a shorter time is agreed after it was asked for' using errcode = 'check_violation';
        end if;
        new.asked_at := now();
    elsif old.decided_at is not null then
        raise exception 'this was decided' using errcode = 'check_violation';
    elsif new.decided_at is not null then
        new.decided_at := now();
    end if;
    return new;
end $$;

drop trigger if exists guard on requests_retentionproposal;
create trigger guard before insert or update on requests_retentionproposal
    for each row execute function ani.guard_proposal();

grant execute on function ani.default_months(text), ani.least_months(text) to ani_app;

-- Disposal, taking back, and what only the owner may do for them.

-- Removes rows and all that refers to them, in whichever app's table, so that nothing of a disposed record is left
-- behind by a table that came later. A reference that may be empty is emptied.
create or replace function ani.remove_with_all(wanted regclass, ids uuid[]) returns void
    language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    link record;
    below uuid[];
begin
    for link in
        select c.conrelid::regclass as child, a.attname as col, a.attnotnull as needed,
               exists (select from pg_attribute i
                       where i.attrelid = c.conrelid and i.attname = 'id' and i.atttypid = 'uuid'::regtype) as has_id
        from pg_constraint c
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
        where c.contype = 'f' and c.confrelid = wanted and cardinality(c.conkey) = 1
    loop
        if not link.needed then
            execute format('update %s set %I = null where %I = any ($1)', link.child, link.col, link.col) using ids;
        elsif link.child = wanted then
            raise exception '% refers to itself and must: this function would remove too much', wanted;
        elsif link.has_id then
            execute format('select array_agg(id) from %s where %I = any ($1)', link.child, link.col) into below using ids;
            if below is not null then
                perform ani.remove_with_all(link.child, below);
            end if;
        else
            execute format('delete from %s where %I = any ($1)', link.child, link.col) using ids;
        end if;
    end loop;
    execute format('delete from %s where id = any ($1)', wanted) using ids;
end $$;

-- The end of a record: its key and its fingerprints first, then every row; a stub is left.
create or replace function ani.destroy_record(wanted uuid) returns void
    language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into requests_stub (id, force_id, month, kind, outcome)
        select gen_random_uuid(), r.force_id, date_trunc('month', r.started_at at time zone 'Europe/London')::date,
               case when r.is_drill then 'drill' else
                    case r.attention when 1 then 'alert' when 2 then 'police_now' else 'police_later' end end,
               r.outcome
        from requests_codewordrequest r where r.id = wanted;
    delete from vault.record_key where record_id = wanted;
    delete from vault.phone_mark where record_id = wanted;
    perform ani.remove_with_all('requests_codewordrequest', array[wanted]);
end $$;

-- Disposes of what two people decided, after the waiting time. Says why not, where it does not.
create or replace function ani.dispose(wanted uuid) returns table (said text, record uuid, force integer)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    decision requests_disposal;
    target requests_codewordrequest;
    wait interval;
begin
    -- The record's row first, as every action on a record locks it.
    select r.* into target from requests_codewordrequest r
        where r.id = (select d.record_id from requests_disposal d where d.id = wanted) for update;
    if target.id is null then
        return query select 'gone', null::uuid, null::integer; return;
    end if;
    select d.* into decision from requests_disposal d where d.id = wanted for update;
    select s.disposal_wait into wait from pharmacies_forcesettings s where s.force_id = target.force_id;
    if decision.cancelled_at is not null then
        return query select 'cancelled', null::uuid, null::integer;
    elsif decision.approved_at is null or decision.approved_by_id = decision.requested_by_id then
        return query select 'not approved', null::uuid, null::integer;
    elsif target.state <> 'closed' then
        return query select 'open', null::uuid, null::integer;
    elsif exists (select from requests_offer o where o.record_id = target.id and o.state = 'open') then
        return query select 'offered', null::uuid, null::integer;
    elsif target.closed_at > decision.requested_at or target.force_id <> decision.force_id then
        return query select 'closed anew', null::uuid, null::integer;
    elsif exists (select from requests_hold h where h.record_id = target.id and h.lifted_at is null) then
        return query select 'held', null::uuid, null::integer;
    elsif wait is null or decision.approved_at + wait > now() then
        return query select 'too early', null::uuid, null::integer;
    else
        perform ani.destroy_record(target.id);
        return query select 'done', target.id, target.force_id::integer;
    end if;
end $$;

-- The waiting time runs from the database's clock, and an approval is given once.
create or replace function ani.guard_disposal() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    if tg_op = 'INSERT' then
        new.requested_at := now();
        if new.approved_at is not null then
            raise exception 'a disposal is approved after it was asked for' using errcode = 'check_violation';
        end if;
    elsif old.approved_at is not null and (new.approved_at, new.approved_by_id) is distinct from (old.approved_at, old.approved_by_id) then
        raise exception 'an approval is given once' using errcode = 'check_violation';
    elsif old.approved_at is null and new.approved_at is not null then
        new.approved_at := now();
    end if;
    return new;
end $$;

drop trigger if exists guard on requests_disposal;
create trigger guard before insert or update on requests_disposal for each row execute function ani.guard_disposal();

-- Words typed into the wrong record: for five minutes, by who typed them, at the tablet. The entry stays as a mark
-- that something was taken back; its content goes.
create or replace function ani.take_back(wanted uuid) returns uuid
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    found_record uuid;
    found_kind text;
    also uuid[];
begin
    update requests_entry e set sealed = ''::bytea, taken_back_at = now()
        from requests_codewordrequest r
        where e.id = wanted and r.id = e.record_id and ani.on_this_tablet(r)
            and e.officer_id is null and e.taken_back_at is null and e.kind <> 'recorder'
            and e.at > now() - interval '5 minutes'
            and case when e.staff_id is null then ani.staff() is null and r.sitting_id = ani.sitting()
                     else e.staff_id = ani.staff() end
        returning e.record_id, e.kind into found_record, found_kind;
    delete from requests_draft where record_id = found_record;
    -- Also where it was passed on: a force that was asked for help must not keep what was typed into the wrong record.
    with recursive copies as (
        select e.id, e.record_id from requests_entry e where e.copied_from = wanted and found_record is not null
        union all
        select e.id, e.record_id from requests_entry e join copies c on e.copied_from = c.id
    ), emptied as (
        update requests_entry e set sealed = ''::bytea, taken_back_at = now() from copies c where e.id = c.id
        returning e.record_id, e.force_id
    ), told as (
        select count(pg_notify('ani_live', 'force:' || force_id)) from emptied
    )
    select array_agg(record_id) into also from emptied, told;
    if found_kind = 'safe_contact' then
        delete from vault.phone_mark where record_id = found_record or record_id = any (also);
    end if;
    return found_record;
end $$;

-- What somebody without a PIN typed a moment ago: they may not read it again, but may take it back.
create or replace function ani.just_typed(wanted uuid) returns table (entry uuid, kind text, at timestamptz)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select e.id, e.kind::text, e.at from requests_entry e join requests_codewordrequest r on r.id = e.record_id
    where r.id = wanted and ani.on_this_tablet(r) and e.officer_id is null and e.taken_back_at is null
        and e.kind in ('own_words', 'observed', 'safe_contact', 'where', 'meeting', 'connected', 'told', 'needs', 'correction')
        and e.at > now() - interval '5 minutes'
        and case when e.staff_id is null then ani.staff() is null and r.sitting_id = ani.sitting()
                 else e.staff_id = ani.staff() end
    order by e.at desc
$$;

grant execute on function ani.dispose(uuid) to ani_worker;
grant execute on function ani.take_back(uuid), ani.just_typed(uuid) to ani_app;

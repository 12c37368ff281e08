-- Finding out who is asking, before there is a scope to ask in: narrow functions of the owner.

-- The tablet with this secret and, if its token is right, whose turn it is; leaves the tablet's scope set, because an alarm
-- should not wait for another round to the database.
drop function if exists ani.enter_tablet(bytea, bytea);
create function ani.enter_tablet(secret bytea, token bytea)
    returns table (tablet uuid, pharmacy uuid, force integer, sitting uuid, staff uuid, since timestamptz)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    select t.id, p.id, coalesce(s.elsewhere_force_id, p.force_id)::integer, s.id, s.staff_id, m.pin_set_at
        into tablet, pharmacy, force, sitting, staff, since
        from pharmacies_tablet t
        join pharmacies_pharmacy p on p.id = t.pharmacy_id
        left join pharmacies_sitting s
            on s.tablet_id = t.id and s.token_hash = token and s.ended_at is null
            and s.touched_at > now() - interval '12 hours'
            and not exists (select from pharmacies_staffmember gone where gone.id = s.staff_id and gone.ended_at <= now())
        left join pharmacies_staffmember m on m.id = s.staff_id
        where t.secret_hash = secret and t.revoked_at is null and p.participation = 'on_board';
    if not found then
        return;
    end if;
    perform set_config('ani.kind', 'tablet', true), set_config('ani.force', force::text, true),
        set_config('ani.pharmacy', pharmacy::text, true), set_config('ani.tablet', tablet::text, true),
        set_config('ani.sitting', coalesce(sitting::text, ''), true),
        set_config('ani.staff', coalesce(staff::text, ''), true), set_config('ani.person', '', true),
        set_config('ani.since', coalesce(since::text, ''), true);
    return next;
end $$;

-- The part that a person has as officer, coordinator or auditor, at the force asked for or the first.
create or replace function ani.enter_member(part text, person bigint, wanted integer)
    returns table (member uuid, force integer, role text, name text)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    return query execute format(
        'select m.id, m.force_id::integer, %s, %s from pharmacies_%I m join accounts_user u on u.id = m.user_id
         where m.user_id = $1 and u.is_active and m.started_at <= now() and (m.ended_at is null or m.ended_at > now())
         order by (m.force_id = $2) desc nulls last, m.force_id limit 1',
        case part when 'officer' then 'm.role::text' else quote_literal(part) end,
        case part when 'officer' then 'm.display_name::text' else 'u.name::text' end, part)
        using person, wanted;
end $$;

-- Turns a code into a tablet, once. Says what was wrong with a code that does not work.
create or replace function ani.enrol_tablet(code bytea, secret bytea)
    returns table (outcome text, tablet uuid, pharmacy uuid, force integer)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    found_code pharmacies_enrolmentcode;
    made uuid;
begin
    select * into found_code from pharmacies_enrolmentcode where code_hash = code for update;
    if not found then
        return query select 'unknown', null::uuid, null::uuid, null::integer; return;
    elsif found_code.used_at is not null then
        return query select 'used', null::uuid, null::uuid, null::integer; return;
    elsif found_code.expires_at < now() then
        return query select 'expired', null::uuid, null::uuid, null::integer; return;
    end if;
    insert into pharmacies_tablet (id, pharmacy_id, name, secret_hash, enrolled_at, last_heard_at)
        values (gen_random_uuid(), found_code.pharmacy_id, found_code.tablet_name, secret, now(), now())
        returning id into made;
    update pharmacies_enrolmentcode set used_at = now() where id = found_code.id;
    return query select 'enrolled', made, p.id, p.force_id::integer from pharmacies_pharmacy p where p.id = found_code.pharmacy_id;
end $$;

grant execute on function ani.enter_tablet(bytea, bytea), ani.enter_member(text, bigint, integer),
    ani.enrol_tablet(bytea, bytea) to ani_app;

-- *Not here*: this turn is at another place than the tablet's pharmacy. The force is decided here, by the postcode table,
-- never by the tablet. Returns no force where the postcode is not known: then the pharmacy's own stays responsible.
create or replace function ani.sit_elsewhere(wanted text) returns integer
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    plain text := upper(regexp_replace(wanted, '[^A-Za-z0-9]', '', 'g'));
    found_force integer;
begin
    select f.id into found_force
        from pharmacies_postcode c
        join pharmacies_district d on d.code = c.district_id
        join pharmacies_policeforce f on f.id = d.force_id and f.active
        join pharmacies_forcesettings s on s.force_id = f.id
        where c.postcode = plain;
    update pharmacies_sitting
        set elsewhere = left(plain, greatest(length(plain) - 3, 0)) || ' ' || right(plain, 3), elsewhere_force_id = found_force
        where id = ani.sitting() and tablet_id = ani.tablet() and ended_at is null;
    return found_force;
end $$;

grant execute on function ani.sit_elsewhere(text) to ani_app;

-- A new PIN, whoever set it: what was recorded before stays shut to it, turns that are open end, and its locks are off.
create or replace function ani.new_pin() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    new.pin_set_at := clock_timestamp();
    update pharmacies_sitting set ended_at = now() where staff_id = new.id and ended_at is null;
    delete from pharmacies_pintries where staff_id = new.id;
    return new;
end $$;

create or replace trigger new_pin before update on pharmacies_staffmember
    for each row when (old.pin_hash is distinct from new.pin_hash) execute function ani.new_pin();

-- A colleague, in their own turn, vouches for a locum until `until`: a new member of staff each time, who therefore finds
-- nothing of an earlier shift. Nobody who was vouched for vouches.
create or replace function ani.vouch(person text, letters text, pin text, until timestamptz) returns uuid
    language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into pharmacies_staffmember
        (id, pharmacy_id, name, initials, pin_hash, started_at, ended_at, pin_set_at, vouched_by_id)
    select gen_random_uuid(), m.pharmacy_id, person, letters, pin, now(), least(until, now() + interval '14 hours'), now(), m.id
    from pharmacies_staffmember m
    where ani.kind() = 'tablet' and m.id = ani.staff() and m.pharmacy_id = ani.pharmacy() and m.vouched_by_id is null
        and (m.ended_at is null or m.ended_at > now())
    returning id
$$;

grant execute on function ani.vouch(text, text, text, timestamptz) to ani_app;

-- Finding out who is asking, before there is a scope to ask in: narrow functions of the owner.

-- The tablet with this secret and, if its token is right, whose turn it is; leaves the tablet's scope set, because an alarm
-- should not wait for another round to the database.
drop function if exists ani.enter_tablet(bytea, bytea);
create function ani.enter_tablet(secret bytea, token bytea)
    returns table (tablet uuid, pharmacy uuid, force integer, sitting uuid, staff uuid, since timestamptz)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    -- Before any table: while the rings are laid anew, everybody waits here (GATE in ani_portal/access/roles.py).
    perform pg_advisory_xact_lock_shared(4279881);
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

-- Where a tablet stands whose pharmacy is suspended: it gets in nowhere, but is told so, with the lines of its place.
create or replace function ani.suspended_tablet(secret bytea)
    returns table (force integer, nation text, district text)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select f.id::integer, f.nation::text, p.district_id::text
    from pharmacies_tablet t
    join pharmacies_pharmacy p on p.id = t.pharmacy_id
    join pharmacies_policeforce f on f.id = p.force_id
    where t.secret_hash = secret and t.revoked_at is null and p.participation = 'suspended'
$$;

-- Every part that a person has now, by door: one of them is chosen where there are several.
drop function if exists ani.enter_member(text, bigint, integer);
drop function if exists ani.enter_administrator(bigint);
create or replace function ani.parts_of(wanted bigint)
    returns table (door text, part text, member uuid, role text, name text, force integer, organisation integer,
                   pharmacy uuid, place text)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    with person as (select u.id, u.name::text from accounts_user u where u.id = wanted and u.is_active),
    forces as (
        select 'triage' as door, 'officer' as part, o.id, o.role::text, o.display_name::text as name, o.force_id
            from pharmacies_officer o
            where o.user_id = wanted and o.started_at <= now() and (o.ended_at is null or o.ended_at > now())
        union all
        select 'onboarding', 'coordinator', c.id, 'coordinator', null, c.force_id from pharmacies_coordinator c
            where c.user_id = wanted and c.started_at <= now() and (c.ended_at is null or c.ended_at > now())
        union all
        select 'audit', 'auditor', a.id, 'auditor', null, a.force_id from pharmacies_auditor a
            where a.user_id = wanted and a.started_at <= now() and (a.ended_at is null or a.ended_at > now()))
    select m.door, m.part, m.id, m.role, coalesce(m.name, person.name), m.force_id::integer, null::integer, null::uuid,
           f.short_name::text
        from forces m join pharmacies_policeforce f on f.id = m.force_id cross join person
    union all
    select 'onboarding', 'administrator', a.id, 'administrator', person.name, null, a.organisation_id::integer,
           a.pharmacy_id, coalesce(p.name || ', ' || p.postcode, nullif(g.name, ''), g.ods_code)
        from pharmacies_administrator a cross join person
        left join pharmacies_pharmacy p on p.id = a.pharmacy_id
        left join pharmacies_organisation g on g.id = a.organisation_id
        where a.user_id = wanted and a.started_at <= now() and (a.ended_at is null or a.ended_at > now())
$$;

-- The part with which a person enters a door: the one they chose, or their only one. `several` and not `chosen`: they
-- must choose first.
drop function if exists ani.enter_part(text, bigint, uuid);
-- `only` is the one force for which a session may act that came through that force's own sign-in.
create or replace function ani.enter_part(wanted_door text, person bigint, wanted uuid, only_force integer)
    returns table (part text, member uuid, role text, name text, force integer, organisation integer, pharmacy uuid,
                   chosen boolean, several boolean)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select p.part, p.member, p.role, p.name, p.force, p.organisation, p.pharmacy, coalesce(p.member = wanted, false),
           count(*) over () > 1
    from ani.parts_of(person) p where p.door = wanted_door
        and (only_force is null or (p.force = only_force and p.part <> 'administrator'))
    order by coalesce(p.member = wanted, false) desc, p.part desc, p.force limit 1
$$;

-- One's own parts, for choosing among them.
create or replace function ani.own_parts()
    returns table (door text, part text, member uuid, role text, place text)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select p.door, p.part, p.member, p.role, p.place from ani.parts_of(ani.person()) p
    where ani.kind() = 'person' order by p.door desc, p.place, p.part
$$;

-- Turns a code into a tablet, once. Says what was wrong with a code that does not work.
create or replace function ani.enrol_tablet(code bytea, secret bytea)
    returns table (outcome text, tablet uuid, pharmacy uuid, force integer)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    found_code pharmacies_enrolmentcode;
    made uuid;
begin
    select * into found_code from pharmacies_enrolmentcode where code_hash = code for no key update;
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

grant execute on function ani.enter_tablet(bytea, bytea), ani.suspended_tablet(bytea), ani.enter_part(text, bigint, uuid, integer), ani.own_parts(),
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

-- *Not here*, without a whole postcode: the pharmacies that take part and whose name, or first half of the postcode, is
-- that. No more than the public finder shows to everybody.
create or replace function ani.pharmacies_like(wanted text)
    returns table (id uuid, name text, address text, postcode text)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select p.id, p.name::text, p.address::text, p.postcode::text
        from pharmacies_pharmacy p
        join pharmacies_policeforce f on f.id = p.force_id and f.active
        where p.participation = 'on_board' and p.site_status = 'open' and length(btrim(wanted)) >= 2
            and (position(lower(btrim(wanted)) in lower(p.name || ' ' || p.address)) > 0
                or split_part(p.postcode, ' ', 1) = upper(btrim(wanted)))
        order by p.name, p.postcode
        limit 12
$$;
grant execute on function ani.pharmacies_like(text) to ani_app;

-- The turn is at that pharmacy: its force was confirmed when it came on board, so nothing is guessed from half a postcode.
create or replace function ani.sit_at(wanted uuid) returns integer
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    found_force integer;
begin
    update pharmacies_sitting s
        set elsewhere = p.postcode, elsewhere_force_id = p.force_id
        from pharmacies_pharmacy p
        join pharmacies_policeforce f on f.id = p.force_id and f.active
        where p.id = wanted and p.participation = 'on_board' and p.site_status = 'open'
            and s.id = ani.sitting() and s.tablet_id = ani.tablet() and s.ended_at is null
        returning p.force_id into found_force;
    return found_force;
end $$;
grant execute on function ani.sit_at(uuid) to ani_app;

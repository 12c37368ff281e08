-- Coming in, for people who have no scope yet, and the facts of a pharmacy over time. Narrow functions of the owner.

-- Pharmacies of the public register that somebody means: by ODS code, postcode, or words of name and address.
create or replace function ani.find_sites(wanted text)
    returns table (id uuid, ods_code text, name text, address text, postcode text, force integer, force_name text,
                   phone_ends text, takes_part boolean)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select p.id, p.ods_code::text, p.name::text, p.address::text, p.postcode::text, f.id::integer, f.name::text,
           case when p.phone = '' then '' else right(regexp_replace(p.phone, '\D', '', 'g'), 3) end,
           p.participation = 'on_board'
    from pharmacies_pharmacy p left join pharmacies_policeforce f on f.id = p.force_id
    where p.site_status = 'open' and length(trim(wanted)) >= 3
      and (p.ods_code = upper(trim(wanted))
           or replace(p.postcode, ' ', '') = upper(regexp_replace(wanted, '\s', '', 'g'))
           or (select bool_and(position(lower(word) in lower(p.name || ' ' || p.address || ' ' || p.postcode)) > 0)
               from regexp_split_to_table(trim(wanted), '[\s,]+') word))
    order by p.name, p.postcode limit 21
$$;

-- Whether some pharmacy, of whatever force, has this code or premises number: the official register is public.
create or replace function ani.code_is_known(code text, premises text) returns boolean
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select ani.kind() = 'coordinator'
        and exists (select from pharmacies_pharmacy p where p.ods_code = code or p.gphc_number = premises)
$$;

-- One of them, by its id.
create or replace function ani.site_of(site uuid)
    returns table (id uuid, ods_code text, name text, address text, postcode text, force_name text, phone_ends text,
                   takes_part boolean)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select p.id, p.ods_code::text, p.name::text, p.address::text, p.postcode::text, f.name::text,
           case when p.phone = '' then '' else right(regexp_replace(p.phone, '\D', '', 'g'), 3) end,
           p.participation <> 'registered'
    from pharmacies_pharmacy p left join pharmacies_policeforce f on f.id = p.force_id
    where p.id = site and p.site_status = 'open'
$$;

-- A wish to join. Says what stands in the way, if anything does: nothing is made but the wish itself.
create or replace function ani.ask_to_join(site uuid, secret bytea, came_from bytea, person text, person_role text,
                                           address text, has_space boolean, has_phone boolean)
    returns table (outcome text, application uuid, force integer)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    found_site pharmacies_pharmacy;
    made uuid := gen_random_uuid();
begin
    select * into found_site from pharmacies_pharmacy p where p.id = site and p.site_status = 'open' for no key update;
    if not found then
        return query select 'unknown', null::uuid, null::integer; return;
    elsif found_site.participation <> 'registered' then
        return query select 'takes part', null::uuid, null::integer; return;
    elsif found_site.force_id is null then
        return query select 'no force', null::uuid, null::integer; return;
    elsif exists (select from pharmacies_application a where a.pharmacy_id = site and a.state in ('waiting', 'rung')) then
        return query select 'already', null::uuid, null::integer; return;
    -- Five an hour from one place, and 200 an hour in all: more is a machine, and a coordinator reads each of them.
    elsif (select count(*) from pharmacies_application a where a.client = came_from and a.made_at > now() - interval '1 hour') >= 5
        or (select count(*) from pharmacies_application a where a.made_at > now() - interval '1 hour') >= 200 then
        return query select 'too many', null::uuid, null::integer; return;
    end if;
    insert into pharmacies_application (id, pharmacy_id, force_id, secret_hash, client, name, role, email, private_space,
                                        spare_phone, state, made_at, rung_by, decided_by, reason)
        values (made, site, found_site.force_id, secret, came_from, person, person_role, address, has_space, has_phone,
                'waiting', now(), '', '', '');
    return query select 'made', made, found_site.force_id::integer;
end $$;

-- Where a wish stands, for whoever holds its link.
create or replace function ani.application_of(secret bytea)
    returns table (state text, site text, postcode text, force_name text, reason text, made_at timestamptz,
                   rung_at timestamptz, decided_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select a.state::text, p.name::text, p.postcode::text, f.name::text, a.reason::text, a.made_at, a.rung_at, a.decided_at
    from pharmacies_application a join pharmacies_pharmacy p on p.id = a.pharmacy_id
    join pharmacies_policeforce f on f.id = a.force_id where a.secret_hash = secret
$$;

-- An invitation, for whoever holds its link: looking uses nothing up.
create or replace function ani.invitation_of(token bytea)
    returns table (kind text, place text, person text, email text, state text, force integer)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select i.kind::text, coalesce(p.name || ', ' || p.postcode, o.name, f.name), i.name::text, i.email::text,
           case when i.used_at is not null then 'used' when i.cancelled_at is not null then 'withdrawn'
                when i.expires_at <= now() then 'expired' else 'open' end, i.force_id::integer
    from pharmacies_invitation i left join pharmacies_pharmacy p on p.id = i.pharmacy_id
    join pharmacies_policeforce f on f.id = i.force_id
    left join pharmacies_organisation o on o.id = i.organisation_id where i.token_hash = token
$$;

-- Uses an invitation, once: a member of staff with a PIN of their own, or somebody with an account. In one force nobody
-- both reads records and administers, nor watches over either: 'both' says so, and nothing is used up.
create or replace function ani.accept_invitation(token bytea, person text, letters text, pin text, account bigint)
    returns table (outcome text, member uuid, force integer)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    found_one pharmacies_invitation;
    made uuid := gen_random_uuid();
begin
    select * into found_one from pharmacies_invitation where token_hash = token for no key update;
    if not found or found_one.used_at is not null or found_one.cancelled_at is not null or found_one.expires_at <= now() then
        return query select 'gone', null::uuid, null::integer; return;
    end if;
    -- One at a time for an account: two invitations accepted at once would not see each other's part.
    perform from accounts_user u where u.id = account for no key update;
    if found_one.kind not in ('staff', 'administrator') and exists (
        select from ani.parts_of(account) p where p.force = found_one.force_id
            and p.part <> case when found_one.kind in ('coordinator', 'auditor') then found_one.kind else 'officer' end) then
        return query select 'both', null::uuid, null::integer; return;
    end if;
    if found_one.kind = 'administrator' then
        insert into pharmacies_administrator (id, user_id, pharmacy_id, organisation_id, started_at)
            values (made, account, found_one.pharmacy_id, found_one.organisation_id, now()) on conflict do nothing;
    elsif found_one.kind = 'coordinator' then
        insert into pharmacies_coordinator (id, user_id, force_id, started_at)
            values (made, account, found_one.force_id, now()) on conflict do nothing;
    elsif found_one.kind = 'auditor' then
        insert into pharmacies_auditor (id, user_id, force_id, started_at)
            values (made, account, found_one.force_id, now()) on conflict do nothing;
    elsif found_one.kind <> 'staff' then
        insert into pharmacies_officer (id, user_id, force_id, role, display_name, conflict, started_at)
            values (made, account, found_one.force_id, found_one.kind, left(found_one.name, 40), false, now())
            on conflict do nothing;
    else
        made := ani.join_staff(found_one, person, letters, pin);
    end if;
    update pharmacies_invitation set used_at = now(), mail_due_at = null where id = found_one.id;
    return query select 'accepted', made, found_one.force_id::integer;
end $$;

-- A new member of staff, or a new PIN for one.
create or replace function ani.join_staff(invited pharmacies_invitation, person text, letters text, pin text) returns uuid
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    made uuid;
begin
    if invited.staff_id is not null then
        update pharmacies_staffmember set pin_hash = pin where id = invited.staff_id and ended_at is null
            returning id into made;
    else
        insert into pharmacies_staffmember (id, pharmacy_id, name, initials, pin_hash, started_at, pin_set_at)
            values (gen_random_uuid(), invited.pharmacy_id, person, letters, pin, now(), now()) returning id into made;
    end if;
    return made;
end $$;

-- The same by the short code, on a tablet of the pharmacy itself: nobody else's code works there.
create or replace function ani.invited_on_tablet(code bytea)
    returns table (person text, letters text, again boolean)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select coalesce(m.name, i.name)::text, coalesce(m.initials, '')::text, m.id is not null
    from pharmacies_invitation i left join pharmacies_staffmember m on m.id = i.staff_id
    where i.code_hash = code and ani.kind() = 'tablet' and i.pharmacy_id = ani.pharmacy() and i.kind = 'staff'
      and i.used_at is null and i.cancelled_at is null and i.expires_at > now()
$$;

create or replace function ani.accept_on_tablet(code bytea, person text, letters text, pin text)
    returns table (outcome text, member uuid, force integer)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    found_one pharmacies_invitation;
    made uuid;
begin
    select * into found_one from pharmacies_invitation i
        where i.code_hash = code and ani.kind() = 'tablet' and i.pharmacy_id = ani.pharmacy() and i.kind = 'staff' for no key update;
    if not found or found_one.used_at is not null or found_one.cancelled_at is not null or found_one.expires_at <= now() then
        return query select 'gone', null::uuid, null::integer; return;
    end if;
    made := ani.join_staff(found_one, person, letters, pin);
    update pharmacies_invitation set used_at = now(), mail_due_at = null where id = found_one.id;
    return query select 'accepted', made, found_one.force_id::integer;
end $$;

-- What of the checklist is missing for *live*. Two items are not said but found out: a drill that an officer answered, and
-- two officers named for conflicts of interest.
create or replace function ani.missing_for_live(wanted integer) returns text
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select string_agg(needed.item, ',' order by needed.place)
    from unnest(array['dpia', 'agreements', 'policy', 'notice', 'hours', 'fallback', 'conflict', 'drill'])
        with ordinality needed (item, place)
    where wanted = ani.force() and not case needed.item
        when 'drill' then exists (select from pharmacies_pharmacy p where p.force_id = wanted and p.proven_at is not null)
        when 'conflict' then 2 <= (select count(*) from pharmacies_officer o
            where o.force_id = wanted and o.conflict and (o.ended_at is null or o.ended_at > now()))
        else exists (select from pharmacies_forcecheckdone c where c.force_id = wanted and c.item = needed.item) end
$$;

-- Where the force stands. It goes live only with every item of its checklist done.
create or replace function ani.set_stage(wanted text) returns text
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    missing text;
begin
    if ani.kind() <> 'coordinator' then
        raise exception 'only a coordinator' using errcode = 'insufficient_privilege';
    end if;
    if wanted = 'live' then
        missing := ani.missing_for_live(ani.force());
        if missing is not null then
            return missing;
        end if;
        update pharmacies_policeforce set active = true where id = ani.force();
    end if;
    update pharmacies_forcesettings set stage = wanted, stage_since = now(), version = version + 1
        where force_id = ani.force();
    return '';
end $$;

-- A drill was answered by an officer of the pharmacy's force: the place, the tablet, whose turn it was, and the officer.
drop function if exists ani.note_proof(uuid);
create or replace function ani.note_proof(site uuid, device uuid, turn uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if ani.kind() <> 'officer' then
        return;
    end if;
    update pharmacies_pharmacy set proven_at = now() where id = site and force_id = ani.force();
    update pharmacies_tablet t set proven_at = now() from pharmacies_pharmacy p
        where t.id = device and p.id = t.pharmacy_id and p.id = site and p.force_id = ani.force();
    update pharmacies_staffmember m set proven_at = now() from pharmacies_sitting s
        where s.id = turn and s.tablet_id = device and m.id = s.staff_id;
    update pharmacies_officer set proven_at = now()
        where user_id = ani.person() and force_id = ani.force();
end $$;

-- What the scheme is today, for everybody: by force, where anything is said.
create or replace function ani.schemes()
    returns table (force integer, force_name text, stage text, status text, starts date, ends date)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select f.id::integer, f.name::text, s.stage::text, s.scheme_status, s.scheme_from, s.scheme_until
    from pharmacies_forcesettings s join pharmacies_policeforce f on f.id = s.force_id order by f.name
$$;

-- Lines for professionals, for the staff of a tablet to ring themselves: never for people who harm, and none that nobody
-- has looked at for too long.
create or replace function ani.lines_for_staff() returns setof pharmacies_supportservice
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select * from pharmacies_supportservice s where ani.kind() = 'tablet' and s.audience = 'professional'
        and (s.force_id is null or s.force_id = ani.force()) and coalesce(s.review_on, s.last_verified + 365) > current_date - 90
    order by s."order", s.name
$$;

-- A pharmacy's facts over time.
create or replace function ani.keep_facts() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    since timestamptz := case when tg_op = 'INSERT' and new.opened_on is not null then new.opened_on::timestamptz else now() end;
    fact record;
begin
    for fact in
        select n.kind, o.value as before, n.value as after
        from (values
            ('ods_code', coalesce(new.ods_code, '')), ('gphc_number', coalesce(new.gphc_number, '')),
            ('name', new.name), ('address', new.address || ', ' || new.postcode),
            ('status', new.site_status), ('takes_part', new.participation),
            ('owner', coalesce(new.organisation_id::text, '')), ('force', coalesce(new.force_id::text, ''))) n (kind, value)
        left join (values
            ('ods_code', coalesce(old.ods_code, '')), ('gphc_number', coalesce(old.gphc_number, '')),
            ('name', old.name), ('address', old.address || ', ' || old.postcode),
            ('status', old.site_status), ('takes_part', old.participation),
            ('owner', coalesce(old.organisation_id::text, '')), ('force', coalesce(old.force_id::text, ''))) o (kind, value)
            on o.kind = n.kind and tg_op = 'UPDATE'
        where o.value is distinct from n.value
    loop
        if tg_op = 'UPDATE' then
            update pharmacies_pharmacyfact set valid_to = now()
                where pharmacy_id = new.id and kind = fact.kind and valid_to is null;
        end if;
        if fact.after <> '' then
            insert into pharmacies_pharmacyfact (pharmacy_id, kind, value, valid_from)
            select new.id, fact.kind, case fact.kind
                when 'owner' then (select coalesce(nullif(g.name, ''), g.ods_code) from pharmacies_organisation g where g.id = new.organisation_id)
                when 'force' then (select f.name from pharmacies_policeforce f where f.id = new.force_id)
                else fact.after end, since;
        end if;
    end loop;
    return null;
end $$;

create or replace trigger keep_facts after insert or update
    of ods_code, gphc_number, name, address, postcode, site_status, participation, organisation_id, force_id
    on pharmacies_pharmacy for each row execute function ani.keep_facts();

create or replace function ani.organisation() returns integer language sql stable parallel safe set search_path = pg_catalog as
    $$ select ani.scope('organisation')::integer $$;

grant execute on function ani.organisation() to ani_app, ani_worker, ani_import, ani_verify;
grant execute on function ani.find_sites(text), ani.site_of(uuid), ani.application_of(bytea), ani.invitation_of(bytea),
    ani.ask_to_join(uuid, bytea, bytea, text, text, text, boolean, boolean),
    ani.accept_invitation(bytea, text, text, text, bigint), ani.set_stage(text), ani.missing_for_live(integer),
    ani.invited_on_tablet(bytea), ani.lines_for_staff(), ani.code_is_known(text, text), ani.accept_on_tablet(bytea, text, text, text),
    ani.note_proof(uuid, uuid, uuid), ani.schemes() to ani_app;

-- An officer may pause the desk, and set nothing else: grants are by role, and officers and coordinators share one.
create or replace function ani.officers_only_pause() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    if current_setting('ani.kind', true) = 'officer'
        and to_jsonb(new) - 'desk_paused_until' is distinct from to_jsonb(old) - 'desk_paused_until' then
        raise exception 'an officer pauses the desk and sets nothing else' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create or replace trigger officers_only_pause before update on pharmacies_forcesettings
    for each row execute function ani.officers_only_pause();

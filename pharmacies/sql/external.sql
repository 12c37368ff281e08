-- Single sign-on of a force: the operator writes the provider down, a coordinator confirms it, and only then it works.

-- Any change by anybody but a confirming coordinator turns it off; a coordinator confirms or ends, and changes nothing.
create or replace function ani.provider_changed() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    if current_setting('ani.kind', true) = 'coordinator' then
        if to_jsonb(new) - 'confirmed_at' - 'confirmed_by' is distinct from to_jsonb(old) - 'confirmed_at' - 'confirmed_by' then
            raise exception 'a coordinator confirms, and changes nothing' using errcode = 'insufficient_privilege';
        end if;
    else
        new.confirmed_at := null;
        new.confirmed_by := '';
    end if;
    return new;
end $$;

create or replace trigger provider_changed before insert or update on pharmacies_identityprovider
    for each row execute function ani.provider_changed();

create or replace function ani.provided_role_changed() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    update pharmacies_identityprovider set changed_at = now() where force_id = coalesce(new.force_id, old.force_id);
    return null;
end $$;

create or replace trigger provided_role_changed after insert or update or delete on pharmacies_providedrole
    for each row execute function ani.provided_role_changed();

-- Whom a coordinator let go over was let to the issuer of that day, and to no later one.
create or replace function ani.provider_replaced() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    update pharmacies_officer set may_link = false where force_id = new.force_id and may_link;
    update pharmacies_coordinator set may_link = false where force_id = new.force_id and may_link;
    update pharmacies_auditor set may_link = false where force_id = new.force_id and may_link;
    return null;
end $$;

create or replace trigger provider_replaced after update of issuer on pharmacies_identityprovider
    for each row when (old.issuer is distinct from new.issuer) execute function ani.provider_replaced();

-- What the provider of a force said of somebody becomes their account and their parts in that force, and in no other.
-- `said` are the values of the claim; only roles that the force's own table names come out of them. `proven` is the issuer that
-- was asked: if it was changed meanwhile, its subject is nobody's.
drop function if exists ani.enter_external(integer, text, text, text, text[]);
drop function if exists ani.enter_external(integer, text, text, text, text[], boolean);
create or replace function ani.enter_external(
    wanted integer, proven text, subject text, address text, called text, said text[], verified boolean)
    returns table (outcome text, person bigint, made text[], ended text[])
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    provider pharmacies_identityprovider;
    roles text[];
    desk text;  -- the one role at the desk
    part text;
    found_user accounts_user;
begin
    -- Shared until the session stands: a change of provider that comes now ends it too.
    select * into provider from pharmacies_identityprovider p
        where p.force_id = wanted and p.confirmed_at is not null and p.issuer = proven for share;
    if not found then
        return query select 'off', null::bigint, null::text[], null::text[]; return;
    end if;
    made := '{}'; ended := '{}';
    select coalesce(array_agg(distinct r.role::text), '{}') into roles
        from pharmacies_providedrole r where r.force_id = wanted and r.value = any (said);
    desk := case when 'supervisor' = any (roles) then 'supervisor' when 'dpo' = any (roles) then 'dpo'
            when 'officer' = any (roles) then 'officer' end;
    -- As with invitations: nobody both reads records and administers, nor watches over either.
    if (desk is not null)::integer + ('coordinator' = any (roles))::integer + ('auditor' = any (roles))::integer > 1 then
        return query select 'both', null::bigint, made, ended; return;
    end if;
    select u.* into found_user from accounts_externalidentity i join accounts_user u on u.id = i.user_id
        where i.issuer = provider.issuer and i.subject = enter_external.subject and i.force = wanted for no key update of u;
    if not found then
        if cardinality(roles) = 0 then
            return query select 'no part', null::bigint, made, ended; return;
        end if;
        select * into found_user from accounts_user u where lower(u.email) = lower(address) for no key update;
        if not found then
            insert into accounts_user (email, name, password, is_active, created_at, session_round)
                values (lower(address), called, '!' || gen_random_uuid(), true, now(), 0) returning * into found_user;
        elsif exists (select from accounts_externalidentity i where i.user_id = found_user.id
                      and (i.force <> wanted or i.issuer = provider.issuer))
            or exists (select from accounts_operator o where o.user_id = found_user.id and o.ended_at is null)
            or exists (select from pharmacies_administrator a where a.user_id = found_user.id and a.ended_at is null)
            or not exists (select from pharmacies_officer m where m.user_id = found_user.id and m.force_id = wanted
                           union all select from pharmacies_coordinator m where m.user_id = found_user.id and m.force_id = wanted
                           union all select from pharmacies_auditor m where m.user_id = found_user.id and m.force_id = wanted)
            or exists (select from pharmacies_officer m where m.user_id = found_user.id and m.force_id <> wanted
                       union all select from pharmacies_coordinator m where m.user_id = found_user.id and m.force_id <> wanted
                       union all select from pharmacies_auditor m where m.user_id = found_user.id and m.force_id <> wanted) then
            -- An address is only a claim: it never takes over the account of somebody who is not this force's alone.
            return query select 'taken', null::bigint, made, ended; return;
        else
            -- A provider's word alone takes no account over, and one of another issuer is another provider: a coordinator
            -- lets each person go, once.
            if not verified or not exists (
                select from (select m.user_id, m.force_id, m.ended_at, m.may_link from pharmacies_officer m
                       union all select m.user_id, m.force_id, m.ended_at, m.may_link from pharmacies_coordinator m
                       union all select m.user_id, m.force_id, m.ended_at, m.may_link from pharmacies_auditor m) m
                where m.user_id = found_user.id and m.force_id = wanted and m.may_link
                    and (m.ended_at is null or m.ended_at > now())) then
                return query select 'not let', null::bigint, made, ended; return;
            end if;
            -- Who reads restricted words was named as the account's owner, not as whoever the provider says they are.
            update pharmacies_officer m set conflict = false, may_link = false where m.user_id = found_user.id and m.force_id = wanted;
            update pharmacies_coordinator m set may_link = false where m.user_id = found_user.id and m.force_id = wanted;
            update pharmacies_auditor m set may_link = false where m.user_id = found_user.id and m.force_id = wanted;
            -- From now on there is one way in, and the password is none.
            update accounts_user set password = '!' || gen_random_uuid() where id = found_user.id;
        end if;
        insert into accounts_externalidentity (user_id, issuer, subject, force, created_at)
            values (found_user.id, provider.issuer, enter_external.subject, wanted, now())
            on conflict (user_id) do update set issuer = excluded.issuer, subject = excluded.subject;
    end if;
    -- What a coordinator ended stays ended until a coordinator lets them in again, by the button or by an invitation.
    if not found_user.is_active or exists (
        select from (select m.user_id, m.force_id, m.ended_at, m.shut from pharmacies_officer m
               union all select m.user_id, m.force_id, m.ended_at, m.shut from pharmacies_coordinator m
               union all select m.user_id, m.force_id, m.ended_at, m.shut from pharmacies_auditor m) m
        where m.user_id = found_user.id and m.force_id = wanted and m.shut and m.ended_at <= now()
            and not exists (
                select from (select o.user_id, o.force_id, o.ended_at, o.started_at from pharmacies_officer o
                       union all select c.user_id, c.force_id, c.ended_at, c.started_at from pharmacies_coordinator c
                       union all select a.user_id, a.force_id, a.ended_at, a.started_at from pharmacies_auditor a) later
                where later.user_id = m.user_id and later.force_id = m.force_id and later.ended_at is null
                    and later.started_at > m.ended_at)) then
        return query select 'no part', null::bigint, made, ended; return;
    end if;
    if desk is null then
        update pharmacies_officer m set ended_at = now()
            where m.user_id = found_user.id and m.force_id = wanted and (m.ended_at is null or m.ended_at > now());
        if found then ended := array_append(ended, 'officer'); end if;
    else
        update pharmacies_officer m set role = desk
            where m.user_id = found_user.id and m.force_id = wanted and m.role <> desk and (m.ended_at is null or m.ended_at > now());
        if found then made := array_append(made, desk); end if;
        if not exists (select from pharmacies_officer m where m.user_id = found_user.id and m.force_id = wanted
                       and (m.ended_at is null or m.ended_at > now())) then
            insert into pharmacies_officer (id, user_id, force_id, role, display_name, conflict, started_at)
                values (gen_random_uuid(), found_user.id, wanted, desk,
                        left(coalesce(nullif(called, ''), split_part(found_user.email, '@', 1)), 40), false, now());
            made := array_append(made, desk);
        end if;
    end if;
    foreach part in array array['coordinator', 'auditor'] loop
        if part = any (roles) then
            execute format('insert into pharmacies_%I (id, user_id, force_id, started_at)
                select gen_random_uuid(), $1, $2, now() where not exists (select from pharmacies_%I m
                where m.user_id = $1 and m.force_id = $2 and (m.ended_at is null or m.ended_at > now()))', part, part)
                using found_user.id, wanted;
        else
            execute format('update pharmacies_%I m set ended_at = now()
                where m.user_id = $1 and m.force_id = $2 and (m.ended_at is null or m.ended_at > now())', part)
                using found_user.id, wanted;
        end if;
        declare
            changed integer;
        begin
            get diagnostics changed = row_count;
            if changed > 0 and part = any (roles) then made := array_append(made, part); end if;
            if changed > 0 and not part = any (roles) then ended := array_append(ended, part); end if;
        end;
    end loop;
    if cardinality(roles) = 0 then
        return query select 'no part', null::bigint, made, ended; return;
    end if;
    return query select 'entered', found_user.id, made, ended;
end $$;

-- Which forces sign their own people in: public, and all that the sign-in page needs.
create or replace function ani.providers() returns table (force integer, code text, name text)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select f.id::integer, f.ons_code::text, f.name::text
    from pharmacies_identityprovider p join pharmacies_policeforce f on f.id = p.force_id
    where p.confirmed_at is not null order by f.name
$$;

grant execute on function ani.providers() to ani_app;
grant execute on function ani.enter_external(integer, text, text, text, text, text[], boolean) to ani_app;

-- Passing a record to another force. Nobody may update a record's force: these functions of the owner do, and only so.

-- An entry always has the force of its record, also when it arrives at the moment in which the record passes: the
-- foreign key has waited for that transaction by then.
create or replace function ani.settle_entry_force() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    owner integer;
begin
    select force_id into owner from requests_codewordrequest where id = new.record_id for key share;
    if owner is distinct from new.force_id then
        update requests_entry set force_id = owner where id = new.id;
    end if;
    return null;
end $$;

drop trigger if exists settle_force on requests_entry;
create trigger settle_force after insert on requests_entry for each row execute function ani.settle_entry_force();

-- Who asks, as an officer of the force of this scope.
create or replace function ani.this_officer() returns uuid
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select id from pharmacies_officer
        where ani.kind() = 'officer' and user_id = ani.person() and force_id = ani.force()
            and (ended_at is null or ended_at > now())
        limit 1
$$;

create or replace function ani.has_left(wanted uuid) returns boolean
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select r.finished_at is not null
        or coalesce(r.left_at > coalesce(r.other_back_at, '-infinity'), false)
        from requests_codewordrequest r where r.id = wanted
        and (ani.kind() = 'worker' or (ani.kind() = 'officer' and r.force_id = ani.force()))
$$;

-- Offers a record that this officer holds. 'offered', or why not: 'gone', 'not held', 'there', 'already', 'force'.
create or replace function ani.offer_record(wanted uuid, receiver integer, why text)
    returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    me uuid := ani.this_officer();
    found requests_codewordrequest;
begin
    select * into found from requests_codewordrequest
        where id = wanted and force_id = ani.force() and released_at is not null for no key update;
    if found.id is null or me is null then
        return 'gone';
    elsif found.state <> 'claimed' or found.claimed_by_id is distinct from me then
        return 'not held';
    elsif not ani.has_left(wanted) then
        return 'there';
    elsif exists (select from requests_offer where record_id = wanted and state = 'open') then
        return 'already';
    elsif not exists (select from pharmacies_policeforce where id = receiver and active and id <> ani.force()) then
        return 'force';
    end if;
    insert into requests_offer (id, record_id, from_force_id, to_force_id, state, reason, reference, attention,
                                released_at, place, offered_at, offered_by_id, decline_reason)
        select gen_random_uuid(), wanted, found.force_id, receiver, 'open', why, found.reference, found.attention,
               found.released_at, coalesce(nullif(found.elsewhere, ''), p.name || ', ' || p.postcode), now(), me, ''
        from pharmacies_pharmacy p where p.id = found.pharmacy_id;
    perform pg_notify('ani_live', 'force:' || found.force_id), pg_notify('ani_live', 'force:' || receiver);
    return 'offered';
end $$;

-- Decides an open offer: the receiver accepts or declines, the sender withdraws. What it became, or the state in which
-- it was found when somebody else was first; 'gone' if it is not this force's to decide.
create or replace function ani.decide_offer(wanted uuid, verdict text, why text)
    returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    me uuid := ani.this_officer();
    offer requests_offer;
    theirs record;
begin
    select * into offer from requests_offer where id = wanted
        and case when verdict = 'withdrawn' then from_force_id else to_force_id end = ani.force();
    if offer.id is null or me is null or verdict not in ('accepted', 'declined', 'withdrawn') then
        return 'gone';
    end if;
    -- The record's lock first, as every action takes it.
    select id, state, pharmacy_id into theirs from requests_codewordrequest where id = offer.record_id for no key update;
    select * into offer from requests_offer where id = wanted for no key update;
    if offer.state <> 'open' then
        return 'was ' || offer.state;
    end if;
    if verdict = 'accepted' and theirs.state not in ('read', 'claimed') then
        return 'gone';
    end if;
    update requests_offer set state = verdict, decided_at = now(), decided_by_id = me, decline_reason = why
        where id = wanted;
    if verdict = 'accepted' then
        update requests_codewordrequest
            set force_id = offer.to_force_id, state = 'claimed', claimed_at = now(), claimed_by_id = me, acted_at = now(),
                finished_at = coalesce(finished_at, now())
            where id = offer.record_id;
        update requests_entry set force_id = offer.to_force_id where record_id = offer.record_id;
        update requests_message set force_id = offer.to_force_id where record_id = offer.record_id;
        update requests_policestep set force_id = offer.to_force_id where record_id = offer.record_id;
        update requests_assessment set force_id = offer.to_force_id where record_id = offer.record_id;
        update requests_look set force_id = offer.to_force_id where record_id = offer.record_id;
        delete from requests_presence where record_id = offer.record_id;
        -- What keeps it goes with it, in the name of who took it on; what was decided or promised by the sender ends.
        update requests_hold set force_id = offer.to_force_id, placed_by_id = me
            where record_id = offer.record_id and lifted_at is null;
        update requests_accessrequest
            set force_id = offer.to_force_id, closed_at = coalesce(closed_at, now()), closed_by_id = coalesce(closed_by_id, me)
            where record_id = offer.record_id;
        update requests_maskedentry set force_id = offer.to_force_id where record_id = offer.record_id;
        update requests_disposal set cancelled_at = now(), cancelled_by_id = me
            where record_id = offer.record_id and cancelled_at is null;
        delete from vault.phone_mark where record_id = offer.record_id;  -- made with the sender's key
        -- A link holds records of one force together.
        update requests_link set ended_at = now(), ended_by_id = offer.offered_by_id
            where (record_id = offer.record_id or other_id = offer.record_id) and ended_at is null;
        insert into requests_policestep (id, record_id, force_id, at, officer_id, kind, code, number)
            values (gen_random_uuid(), offer.record_id, offer.to_force_id, now(), me, 'passed', offer.reason, '');
    end if;
    if verdict <> 'withdrawn' then
        insert into requests_notice (id, record_id, force_id, at, officer_id, kind)
            values (gen_random_uuid(), offer.record_id, offer.from_force_id, now(), offer.offered_by_id, verdict);
    end if;
    perform pg_notify('ani_live', 'force:' || offer.from_force_id), pg_notify('ani_live', 'force:' || offer.to_force_id),
        pg_notify('ani_live', 'pharmacy:' || theirs.pharmacy_id);
    return verdict;
end $$;

-- Offers that nobody answered in time come back to the sender, who never stopped being responsible.
create or replace function ani.time_out_offers()
    returns table (offer uuid, record uuid, from_force integer, to_force integer, officer uuid)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    return query
        update requests_offer o set state = 'timed_out', decided_at = now()
        from pharmacies_forcesettings s
        where s.force_id = o.from_force_id and o.state = 'open' and o.offered_at < now() - s.offer_limit
        returning o.id, o.record_id, o.from_force_id::integer, o.to_force_id::integer, o.offered_by_id;
end $$;

grant execute on function ani.this_officer(), ani.has_left(uuid), ani.offer_record(uuid, integer, text),
    ani.decide_offer(uuid, text, text) to ani_app;
grant execute on function ani.time_out_offers(), ani.has_left(uuid) to ani_worker;

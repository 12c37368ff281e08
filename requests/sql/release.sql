-- What may never happen to a record, whoever asks.

create or replace function ani.guard_record() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    -- Nothing released can be called back.
    if (old.alerted_at is not null and new.alerted_at is distinct from old.alerted_at)
        or (old.agreed_at is not null and new.agreed_at is distinct from old.agreed_at)
        or (old.overridden_at is not null and new.overridden_at is distinct from old.overridden_at)
        or (old.read_at is not null and new.read_at is distinct from old.read_at)
        or (old.reported_mistake_at is not null and new.reported_mistake_at is distinct from old.reported_mistake_at)
        or (old.restricted_at is not null and new.restricted_at is distinct from old.restricted_at) then
        raise exception 'a release or its first reading cannot be called back' using errcode = 'check_violation';
    end if;
    -- Where a record was made never changes, whatever becomes of the pharmacy.
    if (new.id, new.pharmacy_id, new.tablet_id, new.origin_force_id, new.reference, new.started_at, new.is_drill,
        new.letter, new.elsewhere, new.paper_serial, new.happened_at, new.helps_id)
        is distinct from
        (old.id, old.pharmacy_id, old.tablet_id, old.origin_force_id, old.reference, old.started_at, old.is_drill,
        old.letter, old.elsewhere, old.paper_serial, old.happened_at, old.helps_id) then
        raise exception 'where and when a record was made is frozen' using errcode = 'check_violation';
    end if;
    -- Only the tablet releases or withholds, and only the desk reads, claims and closes.
    if current_setting('ani.kind', true) = 'officer' and
        (new.danger, new.wish, new.alerted_at, new.agreed_at, new.overridden_at, new.override_reason, new.override_told,
         new.withdrawn_at, new.mistaken_at)
        is distinct from
        (old.danger, old.wish, old.alerted_at, old.agreed_at, old.overridden_at, old.override_reason, old.override_told,
         old.withdrawn_at, old.mistaken_at) then
        raise exception 'what is released is not for the desk to change' using errcode = 'check_violation';
    end if;
    -- The receipt is the tablet's, but for one that is still out when the record passes to another force.
    if current_setting('ani.kind', true) = 'officer' and new.finished_at is distinct from old.finished_at
        and new.force_id = old.force_id then
        raise exception 'the receipt is not for the desk to put away' using errcode = 'check_violation';
    end if;
    if current_setting('ani.kind', true) = 'tablet' and
        (new.read_at, new.read_by_id, new.claimed_at, new.claimed_by_id, new.closed_at, new.closed_by_id, new.outcome,
         new.made_sure_at, new.made_sure_how, new.officers_sent_at)
        is distinct from
        (old.read_at, old.read_by_id, old.claimed_at, old.claimed_by_id, old.closed_at, old.closed_by_id, old.outcome,
         old.made_sure_at, old.made_sure_how, old.officers_sent_at) then
        raise exception 'what police have done is not for the tablet to change' using errcode = 'check_violation';
    end if;
    return new;
end $$;

drop trigger if exists guard on requests_codewordrequest;
create trigger guard before update on requests_codewordrequest for each row execute function ani.guard_record();

-- The record if it is the running tablet's to finish. Functions of the owner, because what they leave is out of the
-- tablet's sight, and because somebody without a PIN may add entries but not see them.
create or replace function ani.on_this_tablet(r requests_codewordrequest) returns boolean
    language sql stable set search_path = pg_catalog as $$
    select ani.kind() = 'tablet' and r.pharmacy_id = ani.pharmacy() and r.finished_at is null
        and (r.tablet_id = ani.tablet() or (r.recorder_id = ani.staff() and r.started_at >= ani.since()))
$$;

create or replace function ani.destroy_words(wanted uuid) returns void
    language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    delete from vault.record_key where record_id = wanted;
    delete from requests_draft where record_id = wanted;
    delete from vault.phone_mark where record_id = wanted;
    delete from requests_entry where record_id = wanted;
$$;

-- Puts a receipt away; what was never released is destroyed with it.
create or replace function ani.put_away(wanted uuid) returns text
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    became text;
begin
    update requests_codewordrequest r
        set finished_at = now(), state = case when released_at is null then 'settled' else state end
        where id = wanted and ani.on_this_tablet(r)
        returning state into became;
    if became = 'settled' then
        perform ani.destroy_words(wanted);
    end if;
    return became;
end $$;

-- Asked by mistake: leaves nothing, if nothing was released.
create or replace function ani.forget(wanted uuid) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform from requests_codewordrequest r
        where id = wanted and released_at is null and ani.on_this_tablet(r) for update;
    if not found then
        return false;
    end if;
    perform ani.destroy_words(wanted);
    delete from requests_codewordrequest where id = wanted;
    return true;
end $$;

grant execute on function ani.put_away(uuid), ani.forget(uuid) to ani_app;
grant execute on function ani.destroy_words(uuid) to ani_worker;

-- Whether this tablet's button was used for a record whose receipt is put away: the tablet cannot see that record.
create or replace function ani.key_is_spent(wanted_tablet uuid, wanted_key uuid) returns boolean
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (
        select from requests_codewordrequest
        where tablet_id = wanted_tablet and key = wanted_key and wanted_tablet = ani.tablet()
    )
$$;

grant execute on function ani.key_is_spent(uuid, uuid) to ani_app;

-- What may never happen to a record, whoever asks.

create or replace function ani.guard_record() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    -- Nothing released can be called back.
    if (old.alerted_at is not null and new.alerted_at is distinct from old.alerted_at)
        or (old.agreed_at is not null and new.agreed_at is distinct from old.agreed_at)
        or (old.overridden_at is not null and new.overridden_at is distinct from old.overridden_at)
        or (old.read_at is not null and new.read_at is distinct from old.read_at) then
        raise exception 'a release or its first reading cannot be called back' using errcode = 'check_violation';
    end if;
    -- Where a record was made never changes, whatever becomes of the pharmacy.
    if (new.id, new.pharmacy_id, new.tablet_id, new.origin_force_id, new.reference, new.started_at, new.is_drill)
        is distinct from
        (old.id, old.pharmacy_id, old.tablet_id, old.origin_force_id, old.reference, old.started_at, old.is_drill) then
        raise exception 'where and when a record was made is frozen' using errcode = 'check_violation';
    end if;
    return new;
end $$;

drop trigger if exists guard on requests_codewordrequest;
create trigger guard before update on requests_codewordrequest for each row execute function ani.guard_record();

-- Puts a receipt away. A function of the owner, because the row is then out of its own tablet's sight.
create or replace function ani.put_away(wanted uuid, nothing_released text) returns text
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    became text;
begin
    if ani.kind() <> 'tablet' then
        raise exception 'only a tablet puts a receipt away' using errcode = 'insufficient_privilege';
    end if;
    update requests_codewordrequest
        set finished_at = now(), state = case when released_at is null then nothing_released else state end
        where id = wanted and finished_at is null and pharmacy_id = ani.pharmacy()
            and (tablet_id = ani.tablet() or recorder_id = ani.staff())
        returning state into became;
    return became;
end $$;

grant execute on function ani.put_away(uuid, text) to ani_app;

-- Whether this tablet's button was used for a record whose receipt is put away: the tablet cannot see that record.
create or replace function ani.key_is_spent(wanted_tablet uuid, wanted_key uuid) returns boolean
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (
        select from requests_codewordrequest
        where tablet_id = wanted_tablet and key = wanted_key and wanted_tablet = ani.tablet()
    )
$$;

grant execute on function ani.key_is_spent(uuid, uuid) to ani_app;

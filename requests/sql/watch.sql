-- Whether somebody watches a queue: an armed page that is live and was touched within the force's limit. A pause is
-- the force's own word that nobody does. Asked by tablets, which may see no watch: so a function of the owner.
create or replace function ani.watched(wanted integer) returns boolean
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (
        select from requests_watch w
        join pharmacies_forcesettings s on s.force_id = w.force_id
        join pharmacies_officer o on o.id = w.officer_id
        where w.force_id = wanted
            and w.ended_at is null
            and w.beat_at > clock_timestamp() - interval '30 seconds'
            and w.touched_at > clock_timestamp() - s.touch_limit
            and (s.desk_paused_until is null or s.desk_paused_until <= clock_timestamp())
            and (o.ended_at is null or o.ended_at > clock_timestamp())
    )
$$;

-- The same for whoever asks about their own force, and for the worker.
create or replace function ani.is_watched(wanted integer) returns boolean
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select case when ani.kind() = 'worker' or (ani.kind() in ('tablet', 'officer', 'coordinator') and wanted = ani.force())
        then ani.watched(wanted) end
$$;

grant execute on function ani.is_watched(integer) to ani_app, ani_worker;

-- Settles whether the queue is watched; 'same', 'watched' or 'unwatched'. Two who settle at once: one of them sees the
-- change.
create or replace function ani.settle_watch(wanted integer) returns text
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    is_now boolean;
    was boolean;
begin
    if not (ani.kind() = 'worker' or (ani.kind() = 'officer' and wanted = ani.force())) then
        raise exception 'not your queue' using errcode = 'insufficient_privilege';
    end if;
    insert into requests_deskstate (force_id, watched, since) values (wanted, false, now()) on conflict do nothing;
    select watched into was from requests_deskstate where force_id = wanted for no key update;
    is_now := ani.watched(wanted);
    if is_now = was then
        return 'same';
    end if;
    update requests_deskstate set watched = is_now, since = now() where force_id = wanted;
    -- The tablets say it before the next tap.
    perform pg_notify('ani_live', 'pharmacy:' || p.id) from pharmacies_pharmacy p
        where p.force_id = wanted and p.participation = 'on_board';
    perform pg_notify('ani_live', 'force:' || wanted);
    return case when is_now then 'watched' else 'unwatched' end;
end $$;

grant execute on function ani.settle_watch(integer) to ani_app, ani_worker;

-- When the desk's alarm was last switched on and heard, whether somebody watches now, and how many officers are named for
-- conflicts of interest: for the coordinator's readiness board. For an administrator of pharmacies, nothing.
create or replace function ani.desk_proofs() returns table (armed timestamptz, watched boolean, conflict integer)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select (select max(w.armed_at) from requests_watch w where w.force_id = ani.force()), ani.watched(ani.force()),
           (select count(*)::integer from pharmacies_officer o
            where o.force_id = ani.force() and o.conflict and (o.ended_at is null or o.ended_at > now()))
    where ani.kind() = 'coordinator'
$$;

grant execute on function ani.desk_proofs() to ani_app;

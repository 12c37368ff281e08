-- Asking another force for help: a record of its own there, with only what was chosen. Nobody may make a record for another
-- force: this function of the owner does, and only so.

-- Makes it for a record that this officer holds: 'asked', or why not ('gone', 'not held', 'force', 'entries', 'again': the
-- reference is taken). Asked twice with the same key is once. Entries come sealed anew by the application under a key of the
-- new record's own; which may be sent is decided here: those that this officer may read.
create or replace function ani.ask_help(wanted uuid, receiver integer, why text, made uuid, made_key uuid, made_reference text,
                                        master text, wrapped_key bytea, sources uuid[], ids uuid[], seals bytea[])
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
    elsif not exists (select from pharmacies_policeforce where id = receiver and active and id <> ani.force()) then
        return 'force';
    elsif exists (select from requests_codewordrequest where tablet_id = found.tablet_id and key = made_key) then
        return 'asked';
    elsif exists (select from requests_codewordrequest where origin_force_id = receiver and reference = made_reference) then
        return 'again';
    elsif cardinality(sources) <> cardinality(ids) or cardinality(sources) <> cardinality(seals)
        or cardinality(sources) <> (
            select count(*) from requests_entry e
            where e.id = any (sources) and e.record_id = wanted and e.taken_back_at is null
                and e.kind not in ('recorder', 'rationale', 'hand_over')
                and (e.level = 'alert' or ((e.kind = 'note' or found.words_released)
                                           and (found.restricted_at is null or ani.sees_restricted(wanted))))) then
        return 'entries';
    end if;
    -- Its own clock: it is released there now. Nothing of the receipt: no tablet ever shows it.
    insert into requests_codewordrequest (
        id, reference, force_id, origin_force_id, helps_id, pharmacy_id, tablet_id, recorder_id, key, letter, is_drill,
        one_of_many, elsewhere, paper_serial, happened_at, started_at, danger, wish, step, alerted_at, agreed_at,
        overridden_at, override_reason, override_told, withdrawn_at, restricted_at, reported_mistake_at, made_sure_how, rung,
        left_how, state, outcome, finished_at)
        values (
        made, made_reference, receiver, receiver, found.force_id, found.pharmacy_id, found.tablet_id, found.recorder_id,
        made_key, found.letter, found.is_drill, false, found.elsewhere, found.paper_serial, found.happened_at, now(),
        found.danger, found.wish, found.step,
        case when found.alerted_at is not null then now() end, case when found.agreed_at is not null then now() end,
        case when found.overridden_at is not null then now() end, found.override_reason, found.override_told,
        found.withdrawn_at, found.restricted_at, found.reported_mistake_at, '', '', '', 'waiting', '', now());
    if cardinality(sources) > 0 then
        insert into vault.record_key (record_id, force_id, master_key, wrapped) values (made, receiver, master, wrapped_key);
        insert into requests_entry (id, record_id, force_id, kind, level, key, sealed, at, staff_id, officer_id, copied_from)
            select chosen.id, made, receiver, e.kind, e.level, gen_random_uuid(), chosen.sealed, e.at, e.staff_id, e.officer_id, e.id
            from unnest(sources, ids, seals) as chosen (source, id, sealed) join requests_entry e on e.id = chosen.source;
    end if;
    insert into requests_policestep (id, record_id, force_id, at, officer_id, kind, code, number)
        values (gen_random_uuid(), wanted, found.force_id, now(), me, 'help_asked', why, ''),
               (gen_random_uuid(), made, receiver, now(), null, 'helps', why, '');
    insert into requests_helpasked (id, record_id, other_id, from_force_id, to_force_id, reason, reference, other_reference,
                                    received_at, entries, at, by_id)
        values (gen_random_uuid(), wanted, made, found.force_id, receiver, why, found.reference, made_reference,
                found.released_at, cardinality(sources), now(), me);
    perform pg_notify('ani_live', 'force:' || found.force_id), pg_notify('ani_live', 'force:' || receiver);
    return 'asked';
end $$;

-- Danger that is said later, a later *no*, a restriction and a reported mistake follow to whoever was asked for help; nothing else does.
create or replace function ani.help_follows() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    update requests_codewordrequest r
        set wish = new.wish, withdrawn_at = new.withdrawn_at, restricted_at = coalesce(r.restricted_at, new.restricted_at),
            alerted_at = coalesce(r.alerted_at, case when new.alerted_at is not null then now() end), danger = new.danger,
            reported_mistake_at = coalesce(r.reported_mistake_at, new.reported_mistake_at)
        from requests_helpasked h
        where h.record_id = new.id and h.other_id = r.id;
    if found then
        perform pg_notify('ani_live', 'force:' || h.to_force_id) from requests_helpasked h where h.record_id = new.id;
    end if;
    return null;
end $$;

drop trigger if exists help_follows on requests_codewordrequest;
create trigger help_follows after update of danger, alerted_at, wish, withdrawn_at, restricted_at, reported_mistake_at
    on requests_codewordrequest
    for each row when (
        (old.danger, old.alerted_at, old.wish, old.withdrawn_at, old.restricted_at, old.reported_mistake_at)
        is distinct from
        (new.danger, new.alerted_at, new.wish, new.withdrawn_at, new.restricted_at, new.reported_mistake_at))
    execute function ani.help_follows();

-- The records made elsewhere for a record of this tablet, and whose they are now: what the tablet says later stands in their
-- log too. With an entry: those alone that hold a copy of it. For the log and for nothing that anybody is shown.
create or replace function ani.helped(wanted uuid, entry uuid) returns table (record uuid, force integer)
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    return query
        with recursive asked as (
            select h.other_id from requests_helpasked h join requests_codewordrequest r on r.id = h.record_id
            where h.record_id = wanted and ani.on_this_tablet(r)
            union
            select h.other_id from requests_helpasked h join asked a on h.record_id = a.other_id
        ), copies as (
            select e.id, e.record_id from requests_entry e where e.copied_from = entry
            union
            select e.id, e.record_id from requests_entry e join copies c on e.copied_from = c.id
        )
        select r.id, r.force_id::integer from asked a join requests_codewordrequest r on r.id = a.other_id
        where entry is null or r.id in (select c.record_id from copies c)
        order by r.force_id, r.id;
end $$;

-- How far the other force is with the help that this one asked for: its state and when it was read, and nothing else of it.
create or replace function ani.help_states(wanted uuid) returns table (asked uuid, state text, read_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select h.id, r.state::text, r.read_at from requests_helpasked h join requests_codewordrequest r on r.id = h.other_id
    where h.record_id = wanted and ani.kind() = 'officer' and h.from_force_id = ani.force()
$$;

grant execute on function ani.ask_help(uuid, integer, text, uuid, uuid, text, text, bytea, uuid[], uuid[], bytea[]),
    ani.help_states(uuid), ani.helped(uuid, uuid) to ani_app;

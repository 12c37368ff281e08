-- The log's only way in. The lock on a chain's head is taken here, as the last statement of the caller's transaction:
-- taken first it costs seven times the throughput (measured).

-- What is hashed: each part behind its length, so that no two rows have the same text.
create or replace function ani.audit_text(variadic parts text[]) returns text
    language sql immutable set search_path = pg_catalog as
    $$ select string_agg(octet_length(convert_to(part, 'UTF8')) || ':' || part, '' order by place)
       from unnest(parts) with ordinality as p(part, place) $$;

create or replace function ani.audit_append(entries jsonb) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    entry record;
    head record;
    moment timestamptz;
    mark bytea;
begin
    -- What Django would check at the commit (a foreign key waits for the row it names) is checked now, before a chain is
    -- locked: whoever holds that row may be waiting for the chain.
    set constraints all immediate;
    -- Chains in the order of their numbers, so that two transactions never wait for each other.
    for entry in
        select coalesce(r.force, 0) as chain, r.*
        from jsonb_array_elements(entries) with ordinality as e(value, place),
             jsonb_to_record(e.value) as r(force integer, actor_kind text, actor_id text, via text, event text,
                                           object_kind text, object_id text, detail text)
        order by 1, e.place
    loop
        select chain, seq, hash into head from audit_auditchain where chain = entry.chain for update;
        if not found then
            insert into audit_auditchain (chain, seq, hash) values (entry.chain, 0, ''::bytea)
                on conflict (chain) do nothing;
            select chain, seq, hash into head from audit_auditchain where chain = entry.chain for update;
        end if;
        moment := clock_timestamp();
        mark := sha256(head.hash || convert_to(ani.audit_text(
            entry.chain::text, (head.seq + 1)::text,
            ((extract(epoch from moment) * 1000000)::bigint)::text,
            entry.actor_kind, entry.actor_id, entry.via, entry.event,
            entry.object_kind, entry.object_id, entry.detail), 'UTF8'));
        insert into audit_auditentry (chain, seq, at, actor_kind, actor_id, via, event, object_kind, object_id, detail, hash)
            values (entry.chain, head.seq + 1, moment, entry.actor_kind, entry.actor_id, entry.via, entry.event,
                    entry.object_kind, entry.object_id, entry.detail, mark);
        update audit_auditchain set seq = head.seq + 1, hash = mark where chain = entry.chain;
    end loop;
end $$;

create or replace function ani.audit_refuse() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    raise exception 'the log is append-only' using errcode = 'insufficient_privilege';
end $$;

drop trigger if exists append_only on audit_auditentry;
create trigger append_only before delete or truncate on audit_auditentry
    for each statement execute function ani.audit_refuse();

-- The one change that there is: a row loses its ids, once. What it was and its hash stay, so that the chain goes on.
create or replace function ani.audit_only_thinned() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    if old.thinned_by is null and new.thinned_by > old.seq
        and new.at = date_trunc('month', old.at, 'Europe/London')
        and (new.actor_id, new.via, new.object_id, new.detail) = ('-', '', '', '')
        and (new.id, new.chain, new.seq, new.actor_kind, new.event, new.object_kind, new.hash)
            = (old.id, old.chain, old.seq, old.actor_kind, old.event, old.object_kind, old.hash)
    then
        return new;
    end if;
    raise exception 'the log is append-only' using errcode = 'insufficient_privilege';
end $$;

drop trigger if exists only_thinned on audit_auditentry;
create trigger only_thinned before update on audit_auditentry for each row execute function ani.audit_only_thinned();

-- Removes the ids from every row about these objects, in whichever chain; how many rows. Each chain gets a row first that
-- vouches for what stays: how many rows, and a digest of their places, hashes and what can still be read of them. That
-- row is chained and anchored like any other, so nobody can pass another change off as this one.
create or replace function ani.audit_thin(kinds text[], ids text[]) returns integer
    language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    in_chain record;
    mark bigint;
    thinned integer := 0;
begin
    if not kinds <@ array['record', 'access'] or '' = any (ids) then
        raise exception 'only rows about a record, or a request for one, lose their ids' using errcode = 'check_violation';
    end if;
    for in_chain in
        select a.chain, array_agg(a.id) as rows, count(*) as number,
               encode(sha256(convert_to(string_agg(ani.audit_text(
                   a.seq::text, encode(a.hash, 'hex'),
                   ((extract(epoch from date_trunc('month', a.at, 'Europe/London')) * 1000000)::bigint)::text,
                   a.actor_kind, a.event, a.object_kind), '' order by a.seq), 'UTF8')), 'hex') as digest
        from audit_auditentry a
        join unnest(kinds, ids) as gone(kind, id) on a.object_kind = gone.kind and a.object_id = gone.id
        where a.thinned_by is null
        group by a.chain order by a.chain
    loop
        perform ani.audit_append(jsonb_build_array(jsonb_build_object(
            'force', in_chain.chain, 'actor_kind', 'process', 'actor_id', 'thin-log', 'via', '', 'event', 'log.thinned',
            'object_kind', '', 'object_id', '',
            'detail', format('{"digest":"%s","rows":%s}', in_chain.digest, in_chain.number))));
        select seq into mark from audit_auditchain where chain = in_chain.chain;
        update audit_auditentry
            set actor_id = '-', via = '', object_id = '', detail = '', at = date_trunc('month', at, 'Europe/London'),
                thinned_by = mark
            where id = any (in_chain.rows);
        thinned := thinned + in_chain.number;
    end loop;
    return thinned;
end $$;

-- The head of a chain only ever moves on by one row.
create or replace function ani.audit_head() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    if tg_op = 'UPDATE' and new.chain = old.chain and new.seq = old.seq + 1 then
        return new;
    end if;
    raise exception 'the log is append-only' using errcode = 'insufficient_privilege';
end $$;

drop trigger if exists moves_on on audit_auditchain;
create trigger moves_on before update or delete on audit_auditchain for each row execute function ani.audit_head();
drop trigger if exists stays on audit_auditchain;
create trigger stays before truncate on audit_auditchain for each statement execute function ani.audit_refuse();

grant execute on function ani.audit_append(jsonb) to ani_app, ani_worker, ani_import, ani_verify;

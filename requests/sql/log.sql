-- The log's own retention: what it tells about a record that is gone must not bring its stub back to life.

-- Thins the log of everything about records that are gone (disposed of, or destroyed unreleased) and about people's
-- requests for them, once the last row about them is older than their force's time; at most so many at a time. Rows
-- in no force's chain go by the longest time of any force. How many rows lost their ids.
create or replace function ani.thin_log(most integer) returns integer
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    kinds text[];
    ids text[];
begin
    select array_agg(kind), array_agg(id) into kinds, ids from (
        select a.object_kind as kind, a.object_id as id
        from audit_auditentry a left join pharmacies_forcesettings s on s.force_id = a.chain
        where a.object_kind in ('record', 'access') and a.object_id <> '' and a.thinned_by is null
            and not exists (select from requests_codewordrequest r where r.id::text = a.object_id)
            and not exists (select from requests_accessrequest r where r.id::text = a.object_id)
        group by 1, 2
        having max(a.at) < now() - make_interval(months => coalesce(
            max(s.log_keep_months)::integer, (select max(log_keep_months)::integer from pharmacies_forcesettings), 24))
        limit most
    ) gone;
    if kinds is null then
        return 0;
    end if;
    return ani.audit_thin(kinds, ids);
end $$;

grant execute on function ani.thin_log(integer) to ani_worker;

-- The scope of this transaction, as the policies read it. No scope is an error, never an empty list.
create schema if not exists ani;
revoke all on schema ani from public;
grant usage on schema ani to ani_app, ani_worker, ani_import, ani_verify;

create or replace function ani.kind() returns text
    language plpgsql stable parallel safe set search_path = pg_catalog as $$
declare
    found text := current_setting('ani.kind', true);
begin
    if found is null or found = '' then
        raise exception 'this query has no scope' using errcode = 'insufficient_privilege',
            hint = 'Open one with ani_portal.access.scope.scoped().';
    end if;
    return found;
end $$;

-- True or an error. Reads no column, so the planner tests it once and before the first row, also of an empty table.
create or replace function ani.in_scope() returns boolean
    language plpgsql stable parallel safe set search_path = pg_catalog as $$
begin
    perform ani.kind();
    return true;
end $$;

create or replace function ani.force() returns integer
    language sql stable parallel safe set search_path = pg_catalog as
    $$ select nullif(current_setting('ani.force', true), '')::integer $$;

create or replace function ani.pharmacy() returns uuid
    language sql stable parallel safe set search_path = pg_catalog as
    $$ select nullif(current_setting('ani.pharmacy', true), '')::uuid $$;

create or replace function ani.tablet() returns uuid
    language sql stable parallel safe set search_path = pg_catalog as
    $$ select nullif(current_setting('ani.tablet', true), '')::uuid $$;

create or replace function ani.sitting() returns uuid
    language sql stable parallel safe set search_path = pg_catalog as
    $$ select nullif(current_setting('ani.sitting', true), '')::uuid $$;

create or replace function ani.staff() returns uuid
    language sql stable parallel safe set search_path = pg_catalog as
    $$ select nullif(current_setting('ani.staff', true), '')::uuid $$;

create or replace function ani.person() returns bigint
    language sql stable parallel safe set search_path = pg_catalog as
    $$ select nullif(current_setting('ani.person', true), '')::bigint $$;

grant execute on function ani.kind(), ani.in_scope(), ani.force(), ani.pharmacy(), ani.tablet(), ani.sitting(),
    ani.staff(), ani.person() to ani_app, ani_worker, ani_import, ani_verify;

-- The scope of this transaction, as the policies read it. Each function raises where there is none.
create schema if not exists ani;
revoke all on schema ani from public;
grant usage on schema ani to ani_app, ani_worker, ani_import, ani_verify;

create or replace function ani.scope(name text) returns text
    language plpgsql stable parallel safe set search_path = pg_catalog as $$
begin
    if coalesce(current_setting('ani.kind', true), '') = '' then
        raise exception 'this query has no scope' using errcode = 'insufficient_privilege',
            hint = 'Open one with ani_portal.access.scope.scoped().';
    end if;
    return nullif(current_setting('ani.' || name, true), '');
end $$;

create or replace function ani.kind() returns text language sql stable parallel safe set search_path = pg_catalog as
    $$ select ani.scope('kind') $$;
create or replace function ani.in_scope() returns boolean language sql stable parallel safe set search_path = pg_catalog as
    $$ select ani.scope('kind') is not null $$;
create or replace function ani.force() returns integer language sql stable parallel safe set search_path = pg_catalog as
    $$ select ani.scope('force')::integer $$;
create or replace function ani.pharmacy() returns uuid language sql stable parallel safe set search_path = pg_catalog as
    $$ select ani.scope('pharmacy')::uuid $$;
create or replace function ani.tablet() returns uuid language sql stable parallel safe set search_path = pg_catalog as
    $$ select ani.scope('tablet')::uuid $$;
create or replace function ani.sitting() returns uuid language sql stable parallel safe set search_path = pg_catalog as
    $$ select ani.scope('sitting')::uuid $$;
create or replace function ani.staff() returns uuid language sql stable parallel safe set search_path = pg_catalog as
    $$ select ani.scope('staff')::uuid $$;
create or replace function ani.person() returns bigint language sql stable parallel safe set search_path = pg_catalog as
    $$ select ani.scope('person')::bigint $$;
create or replace function ani.since() returns timestamptz language sql stable parallel safe set search_path = pg_catalog as
    $$ select ani.scope('since')::timestamptz $$;

grant execute on function ani.scope(text), ani.kind(), ani.in_scope(), ani.force(), ani.pharmacy(), ani.tablet(),
    ani.sitting(), ani.staff(), ani.person(), ani.since() to ani_app, ani_worker, ani_import, ani_verify;

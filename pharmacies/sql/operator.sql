-- What the operator of the service may do to a force: begin it, once. Reads nothing of it.
create or replace function ani.can_begin_force(wanted bigint) returns boolean
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select ani.kind() = 'operator' and exists (select from pharmacies_policeforce f where f.id = wanted)
        and not exists (select from pharmacies_coordinator c
                        where c.force_id = wanted and (c.ended_at is null or c.ended_at > now()))
$$;

create or replace function ani.begin_force(wanted bigint, person bigint) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if not ani.can_begin_force(wanted) then
        raise exception 'this force is not the operator''s to begin' using errcode = 'insufficient_privilege';
    end if;
    update pharmacies_policeforce set active = true where id = wanted;
    insert into pharmacies_coordinator (id, user_id, force_id, started_at) values (gen_random_uuid(), person, wanted, now());
end $$;

grant execute on function ani.can_begin_force(bigint), ani.begin_force(bigint, bigint) to ani_app;

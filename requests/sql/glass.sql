-- Who may read words about somebody connected with the force: the officers named for it, and for an hour whoever broke
-- the glass. In the database, so that no page can forget it.
create or replace function ani.sees_restricted(wanted uuid) returns boolean
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (
        select from pharmacies_officer o
        where o.user_id = ani.person() and o.force_id = ani.force() and (o.ended_at is null or o.ended_at > now())
            and (o.conflict or exists (
                select from requests_glassbroken g
                where g.record_id = wanted and g.officer_id = o.id and g.at > now() - interval '1 hour'))
    )
$$;

grant execute on function ani.sees_restricted(uuid) to ani_app;

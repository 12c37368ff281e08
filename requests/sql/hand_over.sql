-- Which of these records of one's own force their holder wrote a hand-over note about since claiming them. A function of the
-- owner, because a note about a restricted record is there without everybody reading it.
create or replace function ani.noted_by_holder(wanted uuid[]) returns setof uuid
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select r.id from requests_codewordrequest r
    where r.id = any (wanted) and ani.kind() = 'officer' and r.force_id = ani.force() and r.state = 'claimed'
        and exists (select from requests_entry e where e.record_id = r.id and e.kind = 'hand_over'
                        and e.officer_id = r.claimed_by_id and e.at >= r.claimed_at)
$$;

grant execute on function ani.noted_by_holder(uuid[]) to ani_app;

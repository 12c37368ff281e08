-- What an on-call person needs to know of the service. Nothing here tells whether any record exists: a force's own people
-- are told of theirs by the desk, not the operator by a number.
create or replace function ani.metrics() returns jsonb
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    return jsonb_build_object(
        'tablets', (select count(*) from pharmacies_tablet t join pharmacies_pharmacy p on p.id = t.pharmacy_id
                    where t.revoked_at is null and p.participation = 'on_board'),
        'tablets_silent', (select count(*) from pharmacies_tablet t join pharmacies_pharmacy p on p.id = t.pharmacy_id
                           where t.revoked_at is null and p.participation = 'on_board'
                               and coalesce(t.last_heard_at, t.enrolled_at) < now() - interval '1 hour'),
        'forces_active', (select count(*) from pharmacies_policeforce where active),
        'forces_watched', (select count(*) from pharmacies_policeforce where active and ani.watched(id::integer)),
        'jobs_waiting', (select count(*) from procrastinate_jobs where status = 'todo'
                         and coalesce(scheduled_at, now()) <= now()),
        'jobs_failed', (select count(*) from procrastinate_jobs where status = 'failed'),
        'worker_silent_seconds', (select extract(epoch from now() - max(last_heartbeat))::integer
                                  from procrastinate_workers),
        'anchor_age_seconds', (select extract(epoch from now() - max(at))::integer from audit_anchorsent where problem = ''),
        'backup_age_seconds', (select extract(epoch from now() - max(at))::integer from audit_auditentry
                               where chain = 0 and object_kind = 'backup' and event = 'backup.made'),
        'connections', (select count(*) from pg_stat_activity where usename is not null),
        'connections_allowed', current_setting('max_connections')::integer
                               - current_setting('superuser_reserved_connections')::integer,
        'log_rows', (select coalesce(sum(seq), 0) from audit_auditchain)
    );
end $$;

grant execute on function ani.metrics() to ani_app;

-- Who looked at a record that is gone can be asked for a year at least, whatever a coordinator sets.
create or replace function ani.keep_log_named() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    if new.log_keep_months < 12 then
        raise exception 'the log names a record for a year at least' using errcode = 'check_violation';
    end if;
    return new;
end $$;

drop trigger if exists keep_log_named on pharmacies_forcesettings;
create trigger keep_log_named before insert or update of log_keep_months on pharmacies_forcesettings
    for each row execute function ani.keep_log_named();

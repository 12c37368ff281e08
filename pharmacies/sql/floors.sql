-- Limits of a force's settings that are promises to people, whatever its coordinator sets.
create or replace function ani.keep_floors() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    if new.disposal_wait < interval '1 day' then
        raise exception 'a day at least passes between a disposal''s approval and the disposal' using errcode = 'check_violation';
    elsif new.finish_unreleased_after not between interval '1 hour' and interval '4 hours' then
        raise exception 'people are told: after four hours at most' using errcode = 'check_violation';
    elsif new.touch_limit > interval '1 hour' or new.claim_limit > interval '1 hour' or new.unread_limit > interval '1 hour'
        or new.hold_limit > interval '4 hours' or new.offer_limit > interval '4 hours' then
        raise exception 'nobody may be told that police watch, or hold a record, who may have gone home'
            using errcode = 'check_violation';
    end if;
    return new;
end $$;

drop trigger if exists keep_floors on pharmacies_forcesettings;
create trigger keep_floors before insert or update on pharmacies_forcesettings
    for each row execute function ani.keep_floors();

"""Many records at once, by the server's own hand: for benchmarks and for tests of what stays quick. Never for a demo."""

import psycopg

# Everything below is written past triggers and foreign keys: a million rows in a minute, and no log of them.
_PAST = "set session_replication_role = replica"

_PEOPLE = """
with force as (
    select f.id, row_number() over (order by f.id) - 1 as place,
           (select array_agg(p.id order by p.id) from pharmacies_pharmacy p where p.force_id = f.id) as sites,
           (select min(o.id::text)::uuid from pharmacies_officer o where o.force_id = f.id) as officer,
           (select min(t.id::text)::uuid from pharmacies_tablet t join pharmacies_pharmacy p on p.id = t.pharmacy_id
            where p.force_id = f.id) as tablet
    from pharmacies_policeforce f where f.active
), numbered as (
    select n, force.*, translate(lpad(to_hex(n), 6, '0'), '0123456789abcdef', '23456789CDFGHJKM') as six
    from generate_series(%(first)s::int, %(last)s::int) n
    join force on force.place = n %% (select count(*) from force)
)
"""

_RECORDS = (
    _PEOPLE
    + """
insert into requests_codewordrequest (
    id, reference, force_id, origin_force_id, pharmacy_id, tablet_id, key, letter, is_drill, one_of_many, elsewhere,
    paper_serial, started_at, danger, wish, step, alerted_at, agreed_at, override_reason, override_told, made_sure_how, rung,
    left_how, state, read_at, read_by_id, closed_at, closed_by_id, outcome, finished_at)
select gen_random_uuid(), substr(six, 1, 3) || '-' || substr(six, 4, 3), id, id, sites[1 + n %% cardinality(sites)], tablet,
    gen_random_uuid(), 'A', false, false, '', '', at, 'yes', 'police_now', 'sent', case when n %% 3 = 0 then at end, at, '',
    '', '', '', '', %(state)s, case when %(closed)s then at end, case when %(closed)s then officer end,
    case when %(closed)s then at + interval '1 hour' end, case when %(closed)s then officer end,
    case when %(closed)s then 'attended' else '' end, at + interval '1 hour'
from (select *, now() - n * case when %(closed)s then interval '90 seconds' else interval '1 second' end as at
      from numbered) made
"""
)

_NUMBERS = """
insert into requests_policestep (id, record_id, force_id, at, officer_id, kind, code, number, day)
select gen_random_uuid(), r.id, r.force_id, r.closed_at, r.closed_by_id, 'incident', '',
       (row_number() over (order by r.id) %% 2000)::text, r.started_at::date
from requests_codewordrequest r where r.state = 'closed'
    and not exists (select from requests_policestep s where s.record_id = r.id)
"""


def add_closed(owner: psycopg.Connection, first: int, last: int) -> None:
    """Closed records with numbers `first` to `last`, in turn of each force that takes part, each with its incident number."""
    _add(owner, first, last, closed=True)
    owner.execute(_NUMBERS, {})
    owner.execute("analyze")


def add_open(owner: psycopg.Connection, first: int, last: int) -> None:
    """Records that nobody has read, the same way. Numbers below 16 million, none used before."""
    _add(owner, first, last, closed=False)
    owner.execute("analyze requests_codewordrequest")


def remove_all(owner: psycopg.Connection) -> None:
    """Away with what was added, and with every other record."""
    owner.execute(_PAST)
    owner.execute("truncate requests_codewordrequest, requests_policestep cascade")


def _add(owner: psycopg.Connection, first: int, last: int, *, closed: bool) -> None:
    if last < first:
        return
    owner.execute(_PAST)
    state = "closed" if closed else "waiting"
    owner.execute(_RECORDS, {"first": first, "last": last, "closed": closed, "state": state})

"""The fault tests' own proof fails for each thing that it is there to find, planted in a portal where all else is well."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

import pytest

from ani_portal.engine.server import SUPERUSER, Engine
from tests.cast import Cast
from tests.visitors import as_superuser, desk, tablet

from .proof import Said, Told


@dataclass
class Kept:
    """Promises that are all kept: an alert in each force; in Norfolk's, words, a claim and a note."""

    engine: Engine
    database: str
    told: Told = field(default_factory=Told)
    key: str = ""  # of Norfolk's alert
    record: str = ""
    body: str = ""  # its answer

    def alert(self, short: str, key: str | None = None, name: str = "") -> tuple[str, str]:
        """An alert that is really sent and told of: its key, and the answer."""
        key = key or str(uuid4())
        answer = tablet(Cast(), short, name=name).post("/counter/send/", {"key": key})
        assert answer.status_code == 200
        return key, answer.content.decode()

    def sql(self, query: str) -> None:
        """Run `query` past every rule; %s is Norfolk's record."""
        as_superuser(self.engine, self.database, query, *[self.record] * query.count("%s"))

    def check(self) -> None:
        """The proof."""
        self.told.check(self.engine.url(SUPERUSER, self.database))


@pytest.fixture
def kept(engine: Engine, database: str, cast: Cast) -> Kept:
    """Made by the pages, as the tablets and officers of the fault tests do."""
    found = Kept(engine, database)
    told = found.told
    for short in ("cheshire", "norfolk"):
        found.key, found.body = found.alert(short)
        told.tried[found.key] = short
        found.record = told.heard(found.key, 200, found.body) or ""
    record, said = found.record, Said(str(uuid4()), "Made-up words", "Made-up sight")
    client = tablet(cast, "norfolk", "AB")
    words = {"own_words": said.own_words, "observed": said.observed}
    for step, key, boxes in (
        ("wish", uuid4(), {"wish": "police_now"}), ("agree", uuid4(), {"agree": "yes"}), ("words", said.key, words),
    ):  # fmt: skip
        data = {"record": record, "step": step, "key": str(key), **boxes}
        assert client.post("/counter/answer/", data).status_code == 200
    told.said[record] = said
    officer, note = desk(cast, "norfolk"), str(uuid4())
    for what, data in (("open", {}), ("claim", {}), ("note", {"key": note, "text": "A made-up note"})):
        assert officer.post(f"/triage/records/{record}/{what}/", data).status_code == 302
    told.claimed.add(record)
    told.noted[note] = (record, "A made-up note")
    return found


def test_where_all_is_well_the_proof_holds(kept: Kept) -> None:
    """Also with an alert that was refused at first, and one whose answer never came."""
    kept.told.heard(kept.key, 503, "Not now")
    kept.told.heard(kept.key, 0, "")
    key, _body = kept.alert("norfolk")
    kept.told.tried[key] = "norfolk"
    kept.check()


def _sql(query: str) -> Callable[[Kept], None]:
    return lambda kept: kept.sql(query)


def _again(short: str, name: str = "") -> Callable[[Kept], None]:
    """The same key, sent by another tablet: another record, as if the first had been made twice."""

    def plant(kept: Kept) -> None:
        kept.alert(short, kept.key, name)

    return plant


def _twice_wrong_first(kept: Kept) -> None:
    """As above, where the right one is the last that the database names."""
    kept.alert("cheshire", kept.key)
    kept.sql("update requests_codewordrequest set started_at = now() where id = %s")


def _unsent(kept: Kept) -> None:
    kept.alert("norfolk")


def _refused_but_shown(kept: Kept) -> None:
    kept.told.heard(kept.key, 503, kept.body)


def _shown_but_not_there(kept: Kept) -> None:
    kept.told.heard(kept.key, 200, kept.body.replace(kept.record, str(uuid4())))


def _shown_with_anothers(kept: Kept) -> None:
    key, _body = kept.alert("norfolk")
    kept.told.tried[key] = "norfolk"
    kept.told.heard(key, 200, kept.body)


def _not_shown(kept: Kept) -> None:
    kept.told.heard(kept.key, 200, "Something else")


def _not_claimed(kept: Kept) -> None:
    kept.told.claimed.add(str(uuid4()))


def _not_closed(kept: Kept) -> None:
    kept.told.closed.add(kept.record)


OTHER = "(select force_id from requests_codewordrequest where id <> %s limit 1)"
COPY = (
    "insert into requests_entry (id, record_id, force_id, kind, level, key, sealed, at)"
    " select gen_random_uuid(), record_id, force_id, kind, level, {key}, sealed, at from requests_entry"
    " where record_id = %s and kind = '{kind}'"
)
RESEAL = "update requests_entry set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) where record_id = %s and kind = '{}'"
PLANTED: dict[str, tuple[Callable[[Kept], None], str]] = {
    "a loss": (_sql("delete from requests_codewordrequest where id = %s"), "1 of 2 accepted alerts are lost"),
    "a duplicate": (_again("norfolk", "second "), "more than once"),
    "a copy in another force": (_again("cheshire"), "more than once"),
    "a copy in another force, found first": (_twice_wrong_first, "more than once"),
    "a wrong force": (_sql(f"update requests_codewordrequest set force_id = {OTHER} where id = %s"), "wrong force"),
    "a wrong origin": (_sql(f"update requests_codewordrequest set origin_force_id = {OTHER} where id = %s"), "wrong force"),
    "no alert": (_sql("update requests_codewordrequest set alerted_at = null where id = %s"), "is no alert"),
    "nobody's record": (_unsent, "nobody sent"),
    "a key that is lost": (_sql("delete from vault.record_key where record_id = %s"), "cannot be read"),
    "words lost": (_sql("delete from requests_entry where record_id = %s and kind = 'own_words'"), "words are not there"),
    "a sight lost": (_sql("delete from requests_entry where record_id = %s and kind = 'observed'"), "words are not there"),
    "words twice": (_sql(COPY.format(key="gen_random_uuid()", kind="own_words")), "words are not there once"),
    "words spoilt": (_sql(RESEAL.format("own_words")), "cannot be read"),
    "a note lost": (_sql("delete from requests_entry where record_id = %s and kind = 'note'"), "a note is not there"),
    "a note spoilt": (_sql(RESEAL.format("note")), "cannot be read"),
    "a broken chain": (
        _sql("update audit_auditentry set actor_id = actor_id || 'x' where object_id = %s and event = 'record.alerted'"),
        "the log is broken",
    ),
    "no row of the log": (
        _sql("delete from audit_auditentry where object_id = %s and event = 'record.alerted'"), "not in the log",
    ),
    "refused, shown as received": (_refused_but_shown, "show what is not so"),
    "shown as received, not there": (_shown_but_not_there, "show what is not so"),
    "another's shown as received": (_shown_with_anothers, "show what is not so"),
    "accepted, not shown": (_not_shown, "show what is not so"),
    "a claim that is not there": (_not_claimed, "a claim that is not there"),
    "a closing that is not there": (_not_closed, "a closing that is not there"),
}  # fmt: skip


@pytest.mark.parametrize("what", PLANTED)
def test_whatever_is_planted_is_found(kept: Kept, what: str) -> None:
    """One thing is wrong, and the proof says which."""
    plant, says = PLANTED[what]
    plant(kept)
    with pytest.raises(AssertionError, match=says):
        kept.check()


@pytest.mark.parametrize("kind", ["own_words", "note"])
def test_another_text_is_found(kept: Kept, kind: str) -> None:
    """What opens must be what was typed, not only something."""
    told = kept.told
    if kind == "note":
        told.noted = {key: (record, "Another note") for key, (record, _text) in told.noted.items()}
    else:
        told.said = {record: said._replace(own_words="Other words") for record, said in told.said.items()}
    with pytest.raises(AssertionError, match="opens? to something else"):
        kept.check()

"""What a person said stands in no plain column anywhere, and opens only in its own place."""

import base64
import os
import subprocess

import pytest

from ani_portal.engine.place import programs
from ani_portal.engine.server import SUPERUSER, Engine
from requests.enums import Danger, Wish
from requests.models import CodewordRequest
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything, agreed, said, started, wished
from tests.visitors import as_superuser, desk, tablet

PLANTED = "Zyxqua Vorntash keeps the blue kettle"
READ = "This can no longer be read."


def _dump(engine: Engine, database: str) -> bytes:
    """All that a backup holds, bytea as hex."""
    url = engine.url(SUPERUSER, database)
    return subprocess.run(
        [str(programs() / "pg_dump"), "--inserts", "--dbname", url], capture_output=True, check=True, env=os.environ, timeout=120,
    ).stdout  # fmt: skip


def _spellings(word: str) -> dict[str, bytes]:
    plain = word.encode()
    found = {"utf-8": plain, "hex": plain.hex().encode(), "utf-16 hex": word.encode("utf-16-le").hex().encode()}
    # A word inside a longer text in base64 stands at one of three offsets; its middle is the same for each.
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + plain)
        found[f"base64 at {offset}"] = text[4:-4]
        found[f"base64 at {offset}, hex"] = text[4:-4].hex().encode()
    return {name: spelling for name, spelling in found.items() if len(spelling) >= 6}  # shorter is found by chance


def test_no_word_is_found_in_a_dump_of_the_database(cast: Cast, engine: Engine, database: str) -> None:
    """Typed on the tablet by its pages, on several records, released and not; the search itself is proven first."""
    by = cast.recorder("norfolk")
    page = tablet(cast, "norfolk", "AB")
    for release in (True, False):
        record = wished(by, started(by), Wish.POLICE_NOW)
        if release:
            agreed(by, record)
        answer = {"record": record.pk, "key": record.pk, "step": "words", "own_words": PLANTED, "observed": PLANTED}
        assert page.post("/counter/answer/", answer).status_code == 200
    for spelling in ("utf-8", "hex", "base64 at 1"):
        text = _spellings(PLANTED)[spelling].decode()
        as_superuser(
            engine, database, "update accounts_user set name = %s where email like 'outsider%%'", f"x{text}"[:80]
        )
        assert _spellings(PLANTED)[spelling][:60] in _dump(engine, database), "the search would not find it"
    as_superuser(engine, database, "update accounts_user set name = ''")
    dump = _dump(engine, database)
    assert len(dump) > 50_000 and b"requests_entry" in dump
    for part in (PLANTED, *(word for word in PLANTED.split() if len(word) > 5)):
        for name, form in _spellings(part).items():
            assert form not in dump and form.upper() not in dump, (part, name)


def _opened(cast: Cast, force: str = "norfolk") -> CodewordRequest:
    record = a_record_with_everything(cast, force)
    desk(cast, force).post(f"/triage/records/{record.pk}/open/")
    return record


def _page(cast: Cast, record: CodewordRequest, force: str = "norfolk") -> str:
    """The record's page and its entries: shown, whatever a seal says."""
    officer, texts = desk(cast, force), []
    for path in ("", "entries/"):
        answer = officer.get(f"/triage/records/{record.pk}/{path}")
        assert answer.status_code == 200
        texts.append(answer.content.decode())
    return "\n".join(texts)


SWAPS = {
    "between records": "update requests_entry e set sealed = o.sealed from requests_entry o"
    " where e.record_id = %(first)s and o.record_id = %(second)s and e.kind = 'own_words' and o.kind = 'own_words'",
    "between fields": "update requests_entry e set sealed = o.sealed from requests_entry o"
    " where e.record_id = %(first)s and o.record_id = %(first)s and e.kind = 'own_words' and o.kind = 'rung_999'",
    "between forces": "update requests_entry e set sealed = o.sealed from requests_entry o"
    " where e.record_id = %(first)s and o.record_id = %(foreign)s and e.kind = 'own_words' and o.kind = 'own_words'",
    "the key of another record": "update vault.record_key k set wrapped = o.wrapped from vault.record_key o"
    " where k.record_id = %(first)s and o.record_id = %(second)s",
    "the force of the key": "update vault.record_key set force_id = force_id + 1 where record_id = %(first)s",
    "the kind of the entry": "update requests_entry set kind = 'observed' where record_id = %(first)s and kind = 'own_words'",
    "the name of the master key": "update vault.record_key set master_key = 'k9' where record_id = %(first)s",
    "no key": "delete from vault.record_key where record_id = %(first)s",
}


@pytest.mark.parametrize("how", SWAPS)
def test_what_was_moved_does_not_open_and_the_page_says_so(cast: Cast, engine: Engine, database: str, how: str) -> None:
    """A plain sentence in its place, never a fault, and never another person's words."""
    first, second, foreign = _opened(cast), _opened(cast), _opened(cast, "cheshire")
    assert "PLANTED" in _page(cast, first) and READ not in _page(cast, first)
    places = {"first": f"'{first.pk}'", "second": f"'{second.pk}'", "foreign": f"'{foreign.pk}'"}
    as_superuser(engine, database, SWAPS[how] % places)
    shown = _page(cast, first)
    assert READ in shown and "PLANTED" not in shown
    assert "PLANTED" in _page(cast, second)


def test_every_flipped_byte_is_refused(cast: Cast, engine: Engine, database: str) -> None:
    """Of the sealed text and of the wrapped key, one after the other."""
    record = started(cast.recorder("norfolk"), Danger.YES)
    wished(cast.recorder("norfolk"), record, Wish.POLICE_NOW)
    agreed(cast.recorder("norfolk"), record)
    said(cast.recorder("norfolk"), record, "PLANTED")
    officer = desk(cast, "norfolk")
    address = f"/triage/records/{record.pk}/"
    officer.post(address + "open/")
    for table, column in (("requests_entry", "sealed"), ("vault.record_key", "wrapped")):
        flip = f"update {table} set {column} = set_byte({column}, %s, get_byte({column}, %s) # 1)"
        flip += " where record_id = %s returning 1"
        ((length,),) = as_superuser(
            engine, database, f"select octet_length({column}) from {table} where record_id = %s", record.pk
        )
        for place in range(0, length, 3):
            assert as_superuser(engine, database, flip, place, place, record.pk) == [(1,)]
            answer = officer.get(address + "entries/")
            assert answer.status_code == 200
            assert READ in answer.content.decode() and "PLANTED" not in answer.content.decode(), (table, place)
            as_superuser(engine, database, flip, place, place, record.pk)
    assert "PLANTED" in officer.get(address).content.decode()

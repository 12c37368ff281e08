"""Master keys: where they come from, how a service of one's own takes their place, and rotation while all goes on."""

import base64
import os
import statistics
import threading
import time
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django import Settings

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from ani_portal.sealing import rotation
from ani_portal.sealing.keyring import KeyService, LocalKeys, SealBroken, add_key, key_service, parse
from ani_portal.sealing.seal import key_wrapping, seal_of
from requests import actions
from tests.cast import Cast
from tests.requests.steps import WORDS, a_record_with_everything, said

K1 = "k1:" + base64.urlsafe_b64encode(b"1" * 32).decode()
K2 = "k2:" + base64.urlsafe_b64encode(b"2" * 32).decode()


KEYS = int(os.environ.get("ROTATION_KEYS", "100000"))


def a_service() -> KeyService:
    """What KEY_SERVICE may name."""
    return LocalKeys({"outside": b"o" * 32})


def test_keys_are_spelled_exactly() -> None:
    """And a fault names none of them."""
    assert list(parse(f"{K2},{K1}").keys) == ["k2", "k1"]
    assert list(parse(f"{K2}\n{K1}\n").keys) == ["k2", "k1"]
    for wrong in ("", "k1", "k1:short", f"{K1},{K1}", ":" + K1.partition(":")[2]):
        with pytest.raises(ImproperlyConfigured) as refusal:
            parse(wrong)
        assert "MTEx" not in str(refusal.value)


def test_a_service_of_ones_own(settings: Settings) -> None:
    """Takes the local one's place by its name, and does what the local one does."""
    settings.KEY_SERVICE = "tests.ani_portal.sealing.test_keys.a_service"
    service = key_service()
    assert service.current == "outside"
    name, wrapped = service.wrap(b"r" * 32, b"here")
    assert service.unwrap(name, wrapped, b"here") == b"r" * 32
    for wrong in ((name, wrapped, b"there"), ("k1", wrapped, b"here"), (name, wrapped[:-1], b"here")):
        with pytest.raises(SealBroken):
            service.unwrap(*wrong)


def test_the_file_is_read_again_when_it_changes(settings: Settings, tmp_path: Path) -> None:
    """A running service learns a new key without a restart."""
    settings.MASTER_KEYS = ""
    settings.MASTER_KEYS_FILE = str(tmp_path / "keys")
    (tmp_path / "keys").write_text(K1)
    assert key_service().current == "k1"
    add_key(tmp_path / "keys", "k2")
    assert key_service().current == "k2"
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600
    with pytest.raises(ImproperlyConfigured):
        add_key(tmp_path / "keys", "k1")


def _left() -> set[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("select distinct master_key from vault.record_key union select master_key from vault.force_key")
        return {name for (name,) in cursor.fetchall()}


def test_rotation_from_file(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    """Everything is readable under the new key alone; twice is once; the log names the key."""
    path = tmp_path / "keys"
    path.write_text(settings.MASTER_KEYS)
    settings.MASTER_KEYS, settings.MASTER_KEYS_FILE = "", str(path)
    record, by = a_record_with_everything(cast, "norfolk"), cast.recorder("norfolk")
    with scoped(by.scope):
        actions.remember_phone(by=by, record=record, number="07700 900 123")
    call_command("rotate_keys", "--new", "autumn", verbosity=0)
    assert _left() == {"autumn"}
    call_command("rotate_keys", verbosity=0)
    path.write_text(path.read_text().split(",")[0])  # the old key is taken away
    officer = cast.officer("norfolk")
    with scoped(officer.scope):
        assert seal_of(record.pk).key
        assert actions.records_with_phone(by=officer, number="07700 900 123") == [record.pk]
    with connections["owner"].cursor() as cursor:
        cursor.execute("select object_id from audit_auditentry where event = 'keys.rotated' order by id")
        assert [name for (name,) in cursor.fetchall()] == ["autumn", "autumn"]


def test_a_key_that_nothing_opens_is_left_and_named(cast: Cast, settings: Settings) -> None:
    """The command fails, and says to keep the older keys."""
    a_record_with_everything(cast, "norfolk")
    settings.MASTER_KEYS = K2
    with pytest.raises(CommandError, match="keep the older"):
        call_command("rotate_keys", verbosity=0)
    assert _left() == {"k1"}


def _fill(count: int) -> None:
    """Keys of records that are not there: rotation looks at keys alone."""
    service = key_service()
    rows = []
    for _row in range(count):
        record_id = uuid4()
        name, wrapped = service.wrap(b"r" * 32, key_wrapping(record_id, 1))
        rows.append((record_id, 1, name, wrapped))
    with connections["owner"].cursor() as cursor:
        cursor.executemany("insert into vault.record_key values (%s, %s, %s, %s)", rows)


def _rotate_under_load(cast: Cast, settings: Settings, count: int, breaks: int, least: int) -> float:
    """Rotate `count` keys, broken off `breaks` times, while two officers read and a tablet writes; keys a second.

    `least` records must be read meanwhile, and half as many written.
    """
    records = [a_record_with_everything(cast, "norfolk") for _one in range(3)]
    _fill(count)
    settings.MASTER_KEYS = f"{K2},{settings.MASTER_KEYS}"
    stop, failed, counts = threading.Event(), [], {"read": 0, "written": 0}
    latencies: list[float] = []
    officer, by = cast.officer("norfolk"), cast.recorder("norfolk")

    def read() -> None:
        try:
            while not stop.is_set():
                for record in records:
                    started = time.perf_counter()
                    with scoped(officer.scope):
                        seal = seal_of(record.pk)
                        for entry in record.entries.filter(kind="own_words"):
                            assert str(seal.open(bytes(entry.sealed), field=entry.field)["text"]).startswith("PLANTED")
                    latencies.append(time.perf_counter() - started)
                    counts["read"] += 1
        except Exception as error:
            failed.append(error)
        finally:
            connections["default"].close()

    def write() -> None:
        try:
            while not stop.is_set():
                said(by, records[0])
                records.append(a_record_with_everything(cast, "norfolk"))
                counts["written"] += 1
                time.sleep(0.01)
        except Exception as error:
            failed.append(error)
        finally:
            connections["default"].close()
            connections["owner"].close()

    class BrokenOff(Exception):
        pass

    def break_off(done: int) -> None:
        raise BrokenOff

    threads = [threading.Thread(target=job) for job in (read, read, write)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(0.3)
        before, latencies[:] = dict(counts), []
        with using_role("owner"):
            for _break in range(breaks):
                with pytest.raises(BrokenOff):
                    rotation.rotate(said=break_off)
            went = rotation.rotate()
        meanwhile = {name: counts[name] - before[name] for name in counts}
    finally:
        time.sleep(0.3)
        stop.set()
        for thread in threads:
            thread.join(30)
    assert failed == []
    assert went.left == 0 and _left() == {"k2"}
    assert went.done + breaks * rotation.BATCH >= count
    assert meanwhile["read"] >= least and meanwhile["written"] >= least // 2, "nothing went on while it rotated"
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select count(*) from requests_entry where record_id = %s and kind = 'own_words'", [records[0].pk]
        )
        assert cursor.fetchone() == (1 + counts["written"],)
    settings.MASTER_KEYS = K2
    for record in records:
        with scoped(officer.scope):
            assert seal_of(record.pk)
    print(
        f"FIGURE {went.done} keys wrapped anew at {went.done / went.seconds:.0f} a second, broken off {breaks} times, while"
        f" {meanwhile['read']} records were read (median {1000 * statistics.median(latencies):.1f} ms,"
        f" worst {1000 * max(latencies):.0f} ms) and {meanwhile['written']} written: none failed, none lost"
    )
    assert WORDS.startswith("PLANTED")
    return went.done / went.seconds


def test_rotation_while_officers_read_and_tablets_write(cast: Cast, settings: Settings) -> None:
    """No failed read, no lost write; broken off twice, it goes on where it stopped."""
    assert _rotate_under_load(cast, settings, 3_000, 2, 2) > 100


@pytest.mark.long
def test_rotation_of_a_hundred_thousand(cast: Cast, settings: Settings) -> None:
    """The same with 100,000 records."""
    assert _rotate_under_load(cast, settings, KEYS, 5, 50) > 300

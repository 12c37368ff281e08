"""A sealed value opens in its place and nowhere else; a changed one never shows a wrong text."""

from uuid import uuid4

import pytest
from django.db import connections

from ani_portal.access.scope import scoped
from ani_portal.sealing.keyring import SealBroken
from ani_portal.sealing.seal import Seal, seal_of
from requests.models import CodewordRequest
from requests.triage.entries import entries
from tests.cast import Cast
from tests.requests.steps import WORDS, a_record_with_everything


def test_what_is_moved_does_not_open() -> None:
    """Another record, force, field or key: refused."""
    seal = Seal(uuid4(), 1, b"k" * 32)
    closed = seal.close({"text": WORDS}, field="own_words|1")
    assert seal.open(closed, field="own_words|1") == {"text": WORDS}
    for other, field in (
        (Seal(uuid4(), 1, seal.key), "own_words|1"),
        (Seal(seal.record_id, 2, seal.key), "own_words|1"),
        (Seal(seal.record_id, 1, b"x" * 32), "own_words|1"),
        (seal, "own_words|2"),
        (seal, "observed|1"),
    ):
        with pytest.raises(SealBroken):
            other.open(closed, field=field)


def test_every_flipped_byte_is_refused() -> None:
    """Each byte in turn, each cut, and nothing at all."""
    seal = Seal(uuid4(), 1, b"k" * 32)
    closed = seal.close({"text": WORDS}, field="f")
    for place in range(len(closed)):
        flipped = bytearray(closed)
        flipped[place] ^= 1 << (place % 8)
        with pytest.raises(SealBroken):
            seal.open(bytes(flipped), field="f")
        with pytest.raises(SealBroken):
            seal.open(closed[:place], field="f")


def test_the_length_does_not_tell_the_answer() -> None:
    """Choices from one list have one length."""
    seal = Seal(uuid4(), 1, b"k" * 32)
    assert len({len(seal.close({"rung": value}, field="f")) for value in ("by_me", "by_them", "not_yet")}) == 1


def _ciphertext(record: CodewordRequest, kind: str = "own_words") -> bytes:
    with connections["owner"].cursor() as cursor:
        cursor.execute("select sealed from requests_entry where record_id = %s and kind = %s", [record.pk, kind])
        (value,) = cursor.fetchone() or (b"",)
    return bytes(value)


def _put(record: CodewordRequest, value: bytes) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "update requests_entry set sealed = %s where record_id = %s and kind = 'own_words'", [value, record.pk]
        )


def test_swapped_in_the_database_it_is_shown_as_broken_and_logged(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    """Between records, fields and forces, flipped, or the key of another: never a wrong text, never an error page."""
    ours, second = a_record_with_everything(cast, "norfolk"), a_record_with_everything(cast, "norfolk")
    theirs = a_record_with_everything(cast, "cheshire")
    officer = cast.officer("norfolk")
    original = _ciphertext(ours)
    wrong = [
        _ciphertext(second),
        _ciphertext(theirs),
        _ciphertext(ours, "rung_999"),
        b"",
        b"short",
        original[:-1] + b"\0",
    ]
    for value in wrong:
        caplog.clear()
        _put(ours, value)
        with scoped(officer.scope):
            shown = [one for one in entries(ours).shown if one.kind == "own_words"]
        assert [(one.broken, "PLANTED" in one.text) for one in shown] == [(True, False)]
        (line,) = [record for record in caplog.records if "does not open" in record.getMessage()]
        assert str(ours.pk) in line.getMessage() and "PLANTED" not in line.getMessage()
    _put(ours, original)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "update vault.record_key set wrapped = (select wrapped from vault.record_key where record_id = %s)"
            " where record_id = %s",
            [second.pk, ours.pk],
        )
    with scoped(officer.scope):
        assert all(one.broken for one in entries(ours).shown)
        with pytest.raises(SealBroken):
            seal_of(ours.pk)

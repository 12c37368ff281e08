"""A known number finds its record; nobody can try numbers out; nothing of it can be read."""

import hashlib
from uuid import uuid4

import pytest
from django.db import connections

from ani_portal.access.scope import scoped
from ani_portal.sealing.phones import normalise_phone
from requests import actions
from requests.actions import NotPossible
from requests.actions.phones import SEARCHES
from requests.enums import Connected, EntryKind
from requests.models import CodewordRequest
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything
from tests.requests.triage.desk_steps import claimed, offered

SAME = ("07700 900123", "+44 7700 900 123", "0044 (0)7700-900123", "+44 (0) 7700 900123", "447700900123", "7700900123")


def test_however_a_number_is_written_it_is_the_same() -> None:
    """And what is no number is none."""
    assert {normalise_phone(text) for text in SAME} == {"+447700900123"}
    assert normalise_phone("01632 960001") == "+441632960001"
    assert normalise_phone("+33 1 99 00 00 01") == "+33199000001"
    assert [normalise_phone(text) for text in ("", "none", "12", "+", "9" * 30)] == [""] * 5


def test_a_number_finds_its_record_in_its_own_force_only(cast: Cast) -> None:
    """Norfolk's officer finds it however it is typed, Cheshire's never."""
    by, record = cast.recorder("norfolk"), a_record_with_everything(cast, "norfolk")
    with scoped(by.scope):
        assert actions.remember_phone(by=by, record=record, number=SAME[0])
        assert actions.remember_phone(by=by, record=record, number=SAME[1])  # twice is once
        assert not actions.remember_phone(by=by, record=record, number="ask her sister")
    for force, found in (("norfolk", [record.pk]), ("cheshire", [])):
        officer = cast.officer(force)
        with scoped(officer.scope):
            assert actions.records_with_phone(by=officer, number=SAME[3]) == found
    with connections["owner"].cursor() as cursor:
        cursor.execute("select mark from vault.phone_mark")
        ((stored,),) = cursor.fetchall()
        cursor.execute("select event, detail from audit_auditentry where event = 'record.searched' order by id")
        assert cursor.fetchall() == [
            ("record.searched", '{"found":1,"what":"phone"}'),
            ("record.searched", '{"found":0,"what":"phone"}'),
        ]
    plain = {hashlib.sha256(text.encode()).digest() for text in (*SAME, "+447700900123")}
    assert bytes(stored) not in plain and len(bytes(stored)) == 32


def test_numbers_cannot_be_tried_out(cast: Cast) -> None:
    """Past the limit the search refuses, and what is no number costs nothing."""
    officer = cast.officer("norfolk")
    for _try in range(SEARCHES):
        with scoped(officer.scope):
            actions.records_with_phone(by=officer, number="01632 960002")
    with pytest.raises(NotPossible, match="most searches"), scoped(officer.scope):
        actions.records_with_phone(by=officer, number="01632 960002")
    other = cast.officer("norfolk", 2)
    with scoped(other.scope):
        assert actions.records_with_phone(by=other, number="01632 960002") == []


@pytest.mark.parametrize("restricted", [False, True])
def test_a_record_that_passed_is_found_by_its_new_force(cast: Cast, restricted: bool) -> None:
    """Under the new force's key from the acceptance on; restricted, from the first officer on who may read it."""
    recorder, by, receiver = cast.recorder("norfolk"), cast.officer("norfolk"), cast.officer("cheshire")
    record = a_record_with_everything(cast, "norfolk")
    with scoped(recorder.scope):
        actions.add_entry(
            by=recorder, record=record, key=uuid4(), kind=EntryKind.SAFE_CONTACT, value={"number": SAME[0]}
        )
        actions.remember_phone(by=recorder, record=record, number=SAME[0])
        if restricted:
            actions.answer_connected(by=recorder, record=record, key=uuid4(), connected=Connected.POLICE)
        actions.put_away(by=recorder, record=record)
    offer = offered(by, claimed(by, record), receiver.force_id)
    with scoped(receiver.scope):
        actions.accept(by=receiver, offer=offer)
    if restricted:
        with scoped(receiver.scope):
            assert actions.records_with_phone(by=receiver, number=SAME[1]) == []
            here = CodewordRequest.objects.get(pk=record.pk)
            actions.break_glass(by=receiver, record=here, reason="A made-up reason")
    for officer, found in ((receiver, [record.pk]), (by, [])):
        with scoped(officer.scope):
            assert actions.records_with_phone(by=officer, number=SAME[1]) == found
    with connections["owner"].cursor() as cursor:
        cursor.execute("select distinct force_id from vault.phone_mark")
        assert cursor.fetchall() == [(receiver.force_id,)]

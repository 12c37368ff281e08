"""The release table of the design, row by row: what the force can read before, at and after the moment.

Each row is asked in raw SQL as the application's role in an officer's scope, and on every page of the desk. *At* the
moment is inside the transaction that releases: nobody else sees anything of it until it is committed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import uuid4

import pytest

from ani_portal.access.principals import Principal
from ani_portal.access.scope import scoped
from requests import actions
from requests.enums import Danger, EntryKind, Override, Told, Wish
from requests.models import CodewordRequest
from tests.cast import Cast
from tests.visitors import desk, raw

WORDS = "PLANTED-4711 he has taken my keys"
Step = Callable[[Principal, CodewordRequest | None], CodewordRequest]


class Read(NamedTuple):
    """What the force can read of a record."""

    record: bool
    alert: int  # entries that go with an alert
    words: int  # entries that need agreement or an overriding reason


NOTHING, ALERT, ALL = Read(False, 0, 0), Read(True, 1, 0), Read(True, 1, 1)


def _start(danger: Danger) -> Step:
    def step(by: Principal, record: CodewordRequest | None) -> CodewordRequest:
        made = actions.start_record(by=by, key=uuid4(), danger=danger)
        actions.add_entry(by=by, record=made, key=uuid4(), kind=EntryKind.RUNG_999, value={"rung": "by_me"})
        return made

    return step


def _on(act: Callable[[Principal, CodewordRequest], CodewordRequest]) -> Step:
    def step(by: Principal, record: CodewordRequest | None) -> CodewordRequest:
        assert record is not None
        return act(by, record)

    return step


def _wish(wish: Wish) -> Step:
    return _on(lambda by, record: actions.answer_wish(by=by, record=record, wish=wish))


def _override(reason: Override, told: Told) -> Step:
    def act(by: Principal, record: CodewordRequest) -> CodewordRequest:
        record = actions.override(by=by, record=record, reason=reason, told=told)
        return _said(by, record)

    return _on(act)


def _say(by: Principal, record: CodewordRequest) -> CodewordRequest:
    actions.add_entry(by=by, record=record, key=uuid4(), kind=EntryKind.OWN_WORDS, value={"text": WORDS})
    return record


_said = _say
_agree = _on(lambda by, record: actions.agree(by=by, record=record))
_words = _on(_say)
_alarm = _on(lambda by, record: actions.raise_alert(by=by, record=record))
# Before the alarm nothing of a draft is read, not even that 999 was rung.


@dataclass(frozen=True)
class Row:
    """One row of the table: what came before, the touch that changes what is read, and both readings."""

    name: str
    before: list[Step]
    moment: Step
    read_before: Read
    read_after: Read
    band: str = ""
    marks: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


YES, NO, NOT_SURE = _start(Danger.YES), _start(Danger.NO), _start(Danger.NOT_SURE)
POLICE_NOW, POLICE_LATER = _wish(Wish.POLICE_NOW), _wish(Wish.POLICE_LATER)

TABLE = [
    Row("danger now, nothing else asked", [], YES, NOTHING, ALERT, "alert", ["danger now", "no words released"]),
    Row("tell police now, at any later time", [NO, _wish(Wish.SUPPORT)], _alarm, NOTHING, ALERT, "alert", ["danger now"]),
    Row("police now, agreed", [NO, POLICE_NOW, _words], _agree, NOTHING, ALL, "now", [], ["danger now", "without agreement"]),
    Row("police later, agreed", [NOT_SURE, POLICE_LATER, _words], _agree, NOTHING, ALL, "later", [], ["danger now"]),
    Row("each answer as it is saved", [NO, POLICE_LATER, _agree], _words, ALERT, ALL, "later"),
    Row("danger now, then police and agreed", [YES, POLICE_NOW, _words], _agree, ALERT, ALL, "alert", ["danger now"]),
    Row("police wanted but not agreed: nothing", [NO, POLICE_NOW], _words, NOTHING, NOTHING),
    *(
        Row(
            f"without agreement: {reason.label}, wish {wish or 'not asked'}",
            [NO, *([_wish(wish)] if wish else [])],
            _override(reason, told),
            NOTHING,
            ALL,
            "now",
            ["without agreement", str(reason.label), str(told.label), "Made-up Staff AB"],
            ["danger now"],
        )
        for reason, told, wish in (
            (Override.SERIOUS_HARM, Told.YES, Wish.SUPPORT),
            (Override.CHILD_AT_RISK, Told.NO, Wish.COULD_NOT_ASK),
            (Override.ADULT_AT_RISK, Told.YES, None),
        )
    ),
    *(
        Row(f"danger now, but {no.label}", [YES], _wish(no), ALERT, ALERT, "alert", ["danger now", "does not want police"])
        for no in (Wish.SUPPORT, Wish.SPACE)
    ),
    Row(
        "a later no withholds the words and marks it",
        [NO, POLICE_NOW, _agree, _words], _wish(Wish.SUPPORT), ALL, ALERT, "later", ["does not want police", "no words"],
    ),
    Row("a new wish alone brings withheld words not back", [YES, POLICE_NOW, _agree, _words, _wish(Wish.SPACE)],
        POLICE_NOW, ALERT, ALERT, "alert"),
    Row("a new agreement does", [YES, POLICE_NOW, _agree, _words, _wish(Wish.SPACE), POLICE_NOW], _agree, ALERT, ALL, "alert"),
    Row("a reason from the list outlasts a no", [NO, _wish(Wish.SUPPORT), _override(Override.SERIOUS_HARM, Told.NO)],
        _wish(Wish.SPACE), ALL, ALL, "now", ["without agreement", "does not want police"]),
    *(
        Row(f"{danger.label}, {wish.label}: nothing of it, ever", [_start(danger)], _wish(wish), NOTHING, NOTHING)
        for danger in (Danger.NO, Danger.NOT_SURE)
        for wish in (Wish.SUPPORT, Wish.SPACE, Wish.COULD_NOT_ASK)
    ),
]  # fmt: skip


def _read(cast: Cast, urls: dict[str, str], record: CodewordRequest | None, force: str = "norfolk") -> Read:
    if record is None:
        return NOTHING
    with raw(urls, cast.officer(force).scope) as police:
        count = "select count(*) from requests_entry where record_id = %s and level = %s"
        there = police.execute("select count(*) from requests_codewordrequest where id = %s", [record.pk]).fetchone()
        keys = police.execute("select count(*) from vault.record_key where record_id = %s", [record.pk]).fetchone()
        alert, words = (police.execute(count, [record.pk, level]).fetchone() for level in ("alert", "words"))
    assert there and keys and alert and words
    assert keys == there, "the key goes with the record"
    return Read(there == (1,), alert[0], words[0])


def _check_pages(cast: Cast, record: CodewordRequest, read: Read, row: Row | None = None) -> None:
    """The queue, its rows, the record and its entries show what may be read, and the other force's nothing."""
    for force, may in (("norfolk", read), ("cheshire", NOTHING)):
        officer = desk(cast, force)
        for path in ("/triage/", "/triage/rows/"):
            assert (str(record.pk) in officer.get(path).content.decode()) is may.record, (force, path)
        address = f"/triage/records/{record.pk}/"
        if not may.record:
            for path in ("", "entries/"):
                assert officer.get(address + path).status_code == 404, (force, path)
            for path in ("open/", "claim/", "unclaim/", "close/"):
                assert officer.post(address + path, {"outcome": "attended"}).status_code == 404, (force, path)
            continue
        officer.post(address + "open/")
        for path in ("", "entries/"):
            text = officer.get(address + path).content.decode()
            assert (WORDS in text) is bool(may.words), path
            assert ("By me" in text) is bool(may.alert), path
        if row is not None:
            page = officer.get(address).content.decode()
            queue = officer.get("/triage/").context["bands"]
            assert [band["kind"] for band in queue if any(one.id == str(record.pk) for one in band["rows"])] == [
                row.band
            ]
            assert [mark for mark in row.marks if mark not in page] == []
            assert [mark for mark in row.absent if mark in page] == []


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_police_read_what_the_table_says_and_from_when(cast: Cast, urls: dict[str, str], row: Row) -> None:
    by, record = cast.recorder("norfolk"), None
    for step in row.before:
        with scoped(by.scope):
            record = step(by, record)
    assert _read(cast, urls, record) == row.read_before
    with scoped(by.scope):
        made = row.moment(by, record)
        assert _read(cast, urls, record or made) == row.read_before, "not before the moment is committed"
    assert _read(cast, urls, made) == row.read_after
    assert _read(cast, urls, made, "cheshire") == NOTHING
    _check_pages(cast, made, row.read_after, row if row.read_after.record else None)


@pytest.mark.parametrize("row", [row for row in TABLE if row.before], ids=lambda row: row.name)
def test_before_the_moment_no_page_shows_more(cast: Cast, urls: dict[str, str], row: Row) -> None:
    by, record = cast.recorder("norfolk"), None
    for step in row.before:
        with scoped(by.scope):
            record = step(by, record)
    assert record is not None
    _check_pages(cast, record, row.read_before)

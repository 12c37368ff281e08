"""A search leaves its rows in the log however somebody came to it: by what they typed, a bookmark or a colleague's link."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client

from ani_portal.access.roles import using_role
from ani_portal.accounts.hashed_sessions import SessionStore, key_of
from requests.models import CodewordRequest, Look
from requests.triage.searched import KEPT, MOST_KEPT
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything
from tests.visitors import desk, log_of

from .desk_steps import claimed, closed

PRESS = "Look for it"


def _closed_record(cast: Cast) -> CodewordRequest:
    by = cast.officer("norfolk")
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    closed(by, record)
    return record


def _rows(cast: Cast, record: CodewordRequest) -> tuple[int, int]:
    """How often the log says that somebody looked, and that it found this record."""
    log = log_of(cast.force("norfolk").pk)
    found = [row for row in log if row["event"] == "record.found" and row["object_id"] == str(record.pk)]
    return len([row for row in log if row["event"] == "record.searched"]), len(found)


def _session(client: Client) -> dict[str, Any]:
    """What the browser's session holds."""
    with using_role("owner"):
        return dict(SessionStore(key_of(client.cookies[settings.SESSION_COOKIE_NAME].value)).items())


def _press(client: Client, path: str) -> Any:
    """The button of the page at `path`: a post of the fields that stand in its form."""
    parts = client.get(path).context["filter"].parts
    return client.post("/triage/find/", parts)


def _ways(record: CodewordRequest) -> list[str]:
    day = record.started_at.strftime("%Y-%m-%d")
    return [
        f"reference={record.reference}&closed=yes", f"reference={record.reference}", "number=123&closed=yes", "number=123",
        "closed=yes", f"closed=yes&day={day}", "closed=yes&pharmacy=FAR67", "closed=yes&held=nobody",
    ]  # fmt: skip


def test_an_address_alone_finds_nothing(cast: Cast) -> None:
    """Neither the page, nor its rows, nor the list to save show what no row of the log says; one press does, with the rows."""
    record = _closed_record(cast)
    visitor, before = desk(cast, "norfolk"), _rows(cast, record)
    for way in _ways(record):
        for path in (f"/triage/?{way}", f"/triage/rows/?{way}"):
            page = visitor.get(path)
            assert page.status_code == 200 and PRESS in page.content.decode(), path
            assert f'data-row="{record.pk}"' not in page.content.decode() and 'data-total="0"' in page.content.decode()
        saved = visitor.post(f"/triage/export/?{way}")
        assert saved.status_code == 409 and PRESS in saved.content.decode() and "text/html" in saved["Content-Type"]
    with using_role("owner"):
        assert not Look.objects.filter(reason="exported").exists()
    assert _rows(cast, record) == before
    for number, way in enumerate(_ways(record), 1):
        pressed = _press(visitor, f"/triage/?{way}")
        assert pressed.status_code == 302 and _rows(cast, record)[0] == before[0] + number, way
        # The record is closed: among open ones neither its reference nor its number finds it.
        assert _rows(cast, record)[1] == before[1] + (1 if number < 3 else 2), way
        shown = visitor.get(pressed["Location"]).content.decode()
        assert PRESS not in shown and ("closed" not in way or f'data-row="{record.pk}"' in shown), way
    rows = _rows(cast, record)
    for way in _ways(record):
        for _again in range(3):  # an open page asks every few seconds
            assert PRESS not in visitor.get(f"/triage/rows/?{way}").content.decode()
        text = visitor.post(f"/triage/export/?{way}").content.decode()
        assert ("closed" in way) == (record.reference in text), way
    assert _rows(cast, record) == rows


def test_plain_filters_of_the_open_queue_leave_no_row(cast: Cast) -> None:
    """Mine, held by nobody, a pharmacy's or a day's open ones: that is the queue, and needs no press."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    visitor, before = desk(cast, "norfolk"), _rows(cast, record)
    day = record.started_at.strftime("%Y-%m-%d")
    for way in ("", "held=me", "pharmacy=FAR67", f"day={day}"):
        shown = visitor.get(f"/triage/?{way}").content.decode()
        assert PRESS not in shown and f'data-row="{record.pk}"' in shown, way
        assert visitor.post(f"/triage/export/?{way}").status_code == 200
    assert _press(visitor, "/triage/?held=me").status_code == 302
    assert _rows(cast, record) == before


def test_the_session_keeps_no_word_and_only_its_own(cast: Cast) -> None:
    """Digests alone, twenty of them, of this person: a colleague's link asks them for the press."""
    record = _closed_record(cast)
    visitor = desk(cast, "norfolk")
    first = visitor.post("/triage/find/", {"what": record.reference})["Location"]
    for number in range(MOST_KEPT - 1):
        visitor.post("/triage/find/", {"what": f"{number:04}"})
    assert PRESS not in visitor.get(first).content.decode()
    kept = _session(visitor)[KEPT]
    assert len(set(kept)) == MOST_KEPT and all(UUID(one) for one in kept)
    assert record.reference not in str(_session(visitor))
    assert PRESS in desk(cast, "norfolk", "officer2").get(first).content.decode()
    visitor.post("/triage/find/", {"what": "9999"})
    assert len(_session(visitor)[KEPT]) == MOST_KEPT
    ear = visitor.get(first.replace("/triage/", "/triage/rows/")).content.decode()
    assert PRESS in ear and "data-loud=" in ear

"""What does not fit is said in plain words, with the right status, and nothing is half-written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from ani_portal.access.permissions import Role
from ani_portal.access.principals import Principal
from ani_portal.access.scope import Kind, scoped
from ani_portal.audit.log import Actor
from pharmacies.actions import make_enrolment_code
from pharmacies.models import EnrolmentCode, Pharmacy, PinTries, Sitting, Tablet
from requests.enums import Danger, Wish
from requests.models import CodewordRequest, Entry
from tests.cast import PIN, Cast
from tests.requests.steps import a_record_with_everything, agreed, finished, started, wished
from tests.visitors import FROM_HERE, desk, log_of, tablet

FORGED = ["not-an-id", "", "0", "{}", "00000000-0000-4000-8000-000000000000", "'; drop table x; --", "\x00"]


@contextmanager
def nothing_written() -> Iterator[None]:
    """No record and no entry was made, changed or removed meanwhile."""

    def now() -> list[Any]:
        return [list(model.objects.using("owner").order_by("pk").values_list()) for model in (CodewordRequest, Entry)]

    before = now()
    yield
    assert now() == before


def answer(record: object, step: str = "wish", **data: str) -> dict[str, Any]:
    return {"record": record, "key": uuid4(), "step": step, "wish": "police_now", **data}


# Enrolment codes ----------------------------------------------------------------------------------------------------


def _code(cast: Cast) -> str:
    by = Principal(Role.COORDINATOR, cast.scope("norfolk", Kind.COORDINATOR), Actor("coordinator", "made up"))
    with scoped(by.scope):
        return make_enrolment_code(by=by, pharmacy=Pharmacy.objects.get(ods_code="FAR67"), tablet_name="New")


def _enrol(code: str) -> Any:
    return Client(headers=FROM_HERE).post("/counter/enrol/", {"code": code})


def test_an_enrolment_code_works_once(cast: Cast) -> None:
    code = _code(cast)
    first = _enrol(f" {code.lower().replace('-', ' ')} ")  # as people type
    assert first.status_code == 302 and settings.DEVICE_COOKIE_NAME in first.cookies
    tablets = Tablet.objects.using("owner").count()
    second = _enrol(code)
    assert second.status_code == 422 and "That code was used before" in second.content.decode()
    assert settings.DEVICE_COOKIE_NAME not in second.cookies
    assert Tablet.objects.using("owner").count() == tablets
    failed = [row["detail"] for row in log_of(0) if row["event"] == "tablet.enrol_failed"]
    assert len(failed) == 1 and '"reason":"used"' in failed[0]


def test_an_enrolment_code_that_is_too_old_or_unknown_makes_no_tablet(cast: Cast) -> None:
    code = _code(cast)
    EnrolmentCode.objects.using("owner").update(expires_at=timezone.now() - timedelta(seconds=1))
    tablets = Tablet.objects.using("owner").count()
    for wrong, said in (
        (code, "That code is too old"),
        ("XXXX-XXXX-XXXX", "That code is not right"),
        ("", "Type the code"),
    ):
        response = _enrol(wrong)
        assert response.status_code == 422 and said in response.content.decode(), wrong
    assert Tablet.objects.using("owner").count() == tablets


# PINs ---------------------------------------------------------------------------------------------------------------


def test_wrong_pins_slow_down_and_never_stop_the_alarm(cast: Cast) -> None:
    staff = cast.staff("norfolk")
    page = tablet(cast, "norfolk")

    def begin(pin: str) -> Any:
        return page.post("/counter/begin/", {"staff": staff.pk, "pin": pin, "name": ""})

    for _ in range(2):
        response = begin("000000")
        assert response.status_code == 422 and "That PIN is not right. Try again." in response.content.decode()
    third = begin("000000").content.decode()
    assert "Wait 5 seconds" in third and "needs no PIN" in third
    assert "Wait" in begin(PIN).content.decode(), "the right one waits as well"
    assert PinTries.objects.using("owner").get(staff=staff).failures == 3
    assert not Sitting.objects.using("owner").filter(staff=staff).exists()
    assert page.post("/counter/send/", {"key": uuid4()}).status_code == 200  # the alarm, meanwhile
    PinTries.objects.using("owner").update(not_before=timezone.now())
    assert begin(PIN).status_code == 200
    assert PinTries.objects.using("owner").get(staff=staff).failures == 0
    assert [row["event"] for row in log_of(0)].count("sitting.pin_wrong") == 3


@pytest.mark.parametrize("pin", ["", "12", "123456789", "abcdef", "２４６８１０"])
def test_what_is_no_pin_is_said_beside_the_field(cast: Cast, pin: str) -> None:
    page = tablet(cast, "norfolk")
    response = page.post("/counter/begin/", {"staff": cast.staff("norfolk").pk, "pin": pin, "name": ""})
    assert response.status_code == 422 and "PIN" in response.content.decode()
    assert not Sitting.objects.using("owner").exists()


def test_a_tile_of_another_pharmacy_begins_nothing(cast: Cast) -> None:
    page = tablet(cast, "norfolk")
    response = page.post("/counter/begin/", {"staff": cast.staff("cheshire").pk, "pin": PIN, "name": ""})
    assert response.status_code == 422
    assert not Sitting.objects.using("owner").exists()


# Answers to what is not there ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", FORGED)
def test_a_forged_record_id_is_told_that_it_is_gone(cast: Cast, record: str) -> None:
    with nothing_written():
        response = tablet(cast, "norfolk", "AB").post("/counter/answer/", answer(record))
        assert response.status_code == 409 and "no longer open here" in response.content.decode()


def test_an_answer_to_a_finished_closed_or_foreign_record_is_refused(cast: Cast) -> None:
    by = cast.recorder("norfolk")
    put_away, foreign = started(by, Danger.YES), started(cast.recorder("cheshire"), Danger.YES)
    colleagues = started(cast.recorder("norfolk", "CD", "Room"), Danger.YES)
    finished(by, put_away)
    page = tablet(cast, "norfolk", "AB")
    with nothing_written():
        for record in (put_away, foreign, colleagues):
            for path in ("answer", "go", "receipt", "undo"):
                response = page.post(f"/counter/{path}/", answer(record.pk) | {"to": "words"})
                assert response.status_code == 409, path
                assert "ring 999" in response.content.decode().lower()
                assert record.reference not in response.content.decode()


def test_words_are_refused_where_police_are_not_wanted(cast: Cast) -> None:
    """Whatever the tablet posts: no words are asked or kept."""
    by = cast.recorder("norfolk")
    page = tablet(cast, "norfolk", "AB")
    unasked, support = started(by), wished(by, started(by), Wish.SUPPORT)
    withdrawn = wished(by, a_record_with_everything(cast, "norfolk"), Wish.SPACE)
    with nothing_written():
        for record in (unasked, support, withdrawn):
            response = page.post(
                "/counter/answer/", answer(record.pk, "words", own_words="PLANTED", observed="PLANTED")
            )
            assert response.status_code == 409 and "no words are asked or kept" in response.content.decode()


def test_agreement_without_a_wish_for_police_releases_nothing(cast: Cast) -> None:
    by = cast.recorder("norfolk")
    record = wished(by, started(by), Wish.SUPPORT)
    with nothing_written():
        response = tablet(cast, "norfolk", "AB").post("/counter/answer/", answer(record.pk, "agree", agree="yes"))
        assert response.status_code == 409 and "Nothing goes to police unless" in response.content.decode()


@pytest.mark.parametrize("changed", [{"step": "nonsense"}, {"step": ""}, {"key": "nonsense"}, {"key": ""}])
def test_a_forged_step_or_key_is_said_in_words(cast: Cast, changed: dict[str, str]) -> None:
    record = started(cast.recorder("norfolk"))
    with nothing_written():
        response = tablet(cast, "norfolk", "AB").post("/counter/answer/", answer(record.pk) | changed)
        assert response.status_code == 400 and "could not be understood" in response.content.decode()
        assert "999" in response.content.decode()


@pytest.mark.parametrize("data", [{"wish": "everything"}, {"wish": ""}, {"step": "danger", "danger": "perhaps"}])
def test_an_answer_that_is_none_of_the_list_is_asked_again(cast: Cast, data: dict[str, str]) -> None:
    record = started(cast.recorder("norfolk"))
    with nothing_written():
        response = tablet(cast, "norfolk", "AB").post("/counter/answer/", answer(record.pk) | data)
        assert response.status_code == 422 and "Choose one of the answers" in response.content.decode()


def test_words_that_are_too_long_are_not_lost(cast: Cast) -> None:
    by = cast.recorder("norfolk")
    record = agreed(by, wished(by, started(by), Wish.POLICE_NOW))
    long = "They said a great deal. " * 400
    with nothing_written():
        response = tablet(cast, "norfolk", "AB").post("/counter/answer/", answer(record.pk, "words", own_words=long))
        assert response.status_code == 422
        assert (
            "longer than can be sent at once" in response.content.decode() and long.strip() in response.content.decode()
        )


# After signing out, and from elsewhere ------------------------------------------------------------------------------


def test_a_page_from_before_the_sign_out_writes_nothing(cast: Cast) -> None:
    """A post says so, a part of a page too; a page leads to the sign-in."""
    record = a_record_with_everything(cast, "norfolk")
    officer = desk(cast, "norfolk")
    address = f"/triage/records/{record.pk}/"
    officer.post(address + "open/")
    officer.post("/sign-out/")
    with nothing_written():
        for path in ("claim/", "close/", "unclaim/", "open/"):
            response = officer.post(address + path, {"outcome": "attended"})
            assert response.status_code == 403 and "You are signed out here" in response.content.decode()
        assert officer.get("/triage/rows/", headers={"HX-Request": "true"}).status_code == 403
        assert officer.get(address).headers["Location"].startswith("/sign-in/?next=")


def test_a_covered_tablet_writes_no_answer(cast: Cast) -> None:
    """The turn is over: its page's token opens nothing any more."""
    record = started(cast.recorder("norfolk"))
    page = tablet(cast, "norfolk", "AB")
    assert page.post("/counter/cover/").status_code == 200
    with nothing_written():
        response = page.post("/counter/answer/", answer(record.pk))
        assert response.status_code == 409
        assert page.post("/counter/resume/", {"record": record.pk}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"}, {},
     {"Origin": "https://elsewhere.example"}, {"Origin": "null"},
     {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"}],
)  # fmt: skip
def test_a_post_from_elsewhere_raises_no_alarm(cast: Cast, headers: dict[str, str]) -> None:
    client = Client(headers=headers)
    client.cookies[settings.DEVICE_COOKIE_NAME] = "norfolk tablet"
    with nothing_written():
        assert client.post("/counter/send/", {"key": uuid4()}).status_code == 403


def test_a_revoked_tablet_is_out_on_its_next_request(cast: Cast) -> None:
    page = tablet(cast, "norfolk", "AB")
    Tablet.objects.using("owner").filter(pk=cast.tablet("norfolk").pk).update(revoked_at=timezone.now())
    with nothing_written():
        for response in (page.get("/counter/"), page.post("/counter/send/", {"key": uuid4()})):
            assert response.status_code == 403
            text = response.content.decode()
            assert "not set up" in text and "ring 999" in text


# The wrong method ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/counter/send/", "/counter/answer/", "/counter/finish/"])
def test_the_wrong_method_is_said_in_words(cast: Cast, path: str) -> None:
    response = tablet(cast, "norfolk", "AB").get(path)
    assert response.status_code == 405 and response.headers["Allow"] == "POST"
    assert "cannot be done this way" in response.content.decode() and "ring 999" in response.content.decode()
    assert response.headers["Content-Security-Policy"] and response.headers["Cache-Control"] == "no-store"


def test_an_officers_bad_input_is_said_beside_the_field(cast: Cast) -> None:
    """Closing without an outcome, before opening, without holding it."""
    record = a_record_with_everything(cast, "norfolk")
    officer, address = desk(cast, "norfolk"), f"/triage/records/{record.pk}/"
    with nothing_written():
        early = officer.post(address + "claim/")
        assert early.status_code == 409 and "Open it first" in early.content.decode()
    officer.post(address + "open/")
    with nothing_written():
        assert officer.post(address + "unclaim/").status_code == 409
    officer.post(address + "claim/")
    with nothing_written():
        assert officer.post(address + "close/", {"outcome": "nonsense"}).status_code == 422
        assert desk(cast, "norfolk", "officer2").post(address + "unclaim/").status_code == 409

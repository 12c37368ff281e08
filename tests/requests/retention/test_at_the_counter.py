"""What the tablet offers: taking words back, and whom to ask what is held. Nothing that says whether anybody was here."""

import re
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from ani_portal.access.scope import scoped
from requests import actions
from requests.models import CodewordRequest
from tests.cast import PIN, Cast
from tests.requests.steps import WORDS, a_record_with_everything


@pytest.fixture
def tablet(cast: Cast) -> Client:
    """A browser that is the tablet at the counter."""
    client = Client(headers={"Sec-Fetch-Site": "same-origin"})
    client.cookies["device"] = "norfolk tablet"
    return client


def turn(tablet: Client, cast: Cast, initials: str = "AB") -> str:
    """The token of somebody's turn, after the PIN."""
    page = tablet.post("/counter/begin/", {"staff": str(cast.staff("norfolk", initials).pk), "pin": PIN})
    found = re.search(r'data-token="([^"]+)"', page.content.decode())
    assert found
    return found.group(1)


def test_words_are_taken_back_at_the_tablet(tablet: Client, cast: Cast) -> None:
    """The receipt offers it to who typed them; a colleague has no button and no way."""
    record = a_record_with_everything(cast, "norfolk")
    colleague = turn(tablet, cast, "CD")
    with connections["owner"].cursor() as cursor:
        cursor.execute("select id from requests_entry where record_id = %s and kind = 'own_words'", [record.pk])
        ((entry,),) = cursor.fetchall()
    asked = {"record": str(record.pk), "entry": str(entry), "sitting": colleague}
    assert tablet.post("/counter/take-back/", asked).status_code == 409
    mine = turn(tablet, cast)
    page = tablet.post("/counter/receipt/", {"record": str(record.pk), "sitting": mine}).content.decode()
    assert f'value="{entry}"' in page and WORDS not in page
    for wrong in (str(uuid4()), "nothing"):
        assert tablet.post("/counter/take-back/", asked | {"sitting": mine, "entry": wrong}).status_code in (400, 409)
    done = tablet.post("/counter/take-back/", asked | {"sitting": mine})
    assert done.status_code == 200 and f'value="{entry}"' not in done.content.decode()
    again = tablet.post("/counter/take-back/", asked | {"sitting": mine})
    assert (again.status_code, "Add a correction instead" in again.content.decode()) == (409, True)


def test_a_number_given_at_the_counter_can_be_found_by_police(tablet: Client, cast: Cast) -> None:
    """Through the real question; the number stands in the sealed entry alone."""
    record: CodewordRequest = a_record_with_everything(cast, "norfolk")
    answer = {"step": "contact", "key": str(uuid4()), "record": str(record.pk), "sitting": turn(tablet, cast)}
    assert tablet.post("/counter/answer/", answer | {"number": "01632 960 004", "ring": "safe"}).status_code == 200
    officer = cast.officer("norfolk")
    with scoped(officer.scope):
        assert actions.records_with_phone(by=officer, number="+441632960004") == [record.pk]


def test_whom_to_ask(tablet: Client, cast: Cast) -> None:
    """The same words whether there is a record or not; the force's own contact once it is set."""
    page = tablet.get("/counter/help/").content.decode()
    assert "Do not say whether anybody was here" in page and "data protection officer of the police force" in page
    a_record_with_everything(cast, "norfolk")
    with connections["owner"].cursor() as cursor:
        cursor.execute("update pharmacies_forcesettings set data_protection_contact = 'dpo@norfolk.example'")
    assert "dpo@norfolk.example" in tablet.get("/counter/help/").content.decode()

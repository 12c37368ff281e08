"""Nothing twice: the same submission again, and at the same moment, at a real server over real connections."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from threading import Barrier
from uuid import uuid4

import httpx
import pytest
from django.test import Client

from requests.enums import Danger, Wish
from requests.models import CodewordRequest, Entry
from tests.cast import Cast
from tests.requests.steps import agreed, finished, started, wished
from tests.visitors import desk, log_of, over_http, tablet

from .server import Server

AT_ONCE = 4
Http = Callable[[Client], httpx.Client]


@pytest.fixture
def http(server: Server) -> Iterator[Http]:
    """Opens real connections of a visitor to the server, and closes them."""
    with ExitStack() as stack:

        def connect(visitor: Client) -> httpx.Client:
            client = over_http(visitor, server.base_url)
            stack.callback(client.close)
            return client

        yield connect


def together(acts: list[Callable[[], httpx.Response]]) -> list[httpx.Response]:
    """Do all at the same moment."""
    barrier = Barrier(len(acts))

    def act(one: Callable[[], httpx.Response]) -> httpx.Response:
        barrier.wait()
        return one()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def records() -> list[CodewordRequest]:
    return list(CodewordRequest.objects.using("owner").all())


def test_the_same_button_is_one_record(http: Http, cast: Cast) -> None:
    """One after the other, and many at once; each answer is the same next screen."""
    page = tablet(cast, "norfolk", "AB")
    clients = [http(page) for _ in range(AT_ONCE)]
    made = 0
    for path, danger in (("send", "yes"), ("answer", "yes"), ("answer", "no"), ("answer", "not_sure")):
        for _ in range(2):
            body = {"key": str(uuid4()), "step": "danger", "danger": danger}
            answers = together([partial(client.post, f"/counter/{path}/", data=body) for client in clients])
            answers += [clients[0].post(f"/counter/{path}/", data=body) for _ in range(2)]
            assert {answer.status_code for answer in answers} == {200}
            made += 1
            assert len(records()) == made
            newest = max(records(), key=lambda record: record.started_at)
            assert all(str(newest.pk) in answer.text for answer in answers)
    events = [row["event"] for chain in (0, cast.force("norfolk").pk) for row in log_of(chain)]
    assert (events.count("record.started"), events.count("record.alerted")) == (4, 4)


def test_the_same_words_are_one_entry(http: Http, cast: Cast) -> None:
    """Also of somebody without a PIN, who may add entries and not see them."""
    by = cast.recorder("norfolk")
    record = agreed(by, wished(by, started(by), Wish.POLICE_NOW))
    page = tablet(cast, "norfolk", "AB")
    clients = [http(page) for _ in range(AT_ONCE)]
    body = {
        "record": str(record.pk),
        "key": str(uuid4()),
        "step": "words",
        "own_words": "said once",
        "observed": "seen once",
    }
    answers = together([partial(client.post, "/counter/answer/", data=body) for client in clients])
    answers.append(clients[0].post("/counter/answer/", data=body))
    assert {answer.status_code for answer in answers} == {200}
    kinds = list(Entry.objects.using("owner").filter(record=record).values_list("kind", flat=True).order_by("kind"))
    assert [kind for kind in kinds if kind in ("own_words", "observed")] == ["observed", "own_words"]


def test_a_button_whose_receipt_was_put_away_is_told_so(http: Http, cast: Cast) -> None:
    """And nothing new is made."""
    page = http(tablet(cast, "norfolk", "AB"))
    for number, path in enumerate(("/counter/send/", "/counter/answer/"), 1):
        body = {"key": str(uuid4()), "step": "danger", "danger": "yes"}
        assert page.post(path, data=body).status_code == 200
        finished(cast.recorder("norfolk"), max(records(), key=lambda record: record.started_at))
        again = page.post(path, data=body)
        assert again.status_code == 409
        assert "sent before and its receipt was put away" in again.text
        assert len(records()) == number


def test_finishing_twice_at_once_is_finishing(http: Http, cast: Cast) -> None:
    """Each time both end at the cover, and the record is settled once."""
    by = cast.recorder("norfolk")
    for _ in range(5):
        record = started(by)
        clients = [http(tablet(cast, "norfolk", "AB")) for _ in range(2)]
        body = {"record": str(record.pk)}
        answers = together([partial(client.post, "/counter/finish/", data=body) for client in clients])
        assert [answer.status_code for answer in answers] == [200, 200]
    settled = [row for row in log_of(0) if row["event"] == "record.settled"]
    assert len(settled) == 5


def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told_who(http: Http, cast: Cast) -> None:
    """Many rounds; the log and the record agree on the winner."""
    by = cast.recorder("norfolk")
    clients = {number: http(desk(cast, "norfolk", f"officer{number}")) for number in (1, 2)}
    winners = []
    for _ in range(8):
        record = started(by, Danger.YES)
        assert clients[1].post(f"/triage/records/{record.pk}/open/").status_code == 302
        order = list(clients.items())
        answers = together([partial(client.post, f"/triage/records/{record.pk}/claim/") for _number, client in order])
        assert sorted(answer.status_code for answer in answers) == [302, 409]
        won = next(
            number for (number, _client), answer in zip(order, answers, strict=True) if answer.status_code == 302
        )
        lost = next(answer for answer in answers if answer.status_code == 409)
        assert f"Officer {won} claimed it first and holds it." in lost.text
        after = CodewordRequest.objects.using("owner").select_related("claimed_by").get(pk=record.pk)
        assert after.claimed_by is not None and after.claimed_by.display_name == f"Officer {won}"
        claims = [
            row for row in log_of(by.force_id) if (row["event"], row["object_id"]) == ("record.claimed", str(record.pk))
        ]
        assert [row["actor_id"] for row in claims] == [cast.officer("norfolk", won).actor.id]
        winners.append(won)
    assert len(winners) == 8

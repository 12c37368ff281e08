"""The network goes in the middle of one step, again and again: exactly one record, every accepted word in it, and the
screen true before, during and after."""

import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from requests.models import CodewordRequest, Draft, Entry
from requests.triage.entries import entries
from tests.cast import Cast
from tests.e2e.server import Server
from tests.e2e.wire import Wire
from tests.requests.triage.desk_steps import opened

from .tablet import COVER, DANGER, Tablet

RUNS = int(os.environ.get("ANI_CUTS", "200"))
PARTS = 4
# How the network goes; the server itself is stopped and started more rarely, because that takes seconds.
WAYS = ("before", "half sent", "reply", "offline") * 6 + ("server stopped",)


@dataclass(frozen=True)
class Touch:
    """One touch of the journey: what it answers, what is typed before it, where it leads, and what it leaves behind."""

    step: str
    button: str
    leads_to: str
    sent: dict[str, str] = field(default_factory=dict)  # what the form says, for those who come by here on their way
    typed: dict[str, str] = field(default_factory=dict)  # box → words
    kind: str = ""  # of the entry
    path: str = "/counter/answer/"


JOURNEY = (
    Touch("danger", "Yes, now", "Has 999 been rung?", {"danger": "yes"}),
    Touch("rung", "By me", "What would they like?", {"rung": "by_me"}, kind="rung_999"),
    Touch("wish", "Police now", "Do they agree", {"wish": "police_now"}),
    Touch("agree", "Yes, they agree", "connected with the person", {"agree": "yes"}),
    Touch("connected", "Not known", "How may they be reached?", {"connected": "not_known"}, kind="connected"),
    Touch("contact", "Continue", "Where are they", {"ring": "safe"}, {"times": "PLANTED time"}, "safe_contact"),
    Touch("where", "Continue", "In their own words", {}, {"entrance": "PLANTED door"}, "where"),
    Touch("words", "Save and send", "What you were told", {}, {"own_words": "PLANTED words"}, "own_words"),
    Touch("told", "Continue", "Support for them", {}, {"near": "PLANTED near"}, "told"),
    Touch("support", "Continue", "Reference"),
    Touch("left", "With the other person", "Reference", {"left": "with_other"}, kind="left"),
    Touch("back", "The other person is back", "Reference", kind="other_back", path="/counter/back/"),
    Touch("add", "Save and send", "Reference", {}, {"correction": "PLANTED correction"}, "correction"),
    Touch("cover", "Cover", COVER, {}, {"own_words": "PLANTED half"}, path="/counter/cover/"),
    Touch("finish", "Finish and cover", COVER, path="/counter/finish/"),
    Touch("alarm", "Send to the police desk", "Has 999 been rung?", path="/counter/send/"),
)
# From where a touch is made, when that is not the end of the way to it: reached on purpose from the receipt.
TOKEN = "document.querySelector('input[name=sitting]').value"
FROM = {"left": "left", "add": "add"}


class Runs:
    """The tablet behind a wire, and the books."""

    def __init__(self, tablet: Tablet, wire: Wire, cast: Cast, dice: random.Random) -> None:
        self.tablet, self.wire, self.cast, self.dice = tablet, wire, cast, dice
        self.made = 0
        self.page: Page = tablet.page
        cookies = {"device": "norfolk tablet"}
        self.http = httpx.Client(cookies=cookies, headers={"Sec-Fetch-Site": "same-origin"}, timeout=20)

    def post(self, path: str, **boxes: str) -> httpx.Response:
        """What the page would send, sent beside it in the same turn."""
        token = str(self.page.evaluate(TOKEN))
        answer = self.http.post(f"{self.tablet.server.base_url}{path}", data=boxes, headers={"X-Sitting": token})
        assert answer.status_code == 200, answer.text
        return answer

    def on_the_way_to(self, number: int) -> str:
        """A record brought to the touch with that number, and the page at it; the record's id, or "" for none yet."""
        touch = JOURNEY[number]
        if touch.step in ("danger", "alarm"):
            self.go("resume", "")
            self.tablet.at(DANGER)
            return ""
        until = {"left": 10, "back": 10, "add": 10, "cover": 7, "finish": 10}.get(touch.step, number)
        record = ""
        for past in JOURNEY[:until]:
            self.post("/counter/answer/", step=past.step, key=str(uuid4()), record=record, **past.sent, **past.typed)
            if not record:
                with using_role("owner"):
                    record = str(CodewordRequest.objects.latest("started_at").pk)
                self.made += 1
        self.go("resume", record)
        self.tablet.at(JOURNEY[until - 1].leads_to)
        if touch.step in FROM:
            self.press({"left": "They have left", "add": "Add something"}[touch.step])
            self.tablet.at({"left": "They have left", "add": "More to add"}[touch.step])
        return record

    def go(self, name: str, record: str) -> None:
        """A way that needs no question: as if one of the page's own buttons led there."""
        self.page.evaluate(
            """([name, record]) => {
                document.documentElement.removeAttribute('data-settling');
                const form = document.createElement('form');
                form.action = `/counter/${name}/`;
                form.innerHTML = `<input name=record value="${record}"><input name=sitting
                    value="${document.querySelector('input[name=sitting]').value}">`;
                document.querySelector('#main').append(form);
                document.querySelector('#main').dataset.before = '';
                form.requestSubmit();
            }""",
            [name, record],
        )
        self.page.wait_for_selector("#main:not([data-before])")

    def press(self, name: str) -> None:
        """A button, by the keyboard: no waiting for the screen to be still."""
        button = self.page.locator("#main, .always").get_by_role("button", name=name, exact=name == "Cover").first
        button.focus()
        self.page.keyboard.press("Enter")

    def true_now(self, record: str, *, cut: bool) -> None:
        """What the screen says of the record now is so."""
        said = self.page.locator("#main").inner_text()
        warned = self.page.locator("[data-not-sent], [data-no-connection]").filter(visible=True).count()
        if cut:
            assert warned == 1, said
        if not record:
            assert cut is False or "In the police queue" not in said
            return
        with using_role("owner"):
            now = CodewordRequest.objects.get(pk=record)
        if "In the police queue" in said:
            assert now.released_at is not None, said
        if "Read by an officer" in said:
            assert now.read_at is not None, said
        if "Nobody has read it yet" in said and not warned and now.read_at is not None:
            expect(self.page.get_by_text("Read by an officer").first).to_be_visible(timeout=20_000)

    def left_behind(self, touch: Touch, record: str) -> int:
        """How often the touch is in the books: before it arrives 0, afterwards 1, never 2."""
        with using_role("owner"):
            if not record:
                return CodewordRequest.objects.count() - self.made
            row = CodewordRequest.objects.get(pk=record)
            if touch.kind:
                return Entry.objects.filter(record=UUID(record), kind=touch.kind).count()
            match touch.step:
                case "wish":
                    return int(row.wish == "police_now")
                case "agree":
                    return int(row.agreed_at is not None)
                case "support":
                    return int(row.step == "receipt")
                case "finish":
                    return int(row.finished_at is not None)
                case "cover":
                    return Draft.objects.filter(record=UUID(record)).exclude(sealed=b"").count()
        raise AssertionError(touch)

    def run(self, number: int, way: str) -> None:
        """One touch with the network gone in the middle of it."""
        touch = JOURNEY[number]
        record = self.on_the_way_to(number)
        if touch.step == "alarm":
            self.press("Urgent help")
            self.tablet.at("Ring 999 now")
        for box, words in touch.typed.items():
            self.page.locator(f"#main [name={box}]").fill(words)
        for box, value in touch.sent.items():
            if touch.typed:
                self.page.locator(f"#main [name={box}][value={value}]").check()
        self.true_now(record, cut=False)
        self.lose(touch, way)
        self.press(touch.button)
        self.page.locator("[data-not-sent], [data-no-connection]").filter(visible=True).wait_for(timeout=25_000)
        self.true_now(record, cut=True)
        arrived = way == "reply"
        self.wait_for(lambda: self.left_behind(touch, record) == int(arrived))
        if touch.leads_to != COVER:
            expect(self.page.locator("h1").filter(has_text=touch.leads_to)).to_have_count(
                int(touch.leads_to == "Reference" and touch.step == "back")
            )
        released = record and self.read_meanwhile(record)
        self.true_now(record, cut=True)
        self.mend(way)
        self.tablet.at(touch.leads_to)
        expect(self.page.locator("[data-not-sent]")).to_be_hidden(timeout=25_000)
        if touch.step == "back":  # the same screen before and after
            self.wait_for(lambda: self.left_behind(touch, record) == 1)
        assert self.left_behind(touch, record) == 1, touch
        if not record:
            self.made += 1
            with using_role("owner"):
                record = str(CodewordRequest.objects.latest("started_at").pk)
        if touch.leads_to != COVER:
            self.true_now(record, cut=False)
        self.books(touch, number, record)
        self.put_away(touch, record, bool(released))

    def read_meanwhile(self, record: str) -> bool:
        """An officer reads it while the tablet hears nothing, now and then."""
        with using_role("owner"):
            waiting = CodewordRequest.objects.get(pk=record).state == "waiting"
        if waiting and self.dice.random() < 0.2:
            opened(self.cast.officer("norfolk"), CodewordRequest(pk=record))
            return True
        return False

    def lose(self, touch: Touch, way: str) -> None:
        """Take the network away."""
        if way == "offline":
            self.tablet.context.set_offline(True)
        elif way == "server stopped":
            self.tablet.server.stop()
        else:
            self.wire.lose(touch.path, way)

    def mend(self, way: str) -> None:
        """Give it back. Browsers say so to the page; now and then the page has to find out by trying."""
        if way == "offline":
            self.tablet.context.set_offline(False)
            return
        if way == "server stopped":
            self.tablet.server.start()
        self.wire.mend()
        if self.dice.random() < 0.9:
            self.page.evaluate("dispatchEvent(new Event('online'))")

    def wait_for(self, holds: Callable[[], bool]) -> None:
        """Until it holds."""
        end = time.monotonic() + 20
        while not holds():
            assert time.monotonic() < end
            time.sleep(0.05)

    def books(self, touch: Touch, number: int, record: str) -> None:
        """One record, each entry once, every accepted word to be read by an officer."""
        with using_role("owner"):
            assert CodewordRequest.objects.count() == self.made
            kinds = list(Entry.objects.filter(record=UUID(record)).values_list("kind", flat=True))
        assert len(kinds) == len(set(kinds)), kinds
        past = [] if touch.step == "alarm" else [*JOURNEY[: min(number, 9)], touch]
        if touch.step in ("cover", "finish"):
            past = list(JOURNEY[: 7 if touch.step == "cover" else 10])
        words = [one for each in past if each.kind for one in each.typed.values()]
        if not words or touch.step == "finish":
            return
        with scoped(self.cast.officer("norfolk").scope, read_only=True):
            found = entries(CodewordRequest.objects.select_related("pharmacy").get(pk=record))
        read = "\n".join([*(one.text for one in found.shown), str(found.safe_contact)])
        assert all(read.count(one) == 1 for one in words), (words, read)

    def put_away(self, touch: Touch, record: str, read: bool) -> None:
        """The next run starts from a page in somebody's turn, with no other record beside it."""
        if touch.leads_to == COVER:
            self.tablet.begin()
            if touch.step == "cover":
                self.tablet.at("Go on with")
        with using_role("owner"):
            CodewordRequest.objects.filter(pk=record).update(finished_at="2026-01-01T00:00Z")


@pytest.fixture
def runs(browser: Browser, server: Server, cast: Cast, watched: None) -> Iterator[Runs]:
    """Norfolk's tablet, behind a wire, in AB's turn."""
    wire = Wire(lambda: server.port)
    near = Server(server.urls, port=wire.port)
    tablet = Tablet(browser, near, "norfolk tablet")
    tablet.server = server
    tablet.begin()
    found = Runs(tablet, wire, cast, random.Random())
    yield found
    found.http.close()
    wire.close()


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_two_hundred_cuts(runs: Runs, part: int) -> None:
    """Every touch of the journey is cut, in every way, as the dice say; the count goes into the report."""
    runs.dice = random.Random(part)
    began, ways = time.monotonic(), dict.fromkeys(WAYS, 0)
    share = -(-RUNS // PARTS)
    for turn in range(share):
        way = runs.dice.choice(WAYS)
        ways[way] += 1
        # Each touch in turn, so that none is left out; which way, the dice say.
        runs.run((turn + part * share) % len(JOURNEY), way)
    took = time.monotonic() - began
    print(
        f"FIGURE network cuts, part {part + 1} of {PARTS}: {share} runs in {took:.0f} s, {ways}; nothing lost or twice"
    )


def test_each_way_of_a_cut_once(runs: Runs) -> None:
    """The short form: four touches, each cut in another way."""
    runs.dice = random.Random(3)
    for number, way in ((0, "reply"), (7, "half sent"), (13, "before"), (15, "offline")):
        runs.run(number, way)

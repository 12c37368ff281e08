"""The network goes in the middle of each step: exactly one record, every accepted word in it, and a true state throughout."""

import random

from playwright.sync_api import Route, expect

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from pharmacies.models import Sitting
from requests.models import CodewordRequest, Entry
from requests.triage.entries import entries
from tests.cast import Cast

from .tablet import COVER, DANGER, Tablet

CUTS = ("none", "offline", "stopped", "reply lost")
# Each touch of a danger record, and the screen it leads to.
STEPS = (
    ("Yes, now", "Has 999 been rung?"),
    ("By me", "What would they like?"),
    ("Police now", "Do they agree"),
    ("Yes, they agree", "connected with the person"),
    ("Not known", "How may they be reached?"),
    ("Skip", "Where are they"),
    ("Skip", "In their own words"),
    ("Save and send", "What you were told"),
    ("Skip", "Support for them"),
    ("Continue", "Reference"),
)


def touch_through(tablet: Tablet, answer: str, leads_to: str, cut: str) -> None:
    """Touch an answer while the network is cut in one of the ways; the screen says what is true until it is back."""
    page = tablet.page
    if cut == "offline":
        tablet.context.set_offline(True)
    elif cut == "stopped":
        tablet.server.stop()
    elif cut == "reply lost":
        lost: list[str] = []

        def lose(route: Route) -> None:
            if lost:
                route.continue_()
                return
            lost.append(route.request.url)
            route.fetch()  # committed …
            route.abort()  # … and never heard of

        page.route("**/counter/answer/", lose)
    tablet.choose(answer)
    if cut in ("offline", "stopped"):
        expect(page.locator("[data-not-sent]")).to_be_visible(timeout=20_000)
        expect(page.locator("[data-not-sent]")).to_contain_text("999")
        expect(page.locator("h1").filter(has_text=leads_to)).to_have_count(0)
    if cut == "offline":
        tablet.context.set_offline(False)
    elif cut == "stopped":
        tablet.server.start()
    tablet.at(leads_to)
    expect(page.locator("[data-not-sent]")).to_be_hidden()
    page.unroute_all(behavior="wait")


def cut_runs(tablet: Tablet, cast: Cast, runs: int, dice: random.Random) -> None:
    """So many danger records, each with a cut drawn for each touch; after each the books are compared."""
    for number in range(1, runs + 1):
        tablet.begin()
        if number > 1:
            tablet.at("Go on with")
            tablet.choose("Another person")
        tablet.at(DANGER)
        words = f"PLANTED words {number}"
        for answer, leads_to in STEPS:
            if answer == "Save and send":
                tablet.page.get_by_label("What they said, in their own words").fill(words)
            touch_through(tablet, answer, leads_to, dice.choice(CUTS))
        with using_role("owner"):
            assert CodewordRequest.objects.count() == number
            record = CodewordRequest.objects.latest("started_at")
            assert Entry.objects.filter(record=record, kind="own_words").count() == 1
            assert Entry.objects.filter(record=record, kind="rung_999").count() == 1
        with scoped(cast.officer("norfolk").scope, read_only=True):
            found = [one.text for one in entries(CodewordRequest.objects.get(pk=record.pk)).shown]
        assert found.count(words) == 1
        tablet.sees("In the police queue")
        tablet.choose("Cover", exact=True)
        tablet.at(COVER)


def test_cuts_at_every_step(tablet: Tablet, cast: Cast) -> None:
    """The short form: two records, a cut drawn for each touch."""
    cut_runs(tablet, cast, 2, random.Random(7))


def test_not_sent_shows_on_the_cover_and_is_sent_once(tablet: Tablet) -> None:
    """Given an answer that could not be sent; when the screen is covered; then the cover says so, and it is sent once."""
    tablet.begin()
    tablet.context.set_offline(True)
    tablet.choose("Yes, now")
    expect(tablet.page.locator("[data-not-sent]")).to_be_visible()
    tablet.choose("Cover")
    tablet.at("One moment")
    expect(tablet.page.locator("[data-not-sent]")).to_be_visible()
    tablet.looked_at("cover-not-sent")
    tablet.context.set_offline(False)
    tablet.at(COVER)
    tablet.sees("not read yet")
    with using_role("owner"):
        assert CodewordRequest.objects.filter(alerted_at__isnull=False).count() == 1


def test_without_a_network_cover_and_help_are_there(tablet: Tablet) -> None:
    """Given a tablet that was on its cover before; when the network is gone and it is opened; then cover and help answer."""
    kept = "async () => navigator.serviceWorker.controller && await caches.match('/counter/help/') && 'yes'"
    for _wait in range(100):
        if tablet.page.evaluate(kept) == "yes":
            break
        tablet.page.wait_for_timeout(200)
    kept_addresses = tablet.page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async name =>"
        " (await (await caches.open(name)).keys()).map(one => new URL(one.url).pathname)))).flat()"
    )
    pages = {one for one in kept_addresses if not one.startswith("/static/")}
    assert pages == {"/counter/offline/", "/counter/help/", "/counter/urgent/"}  # the last one: the 999 words
    tablet.context.set_offline(True)
    tablet.page.reload()
    tablet.at("No connection")
    tablet.sees("Ask for Police")
    tablet.looked_at("offline")
    tablet.choose("Help")
    tablet.at("Help")
    tablet.context.set_offline(False)
    tablet.page.goto("/counter/")
    tablet.at(COVER)


def test_a_turn_that_ended_meanwhile_gives_the_words_back(tablet: Tablet) -> None:
    """Given words typed; when the turn has ended on the server; then the PIN brings back the question and the words."""
    tablet.begin()
    tablet.choose("Not sure")
    tablet.at("What would they like?")
    tablet.to_words()
    tablet.page.get_by_label("What they said, in their own words").fill("PLANTED before it ended")
    with using_role("owner"):
        Sitting.objects.update(ended_at="2026-01-01T00:00Z")
    tablet.choose("Save and send")
    tablet.at("This is no longer open here")
    tablet.choose("To the start")
    tablet.begin()
    tablet.choose("Person A")
    tablet.at("In their own words")
    assert tablet.page.get_by_label("What they said, in their own words").input_value() == "PLANTED before it ended"

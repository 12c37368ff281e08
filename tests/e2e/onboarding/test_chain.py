"""One chain of 54 sites over two forces, from nothing to a first record received in each, the steps counted."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.cast import PASSWORD, Cast
from tests.e2e.pictures import picture
from tests.e2e.server import Server
from tests.pharmacies.register.files import ods_row, written
from tests.smtp import Post

from .walk import Walk, begin_turn, counted, danger_now, mailed_link

SITES = {"norfolk": ("NR2 1LD", 30), "cheshire": ("WA8 7TN", 24)}
LEAD = "lead@chain.example"


def sheet() -> bytes:
    """The chain's rows of the official register."""
    rows = [
        ods_row(f"F{short[0].upper()}Z{n:02d}", name=f"CHAIN {short.upper()} {n}", postcode=postcode, parent="P0ZZ")
        for short, (postcode, count) in SITES.items()
        for n in range(count)
    ]
    return written(*rows).encode()


@pytest.mark.usefixtures("places")
def test_a_chain_of_54_sites_over_two_forces_from_nothing_to_first_records(
    browser: Browser, server: Server, cast: Cast, post: Post
) -> None:
    """One file, one page for each force, one lead for all of it; then each shop needs two codes."""
    coordinators = {short: Walk(browser, server, cast.email(short, "coordinator")) for short in SITES}
    first = coordinators["norfolk"]
    with counted(first, 6):
        first.give(sheet(), "register_2026q3.csv")
        picture(first.page, "onboarding-file-written")
    for short, walk in coordinators.items():
        with counted(walk, 3):
            walk.open("/onboarding/owners/?q=P0ZZ")
            walk.press("P0ZZ", role="link")
            picture(walk.page, f"onboarding-chain-{short}")
            walk.press("Bring the chosen ones on board")
            expect(walk.page.get_by_text(f"{SITES[short][1]} pharmacies take part now.")).to_be_visible(timeout=20_000)
    with counted(first, 2):
        first.press("Invite somebody to look after all of them", role="link")
        first.fill(Name="Made-up Lead")
        first.page.get_by_label("E-mail").fill(LEAD)
        first.press("Invite")
    them = Walk(browser, server)
    with counted(them, 2):
        them.open(mailed_link(post, LEAD))
        them.page.get_by_label("A password").fill(PASSWORD)
        them.press("Accept")
    lead = Walk(browser, server, LEAD)
    lead.open("/onboarding/")
    expect(lead.page.get_by_text("Page 1 of 2")).to_be_visible()  # all 54
    picture(lead.page, "onboarding-lead")
    for short in SITES:
        with counted(lead, 9):
            own, code = _codes(lead, f"Chain {short.title()} 7,")
        tablet = Walk(browser, server, tablet=True)
        with counted(tablet, 12):
            begin_turn(tablet, code, own, "MP")
            danger_now(tablet, "MP")
        for other in SITES:
            officer = Walk(browser, server, cast.email(other, "officer1"))
            officer.page.goto("/triage/")
            row = officer.page.locator("[data-band=alert] [data-row]", has_text=f"Chain {short.title()} 7")
            if other == short:
                row.wait_for()
            else:
                officer.page.wait_for_selector("[data-live-state=live]")
                expect(row).to_have_count(0)


def _codes(lead: Walk, name: str) -> tuple[str, str]:
    """Find one's pharmacy, invite somebody, make a code for a tablet: the person's code and the tablet's."""
    lead.open("/onboarding/?q=" + name.rstrip(",").replace(" ", "+"))
    lead.press(re.compile(re.escape(name)), role="link")
    lead.press("Invite somebody", role="link")
    lead.page.get_by_label("Name").fill("Made-up Pharmacist")
    lead.press("Invite")
    own = lead.page.locator("[data-code]").inner_text()
    lead.press("Done", role="link")
    lead.press("Set up a tablet", role="link")
    lead.page.get_by_label("Where will it stand?").fill("Counter")
    lead.press("Make a code")
    return own, lead.page.locator("[data-code]").inner_text()

"""Every page of the door in each of its states: axe at 768, 1366 and 1920 pixels, nothing wider than the screen."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from ani_portal.access.roles import using_role
from pharmacies.enums import UploadState
from pharmacies.models import (
    ForceSettings,
    Invitation,
    Organisation,
    Pharmacy,
    RegisterUpload,
    SettingsChange,
    SupportService,
    TrainingRecord,
)
from pharmacies.register import uploads
from tests.cast import Cast
from tests.e2e.pictures import picture
from tests.e2e.server import Server
from tests.pharmacies.register.files import ods_row, written

from .walk import Walk

# Rows with what can be wrong with one, so that the page of a dry run has everything to show.
ROWS = written(
    *(ods_row(f"FZZ{n:02d}", parent="P0ZZ") for n in range(40)), ods_row("FZZ41", postcode=""), ods_row("FA-67"),
    ods_row("FZZ42", postcode="NR2 1LO"), ods_row("FZZ43", name=""), ods_row("FZZ44", postcode="NR2 9ZZ"),
    ods_row("FZZ45", kind="2"), ods_row("FZZ46", postcode="IM1 1AE"), ods_row("FAR67", name="AN OLD NAME"),
).encode()  # fmt: skip
OWN = b"Where;Ref;Street;Town;Post code;Tel\nMade-up;FZZ09;1 Nowhere Road;Norwich;NR2 1LD;01603 000009\n"


def upload(cast: Cast, content: bytes, state: str = "") -> UUID:
    """A file of Norfolk's, read by the worker; or left in a state that passes quickly."""
    with using_role("owner"):
        made = RegisterUpload.objects.create(
            force=cast.force("norfolk"), made_by="nobody", content=content, as_of=timezone.localdate() - timedelta(900)
        )
    uploads.read_upload(made.pk)
    if state:
        with using_role("owner"):
            RegisterUpload.objects.filter(pk=made.pk).update(
                state=state,
                done=20 if state == "applying" else 0,
                total=40,
                heard_at=timezone.now() + timedelta(hours=1),
            )
    return made.pk


def scenery(cast: Cast) -> None:
    """What makes each page show all that it can: made up, and written as the owner."""
    norfolk, site, staff = cast.force("norfolk"), cast.pharmacy("norfolk"), cast.staff("norfolk")
    now, today = timezone.now(), timezone.localdate()
    with using_role("owner"):
        chain = Organisation.objects.create(ods_code="P0ZZ", name="Made-up Chain Limited")
        Pharmacy.objects.filter(force=norfolk).update(organisation=chain)
        common = {"force": norfolk, "expires_at": now + timedelta(days=6), "made_by": "nobody"}
        for n, more in enumerate(
            (
                {"kind": "staff", "pharmacy": site, "name": "Made-up Locum", "mail_due_at": now},
                {"kind": "staff", "pharmacy": site, "name": "Made-up Refused", "mail_tries": 3},
                {"kind": "administrator", "organisation": chain, "name": "Made-up Lead", "sent_at": now},
                {"kind": "officer", "name": "Made-up Officer", "mail_tries": 2},
            )
        ):
            Invitation.objects.create(token_hash=bytes([n]) * 32, email=f"{n}@example.org", **common, **more)
        TrainingRecord.objects.create(
            staff=staff, course="Made-up course", taken_on=today, expires_on=today + timedelta(days=365),
            evidence="folder 7", recorded_by="nobody",
        )  # fmt: skip
        SettingsChange.objects.create(
            force=norfolk,
            by="nobody",
            by_name="Made-up Coordinator",
            setting="unread_limit",
            before="2 min",
            after="3 min",
        )
        SupportService.objects.filter(name="Leeway").update(review_on=today - timedelta(days=10))
        SupportService.objects.filter(name="Daisy Programme").update(review_on=today - timedelta(days=100))


@pytest.fixture
def pages(cast: Cast) -> dict[str, str]:
    """Each page of the door in each state, by the name of its picture."""
    scenery(cast)
    site, staff = cast.pharmacy("norfolk").pk, cast.staff("norfolk").pk
    with using_role("owner"):
        line = SupportService.objects.get(name="Leeway").key
    states = {
        "dry-run": upload(cast, ROWS), "reading": upload(cast, ROWS, UploadState.READING),
        "being-written": upload(cast, ROWS, UploadState.APPLYING), "written": upload(cast, ROWS, UploadState.APPLIED),
        "columns": upload(cast, OWN), "unreadable": upload(cast, b"<!doctype html><p>x"),
    }  # fmt: skip
    names = {
        "pharmacies": "", "pharmacies-all": "?show=all", "pharmacies-none": "?q=nowhere+at+all",
        "pharmacy": f"pharmacies/{site}/", "details": f"pharmacies/{site}/details/", "owner": f"pharmacies/{site}/owner/",
        "invite": f"pharmacies/{site}/invite/", "new-tablet": f"pharmacies/{site}/tablets/new/",
        "readiness": "readiness/", "training": "people/", "person": f"people/{staff}/", "applications": "applications/",
        "files": "files/", "directory": "directory/", "directory-new": "directory/new/",
        "directory-line": f"directory/{line}/", "settings": "force/settings/", "force": "force/",
        "people-of-the-force": "force/people/", "retention": "force/retention/",
        "invite-member": "force/people/invite/", "owners": "owners/",
        "chain": "owners/P0ZZ/",
    }  # fmt: skip
    found = {f"onboarding-{name}": f"/onboarding/{path}" for name, path in names.items()}
    found |= {f"onboarding-file-{name}": f"/onboarding/files/{pk}/" for name, pk in states.items()}
    return found | {
        "account-parts": "/account/parts/",
        "find": "/find/?q=Norwich",
        "find-none": "/find/?q=ZZ99+9ZZ",
        "front": "/",
    }


def fits(walk: Walk, path: str) -> None:
    """Axe finds nothing on a tablet and on a wall either, and nothing is wider than the screen."""
    for width in (768, 1920):
        walk.page.set_viewport_size({"width": width, "height": 1024})
        assert walk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (path, width)
        walk.check()
    walk.page.set_viewport_size({"width": 1366, "height": 900})


def test_every_page_in_each_state_is_clean_from_768_to_1920(
    browser: Browser, server: Server, cast: Cast, pages: dict[str, str]
) -> None:
    """Axe on each; nothing wider than the screen; a picture of each."""
    walk = Walk(browser, server, cast.email("norfolk", "coordinator"))
    for name, path in pages.items():
        walk.open(path)
        # All of a page, but not hundreds of rows.
        picture(walk.page, name, whole=walk.page.evaluate("document.documentElement.scrollHeight") < 2400)
        fits(walk, path)


def test_the_operators_pages_are_clean(browser: Browser, server: Server, operator: str) -> None:
    """Forces, bringing one on, the national lines."""
    walk = Walk(browser, server, operator)
    for name, path in (
        ("forces", ""),
        ("begin", "forces/E23000025/begin/"),
        ("lines", "lines/"),
        ("line-new", "lines/new/"),
    ):
        walk.open(f"/operator/{path}")
        picture(walk.page, f"operator-{name}", whole=True)
        fits(walk, path)


def test_a_form_with_faults_is_clean_and_loses_nothing(browser: Browser, server: Server, cast: Cast) -> None:
    """Each message beside its box, a summary that leads there, what was typed still in it; two at once as well."""
    walk = Walk(browser, server, cast.email("norfolk", "coordinator"))
    walk.open("/onboarding/force/settings/")
    walk.fill(Duty_mailbox="no address")
    walk.page.get_by_label("Seconds until the tablet covers itself").fill("1")
    walk.page.get_by_label("What an incident number looks like").fill("nc-{digits}/{letters}")
    expect(walk.page.get_by_text("Officers will be asked for a number such as NC-123/AB")).to_be_visible()
    walk.press("Save")
    expect(walk.page.get_by_label("Duty mailbox")).to_have_value("no address")
    picture(walk.page, "onboarding-settings-faults", whole=True)
    walk.open("/onboarding/force/settings/")
    with using_role("owner"):
        ForceSettings.objects.filter(force=cast.force("norfolk")).update(version=99, duty_email="first@example.org")
    walk.fill(Whom_to_reach_when_nobody_reads="Made-up sergeant")
    walk.press("Save")
    expect(walk.page.get_by_text("Yours are not saved yet")).to_be_visible()
    expect(walk.page.get_by_label("Duty mailbox")).to_have_value("first@example.org")
    picture(walk.page, "onboarding-settings-two-at-once")
    walk.press("Save")
    expect(walk.page.get_by_text("Made-up sergeant").first).to_be_visible()
    for path, button in (("/onboarding/files/", "Read the file"), ("/onboarding/directory/new/", "Save")):
        walk.open(path)
        walk.press(button)
        expect(walk.page.get_by_role("alert").first).to_be_visible()

"""Invitations by mail, on the tablet itself, and to a force; who may not have two parts; choosing among several."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.accounts.models import User
from pharmacies import mailing
from pharmacies.models import Administrator, Auditor, Coordinator, Invitation, Officer, StaffMember
from pharmacies.onboarding.actions.invitations import accept_with_account
from tests.ani_portal.doors.ages import age
from tests.cast import Cast
from tests.sign_in import session_of
from tests.smtp import Post, post_office
from tests.visitors import desk, log_of, tablet

LINK = re.compile(r"/join/invitation/[\w-]{40,}/")
INVITE = "/onboarding/force/people/invite/"


@pytest.fixture
def post(settings: Settings, cast: Cast) -> Iterator[Post]:
    """A mail server of this machine, over real SMTP."""
    with post_office() as found:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", found.port, False
        yield found


def invite(cast: Cast, kind: str, email: str = "new@example.org", short: str = "norfolk") -> Invitation:
    """Invite somebody to the force, as its coordinator."""
    said = {"name": "Made-up Person", "email": email, "kind": kind}
    answer = desk(cast, short, "coordinator").post(INVITE, said)
    assert answer.status_code == 200, answer.content.decode()
    assert not LINK.search(answer.content.decode())  # who invites never sees a link that leads to an account
    with using_role("owner"):
        return Invitation.objects.latest("made_at")


def test_the_worker_mails_the_link_and_the_request_does_not(cast: Cast, post: Post) -> None:
    """Nothing leaves while the page answers; then one mail, without scheme or pharmacy; its link works once."""
    made = invite(cast, "officer")
    assert post.mails == []
    assert mailing.deliver(now=timezone.now()) == 1
    assert mailing.deliver(now=timezone.now()) == 0
    ((to, text),) = post.mails
    assert to == "new@example.org"
    assert not re.search(r"\bANI\b|pharmac|Norfolk|police|abuse", text, re.IGNORECASE)
    link = LINK.search(text)
    assert link
    said = {"name": "Made-up Person", "password": "plainly made up words 7"}
    assert Client().head(link[0]).status_code == 200
    assert Client().post(link[0], said).status_code == 200
    assert Client().post(link[0], said).status_code == 410
    with using_role("owner"):
        officer = Officer.objects.get(user__email="new@example.org")
        assert (officer.force_id, officer.role) == (cast.force("norfolk").pk, "officer")
        assert Invitation.objects.get(pk=made.pk).sent_at is not None


def test_a_mail_that_does_not_leave_is_tried_again_and_marked_in_red(cast: Cast, post: Post) -> None:
    """Each try waits longer; the page says so from the first; invited again, it leaves."""
    made, now = invite(cast, "auditor"), timezone.now()
    post.refuse = True
    for tries, wait in enumerate(mailing.WAITS, start=1):
        assert mailing.deliver(now=now) == 0
        with using_role("owner"):
            found = Invitation.objects.get(pk=made.pk)
        assert (found.mail_tries, found.mail_due_at, found.sent_at) == (tries, now + wait, None)
        assert mailing.deliver(now=now + wait / 2) == 0  # not before its time
        assert found.mail_due_at is not None
        now = found.mail_due_at
    page = desk(cast, "norfolk", "coordinator").get("/onboarding/force/people/").content.decode()
    assert '<strong class="overdue">the mail did not leave (6 tries)</strong>' in page
    post.refuse = False
    assert desk(cast, "norfolk", "coordinator").post(f"/onboarding/invitations/{made.pk}/again/").status_code == 200
    assert mailing.deliver(now=timezone.now()) == 1
    assert "person.mailed" in [row["event"] for row in log_of(cast.force("norfolk").pk)]


def test_a_withdrawn_or_used_invitation_is_not_mailed(cast: Cast, post: Post) -> None:
    """Not even one that was waiting for its next try."""
    made = invite(cast, "coordinator")
    assert desk(cast, "norfolk", "coordinator").post(f"/onboarding/invitations/{made.pk}/withdraw/").status_code == 302
    assert mailing.deliver(now=timezone.now() + timedelta(hours=1)) == 0
    assert post.mails == []


@pytest.mark.parametrize(
    ("kind", "model"), [("supervisor", Officer), ("dpo", Officer), ("coordinator", Coordinator), ("auditor", Auditor)]
)
def test_a_force_names_its_own_people_and_ends_their_parts(cast: Cast, kind: str, model: type) -> None:
    """By its coordinator, without the operator; another force's coordinator neither sees nor ends it."""
    made = invite(cast, kind)
    link = f"/join/invitation/{mailing.token_of(made.pk, made.links)}/"
    assert Client().post(link, {"name": "Made-up Person", "password": "plainly made up words 7"}).status_code == 200
    with using_role("owner"):
        member = model.objects.get(user__email="new@example.org")  # type: ignore[attr-defined]
    end = f"/onboarding/force/people/{member.pk}/end/"
    assert desk(cast, "cheshire", "coordinator").post(end).status_code == 404
    assert desk(cast, "norfolk", "coordinator").post(end).status_code == 302
    with using_role("owner"):
        assert not model.objects.current().filter(pk=member.pk).exists()  # type: ignore[attr-defined]


def test_nobody_ends_their_own_part(cast: Cast) -> None:
    """So a force always keeps a coordinator."""
    with using_role("owner"):
        own = Coordinator.objects.get(user__email=cast.email("norfolk", "coordinator"))
    assert desk(cast, "norfolk", "coordinator").post(f"/onboarding/force/people/{own.pk}/end/").status_code == 409


@pytest.mark.parametrize(
    ("part", "kind"),
    [("coordinator", "officer"), ("officer1", "coordinator"), ("auditor", "officer"), ("officer1", "auditor")],
)
def test_nobody_both_reads_records_and_administers_in_one_force(cast: Cast, part: str, kind: str) -> None:
    """The invitation says so and is not used up; in another force the same person may."""
    email = cast.email("norfolk", part)
    for short, status in (("norfolk", 409), ("cheshire", 200)):
        made = invite(cast, kind, email, short)
        client = desk(cast, "norfolk", part)
        answer = client.post(f"/join/invitation/{mailing.token_of(made.pk, made.links)}/")
        assert answer.status_code == status, answer.content.decode()
        with using_role("owner"):
            assert (Invitation.objects.get(pk=made.pk).used_at is not None) == (status == 200)


def test_two_invitations_accepted_at_once_give_one_part(cast: Cast) -> None:
    """The second waits for the first, sees its part, and is not used up."""
    email = "new@example.org"
    with using_role("owner"):
        user = User.objects.create_user(email, None, name="Made-up Person")
    first, second = (invite(cast, kind, email) for kind in ("coordinator", "officer"))
    held, done = Event(), Event()

    def accept(made: Invitation, *, wait: bool) -> str:
        try:
            with scoped(Scope(Kind.PUBLIC)):
                said = accept_with_account(token=mailing.token_of(made.pk, made.links), user=user)
                if wait:
                    held.set()
                    done.wait(2)  # the other one has asked by then, and must not have been answered
                return said
        finally:
            held.set()
            for alias in connections:
                connections[alias].close()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(accept, first, wait=True)
        held.wait(30)
        two = pool.submit(accept, second, wait=False)
        two.add_done_callback(lambda _future: done.set())
        assert (one.result(30), two.result(30)) == ("accepted", "both")
    with using_role("owner"):
        assert Coordinator.objects.current().filter(user=user).exists()
        assert not Officer.objects.filter(user=user).exists()
        assert Invitation.objects.get(pk=second.pk).used_at is None


# On the tablet ------------------------------------------------------------------------------------------------------


def code_for(cast: Cast) -> str:
    """Invite a member of staff without an address: the page shows a code once."""
    path = f"/onboarding/pharmacies/{cast.pharmacy('norfolk').pk}/invite/"
    page = desk(cast, "norfolk", "coordinator").post(path, {"name": "Made-up Locum", "kind": "staff"}).content.decode()
    found = re.search(r"data-code>([\w-]{9})<", page)
    assert found, page
    return found[1]


def test_somebody_new_sets_their_pin_on_the_tablet_itself(cast: Cast) -> None:
    """With the code, once; and then the PIN opens a turn there."""
    code, client = code_for(cast), tablet(cast, "norfolk")
    said = {"code": code.lower().replace("-", " "), "initials": "ml", "pin": "2580", "again": "2580"}
    assert "Set your own PIN" in client.post("/counter/own-pin/").content.decode()
    for wrong in ({"again": "2581"}, {"pin": "1234", "again": "1234"}, {"initials": ""}, {"code": "CCCC-CCCC"}):
        refused = client.post("/counter/own-pin/", said | wrong)
        assert refused.status_code == 422, wrong
        assert "2580" not in refused.content.decode()
    assert "ML" in client.post("/counter/own-pin/", said).content.decode()
    assert client.post("/counter/own-pin/", said).status_code == 422  # it works once
    with using_role("owner"):
        staff = StaffMember.objects.get(initials="ML")
    assert (staff.pharmacy_id, staff.name) == (cast.pharmacy("norfolk").pk, "Made-up Locum")
    begun = client.post("/counter/begin/", {"staff": staff.pk, "pin": "2580"})
    assert "Is anyone in danger right now?" in begun.content.decode()


def test_a_code_works_on_no_other_pharmacys_tablet(cast: Cast) -> None:
    """Nor the link's page with the code, nor after it expired."""
    code = code_for(cast)
    said = {"code": code, "initials": "ML", "pin": "2580", "again": "2580"}
    assert tablet(cast, "cheshire").post("/counter/own-pin/", said).status_code == 422
    with using_role("owner"):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert tablet(cast, "norfolk").post("/counter/own-pin/", said).status_code == 422
    with using_role("owner"):
        assert not StaffMember.objects.filter(initials="ML").exists()


def test_a_forgotten_pin_is_set_anew_on_the_tablet(cast: Cast) -> None:
    """The tile stays the same one; training stays with it."""
    staff = cast.staff("norfolk")
    page = desk(cast, "norfolk", "coordinator").post(f"/onboarding/people/{staff.pk}/pin/").content.decode()
    code = re.search(r"data-code>([\w-]{9})<", page)
    assert code
    client = tablet(cast, "norfolk")
    said = {"code": code[1], "initials": "", "pin": "2580", "again": "2580"}
    assert client.post("/counter/own-pin/", said).status_code == 200
    begun = client.post("/counter/begin/", {"staff": staff.pk, "pin": "2580"})
    assert "Is anyone in danger right now?" in begun.content.decode()
    assert cast.staff("norfolk").training_expires_on == staff.training_expires_on


# Several parts ------------------------------------------------------------------------------------------------------


def test_an_officer_of_two_forces_chooses_and_sees_one_at_a_time(cast: Cast) -> None:
    """Asked before any queue is shown; changed whenever they like; a part that ended is gone with the next request."""
    with using_role("owner"):
        user = User.objects.get(email=cast.email("norfolk", "officer1"))
        second = Officer.objects.create(user=user, force=cast.force("cheshire"), display_name="Both")
        first = Officer.objects.get(user=user, force=cast.force("norfolk"))
    client = desk(cast, "norfolk", "officer1")
    asked = client.get("/triage/")
    assert (asked.status_code, asked["Location"]) == (302, "/account/parts/?next=%2Ftriage%2F")
    page = client.get("/account/parts/").content.decode()
    assert "Norfolk · police desk" in page and "Cheshire · police desk" in page
    for part, name in ((second, "Cheshire"), (first, "Norfolk"), (second, "Cheshire")):
        assert client.post(f"/account/parts/{part.pk}/").headers["Location"] == "/triage/"
        assert name in client.get("/triage/").content.decode()
    with using_role("owner"):
        stranger = Officer.objects.get(user__email=cast.email("norfolk", "officer2"))
        Officer.objects.filter(pk=second.pk).update(ended_at=timezone.now())
    assert client.post(f"/account/parts/{stranger.pk}/").status_code == 404
    assert "Norfolk" in client.get("/triage/").content.decode()  # the only one left needs no choice


def test_a_coordinator_who_also_looks_after_a_pharmacy_chooses(cast: Cast) -> None:
    """One door, two kinds of part: each shows its own."""
    with using_role("owner"):
        user = User.objects.get(email=cast.email("norfolk", "coordinator"))
        part = Administrator.objects.create(user=user, pharmacy=cast.pharmacy("cheshire"))
        other = Coordinator.objects.get(user=user)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(user.email)
    assert client.get("/onboarding/").status_code == 302
    client.post(f"/account/parts/{part.pk}/")
    assert client.get("/onboarding/force/").status_code == 403
    assert client.get(f"/onboarding/pharmacies/{cast.pharmacy('cheshire').pk}/").status_code == 200
    client.post(f"/account/parts/{other.pk}/")
    assert client.get("/onboarding/force/").status_code == 200
    assert client.get(f"/onboarding/pharmacies/{cast.pharmacy('cheshire').pk}/").status_code == 404


def test_a_session_that_locked_or_ended_accepts_nothing(cast: Cast) -> None:
    """It asks again first: after fifteen minutes, and after twelve hours."""
    email = cast.email("cheshire", "officer1")
    made = invite(cast, "officer", email)
    link = f"/join/invitation/{mailing.token_of(made.pk, made.links)}/"
    for old in ({"idle": 20 * 60}, {"old": 13 * 3600}):
        client = desk(cast, "cheshire", "officer1")
        age(client.cookies[settings.SESSION_COOKIE_NAME].value, **old)
        assert client.post(link, {}).status_code == 423
        with using_role("owner"):
            assert not Officer.objects.filter(user__email=email, force=cast.force("norfolk")).exists()
    assert desk(cast, "cheshire", "officer1").post(link, {}).status_code == 200

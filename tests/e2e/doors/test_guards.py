"""What a coordinator guards: lost second factors, and who reads restricted words."""

from django.db import connections

from ani_portal.access.roles import using_role
from pharmacies.models import Officer
from tests.ani_portal.doors.ages import age
from tests.cast import Cast
from tests.e2e.server import Server
from tests.sign_in import next_code

from .people import Signed, client_of


def test_a_lost_second_factor_is_reset_by_an_administrator_who_has_one(server: Server, cast: Cast) -> None:
    """Logged; the person's sessions end; not one's own, not another force's, not without a fresh code."""
    coordinator = Signed(server, cast, "norfolk", "coordinator")
    officer = Signed(server, cast, "norfolk", "officer1")
    member = cast.officer("norfolk").actor.id
    path = f"/onboarding/force/people/{member}/second-factor/"
    assert officer.post(path).status_code in (302, 403)
    assert Signed(server, cast, "cheshire", "coordinator").post(path).status_code == 404
    age(coordinator.key, old=6 * 60)
    assert coordinator.post(path).status_code == 423
    coordinator.post("/account/again/", {"code": next_code(server.base_url, coordinator.email)})
    assert coordinator.post(path).status_code == 302
    half = cast.session("norfolk", "officer1", second_factor=False)
    assert "Set up your second step" in client_of(server, session=half).get("/sign-in/set-up/").text
    assert "your own: ask a colleague" in coordinator.get("/onboarding/force/people/").text
    with connections["owner"].cursor() as cursor:
        cursor.execute("select actor_kind from audit_auditentry where event = 'factor.reset'")
        assert cursor.fetchall() == [("coordinator",)]


def test_conflict_officers_are_named(server: Server, cast: Cast) -> None:
    """By the force's coordinator, for the force's officers."""
    coordinator = Signed(server, cast, "norfolk", "coordinator")
    member = cast.officer("norfolk", 2).actor.id
    assert coordinator.post(f"/onboarding/force/people/{member}/conflict/").status_code == 302
    other = cast.officer("cheshire").actor.id
    assert coordinator.post(f"/onboarding/force/people/{other}/conflict/").status_code == 404
    with using_role("owner"):
        assert [str(officer.pk) for officer in Officer.objects.filter(conflict=True)] == [member]

"""The support directory: who may be shown which line, in the database itself; flagged when overdue, withheld past a limit."""

from datetime import date, timedelta

import psycopg
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope
from ani_portal.accounts.models import Operator, User
from pharmacies.enums import Audience
from pharmacies.models import SupportService
from pharmacies.reference.support import COMPARED, LINES, review_day
from tests.cast import PASSWORD, Cast
from tests.sign_in import session_of
from tests.visitors import desk, raw, tablet

NAMES = "select name from pharmacies_supportservice"


def made(cast: Cast, audience: str, *, due: date | None = None, verified: date | None = None) -> str:
    """A made-up line of Norfolk's."""
    with using_role("owner"):
        line = SupportService.objects.create(
            name=f"Made-up {audience} {due}", phone="01603 000000", audience=audience, force=cast.force("norfolk"),
            owner="Somebody", source="nowhere", last_verified=verified or timezone.localdate(), review_on=due,
        )  # fmt: skip
    return line.name


def seen(urls: dict[str, str], scope: Scope) -> set[str]:
    """The names that a plain query finds in a scope."""
    with raw(urls, scope) as connection:
        return {name for (name,) in connection.execute(NAMES).fetchall()}


def test_no_query_of_a_tablet_or_the_public_finds_a_line_that_is_not_for_people(
    cast: Cast, urls: dict[str, str]
) -> None:
    """Whatever the code forgets to filter: not people who harm, not professionals, not another force's."""
    names = {audience: made(cast, audience) for audience in Audience.values}
    for scope in (cast.covered("norfolk").scope, Scope(Kind.PUBLIC)):
        found = seen(urls, scope)
        assert names["person"] in found
        assert not {names["professional"], names["person_who_harms"], "Respect Phoneline"} & found
    assert names["person"] not in seen(urls, cast.covered("cheshire").scope)
    staff = "select name from ani.lines_for_staff()"
    with raw(urls, cast.covered("norfolk").scope) as connection:
        found = {name for (name,) in connection.execute(staff).fetchall()}
        assert names["professional"] in found
        assert not {names["person"], names["person_who_harms"], "Respect Phoneline"} & found
    with raw(urls, cast.covered("cheshire").scope) as connection:
        assert names["professional"] not in {name for (name,) in connection.execute(staff).fetchall()}


def test_a_line_is_withheld_ninety_days_after_it_was_due(cast: Cast, urls: dict[str, str]) -> None:
    """To the day; one without a day a year after it was verified. Its keeper sees it still, flagged."""
    today = timezone.localdate()
    overdue, withheld = (
        made(cast, "person", due=today - timedelta(days=89)),
        made(cast, "person", due=today - timedelta(days=90)),
    )
    undated = made(cast, "person", verified=today - timedelta(days=365 + 90))
    for scope in (cast.covered("norfolk").scope, Scope(Kind.PUBLIC)):
        found = seen(urls, scope)
        assert overdue in found
        assert withheld not in found and undated not in found
    page = desk(cast, "norfolk", "coordinator").get("/onboarding/directory/").content.decode()
    assert "overdue for a look" in page and "withheld: nobody has verified it for too long" in page
    shown = tablet(cast, "norfolk").get("/counter/help/").content.decode()
    assert withheld not in shown


def test_every_line_that_the_portal_starts_with_has_an_honest_day(cast: Cast) -> None:
    """A year after its source; where that is past, the day on which the sources were compared: due at once, not hidden."""
    for line in LINES:
        assert review_day(line.verified) == max(line.verified + timedelta(days=365), COMPARED)
    assert review_day(date(2020, 11, 7)) == COMPARED
    assert review_day(COMPARED) == COMPARED + timedelta(days=365)
    with using_role("owner"):
        assert not SupportService.objects.filter(review_on__isnull=True).exists()


def test_national_lines_are_the_operators_and_nobody_elses(cast: Cast, urls: dict[str, str]) -> None:
    """Who reviews one and moves its day; of a force's own lines the operator sees none."""
    with using_role("owner"):
        Operator.objects.create(user=User.objects.create_user("operator@example.org", PASSWORD, name="Operator"))
        line = SupportService.objects.get(name="Galop")
    own, client = made(cast, "person"), Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of("operator@example.org")
    page = client.get("/operator/lines/").content.decode()
    assert "Galop" in page and own not in page
    path, today = f"/operator/lines/{line.key}/", timezone.localdate()
    said = {
        "name": "Galop", "audience": "person", "for_whom": "LGBT+ people", "phone": line.phone, "owner": "Operator",
        "source": "rung by the operator", "last_verified": str(today), "review_on": str(today + timedelta(days=365)),
    }  # fmt: skip
    assert client.post(path, said | {"last_verified": str(today + timedelta(days=2))}).status_code == 422
    assert client.post(path, said).status_code == 302
    with using_role("owner"):
        assert SupportService.objects.get(name="Galop").source == "rung by the operator"
    assert desk(cast, "norfolk", "coordinator").get(path).status_code in (302, 403)
    with raw(urls, cast.scope("norfolk", Kind.COORDINATOR)) as connection:
        changed = connection.execute("update pharmacies_supportservice set phone = '1' where name = 'Galop'")
        assert changed.rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege), raw(urls, Scope(Kind.OPERATOR)) as connection:
        connection.execute(
            "insert into pharmacies_supportservice (name, phone, website, hours, note, audience, for_whom, nation, owner,"
            " source, last_verified, \"order\", force_id) values ('x', '', '', '', '', 'person', '', '', '', '',"
            f" current_date, 0, {cast.force('norfolk').pk})"
        )

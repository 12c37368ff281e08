"""From the press of a button to what police did with it: one id for each try, one for the record in every row."""

from django.db import connections
from playwright.sync_api import Browser, Request, Route

from tests.cast import Cast
from tests.e2e.server import Server
from tests.visitors import desk, over_http

from .tablet import DANGER, Tablet


def test_a_press_keeps_its_id_through_every_try_and_the_record_leads_on(
    cast: Cast, browser: Browser, server: Server
) -> None:
    """Given an answer that is lost; when the tablet tries again and an officer opens the record; then ids join all of it."""
    tablet = Tablet(browser, server, "norfolk tablet")
    tried: list[Request] = []

    def lose_the_first(route: Route) -> None:
        tried.append(route.request)
        if len(tried) > 1:
            route.continue_()
        else:
            route.fetch()  # committed …
            route.abort()  # … and never heard of

    tablet.begin()
    tablet.at(DANGER)
    tablet.page.route("**/counter/answer/", lose_the_first)
    tablet.choose("Yes, now")
    tablet.at("Has 999 been rung?")
    sent = [request.headers["x-correlation-id"] for request in tried[:2]]
    assert len(tried) >= 2 and len(set(sent)) == 1
    assert f"key={sent[0]}" in (tried[0].post_data or "")
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select object_id, detail::jsonb ->> 'correlation' from audit_auditentry where event = 'record.alerted'"
        )
        ((record, correlation),) = cursor.fetchall()
    assert correlation == sent[0]
    officer = over_http(desk(cast, "norfolk"), server.base_url)
    opened = officer.get(f"/triage/records/{record}/")
    officer.close()
    assert opened.status_code == 200
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select detail::jsonb ->> 'correlation' from audit_auditentry where object_id = %s and actor_kind = 'officer'",
            [record],
        )
        assert opened.headers["X-Correlation-Id"] in {one for (one,) in cursor.fetchall()}

"""Each door on a host of its own; the operator; the auditor's page."""

import re
from pathlib import Path

import httpx
from django.core.management import call_command
from django.db import connections

from ani_portal.access.scope import Kind, Scope, scoped
from requests.models import CodewordRequest
from tests.cast import Cast
from tests.e2e.server import Server
from tests.requests.steps import WORDS, a_record_with_everything
from tests.sign_in import session_of

from .people import Signed, client_of

HOSTS = {"counter": "counter.localhost", "triage": "triage.localhost", "onboarding": "onboarding.localhost"}
DOORS = {
    "counter": "/counter/help/",
    "triage": "/triage/",
    "onboarding": "/onboarding/",
    "audit": "/audit/",
    "operator": "/operator/",
}


def test_no_route_of_one_door_resolves_on_another(cast: Cast, urls: dict[str, str], tmp_path: Path) -> None:
    """Three doors on three hosts: each answers its own, and *not found* for the others', streams included."""
    more = {f"{door.upper()}_HOST": host for door, host in HOSTS.items()}
    more["ALLOWED_HOSTS"] = ",".join(["127.0.0.1", *HOSTS.values()])
    server = Server(urls, log=tmp_path / "server.log", more=more).start()
    try:
        for door, host in HOSTS.items():
            head = {"Host": f"{host}:{server.port}"}
            for other, path in DOORS.items():
                status = httpx.get(server.base_url + path, headers=head).status_code
                assert (status == 404) == (other != door), (door, other, status)
            signs_in = httpx.get(server.base_url + "/sign-in/", headers=head).status_code
            assert signs_in == (404 if door == "counter" else 200)
            # A name per door: what opens one is not even read by another.
            cookie = {f"session-{door}": cast.session("norfolk", "officer1")}
            with httpx.stream("GET", server.base_url + "/live/desk", headers=head, cookies=cookie) as stream:
                assert (stream.status_code == 200) == (door == "triage")
        assert httpx.get(server.base_url + "/triage/").status_code == 404
    finally:
        server.stop()


def test_the_operator_begins_a_force_and_reads_nothing(server: Server, cast: Cast) -> None:
    """Made by the command alone; names a first coordinator; no record, entry, pharmacy or log row is theirs."""
    a_record_with_everything(cast, "norfolk")
    call_command("create_operator", "operator@example.org", verbosity=0)
    client = client_of(server, session=session_of("operator@example.org"))
    page = client.get("/operator/")
    assert page.status_code == 200 and "Bring " in page.text
    for path in ("/triage/", "/onboarding/", "/audit/"):
        assert client.get(path).status_code in (302, 403, 404)
    number = re.findall(r"/operator/forces/(\w+)/begin/", page.text)[0]
    head = {"Origin": server.base_url, "X-CSRFToken": client.cookies.get("form") or ""}
    client.get(f"/operator/forces/{number}/begin/")
    head["X-CSRFToken"] = client.cookies["form"]
    data = {"name": "Made-up First", "email": "first@example.org"}
    begun = client.post(f"/operator/forces/{number}/begin/", data=data, headers=head)
    assert begun.status_code == 200 and "not shown again" in begun.text
    assert client.post(f"/operator/forces/{number}/begin/", data=data, headers=head).status_code == 422
    norfolk = cast.force("norfolk").pk
    code = cast.force("norfolk").ons_code
    other = {"name": "Made-up Second", "email": "second@example.org"}
    assert client.post(f"/operator/forces/{code}/begin/", data=other, headers=head).status_code == 422
    assert client_of(server, session=session_of("first@example.org")).get("/onboarding/").status_code == 200
    assert Signed(server, cast, "norfolk", "coordinator").get("/operator/").status_code in (302, 403)
    with scoped(Scope(Kind.OPERATOR, force=norfolk)):
        assert CodewordRequest.objects.count() == 0
        with connections["default"].cursor() as cursor:
            for table in ("requests_entry", "vault.record_key", "audit_auditentry", "pharmacies_staffmember"):
                cursor.execute(f"select count(*) from {table}")
                assert cursor.fetchone() == (0,), table


def test_the_auditor_reads_the_log_of_their_force_without_content(server: Server, cast: Cast) -> None:
    """Filters; another force's rows never; words never; reading is a row itself; nobody else reads it."""
    record = a_record_with_everything(cast, "norfolk")
    a_record_with_everything(cast, "cheshire")
    auditor = Signed(server, cast, "norfolk", "auditor")
    page = auditor.get("/audit/")
    assert page.status_code == 200 and str(record.pk) in page.text
    assert WORDS not in page.text and "PLANTED" not in page.text
    assert str(cast.tablet("cheshire").pk) not in page.text
    assert "log.read" in auditor.get("/audit/?event=log").text
    assert str(record.pk) in auditor.get(f"/audit/?what={record.pk}").text
    assert "No row fits." in auditor.get("/audit/?until=2020-01-01").text
    assert auditor.get("/audit/?since=not-a-day").status_code == 422
    assert auditor.get("/audit/?event=%00").status_code == 400
    for part in ("officer1", "officer3", "coordinator"):
        assert Signed(server, cast, "norfolk", part).get("/audit/").status_code in (302, 403)
    for path in ("/triage/", "/onboarding/", f"/triage/records/{record.pk}/"):
        assert auditor.get(path).status_code in (302, 403, 404)

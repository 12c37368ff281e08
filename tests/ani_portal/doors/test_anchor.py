"""The day's mark of the log: a chain that its owner wrote anew no longer fits what left the house."""

import base64
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections

from ani_portal.access.scope import scoped
from ani_portal.audit import anchors
from ani_portal.audit.verify import verify
from tests.cast import Cast
from tests.smtp import Post, post_office
from tests.visitors import desk


def _noted(cast: Cast, count: int) -> None:
    by = cast.officer("norfolk")
    with scoped(by.scope) as log:
        for number in range(count):
            log.note("test.noted", by=by.actor, force=by.force_id, number=number)


def test_a_chain_written_anew_is_found(cast: Cast, settings: Any, tmp_path: Path) -> None:
    """The owner of the database empties the log and fills it again: whole in itself, but not what was anchored."""
    settings.AUDIT_ANCHOR_KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
    _noted(cast, 5)
    kept = tmp_path / "anchor.txt"
    kept.write_text(anchors.make("verify").dump())
    _noted(cast, 2)
    call_command("verify_audit", anchor=kept, verbosity=0)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "alter table audit_auditentry disable trigger all; alter table audit_auditchain disable trigger all"
        )
        cursor.execute("delete from audit_auditentry; delete from audit_auditchain")
        cursor.execute(
            "alter table audit_auditentry enable trigger all; alter table audit_auditchain enable trigger all"
        )
    _noted(cast, 7)
    assert verify("verify").broken == []
    with pytest.raises(CommandError, match="broken"):
        call_command("verify_audit", anchor=kept, verbosity=0)


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    """A mail server on the loopback address, and what it was sent."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with post_office() as office:
        settings.EMAIL_PORT, settings.EMAIL_HOST, settings.EMAIL_USE_TLS = office.port, "127.0.0.1", False
        yield office


def test_the_mark_of_the_day_leaves_and_the_auditor_sees_when(cast: Cast, settings: Any, post: Post) -> None:
    """By real mail, signed; before the first, and after a day without one, the auditor's page says so in red."""
    settings.AUDIT_ANCHOR_KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
    settings.AUDIT_ANCHOR_TO = "vault@example.org"
    auditor = desk(cast, "norfolk", "auditor")
    assert "No signed mark of the log has left" in auditor.get("/audit/").content.decode()
    call_command("anchor", stdout=StringIO())
    assert [(to, "Mark of the day" in text) for to, text in post.mails] == [("vault@example.org", True)]
    page = auditor.get("/audit/").content.decode()
    assert "The last signed mark left" in page and "No signed mark of the log has left" not in page
    with connections["owner"].cursor() as cursor:
        cursor.execute("update audit_anchorsent set at = now() - interval '27 hours'")
    assert "No signed mark of the log has left" in auditor.get("/audit/").content.decode()


def test_a_mark_that_does_not_leave_is_a_red_flag(cast: Cast, settings: Any) -> None:
    """No mail server: the command fails, and the page and the figures keep that it did."""
    settings.AUDIT_ANCHOR_KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
    settings.AUDIT_ANCHOR_TO, settings.EMAIL_HOST, settings.EMAIL_PORT = "vault@example.org", "127.0.0.1", 1
    settings.EMAIL_USE_TLS = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with pytest.raises(OSError):
        call_command("anchor", stdout=StringIO())
    page = desk(cast, "norfolk", "auditor").get("/audit/").content.decode()
    assert "The last attempt failed: ConnectionRefusedError" in page and "No signed mark of the log has left" in page


def test_a_forged_anchor_is_refused(cast: Cast, settings: Any) -> None:
    """Signed by another key, or changed on its way."""
    settings.AUDIT_ANCHOR_KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
    _noted(cast, 1)
    dumped = anchors.make("verify").dump()
    assert anchors.load(dumped).dump() == dumped
    with pytest.raises(ValueError, match="not signed"):
        anchors.load(dumped.replace('"chains":[[', '"chains":[[9'))

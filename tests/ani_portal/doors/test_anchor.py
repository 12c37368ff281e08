"""The day's mark of the log: a chain that its owner wrote anew no longer fits what left the house."""

import base64
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


def test_a_forged_anchor_is_refused(cast: Cast, settings: Any) -> None:
    """Signed by another key, or changed on its way."""
    settings.AUDIT_ANCHOR_KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
    _noted(cast, 1)
    dumped = anchors.make("verify").dump()
    assert anchors.load(dumped).dump() == dumped
    with pytest.raises(ValueError, match="not signed"):
        anchors.load(dumped.replace('"chains":[[', '"chains":[[9'))

"""The real worker, killed in the middle of writing a register: all of it is there or nothing, and the page says which."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client

from ani_portal.access.roles import using_role
from pharmacies.enums import UploadState
from pharmacies.models import Pharmacy
from tests.cast import Cast
from tests.e2e.server import ROOT
from tests.pharmacies.onboarding.files import give, look
from tests.pharmacies.register.files import ods_row, written
from tests.visitors import desk

pytestmark = pytest.mark.long

ROWS = 15_000


def worker(urls: dict[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """The worker as `make run` and the unit file start it, as a role of its own."""
    environment = os.environ | urls | {"DATABASE_URL": urls["DATABASE_WORKER_URL"], "ANI_TRYOUT": "1"}
    return subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker"], cwd=ROOT, env=environment, stdout=log, stderr=log
    )


def until(what: Callable[[], bool], seconds: float, pause: float = 0.5) -> float:
    """Wait until it is so; how long that took."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < seconds, "it did not come to that"
        time.sleep(pause)
    return time.monotonic() - began


def there() -> int:
    """How many pharmacies are known."""
    with using_role("owner"):
        return Pharmacy.objects.count()


def page(client: Client, upload: UUID) -> str:
    """What the coordinator sees."""
    return client.get(f"/onboarding/files/{upload}/").content.decode()


def test_a_killed_worker_leaves_all_or_nothing_and_says_so(cast: Cast, urls: dict[str, str], tmp_path: Path) -> None:
    """Killed with -9 while rows are written; started again; the page says what happened and what to do; then it works."""
    client = desk(cast, "norfolk", "coordinator")
    code = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    rows = [ods_row(f"F{code[n // 1000]}{n % 1000:03d}", parent="P0ZZ") for n in range(ROWS)]
    with (tmp_path / "worker.log").open("wb") as log:
        first = worker(urls, log)
        second = None
        try:
            upload = give(client, written(*rows).encode(), read=False)
            until(lambda: look(upload).state == UploadState.PLANNED, 120)
            before = there()
            assert client.post(f"/onboarding/files/{upload}/apply/", {"mark": look(upload).mark}).status_code == 302
            until(lambda: look(upload).done >= 1000, 120, pause=0.01)
            first.send_signal(signal.SIGKILL)
            first.wait()
            at = look(upload)
            assert at.state == UploadState.APPLYING and 1000 <= at.done < ROWS, (at.state, at.done)
            assert there() == before  # not one of the thousands
            until(lambda: "Nothing was heard of the work for a while" in page(client, upload), 60)
            second = worker(urls, log)
            took = until(lambda: look(upload).state == UploadState.PLANNED, 200)
            told = page(client, upload)
            assert "nothing of this file was written" in told and "press Apply again" in told
            new = look(upload).totals["outcomes"]["new"]
            assert f"Applying adds {new} pharmacies" in told and new > ROWS - 100  # some codes are real ones
            assert there() == before
            assert client.post(f"/onboarding/files/{upload}/apply/", {"mark": look(upload).mark}).status_code == 302
            until(lambda: look(upload).state == UploadState.APPLIED, 120)
        finally:
            for process in (first, second):
                if process and process.poll() is None:
                    process.kill()
                    process.wait()
    assert there() == before + new
    with connections["verify"].cursor() as cursor:
        cursor.execute("select count(*) from audit_auditentry where event = 'register.imported'")
        assert cursor.fetchone() == (1,)
    print(
        f"FIGURE killed after {at.done} of {ROWS} rows: none was there; a new worker told so after {took:.0f} s;"
        " applied again, all of them, once"
    )

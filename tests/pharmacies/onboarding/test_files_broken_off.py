"""A file whose work is broken off, waits, fails or lies too long: nothing half written, and its page says what to do."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone

from ani_portal.access.roles import using_role
from pharmacies.enums import UploadState
from pharmacies.models import Pharmacy, RegisterUpload
from pharmacies.register import uploads
from tests.cast import Cast
from tests.e2e.server import ROOT
from tests.visitors import desk

from ..register.files import ods_row, written
from .files import OWN, ROWS, apply, give, look

pytestmark = pytest.mark.usefixtures("places")


def unheard(upload: UUID, *, status: str = "failed", worker: int | None = None) -> None:
    """Nothing was heard of a file for five minutes, and its jobs stand like this."""
    with using_role("owner"):
        RegisterUpload.objects.filter(pk=upload).update(heard_at=timezone.now() - timedelta(minutes=5))
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set status = %s::procrastinate_job_status, worker_id = %s where args ->> 'upload' = %s",
            [status, worker, str(upload)],
        )


def test_a_file_that_cannot_be_worked_on_holds_nothing_up(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    """A fault that nobody foresaw: the next file has its turn; after three tries it is said, and logged without content."""
    client = desk(cast, "norfolk", "coordinator")
    bad, good = (give(client, written(*ROWS).encode(), read=False) for _ in range(2))
    with using_role("owner"):
        RegisterUpload.objects.filter(pk=bad).update(columns=["FZZ01"])  # no columns at all: none of our refusals
    for upload in (bad, good):
        unheard(upload)
    for turn in range(uploads.TRIES):
        uploads.mend_silent()
        assert look(good).state == UploadState.PLANNED
        assert (look(bad).state == UploadState.UNREADABLE) is (turn == uploads.TRIES - 1)
        if turn < uploads.TRIES - 1:
            unheard(bad)
    assert "was tried three times" in client.get(f"/onboarding/files/{bad}/").content.decode()
    assert uploads.mend_silent() == 0
    assert caplog.messages.count(f"file {bad} could not be read: ValueError") == uploads.TRIES
    assert "FZZ01" not in caplog.text


def test_a_file_that_waits_for_its_turn_is_not_called_interrupted(cast: Cast) -> None:
    """Its job has not begun, or its process lives: it is left to it. When that process is silent it is given back."""
    client = desk(cast, "norfolk", "coordinator")
    upload = give(client, written(*ROWS).encode())
    apply(client, upload, work=False)
    unheard(upload, status="todo")
    assert uploads.mend_silent() == 0
    with connections["owner"].cursor() as cursor:
        cursor.execute("insert into procrastinate_workers default values returning id")
        (worker,) = cursor.fetchone() or (0,)
    unheard(upload, status="doing", worker=worker)
    assert uploads.mend_silent() == 0
    assert look(upload).state == UploadState.APPLYING
    with connections["owner"].cursor() as cursor:
        cursor.execute("update procrastinate_workers set last_heartbeat = now() - interval '2 minutes'")
    assert uploads.mend_silent() == 1
    assert "nothing of this file was written" in look(upload).message


@pytest.mark.parametrize("matched", [True, False])
def test_after_thirty_days_a_file_must_be_given_again(cast: Cast, *, matched: bool) -> None:
    """Its content is gone: the page says so instead of offering to apply it, and so does what was pressed on an old page."""
    client = desk(cast, "norfolk", "coordinator")
    sheet = written(*ROWS) if matched else OWN.replace("ODS code", "Ref").replace("Branch", "Where")
    upload = give(client, sheet.encode())
    with using_role("owner"):
        RegisterUpload.objects.filter(pk=upload).update(made_at=timezone.now() - timedelta(days=31))
    uploads.forget_old()
    assert bytes(look(upload).content) == b""
    assert "Give the file again" in client.get(f"/onboarding/files/{upload}/").content.decode()
    what = "apply" if matched else "columns"
    told = client.post(f"/onboarding/files/{upload}/{what}/", {"mark": look(upload).mark})
    assert told.status_code == 409
    assert "removed 30 days after it was given" in told.content.decode()
    assert look(upload).state == (UploadState.PLANNED if matched else UploadState.COLUMNS)


SLOW = """
import sys, time, uuid
import django
django.setup()
from pharmacies.register import apply, uploads
write = apply.write
def slow(plan, *, progress):
    def pause(done):
        progress(done)
        print("written", done, flush=True)
        time.sleep(60)
    write(plan, progress=pause)
apply.write = slow
uploads.apply_upload(uuid.UUID(sys.argv[1]))
"""


def test_a_worker_killed_in_the_middle_leaves_nothing_half_written(cast: Cast, urls: dict[str, str]) -> None:
    """Killed after the first thousand rows: none is there; the file comes back by itself; then all of it."""
    rows = [ods_row(f"F{n:04d}", parent="P0ZZ") for n in range(1000, 2500)]
    client = desk(cast, "norfolk", "coordinator")
    upload = give(client, written(*rows).encode())
    with using_role("owner"):
        before = Pharmacy.objects.count()
    apply(client, upload, work=False)
    worker = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(upload)], cwd=ROOT, env=os.environ | urls, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    assert worker.stdout.readline().strip() == "written 1000"
    assert (look(upload).done, look(upload).state) == (1000, UploadState.APPLYING)  # progress is seen meanwhile
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    with using_role("owner"):
        assert Pharmacy.objects.count() == before
    unheard(upload)
    assert uploads.mend_silent() == 1
    assert look(upload).state == UploadState.PLANNED
    assert "interrupted" in look(upload).message
    assert apply(client, upload).state == UploadState.APPLIED
    with using_role("owner"):
        assert Pharmacy.objects.count() == before + 1500
    for alias in connections:
        connections[alias].close()

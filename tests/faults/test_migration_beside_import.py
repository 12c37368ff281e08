"""A migration while a register is written: each waits for the other, and neither hangs."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.models.signals import pre_migrate

from ani_portal.access import long_work
from ani_portal.access.roles import using_role
from pharmacies.enums import UploadState
from pharmacies.models import Pharmacy
from pharmacies.register import uploads
from tests.cast import Cast
from tests.e2e.server import ROOT
from tests.pharmacies.onboarding.files import apply, give, look
from tests.pharmacies.register.files import ods_row, written
from tests.visitors import desk

# The worker's own work on a file, with time to look at it between the first thousand rows and the rest.
SLOW = """
import sys, time, uuid
import django
django.setup()
from pharmacies.register import apply, uploads
write = apply.write
def slow(plan, *, progress):
    def pause(done):
        print("written", done, flush=True)
        time.sleep(2)
        progress(done)
    write(plan, progress=pause)
apply.write = slow
uploads.apply_upload(uuid.UUID(sys.argv[1]))
"""
ROWS = 1500


@pytest.fixture
def asked(cast: Cast) -> UUID:
    """A file whose writing was asked for."""
    client = desk(cast, "norfolk", "coordinator")
    rows = [ods_row(f"F{n:04d}", parent="P0ZZ") for n in range(1000, 1000 + ROWS)]
    upload = give(client, written(*rows).encode())
    apply(client, upload, work=False)
    return upload


@contextmanager
def changing(seen: list[str], *, after: float = 0) -> Iterator[None]:
    """A migration that changes, in one transaction, the file's table and then the pharmacies'."""

    def change(app_config: Any, **_more: Any) -> None:
        if app_config.label != "pharmacies" or "began" in seen:
            return
        seen.append("began")
        time.sleep(after)
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "begin; alter table pharmacies_registerupload add column made_up integer;"
                " alter table pharmacies_pharmacy add column made_up integer; commit"
            )
        seen.append("ended")

    pre_migrate.connect(change)
    try:
        yield
    finally:
        pre_migrate.disconnect(change)


def migrate() -> None:
    """The real command, with the rings to be laid anew."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("delete from ani.rings")
        cursor.execute("set statement_timeout = '60s'")  # without the shared lock it would hang for ever
    call_command("migrate", verbosity=0)


def there() -> int:
    """How many of the file's pharmacies are written."""
    with using_role("owner"):
        return Pharmacy.objects.filter(ods_code__regex="^F[12]").exclude(organisation=None).count()


def test_a_migration_waits_for_a_register_that_is_being_written(cast: Cast, urls: dict[str, str], asked: UUID) -> None:
    """Begun in the middle of the writing, it changes nothing before the end; all rows are there, and so are the rings."""
    worker = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(asked)], cwd=ROOT, env=os.environ | urls, stdout=subprocess.PIPE, text=True
    )
    try:
        assert worker.stdout is not None and worker.stdout.readline().strip() == "written 1000"
        seen: list[str] = []
        with changing(seen):
            migrate()
        assert seen == ["began", "ended"]
        assert look(asked).state == UploadState.APPLIED  # not before
        assert worker.wait(20) == 0
    finally:
        worker.kill()
        worker.communicate()
    assert there() >= ROWS
    with connections["owner"].cursor() as cursor:
        cursor.execute("select count(*) from ani.rings")
        assert cursor.fetchone() == (1,)


def test_a_register_waits_for_a_migration(cast: Cast, asked: UUID) -> None:
    """Begun in the middle of a migration, it is written whole after it."""
    seen: list[str] = []
    ended: list[str] = []

    def work() -> None:
        uploads.apply_upload(asked)
        ended.extend(seen)
        for alias in ("worker", "import"):
            connections[alias].close()

    with changing(seen, after=2):
        beside = threading.Thread(target=work)
        threading.Timer(0.5, beside.start).start()
        migrate()
        beside.join(30)
    assert ended == ["began", "ended"]
    assert look(asked).state == UploadState.APPLIED


def test_an_import_that_hangs_stops_the_migration_and_not_the_service(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what it waited for, and has changed nothing."""
    monkeypatch.setattr(long_work, "PATIENCE", "1s")
    said: list[str] = []
    with long_work.long_work("import"):
        with (
            pytest.raises(long_work.StillWorking, match="Nothing was migrated"),
            long_work.no_long_work("owner", said.append),
        ):
            pass
    assert said == ["Waiting for the import of a register to end …"]
    with long_work.no_long_work("owner", said.append):
        pass
    assert len(said) == 1

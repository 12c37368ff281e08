"""The background worker, really running, as a role of its own."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import connections
from django.utils import timezone

from ani_portal.engine.server import Engine
from requests.enums import State
from requests.models import CodewordRequest, InformationLine
from tests.cast import Cast
from tests.e2e.server import ROOT
from tests.requests.steps import started
from tests.visitors import started_at


def test_the_worker_sweeps_by_itself_as_its_own_role(
    cast: Cast, engine: Engine, database: str, urls: dict[str, str], tmp_path: Path
) -> None:
    """What was abandoned five hours ago is settled within two of its minutes, and every connection is the worker's."""
    record = started(cast.recorder("norfolk"))
    started_at(engine, database, record.pk, timezone.now() - timedelta(hours=5))
    log = (tmp_path / "worker.log").open("wb")
    environment = os.environ | urls | {"DATABASE_URL": urls["DATABASE_WORKER_URL"], "ANI_TRYOUT": "1"}
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker"], cwd=ROOT, env=environment, stdout=log, stderr=log
    )
    roles: set[str] = set()
    try:
        end = time.monotonic() + 150
        while time.monotonic() < end and worker.poll() is None:
            with connections["owner"].cursor() as cursor:
                cursor.execute("select usename from pg_stat_activity where datname = current_database()")
                roles |= {name for (name,) in cursor.fetchall()}
            if _settled(record.pk):
                break
            time.sleep(1)
        assert worker.poll() is None, (tmp_path / "worker.log").read_text()[-2000:]
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "select status::text from procrastinate_jobs where task_name like '%%sweep%%' order by id limit 1"
            )
            assert cursor.fetchone() in (("succeeded",), ("doing",))
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)
        log.close()
    assert _settled(record.pk)
    assert "ani_worker" in roles and "ani_super" not in roles


def _settled(key: UUID) -> bool:
    """Or a line of its day already: between four and five in the morning five hours ago was a day that has ended."""
    record = CodewordRequest.objects.using("owner").filter(pk=key).first()
    if record is not None:
        return record.state == State.SETTLED
    return InformationLine.objects.using("owner").count() == 1

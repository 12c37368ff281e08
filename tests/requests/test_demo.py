"""Demo data goes into an empty database or one marked as a demo, and nowhere else."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from ani_portal.engine.roles import create
from ani_portal.engine.server import SUPERUSER, Engine
from pharmacies.models import Pharmacy
from tests.cast import Cast
from tests.conftest import ALIASES, point_django_at


@pytest.fixture
def empty(engine: Engine, django_db_blocker: DjangoDbBlocker, settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A migrated database with nothing in it, and a folder of its own for what a try-out keeps."""
    settings.VAR = tmp_path
    with psycopg.connect(engine.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        create(connection, f"empty_{tmp_path.name}".replace("-", "_")[:60])
    point_django_at(engine, f"empty_{tmp_path.name}".replace("-", "_")[:60])
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        yield tmp_path
        for alias in ALIASES:
            connections[alias].close()


def test_an_empty_database_becomes_a_demo(empty: Path) -> None:
    """Both forces, 48 pharmacies, people to sign in as; a second time changes nothing that stands in demo.json."""
    call_command("demo", base_url="http://localhost:8000")
    demo = json.loads((empty / "demo.json").read_text())
    assert {account["force"] for account in demo["accounts"]} >= {"Norfolk", "Cheshire"}
    assert {account["role"] for account in demo["accounts"]} >= {"officer", "supervisor", "coordinator", "auditor"}
    assert {"email", "password", "role", "force", "totp_secret"} <= set(demo["accounts"][0])
    assert {"pharmacy_ods", "force", "enrolment_code", "staff"} <= set(demo["tablets"][0])
    assert set(demo["tablets"][0]["staff"][0]) == {"name", "pin"}
    assert (empty / "demo.json").stat().st_mode & 0o077 == 0
    call_command("demo", base_url="http://localhost:8000")
    assert json.loads((empty / "demo.json").read_text()) == demo
    assert Pharmacy.objects.using("owner").count() == 48


def test_a_database_with_anything_else_is_refused(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    """The cast's database is not marked as a demo: nothing is written, and it is said why."""
    settings.VAR = tmp_path
    with pytest.raises(CommandError, match="not marked as a demo"):
        call_command("demo")
    assert not (tmp_path / "demo.json").exists()


def test_a_real_service_is_refused(database: str, settings: Settings) -> None:
    """Without ANI_TRYOUT there is no demo data."""
    settings.TRYOUT = False
    with pytest.raises(CommandError, match="ANI_TRYOUT"):
        call_command("demo")

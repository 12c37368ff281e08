"""The tablet as these tests hold it, and officers who act behind it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from ani_portal.access.roles import using_role
from pharmacies.models import ForceSettings
from requests.models import Watch
from tests.cast import Cast
from tests.e2e.server import Server
from tests.requests.triage.desk_steps import armed

from .tablet import Tablet


@pytest.fixture
def tablet(browser: Browser, server: Server, watched: None) -> Tablet:
    """Norfolk's tablet on the counter, on its cover, with a desk that watches."""
    return Tablet(browser, server, "norfolk tablet")


@pytest.fixture
def watched(cast: Cast) -> None:
    """Both desks are watched."""
    for force in ("norfolk", "cheshire"):
        armed(cast.officer(force))
    # A desk's page says every few seconds that it lives; no page is open here.
    with using_role("owner"):
        Watch.objects.update(beat_at=timezone.now() + timedelta(hours=1))


def settings_become(force: str, cast: Cast, **values: timedelta) -> None:
    """Change what a force has set."""
    with using_role("owner"):
        ForceSettings.objects.filter(force=cast.force(force)).update(**values)

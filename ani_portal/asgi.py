"""The server's entry: streams are answered here, every page by Django's WSGI handler in a pool of threads.

Django's middleware costs four to five times as much under its ASGI handler: decision 0004.
"""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ani_portal.settings")

from django.core.wsgi import get_wsgi_application

from ani_portal.pages import Pages

_wsgi: Any = get_wsgi_application()
pages = Pages(_wsgi, workers=int(os.environ.get("WEB_THREADS", "8")))

from django.conf import settings
from django.urls import reverse

from ani_portal.live.hub import Hub
from ani_portal.live.streams import PREFIX, Receive, Send, Streams

# Every address and view is read now: otherwise the first alarm after a start waits a second for it.
reverse("front")
_database = settings.DATABASES["default"]
hub = Hub(
    {
        "dbname": _database["NAME"],
        "user": _database["USER"],
        "password": _database["PASSWORD"],
        "host": _database["HOST"],
        "port": _database["PORT"],
        "connect_timeout": 5,
        "application_name": "ani-portal listener",
        # A dead network is noticed in seconds, not in hours.
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
    }
)
streams = Streams(hub)


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Streams here, pages there."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"].startswith(PREFIX):
        await streams(scope, receive, send)
    else:
        await pages(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hub.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            await hub.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return

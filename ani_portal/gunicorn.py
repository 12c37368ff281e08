"""How gunicorn runs the portal: `gunicorn -c python:ani_portal.gunicorn ani_portal.asgi:application`."""

import logging
import os
import signal
from typing import Any

# Imported in the master, before it forks: its figures are those of all processes.
from ani_portal.access import counts

bind = os.environ.get("BIND", "127.0.0.1:8000").split(",")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "asgi"
asgi_lifespan = "on"
timeout = 30
graceful_timeout = 10
keepalive = 5
# Without a line per request: the application's own logs hold no addresses and no queries.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "warning")
# By default two servers of one user would share a control socket in their home.
control_socket_disable = True
# Headers from a proxy are believed only where settings.TRUST_PROXY_HEADERS says so.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")


def post_fork(_server: Any, worker: Any) -> None:
    """A place of its own for what this process counts."""
    counts.take_place(worker.age)


def post_worker_init(worker: Any) -> None:
    """Keep the server's own log discreet, and end the streams as soon as the worker is told to stop: it would wait."""
    from ani_portal.access.logs import Discreet, quiet_hooks
    from ani_portal.asgi import hub

    # gunicorn writes to handlers of its own: an error that reaches it holds what somebody typed like any other.
    for handler in logging.getLogger("gunicorn.error").handlers:
        handler.addFilter(Discreet())
    quiet_hooks()

    def stop() -> None:
        hub.end_streams()
        worker.handle_exit_signal()

    worker.loop.add_signal_handler(signal.SIGTERM, stop)

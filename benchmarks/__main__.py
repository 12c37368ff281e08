"""`make bench`: every benchmark, or those named; results in var/bench.json.

make bench
.venv/bin/python -m benchmarks live
"""

import base64
import os
import secrets
import sys
import time

os.environ |= {
    "ANI_TRYOUT": "1",
    "DJANGO_SETTINGS_MODULE": "ani_portal.settings",
    # The browser that one benchmark drives has an event loop in the main thread.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    "MASTER_KEYS": "bench0:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "SECRET_KEY": secrets.token_urlsafe(48),
    "PIN_PEPPER": secrets.token_urlsafe(48),
}

from benchmarks.harness import engine, stamp

# The weights first: a tablet on which nothing is open.
KNOWN = ("weights", "queue", "alerts", "live", "streams", "sign-in", "register", "sealed")


def main(wanted: list[str]) -> None:
    """Run the benchmarks named, or all."""
    with engine() as found:
        os.environ.update(found.urls())
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from benchmarks import alerts, doors, floor, live, queue, registers, sealed, weights
        from tests.cast import make_cast

        make_cast()
        runs = {
            "alerts": alerts.run,
            "sign-in": doors.run,
            "register": registers.run,
            "live": live.run,
            "streams": live.run_on_one_process,
            "queue": queue.run,
            "sealed": sealed.run,
            "weights": weights.run,
        }
        for name in wanted or KNOWN:
            began, floors = time.monotonic(), floor.beside(found)
            runs[name](found)
            stamp(name, floors, began)


if __name__ == "__main__":
    main(sys.argv[1:])

"""The soak: a mixed load for an hour, and a report of what grew.

    .venv/bin/python -m tests.faults.soak            an hour; SOAK_MINUTES=5 for less

Alerts from tablets, officers who open, claim, note and close, queues that are read, streams that come and go, heartbeats,
searches, whole visits at the counter, signing in, the worker. Fails if the memory of a process grows, answers become
slower than the same moment's bare page explains, connections, streams or open files are left over, dead rows pile up, or
the worker or a web process did not live to the end. Interrupted (Ctrl-C, TERM) it judges and reports what it saw.
"""

import base64
import os
import secrets
import signal
import sys

os.environ |= {
    "ANI_TRYOUT": "1",
    "DJANGO_SETTINGS_MODULE": "ani_portal.settings",
    "MASTER_KEYS": "soak0:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "SECRET_KEY": secrets.token_urlsafe(48),
    "PIN_PEPPER": secrets.token_urlsafe(48),
}


def main() -> int:
    """Run it and write docs/reports/DATE-soak.md; 1 if something grew."""
    from benchmarks.harness import engine

    minutes = float(os.environ.get("SOAK_MINUTES", "60"))
    with engine() as found:
        os.environ.update(found.urls())
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from tests.cast import make_cast

        from .soaking import Soak

        make_cast()
        soak = Soak(found, minutes * 60)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            soak.run()
        finally:
            sys.stdout.write(soak.report().read_text())
        return 1 if soak.verdict.faults() else 0


if __name__ == "__main__":
    sys.exit(main())

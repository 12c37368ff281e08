"""Gives a command its database: the one that the environment names, or the embedded one for as long as it runs."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from .place import EngineError
from .roles import prepare
from .server import URL_NAMES, held, named

# Commands that must work with no database at all.
NEED_NONE = {
    "help",
    "version",
    "--help",
    "-h",
    "--version",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "makemigrations",
}


@contextmanager
def ensure_database(argv: list[str]) -> Iterator[None]:
    """Have the addresses in the environment and a server behind them; stop on leaving what was started here."""
    if os.environ.get("DATABASE_URL") or len(argv) < 2 or argv[1] in NEED_NONE:
        yield
        return
    if given := sorted(name for name in URL_NAMES.values() if os.environ.get(name)):
        # The embedded one would be taken for the service's own: a backup of it, empty, looks like a backup.
        sys.exit(f"{given[0]} is set and DATABASE_URL is not: set both, or neither to use the embedded database.")
    engine = named("engine")
    try:
        with held(engine, prepare):
            os.environ.update(engine.urls())
            os.environ.setdefault("ANI_TRYOUT", "1")
            yield
    except EngineError as error:
        sys.exit(str(error))

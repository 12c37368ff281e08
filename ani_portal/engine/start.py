"""Gives a command its database: the one that the environment names, or the embedded one for as long as it runs."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from .place import EngineError
from .roles import prepare
from .server import held, named

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
    engine = named("engine")
    try:
        with held(engine, prepare):
            os.environ.update(engine.urls())
            os.environ.setdefault("ANI_TRYOUT", "1")
            yield
    except EngineError as error:
        sys.exit(str(error))

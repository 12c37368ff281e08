"""Errors with words in hand: their kind and place are logged, their text never; the database's own log is as quiet."""

import logging

import psycopg
import pytest

from ani_portal.access.logs import Discreet
from ani_portal.engine.server import Engine

SAID = "PLANTED he has taken my keys"


def _line(**given: object) -> str:
    record = logging.LogRecord("a", logging.ERROR, "file", 1, given.pop("msg", "failed"), given.pop("args", ()), None)  # type: ignore[arg-type]
    for name, value in given.items():
        setattr(record, name, value)
    assert Discreet().filter(record)
    return logging.Formatter("%(message)s").format(record)


def test_an_error_says_its_kind_and_place_only() -> None:
    """Its own text, that of its cause, a stack, an error handed over as a value: none of it is written."""
    try:
        try:
            raise KeyError(SAID)
        except KeyError as inner:
            raise ValueError(f"about {SAID}") from inner
    except ValueError as error:
        caught = (type(error), error, error.__traceback__)
        lines = [_line(exc_info=caught), _line(msg="went wrong: %s", args=(error,)), _line(stack_info=SAID)]
    assert lines[0].startswith("ValueError at ") and "test_discreet.py" in lines[0]
    assert lines[1] == "went wrong: ValueError"
    assert not any("PLANTED" in line for line in lines)


def test_the_databases_log_holds_no_value(engine: Engine, database: str, urls: dict[str, str]) -> None:
    """Neither the statement that failed, nor its parameters, nor the row that broke a rule."""
    with psycopg.connect(urls["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("create table t (said text unique)")
        owner.execute("insert into t values (%s)", [SAID])
        with pytest.raises(psycopg.errors.UniqueViolation):
            owner.execute("insert into t values (%s)", [SAID])
        with pytest.raises(psycopg.errors.SyntaxError):
            owner.execute(f"insert wrongly '{SAID}'")
    log = (engine.folder / "log.txt").read_text()
    assert "duplicate key" in log and "PLANTED" not in log

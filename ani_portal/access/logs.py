"""Keeps what people said out of the logs."""

import json
import logging
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType

from .correlation import correlation


class Discreet(logging.Filter):
    """Takes the request and the values of local variables away from a log line before anything formats them."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.__dict__.pop("request", None)
        record.stack_info = None
        if record.exc_info and record.exc_info[1] is not None:
            # The kind of error and where it arose; its text may hold what somebody typed.
            error = record.exc_info[1]
            trace, place = record.exc_info[2], ""
            while trace is not None:
                code = trace.tb_frame.f_code
                place = f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno} in {code.co_name}"
                trace = trace.tb_next
            state = getattr(error.__cause__, "sqlstate", None)
            kind = f"{type(error).__name__} {state}" if state else type(error).__name__
            record.msg, record.args = f"{kind} at {place}", ()
            record.exc_info = None
            record.exc_text = None
        elif isinstance(record.args, tuple):
            # An error handed over as a value would be written with its text.
            record.args = tuple(
                type(part).__name__ if isinstance(part, BaseException) else part for part in record.args
            )
        return True


def quiet_hooks() -> None:
    """Let what no logger catches say its kind and place only: an interpreter prints the text of an error otherwise."""
    log = logging.getLogger("ani_portal.uncaught")

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.error("uncaught", exc_info=(kind, error, trace))

    def thread_hook(what: threading.ExceptHookArgs) -> None:
        if what.exc_value is not None:
            hook(what.exc_type, what.exc_value, what.exc_traceback)

    def unraisable(what: "sys.UnraisableHookArgs") -> None:
        if what.exc_value is not None:
            hook(what.exc_type, what.exc_value, what.exc_traceback)

    sys.excepthook, threading.excepthook, sys.unraisablehook = hook, thread_hook, unraisable


class JsonLine(logging.Formatter):
    """A line that machines read: when, how bad, who says it, what, and which request it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if of := correlation():
            line["correlation"] = of
        if (milliseconds := getattr(record, "milliseconds", None)) is not None:
            line["milliseconds"] = milliseconds
        return json.dumps(line, ensure_ascii=False)

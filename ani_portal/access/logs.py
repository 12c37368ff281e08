"""Keeps what people said out of the logs."""

import logging


class Discreet(logging.Filter):
    """Takes the request and the values of local variables away from a log line before anything formats them."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.__dict__.pop("request", None)
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
        return True

"""Background work, as the worker's role. Each is safe to run twice, and to miss for a while."""

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from .clocks import run
from .mail import deliver
from .retention.disposal import dispose_due, ledger_what_was_taken_back
from .retention.sweep import sweep
from .retention.thinning import thin_log


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="sweep", pass_context=False)
def sweep_every_minute(timestamp: int) -> None:
    """Forget mistakes, destroy what was abandoned, write yesterday's information lines."""
    sweep(now=datetime.fromtimestamp(timestamp, tz=UTC))


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="dispose", pass_context=False)
def dispose_every_hour(timestamp: int) -> None:
    """Dispose of what two people decided and whose waiting time is over."""
    dispose_due(now=datetime.fromtimestamp(timestamp, tz=UTC))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="taken-back", pass_context=False)
def ledger_every_minute(timestamp: int) -> None:
    """What was taken back must not come back with a restore."""
    ledger_what_was_taken_back(now=datetime.fromtimestamp(timestamp, tz=UTC))


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="thin-log", pass_context=False)
def thin_log_every_night(timestamp: int) -> None:
    """Take the ids out of the log's rows about records that are gone, after their time."""
    thin_log()


@app.task(pass_context=False)
def dispose_when_asked() -> None:
    """The same, because somebody pressed the button."""
    dispose_due(now=datetime.now(UTC))


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="clocks", pass_context=False)
def clocks_every_ten_seconds(timestamp: int) -> None:
    """Claims lapse, offers come back; who is to be told stands in the database."""
    run(now=timezone.now())


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="mail", pass_context=False)
def mail_every_ten_seconds(timestamp: int) -> None:
    """What is due by mail goes out. Apart from the clocks: a mail server that hangs must not hold them up."""
    deliver(now=timezone.now())

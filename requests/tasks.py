"""Background work, as the worker's role. Each is safe to run twice, and to miss for a while."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from .retention.sweep import sweep


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="sweep", pass_context=False)
def sweep_every_minute(timestamp: int) -> None:
    """Forget mistakes, destroy what was abandoned, write yesterday's information lines."""
    sweep(now=datetime.fromtimestamp(timestamp, tz=UTC))

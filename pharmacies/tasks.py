"""Background work on files that coordinators gave. Jobs hold the id of a file and nothing else."""

from uuid import UUID

from procrastinate.contrib.django import app

from .register import uploads


@app.task(queue="register", pass_context=False)
def read_upload(upload: str) -> None:
    """Read a file and make its dry run."""
    uploads.read_upload(UUID(upload))


@app.task(queue="register", pass_context=False)
def apply_upload(upload: str) -> None:
    """Write what a file's dry run showed."""
    uploads.apply_upload(UUID(upload))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="uploads", pass_context=False)
def look_after_uploads(timestamp: int) -> None:
    """Give back what a dead process left, and forget what is old."""
    uploads.mend_silent()
    uploads.forget_old()

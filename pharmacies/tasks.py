"""Background work: files that coordinators gave, and the mails of invitations. Jobs hold an id and nothing else."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from . import mailing
from .register import uploads

# A file may wait: with many of them, what tells people of an alert goes first.
LAST = -10


@app.task(queue="register", priority=LAST, pass_context=False)
def read_upload(upload: str) -> None:
    """Read a file and make its dry run."""
    uploads.read_upload(UUID(upload))


@app.task(queue="register", priority=LAST, pass_context=False)
def apply_upload(upload: str) -> None:
    """Write what a file's dry run showed."""
    uploads.apply_upload(UUID(upload))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="uploads", pass_context=False)
def look_after_uploads(timestamp: int) -> None:
    """Give back what a dead process left, and forget what is old."""
    uploads.mend_silent()
    uploads.forget_old()


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="invitations", pass_context=False)
def mail_invitations(timestamp: int) -> None:
    """What is due goes out. Apart from everything else: a mail server that hangs must hold nothing up."""
    mailing.deliver(now=timezone.now())

"""What ends a record, and what stays of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HoldReason(models.TextChoices):
    """Why a record may not be disposed of. A closed list: free text would be content."""

    PROCEEDINGS = "proceedings", _("Criminal, family or civil proceedings")
    INVESTIGATION = "investigation", _("A police or safeguarding investigation")
    COMPLAINT = "complaint", _("A complaint, or a review of what was done")
    SUBJECT_ACCESS = "subject_access", _("The person asked what is held about them")
    INQUIRY = "inquiry", _("An inquiry, inspection or statutory review")


class StubKind(models.TextChoices):
    """What a disposed record was, for the counts."""

    ALERT = "alert", _("Alert")
    POLICE_NOW = "police_now", _("Police now")
    POLICE_LATER = "police_later", _("Police later")
    DRILL = "drill", _("Drill")

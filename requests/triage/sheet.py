"""The queue as CSV: codes, times and places, never what a person said, and nothing that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from pharmacies.models import ForceSettings

from ..enums import Attention
from ..models import CodewordRequest
from .rows import held_by, marks, waited_text

# A cell that begins with one of these is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(value: object) -> str:
    """`value` as a cell that no spreadsheet computes."""
    text = str(value if value is not None else "")
    return f"'{text}" if text.startswith(FORMULA) else text


def _time(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def csv_of(records: Iterable[CodewordRequest], settings: ForceSettings, now: datetime) -> str:
    """The records as one text, a line each, with when it was made."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [_("Reference"), _("Received"), _("Waited"), _("Order of attention"), _("State"), _("Pharmacy"), _("Postcode"),
         _("Marks"), _("Read"), _("Held by"), _("Closed"), _("Outcome"), _("Drill"), _("As at")]
    )  # fmt: skip
    for record in records:
        waited = waited_text((record.closed_at or now) - (record.released_at or record.started_at))
        cells = [
            record.reference, _time(record.released_at), waited, str(Attention(record.attention).label),
            record.get_state_display(), record.pharmacy.name, record.pharmacy.postcode, "; ".join(marks(record)),
            _time(record.read_at), held_by(record, settings, now), _time(record.closed_at),
            record.get_outcome_display() if record.outcome else "", _("drill") if record.is_drill else "", _time(now),
        ]  # fmt: skip
        writer.writerow([safe(cell) for cell in cells])
    return out.getvalue()

"""The ready-made lines that a desk may send to a tablet; each force changes its own.

Neutral, so that anybody may read them over a shoulder; never an order to keep somebody in.
"""

from django.utils.translation import gettext_noop

from pharmacies.models import CannedLine, PoliceForce

LINES = (
    ("on_the_way", gettext_noop("Officers are on the way.")),
    ("delayed", gettext_noop("Officers are delayed. Ring 999 if anything changes.")),
    ("may_wait", gettext_noop("They may wait here if they want. Do not stop them leaving.")),
    ("we_ring", gettext_noop("We will ring the pharmacy's own line in a few minutes.")),
    ("ring_101", gettext_noop("Please ring 101 when you can and say that the police desk asked you to.")),
    ("ring_999", gettext_noop("Please ring 999 now.")),
)


def load() -> int:
    """Write the lines of each active force that has none yet; how many forces were written."""
    written = 0
    for force in PoliceForce.objects.filter(active=True):
        if not CannedLine.objects.filter(force=force).exists():
            CannedLine.objects.bulk_create(
                CannedLine(force=force, code=code, text=text, order=order)
                for order, (code, text) in enumerate(LINES, start=1)
            )
            written += 1
    return written

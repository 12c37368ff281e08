"""Facts that the portal starts with, as data: forces, their first settings, districts, support lines, practice sites.

Each module says where its facts come from. What is there already is left alone, apart from names and websites of
forces: settings, grades and support lines belong to people once they exist.
"""

from django.db import transaction

from ani_portal.access.roles import current_alias

from . import districts, forces, lines, pharmacies, settings, support


def load(*, practice: bool) -> None:
    """Write what is missing, as the role of the running block (owner or import). Twice is the same as once.

    `practice` adds 48 real pharmacies that take part, for trying out and for tests: never in a real service.
    """
    with transaction.atomic(using=current_alias()):
        forces.load()
        settings.load(practice=practice)
        districts.load()
        support.load(practice=practice)
        lines.load()
        if practice:
            pharmacies.load()

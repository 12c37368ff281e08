#!/usr/bin/env python
"""Django's command line, with the embedded database started first where no other is named."""

import os
import sys

from ani_portal.engine.start import ensure_database


def main() -> None:
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ani_portal.settings")
    from django.core.management import execute_from_command_line

    with ensure_database(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

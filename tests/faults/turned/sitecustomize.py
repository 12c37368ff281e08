"""For processes under a turned clock alone: libfaketime 0.9.10 refuses the call by which Python sleeps since 3.11."""

import select
import time
from typing import SupportsIndex


def sleep(seconds: float | SupportsIndex, /) -> None:
    """The same by another call."""
    select.select([], [], [], float(seconds))


time.sleep = sleep

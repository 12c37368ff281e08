"""JSON that somebody sent."""

import json
from typing import Any


def parse_json(text: str) -> Any:
    """What it says; ValueError if it is none, or nested more deeply than anything that is meant."""
    try:
        return json.loads(text)
    except RecursionError as fault:
        raise ValueError("nested too deeply") from fault

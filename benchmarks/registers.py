"""Reading the official register: a made-up one of the real one's size, into nothing and again; or the file in REGISTER."""

import csv
import io
import os
import time
from pathlib import Path
from typing import Any

from ani_portal.access.roles import using_role
from ani_portal.audit.log import Actor
from ani_portal.engine.server import Engine
from benchmarks.harness import keep
from pharmacies.register.apply import import_register
from pharmacies.register.reading import read, read_file

ROWS = 20_000
LETTERS = "0123456789ABCDEFGHJKLMNPQRTVWXY"


def run(engine: Engine) -> None:
    """A dry run, the first reading and the second, which has nothing to write."""
    given = os.environ.get("REGISTER")
    sheet = read_file(Path(given)) if given else read(_register().encode())
    by, result = Actor("process", "import_register"), {}
    with using_role("import"):
        for name, dry in (("dry run", True), ("first", False), ("again", False)):
            started = time.perf_counter()
            plan: Any = import_register(sheet, by=by, offices=None, dry_run=dry)
            result[f"{name}, seconds"] = round(time.perf_counter() - started, 2)
        result["rows"] = len(plan.rows) if hasattr(plan, "rows") else ROWS
    keep("register", result)


def _register() -> str:
    """ROWS lines as the NHS publishes them, all at one postcode."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    for number in range(ROWS):
        code = "F" + "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(4))
        cells = dict.fromkeys(range(1, 28), "")
        cells |= {
            1: code,
            2: f"MADE-UP PHARMACY {number}",
            3: "Y61",
            4: "QMM",
            5: f"{number} MADE-UP STREET",
            6: "NORWICH",
        }
        cells |= {10: "NR2 1LD", 11: "19480101", 13: "A", 14: "1", 15: f"P{number % 3000:04}", 18: "01603 000000"}
        writer.writerow(list(cells.values()))
    return out.getvalue()

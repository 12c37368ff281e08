"""What a try-out keeps between runs under `var/`."""

import base64
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


def kept_secret(path: Path) -> str:
    """The secret kept at `path`, made on first use and readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        value = secrets.token_urlsafe(48)
        if path.name == "BACKUP_KEY":
            value = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        if path.name == "MASTER_KEYS":
            value = "k1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        # Linked in one step, so that two processes starting at once agree on one whole value.
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(value)
        with suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text()

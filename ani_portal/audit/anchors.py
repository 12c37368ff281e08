"""The day's mark of the log: each chain's last row and hash, signed, sent to an address outside.

Whoever owns the database could write a whole chain anew; then it no longer fits the marks that left the house.
"""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import send_mail
from django.db import connections
from django.utils import timezone

from .models import AnchorSent
from .verify import Broken


@dataclass(frozen=True)
class Anchor:
    """A signed mark, as it is mailed."""

    text: str  # JSON: when, and of each chain its number, last row and that row's hash
    signature: str  # base64url

    def dump(self) -> str:
        """The anchor as lines of a mail or a file."""
        return f"{self.text}\n{self.signature}\n"


def signing_key() -> Ed25519PrivateKey:
    """The key of AUDIT_ANCHOR_KEY (32 bytes, base64url)."""
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(settings.AUDIT_ANCHOR_KEY))
    except ValueError as error:
        raise ImproperlyConfigured("Set AUDIT_ANCHOR_KEY to 32 bytes in base64url: docs/security.md.") from error


def public_key() -> str:
    """What whoever keeps the anchors checks them with, base64url."""
    raw = signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.urlsafe_b64encode(raw).decode()


def make(alias: str) -> Anchor:
    """Mark every chain as it stands; `alias` is the role to read as."""
    with connections[alias].cursor() as cursor:
        cursor.execute("select chain, seq, encode(hash, 'hex') from audit_auditchain order by chain")
        chains = [list(row) for row in cursor.fetchall()]
    text = json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), "chains": chains}, separators=(",", ":"))
    return Anchor(text, base64.urlsafe_b64encode(signing_key().sign(text.encode())).decode())


LATE = timedelta(hours=26)  # a mark leaves every day; two hours of grace for the timer


def send() -> Anchor:
    """Mail the mark of the day to AUDIT_ANCHOR_TO, and keep that it left, or why not. Runs as the verifying role."""
    try:
        anchor = make("verify")
        send_mail("Mark of the day", anchor.dump(), None, [settings.AUDIT_ANCHOR_TO])
    except Exception as fault:
        AnchorSent.objects.create(problem=type(fault).__name__[:60])
        raise
    AnchorSent.objects.create()
    return anchor


@dataclass(frozen=True)
class Mark:
    """When a mark last left this system, and whether the auditor must be told that none did lately."""

    last: datetime | None
    problem: str  # the kind of fault of a later attempt

    @property
    def late(self) -> bool:
        """No mark left within a day."""
        return self.last is None or timezone.now() - self.last > LATE


def last_mark() -> Mark:
    """The last that left, and what stopped the one after it."""
    newest = AnchorSent.objects.first()
    sent = AnchorSent.objects.filter(problem="").first()
    return Mark(sent.at if sent else None, newest.problem if newest else "")


def load(lines: str) -> Anchor:
    """An anchor from its lines; ValueError if its signature is not ours."""
    try:
        text, signature = lines.strip().splitlines()
        signing_key().public_key().verify(base64.urlsafe_b64decode(signature.strip()), text.encode())
    except (ValueError, InvalidSignature) as error:
        raise ValueError("this anchor is not signed by our key") from error
    return Anchor(text, signature.strip())


def compare(anchor: Anchor, alias: str) -> list[Broken]:
    """The chains that no longer hold the row that the anchor marked."""
    broken = []
    for chain, seq, mark in json.loads(anchor.text)["chains"]:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "select encode(hash, 'hex') from audit_auditentry where chain = %s and seq = %s", [chain, seq]
            )
            found = cursor.fetchone()
        if seq and found != (mark,):
            broken.append(Broken(chain, seq, "it is not the row that was anchored outside"))
    return broken

"""The settings of a real service, and a certificate for it."""

import datetime
import ipaddress
import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# Without ANI_TRYOUT nothing is relaxed; every secret comes from the environment.
SETTINGS = {
    "ANI_TRYOUT": "",
    "SECRET_KEY": "of the tests alone, and long enough for what Django asks of a key " * 2,
    "PIN_PEPPER": "of the tests alone",
    "MASTER_KEYS": "k1:" + "A" * 43 + "=",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "DISPOSAL_LEDGER": "/nowhere/ledger",
    "BACKUP_KEY": "A" * 43 + "=",
}


def environment(**changes: str) -> dict[str, str]:
    """The environment of a production process."""
    ours = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return {**ours, **SETTINGS, **changes}


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for the loopback address, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths

"""Made-up people for trying out, at real pharmacies that do not take part."""

import json
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections, transaction
from django.utils import timezone

from ani_portal.access.permissions import Role
from ani_portal.access.principals import Principal
from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.accounts.factors import add_totp, factors_of
from ani_portal.accounts.models import User
from ani_portal.accounts.pins import hash_pin
from ani_portal.audit.log import Actor
from pharmacies import reference
from pharmacies.actions import make_enrolment_code
from pharmacies.models import Auditor, Coordinator, EnrolmentCode, Officer, Pharmacy, PoliceForce, StaffMember, Tablet

FORCES = ("E23000024", "E23000006")  # Norfolk, Cheshire
PASSWORD = "practice makes ready"  # noqa: S105 printed for everybody who tries it out
STAFF = (("AB", "Practice Staff A", "246810"), ("CD", "Practice Staff C", "135790"))
TABLETS_EACH = 2
# A code of a try-out is not for a hurried phone call: it lasts until somebody tries it.
CODE_LIFE = timedelta(days=365)

MARK = "this database is a demo"


class Command(BaseCommand):
    """Put demo data into an empty database, or one marked as a demo, and write var/demo.json."""

    help = "Demo data: both forces, real pharmacies, made-up people. Refuses a database that holds anything else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base-url", default="http://localhost:8000")

    def handle(self, *args: Any, **options: Any) -> None:
        with using_role("owner"):
            if not settings.TRYOUT:
                raise CommandError("Demo data is for a try-out: set ANI_TRYOUT=1, which also relaxes cookies and TLS.")
            if not is_demo():
                if User.objects.exists() or Pharmacy.objects.exists():
                    raise CommandError(
                        "This database holds data and is not marked as a demo. Demo data goes only into an empty one."
                    )
                # All or nothing, the mark with it: an interrupted start can be started again.
                with transaction.atomic(using="owner"):
                    reference.load(practice=True)
                    self._people()
                    mark_demo()
            self._write(options["base_url"])

    def _people(self) -> None:
        # One hash serves every practice pharmacy: they are made up, and ninety-six take as many seconds on a busy machine.
        pins = {pin: hash_pin(pin) for _initials, _name, pin in STAFF}
        for code in FORCES:
            force = PoliceForce.objects.get(ons_code=code)
            short = force.short_name.lower()
            for number in (1, 2):
                user = User.objects.create_user(f"officer{number}@{short}.example", PASSWORD, name=f"Officer {number}")
                Officer.objects.create(user=user, force=force, display_name=f"Officer {number}")
            user = User.objects.create_user(f"supervisor@{short}.example", PASSWORD, name="Supervisor")
            Officer.objects.create(user=user, force=force, role="supervisor", display_name="Supervisor")
            user = User.objects.create_user(f"records@{short}.example", PASSWORD, name="Data protection")
            Officer.objects.create(user=user, force=force, role="dpo", display_name="Data protection officer")
            user = User.objects.create_user(f"coordinator@{short}.example", PASSWORD, name="Coordinator")
            Coordinator.objects.create(user=user, force=force)
            user = User.objects.create_user(f"auditor@{short}.example", PASSWORD, name="Auditor")
            Auditor.objects.create(user=user, force=force)
            for pharmacy in Pharmacy.objects.filter(force=force):
                for initials, name, pin in STAFF:
                    StaffMember.objects.create(
                        pharmacy=pharmacy, name=name, initials=initials, pin_hash=pins[pin],
                        trained_on=timezone.localdate(), training_expires_on=timezone.localdate() + timedelta(days=365),
                    )  # fmt: skip

    def _write(self, base_url: str) -> None:
        """var/demo.json: who to sign in as, and a fresh code for each tablet that was not enrolled yet."""
        kept = settings.VAR / "demo.json"
        known: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
        accounts, tablets = [], []
        for code in FORCES:
            force = PoliceForce.objects.get(ons_code=code)
            for role, model in (("officer", Officer), ("coordinator", Coordinator), ("auditor", Auditor)):
                for member in model.objects.filter(force=force).select_related("user").order_by("user__email"):
                    accounts.append(
                        {
                            "role": getattr(member, "role", role), "force": force.short_name,
                            "email": member.user.email, "password": PASSWORD,
                            "totp_secret": totp_secret(member.user),
                        }
                    )  # fmt: skip
            tablets += self._tablets(force, known)
        write_private(kept, {"base_url": base_url, "accounts": accounts, "tablets": tablets})

    def _tablets(self, force: PoliceForce, known: dict[str, Any]) -> list[dict[str, Any]]:
        before = {tablet["pharmacy_ods"]: tablet["enrolment_code"] for tablet in known.get("tablets", [])}
        found = []
        for pharmacy in Pharmacy.objects.filter(force=force).order_by("ods_code")[:TABLETS_EACH]:
            code = before.get(pharmacy.ods_code)
            unused = EnrolmentCode.objects.filter(
                pharmacy=pharmacy, used_at__isnull=True, expires_at__gt=timezone.now()
            ).exists()
            if code is None or not unused:
                code = self._code(force, pharmacy)
            found.append(
                {
                    "pharmacy_ods": pharmacy.ods_code, "pharmacy": f"{pharmacy.name}, {pharmacy.full_address}",
                    "force": force.short_name, "enrolment_code": code,
                    "staff": [{"name": initials, "pin": pin} for initials, _name, pin in STAFF],
                }
            )  # fmt: skip
        return found

    def _code(self, force: PoliceForce, pharmacy: Pharmacy) -> str:
        coordinator = Coordinator.objects.filter(force=force).first()
        by = Principal(
            Role.COORDINATOR,
            Scope(Kind.COORDINATOR, force=force.pk),
            Actor("coordinator", str(coordinator.pk) if coordinator else secrets.token_hex(4)),
        )
        number = Tablet.objects.filter(pharmacy=pharmacy).count() + 1
        with scoped(by.scope):
            return make_enrolment_code(by=by, pharmacy=pharmacy, tablet_name=f"Practice {number}", life=CODE_LIFE)


def totp_secret(user: User) -> str:
    """The base32 secret of a demo person's authenticator app, made on first use."""
    factor = factors_of(user)["totp"] or add_totp(user, generate_totp_secret())
    secret: str = decrypt(factor.data["secret"])
    return secret


def is_demo() -> bool:
    """Whether the database is marked as a demo."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()"
        )
        return (cursor.fetchone() or (None,))[0] == MARK


def mark_demo() -> None:
    """Mark the database as a demo, where anybody who looks at it sees it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("select current_database()")
        (name,) = cursor.fetchone() or ("",)
        cursor.execute(f'comment on database "{name}" is %s', [MARK])


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Write JSON that only its owner can read."""
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, indent=2) + "\n")

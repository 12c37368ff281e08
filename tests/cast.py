"""The fixed cast. Plainly made-up people, at real pharmacies of two forces.

In each force: a recorder and a colleague (pharmacy staff), a tablet, an officer and a second one, a supervisor, a
data protection officer, a coordinator, an auditor. An outsider has an account and no part in anything.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ani_portal.access.permissions import Role
from ani_portal.access.principals import Principal
from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope
from ani_portal.accounts.factors import add_totp
from ani_portal.accounts.models import User
from ani_portal.accounts.pins import hash_pin
from ani_portal.audit.log import Actor
from pharmacies import reference
from pharmacies.models import Auditor, Coordinator, Officer, Pharmacy, PoliceForce, Sitting, StaffMember, Tablet
from pharmacies.principals import digest

from .sign_in import session_of, totp_secret

FORCES = {"norfolk": "E23000024", "cheshire": "E23000006"}
PHARMACIES = {"norfolk": "FAR67", "cheshire": "FEL21"}
PASSWORD = "a made-up password 1"
PIN = "246810"


def make_cast() -> None:
    """Write the cast as the owner; done once, into the template."""
    with using_role("owner"):
        reference.load(practice=True)
        for short, code in FORCES.items():
            force = PoliceForce.objects.get(ons_code=code)
            pharmacy = Pharmacy.objects.get(ods_code=PHARMACIES[short])
            for initials in ("AB", "CD"):
                StaffMember.objects.create(
                    pharmacy=pharmacy, name=f"Made-up Staff {initials}", initials=initials, pin_hash=hash_pin(PIN),
                    trained_on=date(2026, 1, 5), training_expires_on=date(2028, 1, 5),
                )  # fmt: skip
            Tablet.objects.create(pharmacy=pharmacy, name="Counter", secret_hash=digest(f"{short} tablet"))
            Tablet.objects.create(pharmacy=pharmacy, name="Room", secret_hash=digest(f"{short} second tablet"))
            for number, role in ((1, "officer"), (2, "officer"), (3, "supervisor"), (4, "dpo")):
                Officer.objects.create(
                    user=_person(f"{short}.officer{number}"), force=force, role=role, display_name=f"Officer {number}"
                )
            Coordinator.objects.create(user=_person(f"{short}.coordinator"), force=force)
            Auditor.objects.create(user=_person(f"{short}.auditor"), force=force)
        _person("outsider")


def _person(name: str) -> User:
    user = User.objects.create_user(f"{name}@example.org", PASSWORD, name=name.replace(".", " ").title())
    add_totp(user, totp_secret(user.email))
    return user


@dataclass
class Cast:
    """Principals to act as, and ids to look for. Everything is read as the owner."""

    def force(self, short: str) -> PoliceForce:
        """A force of the cast."""
        with using_role("owner"):
            return PoliceForce.objects.get(ons_code=FORCES[short])

    def pharmacy(self, short: str) -> Pharmacy:
        """The force's pharmacy."""
        with using_role("owner"):
            return Pharmacy.objects.get(ods_code=PHARMACIES[short])

    def staff(self, short: str, initials: str = "AB") -> StaffMember:
        """One of the pharmacy's staff."""
        with using_role("owner"):
            return StaffMember.objects.get(pharmacy__ods_code=PHARMACIES[short], initials=initials)

    def tablet(self, short: str, name: str = "Counter") -> Tablet:
        """One of the pharmacy's tablets."""
        with using_role("owner"):
            return Tablet.objects.get(pharmacy__ods_code=PHARMACIES[short], name=name)

    def covered(self, short: str, name: str = "Counter") -> Principal:
        """A tablet that nobody is using."""
        tablet = self.tablet(short, name)
        scope = Scope(Kind.TABLET, force=self.force(short).pk, pharmacy=tablet.pharmacy_id, tablet=tablet.pk)
        return Principal(Role.COVERED_TABLET, scope, Actor("tablet", str(tablet.pk)))

    def recorder(self, short: str, initials: str = "AB", tablet: str = "Counter") -> Principal:
        """One of the staff, after their PIN."""
        device, staff = self.tablet(short, tablet), self.staff(short, initials)
        with using_role("owner"):
            sitting = Sitting.objects.create(
                tablet=device, staff=staff, token_hash=digest(f"{device.pk}{UUID(int=0)}{Sitting.objects.count()}")
            )
        scope = Scope(
            Kind.TABLET, force=self.force(short).pk, pharmacy=device.pharmacy_id, tablet=device.pk, sitting=sitting.pk,
            staff=staff.pk, since=staff.pin_set_at,
        )  # fmt: skip
        return Principal(Role.RECORDER, scope, Actor("staff", str(staff.pk), via=str(device.pk)))

    def officer(self, short: str, number: int = 1) -> Principal:
        """An officer of the force (3 is the supervisor, 4 the data protection officer)."""
        with using_role("owner"):
            officer = Officer.objects.select_related("user").get(
                force__ons_code=FORCES[short], display_name=f"Officer {number}"
            )
        scope = Scope(Kind.OFFICER, force=officer.force_id, person=officer.user_id)
        return Principal(Role(officer.role), scope, Actor("officer", str(officer.pk)), officer.display_name)

    def scope(self, short: str, kind: Kind) -> Scope:
        """A bare scope of some kind in a force."""
        return Scope(kind, force=self.force(short).pk)

    def session(self, short: str, part: str, *, second_factor: bool = True) -> str:
        """The key of a session of one of the cast, signed in with both factors (or with the password alone)."""
        return session_of(self.email(short, part), second_factor=second_factor)

    def email(self, short: str, part: str) -> str:
        """The address that one of the cast signs in with."""
        return f"{short}.{part}@example.org"

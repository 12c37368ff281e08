"""Who is asking: found at each door by the app that knows its people, on every request anew."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from ani_portal.audit.log import Actor

from .permissions import ROLES, Door, Permission, Role
from .scope import Scope


@dataclass(frozen=True)
class Principal:
    """Somebody (or some tablet) in one part: what they may do, whose rows they may touch, how the log names them."""

    role: Role
    scope: Scope
    actor: Actor
    name: str = ""  # what a colleague sees

    @property
    def force_id(self) -> int:
        """The force this part belongs to."""
        if self.scope.force is None:
            raise ValueError("this principal belongs to no force")
        return self.scope.force

    @property
    def pharmacy_id(self) -> UUID:
        """The pharmacy a tablet stands in."""
        if self.scope.pharmacy is None:
            raise ValueError("this principal is no tablet")
        return self.scope.pharmacy

    @property
    def tablet_id(self) -> UUID:
        """The tablet that asks."""
        if self.scope.tablet is None:
            raise ValueError("this principal is no tablet")
        return self.scope.tablet

    def may(self, permission: Permission) -> bool:
        """Whether the role holds `permission`."""
        return permission in ROLES[self.role]


Resolver = Callable[[HttpRequest], Principal | None]
_resolvers: dict[Door, Resolver] = {}


def register(door: Door, resolver: Resolver) -> None:
    """Let `resolver` find the principal at `door`; called once, as the apps start."""
    _resolvers[door] = resolver


def resolve(door: Door, request: HttpRequest) -> Principal | None:
    """The principal asking at `door`, or None. Runs inside a transaction and leaves its scope set."""
    return _resolvers[door](request)

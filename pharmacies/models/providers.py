"""How a force signs its own people in."""

from django.db import models

from ..enums import ForceRole
from .forces import PoliceForce


class IdentityProvider(models.Model):
    """One force's own OpenID Connect provider. The operator writes it down, a coordinator of the force confirms it."""

    force = models.OneToOneField(PoliceForce, models.PROTECT, related_name="provider", primary_key=True)
    issuer = models.URLField(max_length=200)
    client_id = models.CharField(max_length=200)
    # Encrypted; empty where the environment holds it (FORCE_SIGN_IN_SECRET_<ONS code>).
    sealed_secret = models.CharField(max_length=1000, blank=True)
    claim = models.CharField(max_length=80, default="groups")  # the claim whose values the roles below go by
    # The acr or amr values that count as a second factor, separated by spaces; empty: ours is asked for.
    factor_values = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()
    # Off until a coordinator confirms it, and off again after each change.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.issuer


class ProvidedRole(models.Model):
    """Which role of the force a value of the claim gives. Whoever has none of the values has no part."""

    force = models.ForeignKey(PoliceForce, models.PROTECT, related_name="+")
    value = models.CharField(max_length=200)
    role = models.CharField(max_length=12, choices=ForceRole)

    class Meta:
        ordering = ["role", "value"]
        constraints = [models.UniqueConstraint(fields=["force", "value", "role"], name="provided_role_once")]

    def __str__(self) -> str:
        return f"{self.value}: {self.role}"

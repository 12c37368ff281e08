"""People who sign in with a password: officers, coordinators, auditors. Pharmacy staff have a PIN and no account."""

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac


class UserManager(BaseUserManager["User"]):
    """Makes accounts; what they may do is a membership's row elsewhere."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new account for `email`; without a password nobody can sign in to it."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person with an account. Holds no permission of its own."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    # Raised to end every session of the person at once, listed or not (sessions.end_all).
    session_round = models.PositiveIntegerField(default=0)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once_in_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry to be this person's: changes with the password and with `session_round`."""
        text = f"{self.password}|{self.session_round}"
        return salted_hmac("ani_portal.accounts.session", text, secret=secret, algorithm="sha256").hexdigest()


class Operator(models.Model):
    """Runs the service: brings forces on, and reads nothing of theirs."""

    user = models.ForeignKey(User, models.PROTECT, related_name="operators")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.pk)


class ExternalIdentity(models.Model):
    """Who a force's own provider says that somebody is. Such a person has no password here."""

    user = models.OneToOneField(User, models.PROTECT, related_name="external")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    force = models.PositiveIntegerField()  # the only force for which that provider speaks
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="external_identity_once")]

    def __str__(self) -> str:
        return str(self.pk)


class ExternalSession(models.Model):
    """One sign-in through a force's provider: while it stands, the session that names it does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    identity = models.ForeignKey(ExternalIdentity, models.CASCADE, related_name="sessions")
    sid = models.CharField(max_length=255, blank=True)  # the provider's name for it
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.pk)


class LogoutToken(models.Model):
    """A log-out token that was used: a second use of it is refused."""

    issuer = models.CharField(max_length=200)
    jti = models.CharField(max_length=64)  # a hash: the provider chooses its length
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "jti"], name="logout_token_once")]

    def __str__(self) -> str:
        return str(self.pk)

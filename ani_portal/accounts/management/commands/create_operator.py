"""`manage.py create_operator EMAIL`: somebody who runs the service. The only way to make one."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from ani_portal.access.roles import using_role
from ani_portal.accounts.models import Operator, User


class Command(BaseCommand):
    """Make an operator, and say their first password once."""

    help = "Makes an operator, who creates forces and their first coordinators and can read no record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].lower()
        validate_email(email)
        with using_role("owner"):
            if User.objects.filter(email=email).exists():
                raise CommandError("That person has an account already; an operator's is for nothing else.")
            password = secrets.token_urlsafe(15)
            user = User.objects.create_user(email, password, name=options["name"])
            Operator.objects.create(user=user)
        self.stdout.write(f"{email} is an operator. First password, shown once: {password}")
        self.stdout.write("The first sign-in asks to set up a second factor.")

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class AccessConfig(AppConfig):
    """Permissions, the scope of a query, and row-level security."""

    name = "ani_portal.access"
    label = "access"

    def ready(self) -> None:
        from . import checks  # noqa: F401 registers itself
        from .scope import guard_connection

        post_migrate.connect(_apply_rings, sender=self)
        connection_created.connect(guard_connection)


def _apply_rings(using: str, **kwargs: object) -> None:
    from . import rings

    rings.apply(using)

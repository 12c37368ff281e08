from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only, hash-chained log."""

    name = "ani_portal.audit"
    label = "audit"

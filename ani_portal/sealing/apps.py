from django.apps import AppConfig


class SealingConfig(AppConfig):
    """Keys and encryption of what a person said."""

    name = "ani_portal.sealing"
    label = "sealing"

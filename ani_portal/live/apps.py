from django.apps import AppConfig


class LiveConfig(AppConfig):
    """From a commit to an open page."""

    name = "ani_portal.live"
    label = "live"

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, and how they prove who they are."""

    name = "ani_portal.accounts"
    label = "accounts"

    def ready(self) -> None:
        from .principals import register_all

        register_all()

from django.apps import AppConfig


class PharmaciesConfig(AppConfig):
    """Who takes part."""

    name = "pharmacies"

    def ready(self) -> None:
        from .principals import register_all

        register_all()

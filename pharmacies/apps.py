from django.apps import AppConfig


class PharmaciesConfig(AppConfig):
    """Who takes part."""

    name = "pharmacies"

    def ready(self) -> None:
        from . import principals

        principals.register_all()

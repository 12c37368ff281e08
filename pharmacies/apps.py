from django.apps import AppConfig


class PharmaciesConfig(AppConfig):
    """Who takes part."""

    name = "pharmacies"

    def ready(self) -> None:
        from . import principals
        from .external.ways import register_all as register_ways

        principals.register_all()
        register_ways()

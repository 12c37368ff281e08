from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """What is recorded at the counter, and what police do with it."""

    name = "requests"

from django.apps import AppConfig


class AppealsConfig(AppConfig):
    name = "quartier.appeals"

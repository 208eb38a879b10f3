from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "quartier.live"
    label = "live"

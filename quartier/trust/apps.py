from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "quartier.trust"

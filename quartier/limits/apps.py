from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "quartier.limits"
    label = "limits"

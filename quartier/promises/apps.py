from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "quartier.promises"

from django.apps import AppConfig


class TeamConfig(AppConfig):
    name = "quartier.team"

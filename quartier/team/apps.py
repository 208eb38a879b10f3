from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class TeamConfig(AppConfig):
    name = "quartier.team"

    def ready(self) -> None:
        from quartier.team import sessions

        user_logged_in.connect(sessions.mark_team, dispatch_uid="team.mark_team")

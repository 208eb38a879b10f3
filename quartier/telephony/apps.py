from django.apps import AppConfig


class TelephonyConfig(AppConfig):
    name = "quartier.telephony"

    def ready(self) -> None:
        """Whatever names the group's number asks the line from when on it is answered."""
        from quartier.team.line_hours import register_reopening_lookup
        from quartier.telephony.queries import line_reopens_at

        register_reopening_lookup(line_reopens_at)

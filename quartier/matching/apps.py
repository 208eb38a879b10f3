from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class MatchingConfig(AppConfig):
    name = "quartier.matching"

    def ready(self) -> None:
        """A behaviour file that cannot be read is said at the start, not when somebody waits for help."""
        if not settings.BEHAVIOUR:
            return
        from quartier.matching.queries import assumed

        try:
            assumed()
        except (OSError, KeyError, ValueError, TypeError) as error:
            raise ImproperlyConfigured(f"behaviour: {settings.BEHAVIOUR}: {error}") from error

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PeopleConfig(AppConfig):
    name = "quartier.people"

    def ready(self) -> None:
        # Each room's `lately.py` declares what it knows of a person by being imported.
        autodiscover_modules("lately")

"""The room of background work."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "quartier.jobs"
    label = "jobs"

    def ready(self) -> None:
        # Each room's `jobs.py` declares its schedules and pullers by being imported.
        autodiscover_modules("jobs")

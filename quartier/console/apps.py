from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "quartier.console"

    def ready(self) -> None:
        from quartier.console.intake.begun import left_with_danger
        from quartier.duty.queries import read_forms_with

        read_forms_with(left_with_danger)

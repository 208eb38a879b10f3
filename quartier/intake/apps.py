from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "quartier.intake"

    def ready(self) -> None:
        from quartier.telephony import texting

        texting.set_text_check(_can_be_answered)


def _can_be_answered() -> bool:
    from quartier.messaging import codes  # The providers are read by those who use them.

    return codes.can_be_answered()

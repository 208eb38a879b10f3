"""Which provider takes which message."""

from django.conf import settings

from quartier.lib import phone
from quartier.messaging.models import Message
from quartier.messaging.providers.base import Provider
from quartier.messaging.providers.email import Email
from quartier.messaging.providers.sandbox import Sandbox

# Names that belong to nobody (RFC 2606, RFC 6761): never written to by a real provider.
NOBODYS = ("example", "example.org", "example.com", "example.net", "test", "invalid")


def is_simulated(message: Message) -> bool:
    """Whether the message goes to a simulated phone or mailbox, and never leaves the installation."""
    if message.channel == Message.Channel.EMAIL:
        domain = message.to.rpartition("@")[2].lower().rstrip(".")
        return settings.MAIL.startswith("sandbox:") or any(
            domain == name or domain.endswith(f".{name}") for name in NOBODYS
        )
    # Texts have no real provider yet; whichever comes, these numbers stay here.
    return settings.TEXT_PROVIDER == "sandbox" or phone.is_fictitious(message.to)


def names_for(channel: str) -> set[str]:
    """The providers that may be asked to carry messages of a channel."""
    return {Sandbox.name} | ({Email.name} if channel == Message.Channel.EMAIL else set())


class Post:
    """The providers as one run of the worker uses them: connections are opened once, and closed at the end."""

    def __init__(self) -> None:
        self._open: dict[str, Provider] = {}

    def for_message(self, message: Message) -> Provider:
        """The provider for this message; raises `LookupError` when the installation has none for its channel."""
        if is_simulated(message):
            kind: type[Provider] = Sandbox
        elif message.channel == Message.Channel.EMAIL:
            kind = Email
        else:
            raise LookupError(f"no provider for {message.channel}")
        if kind.name not in self._open:
            self._open[kind.name] = kind()
        return self._open[kind.name]

    def close(self) -> None:
        """Hang up everywhere."""
        for provider in self._open.values():
            provider.close()

"""Which provider takes which message."""

import logging

from django.conf import settings

from quartier.lib import phone
from quartier.messaging.models import Message
from quartier.messaging.providers import matrix, telegram, texts, ways_out
from quartier.messaging.providers.apprise import Apprise
from quartier.messaging.providers.base import Provider
from quartier.messaging.providers.chat import ChatProvider, NotABot
from quartier.messaging.providers.email import Email
from quartier.messaging.providers.email.web import Service
from quartier.messaging.providers.gammu import Gammu
from quartier.messaging.providers.http import Http
from quartier.messaging.providers.push import Push
from quartier.messaging.providers.sandbox import Sandbox
from quartier.messaging.providers.twilio import Twilio
from quartier.messaging.providers.voice import Voice

log = logging.getLogger(__name__)

NOWHERE = "it leads nowhere: no provider is set up for it, or the address is one for examples"
BY_SCHEME: dict[str, type[texts.TextProvider]] = {
    "gammu": Gammu,
    "http": Http,
    "https": Http,
    "twilio": Twilio,
    "apprise": Apprise,
}


def _bots() -> tuple[dict[str, ChatProvider], dict[str, str]]:
    """The chats that the installation has, in the order in which they are tried; and what is wrong with the others."""
    found: dict[str, ChatProvider] = {}
    faults: dict[str, str] = {}
    try:
        if (bot := telegram.parse(settings.TELEGRAM)) is not None:
            found["telegram"] = telegram.Telegram(bot)
    except NotABot as fault:
        faults["telegram"] = str(fault)
    try:
        if (login := matrix.parse(settings.MATRIX)) is not None:
            found["matrix"] = matrix.Matrix(login)
    except NotABot as fault:
        faults["matrix"] = str(fault)
    return found, faults


def chats() -> list[str]:
    """The channels of chats by which this installation writes, first choice first."""
    return list(_bots()[0])


def bots() -> list[ChatProvider]:
    """Every chat that the installation has. What is wrong with another one `quartier check` says."""
    return list(_bots()[0].values())


def faulty_chats() -> dict[str, str]:
    """What is wrong in the installation's file, by channel."""
    return _bots()[1]


def is_simulated(message: Message) -> bool:
    """Whether the message goes to a simulated phone or mailbox, and never leaves the installation."""
    if message.channel == Message.Channel.EMAIL:
        return settings.MAIL.startswith("sandbox:") or ways_out.is_nobodys(message.channel, message.to)
    if message.channel in {Message.Channel.PUSH, *Message.CHATS}:
        # Somebody has pressed a button of theirs to have it, also on a demonstration.
        return False
    if message.channel == Message.Channel.VOICE:
        return phone.is_fictitious(message.to)
    return phone.is_fictitious(message.to) or _texts_stay_here()


def _texts_stay_here() -> bool:
    addresses, _faults = texts.each(settings.TEXTS)
    return [address.scheme for address in addresses] == [texts.SANDBOX]


def can_be_answered() -> bool:
    """Whether what people answer to our texts reaches us: the one that is tried first hears it."""
    addresses, _faults = texts.each(settings.TEXTS)
    if not addresses:
        return False
    first = addresses[0]
    if first.scheme == texts.SANDBOX:
        return bool(settings.SANDBOX_IS_READ)
    return BY_SCHEME[first.scheme](first).hears


class Post:
    """The providers as one run of the worker uses them: connections are opened once, and closed at the end."""

    def __init__(self) -> None:
        self._open: dict[str, Provider] = {}
        addresses, faults = texts.each(settings.TEXTS)
        self._texts = {address.name: address for address in addresses if address.scheme != texts.SANDBOX}
        for place, fault in faults:
            log.error("texts, address %s: %s", place, fault)

    def for_message(self, message: Message) -> Provider:
        """The first choice for this message. Raises `LookupError` as `all_for` does."""
        return self.all_for(message)[0]

    def all_for(self, message: Message) -> list[Provider]:
        """Every provider that may carry this message, first choice first. Raises `LookupError` when the installation
        has none for its channel."""
        if is_simulated(message):
            if not settings.SANDBOX_IS_READ:
                # Nobody would read it there, and it would be called sent.
                raise LookupError(NOWHERE)
            return [self.by_name(Sandbox.name)]
        if message.channel == Message.Channel.EMAIL:
            return [self.by_name(Email.name)]
        if message.channel == Message.Channel.PUSH:
            return [self.by_name(Push.name)]
        if message.channel == Message.Channel.VOICE:
            return [self.by_name(Voice.name)]
        if message.channel in Message.CHATS:
            return [self.by_name(message.channel)]
        if not self._texts:
            raise LookupError(f"no provider for {message.channel}")
        return self.for_texts()

    def by_name(self, name: str) -> Provider:
        """The provider that `Message.provider` names; raises `LookupError` when the installation has none so called."""
        if name not in self._open:
            self._open[name] = self._made(name)
        return self._open[name]

    def _made(self, name: str) -> Provider:
        mail = Service if settings.MAIL.startswith("anymail:") else Email
        kinds: dict[str, type[Provider]] = {Email.name: mail}
        kinds |= {each.name: each for each in (Sandbox, Push, Voice)}
        if name in self._texts:
            address = self._texts[name]
            return BY_SCHEME[address.scheme](address)
        if name in kinds:
            return kinds[name]()
        if name in (bots := _bots()[0]):
            return bots[name]
        raise LookupError(f"no provider is called {name}")

    def that_are_called(self) -> list[Provider]:
        """Every real provider that may call us, besides those of browsers."""
        mail = [self.by_name(Service.name)] if settings.MAIL.startswith("anymail:") else []
        return [*self.for_texts(), *mail]

    def for_texts(self) -> list[Provider]:
        """Every real provider of texts, first choice first."""
        return [self.by_name(name) for name in self._texts]

    def close(self) -> None:
        """Hang up everywhere."""
        for provider in self._open.values():
            provider.close()

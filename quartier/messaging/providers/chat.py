"""What the providers of chats have in common: they write to who has linked a chat, and are asked what came in.

A provider that says that a chat takes nothing more (blocked, left) ends the link, and the message goes another way.
"""

from abc import abstractmethod
from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import pgettext

from quartier.lib import clock
from quartier.messaging.models import ChatLink, Message
from quartier.messaging.providers import heard
from quartier.messaging.providers.base import NotSent, Provider, Refused

# Every provider takes so much; our own messages are shorter.
MOST_LETTERS = 4000


class NotABot(ValueError):
    """What stands in the installation's file names no bot; the words say why, and hold nothing secret."""


class Lost(Exception):
    """This chat takes nothing from us any more."""


class ChatProvider(Provider):
    """One bot (or account) of ours."""

    @abstractmethod
    def post(self, address: str, words: str, *, once: str, buttons: list[tuple[str, str]]) -> str:
        """Write into a chat; returns what the provider calls it. `once`: the same twice is one, where the provider can
        do that. `buttons`: what each says, and what pressing it writes. Raises `Lost`, `NotSent`, `Refused`; anything
        else means: perhaps written."""

    @abstractmethod
    def listen(self, position: str) -> Iterator[heard.Spoken | heard.Gone | heard.Report | heard.Position]:
        """What was written since `position` ('' at first). Each is kept before the next one is asked for, and may come
        again if that fails. Raises `NotSent` when one cannot listen now."""

    @abstractmethod
    def handle(self) -> str:
        """What we are called there. Raises `NotSent`."""

    def invite(self, name: str, title: str, words: str) -> None:
        """Begin a chat with whoever is called so, and write a first word there; for providers that let us."""
        raise Refused("one cannot be invited there")

    def leave(self, address: str) -> None:
        """The other one has left. Never raises."""

    def send(self, message: Message) -> str:
        link = ChatLink.objects.filter(
            person_id=message.person_id, channel=self.name, dead_at__isnull=True
        ).first()
        if link is None:
            raise Refused("the chat was taken away")
        try:
            return self.post(
                link.address, fitting(message.body), once=str(message.pk), buttons=buttons(message)
            )
        except Lost as error:
            ChatLink.objects.filter(pk=link.pk, dead_at=None).update(dead_at=clock.now())
            raise Refused(f"the chat takes nothing any more: {error}") from error
        except UnicodeError as error:
            raise Refused("letters that do not exist") from error

    def say(self, address: str, words: str) -> None:
        """Answer at once and without a promise: raises `NotSent` when it surely was not written."""
        try:
            self.post(address, fitting(words), once="", buttons=[])
        except (Lost, Refused) as error:
            raise NotSent(str(error)) from error


def fitting(text: str) -> str:
    """The text as every provider takes it."""
    text = text.replace("\x00", "")
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"


def buttons(message: Message) -> list[tuple[str, str]]:
    """Yes and no, for what is answered with them: as if it was written with its number."""
    if message.answer_code is None:
        return []
    with translation.override(message.language):
        words = (pgettext("a button in a chat", "Yes"), pgettext("a button in a chat", "No"))
    return [(word, f"{word.upper()} {message.answer_code}") for word in words]

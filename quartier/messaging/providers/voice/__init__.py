"""The group's own phone line, which reads messages to people who can only be called.

Sending puts the message where `intake.reading` hands it to the line, which stands beside this room (decision 0024);
what came of it is reported afterwards, as by any provider. It costs a call, counted when it is over.
"""

from quartier.messaging import aloud
from quartier.messaging.models import Message
from quartier.messaging.providers.base import Provider, Refused


class Voice(Provider):
    """Sent is: it waits to be read. Sending it again changes nothing, since the line reads a message once."""

    name = "voice"
    channels = frozenset({Message.Channel.VOICE})

    def send(self, message: Message) -> str:
        if not aloud.reads(message.organisation_id):
            raise Refused("the line does not read messages any more")
        return str(message.pk)

"""Who may listen to what. A stream tells only that a topic changed, never how.

- Staff (operators, listeners, coordinators, admins): every topic of their own organisation.
- Whoever is signed in, volunteers included: `account:` and their own id.
- Whoever knows the hash of a private link: its topic `link:…`. It cannot be guessed, and says nothing more.

The organisation is always the actor's own and never comes from the address, so that no address leads to
another organisation's topics.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from quartier.live import rules

STAFF = ("operator", "listener", "coordinator", "admin")


class Listener(Protocol):
    """What is asked of `request.actor`."""

    @property
    def id(self) -> UUID | None: ...
    def has(self, *names: str) -> bool: ...


@dataclass(frozen=True)
class Allowed:
    """What one client may listen to. `client`: whose connections are counted together."""

    addresses: dict[str, str]
    client: str
    known: bool


class Refused(Exception):
    """Not signed in, not on the team, or not the actor's own."""


def allowed(
    actor: Listener | None, organisation_id: UUID | None, topics: Iterable[str], remote: str
) -> Allowed:
    """The addresses of the topics, by which the hub finds listeners, each with the topic's name.

    `organisation_id`: the actor's own; `remote`: where the client calls from. Raises `Refused`, also when
    only one of the topics is not allowed.
    """
    addresses: dict[str, str] = {}
    for topic in topics:
        if not rules.is_link(topic) and not _is_own(actor, topic):
            raise Refused(topic)
        addresses[rules.address(organisation_id, topic)] = topic
    if actor is not None and actor.id is not None:
        return Allowed(addresses, f"account {actor.id}", known=True)
    return Allowed(addresses, f"remote {remote}", known=False)


def _is_own(actor: Listener | None, topic: str) -> bool:
    if actor is None or actor.id is None:
        return False
    return actor.has(*STAFF) or topic == f"account:{actor.id}"

"""Who may listen to what. A stream tells only that a topic changed, never how.

- Staff (operators, listeners, supervisors, heads): every topic of their own organisation, but for `own:…`.
- Whoever is signed in, volunteers included: `account:` and `own:` with their own id. Nobody else may listen to
  `own:`, which tells of what goes around somebody of the team (decision 0030).
- Whoever knows the hash of a private link: its topic `link:…`. It cannot be guessed, and says nothing more.
- Whoever was given a ticket by a page that they could open: the topic of the ticket, as whom they were then.

The organisation is always that of the actor, or of the address that was called, and never comes from what is
asked, so that nobody can ask for another organisation's topics.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from quartier.lib import crypto
from quartier.lib.networks import client_network
from quartier.live import rules

STAFF = ("operator", "listener", "supervisor", "coordinator", "admin")


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


def ticket(*, organisation_id: UUID, topic: str, actor_id: UUID | None = None) -> str:
    """The topic as a page asks for it in `data-live`, for somebody who is not staff and may hear of it.

    The page that gives it away has checked that. It is good only for this organisation, topic and actor
    (`None`: a visitor). Staff need none.
    """
    return f"{topic}~{_signature(organisation_id, topic, actor_id)}"


def allowed(
    actor: Listener | None, organisation_id: UUID | None, topics: Iterable[str], remote: str
) -> Allowed:
    """The addresses of the topics, by which the hub finds listeners, each with the topic as it was asked for.

    `organisation_id`: the actor's own; `remote`: where the client calls from. Raises `Refused`, also when
    only one of the topics is not allowed.
    """
    addresses: dict[str, str] = {}
    for asked in topics:
        topic, _, signature = asked.partition("~")
        if rules.is_link(topic):
            addresses[topic] = asked
            continue
        if organisation_id is None or not (
            _is_own(actor, topic) or _is_signed(signature, actor, organisation_id, topic)
        ):
            raise Refused(topic)
        addresses[rules.address(organisation_id, topic)] = asked
    if actor is not None and actor.id is not None:
        return Allowed(addresses, f"account {actor.id}", known=True)
    return Allowed(addresses, f"remote {client_network(remote)}", known=False)


def _is_own(actor: Listener | None, topic: str) -> bool:
    if actor is None or actor.id is None:
        return False
    if topic.partition(":")[0] == "own":
        return topic == f"own:{actor.id}"
    return actor.has(*STAFF) or topic == f"account:{actor.id}"


def _is_signed(signature: str, actor: Listener | None, organisation_id: UUID, topic: str) -> bool:
    right = _signature(organisation_id, topic, actor.id if actor else None)
    return hmac.compare_digest(signature, right)


def _signature(organisation_id: UUID, topic: str, actor_id: UUID | None) -> str:
    return crypto.blind("live ticket", organisation_id, f"{actor_id or 'visitor'}|{topic}")

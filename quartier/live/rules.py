"""What a topic is, and under which name its listeners are found. Pure."""

import re
from collections.abc import Iterable
from uuid import UUID

MOST_TOPICS = 20
# `board`, `request:0198…`, `link:` and the hash of a private link's token.
_TOPIC = re.compile(r"[a-z]{1,20}(:[A-Za-z0-9_-]{1,70})?")
# A topic as a page asks for it: it may carry a ticket, see `access.ticket`.
_ASKED = re.compile(_TOPIC.pattern + r"(~[A-Za-z0-9_-]{43})?")
_LINK = re.compile(r"link:[0-9a-f]{64}")


class BadTopics(ValueError):
    """What was asked to be listened to is no list of topics."""


def parse(text: str) -> tuple[str, ...]:
    """The topics of `board,request:ID`, each once; raises `BadTopics` for none, too many, or a wrong one."""
    topics = tuple(dict.fromkeys(part for part in text.split(",") if part))
    if not 1 <= len(topics) <= MOST_TOPICS or not all(_ASKED.fullmatch(topic) for topic in topics):
        raise BadTopics(text[:200])
    return topics


def check(topics: Iterable[str]) -> None:
    """Raise `BadTopics` if one could not be listened to."""
    for topic in topics:
        if not _TOPIC.fullmatch(topic):
            raise BadTopics(topic[:200])


def is_link(topic: str) -> bool:
    """Whether the topic is that of a private link: open to whoever knows its hash, in no organisation."""
    return _LINK.fullmatch(topic) is not None


def address(organisation_id: UUID | str | None, topic: str) -> str:
    """Under which name the listeners of a topic are found: apart for each organisation, unless a link's.

    Raises `BadTopics` for a topic of no organisation.
    """
    if is_link(topic):
        return topic
    if organisation_id is None:
        raise BadTopics(topic)
    return f"{organisation_id}/{topic}"

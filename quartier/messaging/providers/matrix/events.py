"""What `/sync` tells, as far as it is ours. Pure: whatever stands in it, nothing is raised."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from quartier.lib import clock
from quartier.messaging.providers import heard

CHANNEL = "matrix"
READ = ("m.read", "m.read.private")


def invitations(said: dict[str, Any], me: str) -> Iterator[tuple[str, str, bool]]:
    """Room, who invites us, and whether it is a chat of two."""
    for room, part in _rooms(said, "invite"):
        for event in _list(part.get("invite_state")):
            if event.get("type") == "m.room.member" and event.get("state_key") == me:
                content, inviter = _dict(event.get("content")), event.get("sender")
                if isinstance(inviter, str) and content.get("membership") == "invite":
                    yield room, inviter, content.get("is_direct") is True


def told(said: dict[str, Any], me: str) -> Iterator[heard.Spoken | heard.Gone | heard.Report]:
    """What was written by others than `me`, who has left, and what was read."""
    for room, part in _rooms(said, "join"):
        for event in _list(part.get("timeline")):
            if (found := _event(room, event, me)) is not None:
                yield found
        for event in _list(part.get("ephemeral")):
            if event.get("type") == "m.receipt":
                yield from _read_by(_dict(event.get("content")), me)


def _event(room: str, event: dict[str, Any], me: str) -> heard.Spoken | heard.Gone | None:
    sender, key, content = event.get("sender"), event.get("event_id"), _dict(event.get("content"))
    if not isinstance(sender, str) or not isinstance(key, str) or sender == me:
        return None
    if event.get("type") == "m.room.member":
        who = event.get("state_key")
        is_out = content.get("membership") in {"leave", "ban"}
        return heard.Gone(CHANNEL, f"{room} {who}") if is_out and isinstance(who, str) else None
    if event.get("type") == "m.room.encrypted":
        return _spoken(room, event, "", "sealed")
    relation = _dict(content.get("m.relates_to"))
    # An edit says the same again; a notice is written by a machine.
    if event.get("type") != "m.room.message" or relation.get("rel_type") == "m.replace":
        return None
    if content.get("msgtype") == "m.notice" or not content:
        return None
    body = content.get("body")
    if content.get("msgtype") not in {"m.text", "m.emote"} or not isinstance(body, str) or not body.strip():
        return _spoken(room, event, "", "other")
    return _spoken(room, event, _own(body) if "m.in_reply_to" in relation else body, "words")


def _spoken(room: str, event: dict[str, Any], body: str, kind: str) -> heard.Spoken:
    sender = event["sender"]
    address = f"{room} {sender}"
    at = _time(event.get("origin_server_ts"))
    return heard.Spoken(event["event_id"], CHANNEL, address, sender, body, at, kind=kind)


def _own(body: str) -> str:
    """An answer to a message without the message, which stands before it."""
    lines = body.split("\n")
    while lines and lines[0].startswith(">"):
        lines.pop(0)
    return "\n".join(lines).strip() or body


def _read_by(content: dict[str, Any], me: str) -> Iterator[heard.Report]:
    for event, receipts in content.items():
        readers = {who for word in READ for who in _dict(_dict(receipts).get(word))}
        if readers - {me}:
            yield heard.Report(f"read {event}", event, arrived=True)


def _time(stamp: object) -> datetime:
    """Milliseconds since 1970; a clock that goes wrong must not move somebody's words to next year."""
    now = clock.now()
    if not isinstance(stamp, int) or isinstance(stamp, bool) or not 0 < stamp < 2**47:
        return now
    found = datetime.fromtimestamp(stamp / 1000, UTC)
    return found if timedelta(0) <= now - found <= timedelta(days=14) else now


def _rooms(said: dict[str, Any], which: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for room, part in _dict(_dict(said.get("rooms")).get(which)).items():
        if isinstance(part, dict):
            yield room, part


def _dict(found: object) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _list(found: object) -> list[dict[str, Any]]:
    events = _dict(found).get("events")
    return [each for each in events if isinstance(each, dict)] if isinstance(events, list) else []

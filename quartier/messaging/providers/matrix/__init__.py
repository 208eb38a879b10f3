"""Matrix, by its client-server API: `matrix = "https://matrix.example.org?user=@line:example.org&token=…"`.

A message goes under its own id (`txnId`): sent a second time it is the same event, so what is in doubt is simply sent
again. What comes in is asked for (`/sync`). Our rooms are not sealed end to end, since a room that is could be read by
one device alone; what is written in a sealed one we cannot read, and say so.
"""

import json
import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from uuid import uuid4

from django.utils.translation import gettext as _

from quartier.limits.actions import allow
from quartier.messaging.models import Message
from quartier.messaging.providers import heard
from quartier.messaging.providers.base import NotSent
from quartier.messaging.providers.chat import ChatProvider, Lost, NotABot
from quartier.messaging.providers.http import asking
from quartier.messaging.providers.http.asking import Unclear
from quartier.messaging.providers.matrix import answers, events

log = logging.getLogger(__name__)
USER = re.compile(r"@[^\s:\x00/?#]{1,200}:[A-Za-z0-9.\-\[\]:]{1,200}")
LARGEST = 16 * 1024 * 1024
# Whoever invites us more often than so is not joined.
INVITES, INVITES_S = 5, 86_400
# A busy homeserver counts on also where nothing is ours: that is written down now and then.
KEEP_S = 600.0
_keep_at = 0.0
# Nothing but what people write, who comes and goes, and what was read.
FILTER = {
    "presence": {"not_types": ["*"]},
    "account_data": {"not_types": ["*"]},
    "room": {
        "account_data": {"not_types": ["*"]},
        "state": {"lazy_load_members": True},
        "timeline": {"limit": 100, "types": ["m.room.message", "m.room.encrypted", "m.room.member"]},
        "ephemeral": {"types": ["m.receipt"]},
    },
}


@dataclass(frozen=True)
class Login:
    """A homeserver, our user there, and the access token of one of its devices."""

    server: str
    user: str
    token: str = field(repr=False)


def parse(written: str) -> Login | None:
    """`https://HOMESERVER?user=@line:example.org&token=…`. `None` for ''. Raises `NotABot`."""
    written = written.strip()
    if not written:
        return None
    try:
        parts = urlsplit(written)
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise NotABot(_("it is not the address of a server")) from error
    words = {key: found[-1].strip() for key, found in parse_qs(parts.query).items()}
    user, token, host = words.get("user", ""), words.get("token", ""), parts.hostname or ""
    if parts.scheme not in {"https", "http"} or not host:
        raise NotABot(_("it must begin with the address of a homeserver, such as https://matrix.example.org"))
    if parts.scheme == "http" and host not in {"127.0.0.1", "localhost"}:
        raise NotABot(_("the homeserver is not reached by https: others could read along"))
    if not USER.fullmatch(user):
        raise NotABot(_("user is missing, such as user=@line:example.org"))
    if not re.fullmatch(r"[\x21-\x7e]{8,2000}", token):
        raise NotABot(_("token is missing: the access token of that user"))
    return Login(f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}", user, token)


class Matrix(ChatProvider):
    """One user of a homeserver. An address is a room and whoever is in it with us: `!room:server @user:server`."""

    name = "matrix"
    channels = frozenset({Message.Channel.MATRIX})

    def __init__(self, login: Login) -> None:
        self._login = login

    def post(self, address: str, words: str, *, once: str, buttons: list[tuple[str, str]]) -> str:
        room, _space, user = address.partition(" ")
        members = self._call("GET", f"rooms/{_in_path(room)}/joined_members").get("joined")
        if not isinstance(members, dict):
            raise NotSent("200 without members")
        if user not in members:
            raise Lost("left the room")
        return self._write(room, words, once)

    def _write(self, room: str, words: str, once: str = "") -> str:
        path = f"rooms/{_in_path(room)}/send/m.room.message/{once or uuid4()}"
        said = self._call("PUT", path, {"msgtype": "m.text", "body": words})
        event = said.get("event_id")
        if not isinstance(event, str) or not event:
            raise Unclear("200 without an event")
        return event

    def handle(self) -> str:
        return self._login.user

    def is_there(self) -> None:
        try:
            user = self._call("GET", "account/whoami").get("user_id")
        except NotSent:
            raise
        except Exception as error:
            raise NotSent(f"{type(error).__name__} {error}".strip(), unreachable=True) from error
        if user != self._login.user:
            raise NotSent(_("the token is of another user: {user}").format(user=user), unreachable=True)

    def invite(self, name: str, title: str, words: str) -> None:
        room = self._call(
            "POST",
            "createRoom",
            {
                "preset": "private_chat",
                "is_direct": True,
                "name": title[:200],
                "invite": [name],
                # Nobody but us brings others into it: they would read along.
                "power_level_content_override": {"invite": 100},
            },
        ).get("room_id")
        if not isinstance(room, str):
            raise Unclear("200 without a room")
        self._write(room, words)

    def listen(self, position: str) -> Iterator[heard.Spoken | heard.Gone | heard.Report | heard.Position]:
        global _keep_at
        query = f"sync?timeout=0&filter={_in_path(json.dumps(FILTER, separators=(',', ':')))}"
        if position:
            query += f"&since={_in_path(position)}"
        try:
            said = self._call("GET", query)
        except NotSent:
            raise
        except Exception as error:
            raise NotSent(f"{type(error).__name__} {error}"[:200]) from error
        then = said.get("next_batch")
        if not isinstance(then, str) or not then:
            raise NotSent("200 without next_batch")
        for room, inviter, is_direct in events.invitations(said, self._login.user):
            self._invited(room, inviter, is_direct=is_direct)
        # The first time, what is told is old.
        for told in events.told(said, self._login.user) if position else ():
            if isinstance(told, heard.Report) and not _is_ours(told.reference):
                continue
            yield told
        if not position or said.get("rooms") or time.monotonic() > _keep_at:
            _keep_at = time.monotonic() + KEEP_S
            yield heard.Position(then)

    def leave(self, address: str) -> None:
        self._quietly("leave", address.partition(" ")[0])

    def _invited(self, room: str, inviter: str, *, is_direct: bool) -> None:
        """Into a chat of two we go; into a group never."""
        fine = is_direct and allow(purpose="matrix invite", who=inviter, limit=INVITES, per_seconds=INVITES_S)
        self._quietly("join" if fine else "leave", room)

    def _quietly(self, do: str, room: str) -> None:
        try:
            self._call("POST", f"rooms/{_in_path(room)}/{do}", {})
        except Exception as error:
            log.warning("matrix: could not %s a room: %s", do, type(error).__name__)

    def _call(self, method: str, path: str, words: dict[str, Any] | None = None) -> dict[str, Any]:
        """The answer's object. Raises `Lost`, `NotSent`, `Refused`; anything else means: perhaps done."""
        parts = urlsplit(f"{self._login.server}/_matrix/client/v3/{path}")
        headers = {"Authorization": f"Bearer {self._login.token}", "Accept": "application/json"}
        body = b""
        if words is not None:
            body = json.dumps(words, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        return answers.understood(asking.asked(method, parts, body, headers, LARGEST))


def _in_path(text: str) -> str:
    return quote(text, safe="")


def _is_ours(event: str) -> bool:
    return Message.objects.filter(provider=Matrix.name, provider_reference=event).exists()


def can_be_invited(name: str) -> bool:
    """Whether this is what a user of Matrix is called."""
    return len(name) <= 255 and USER.fullmatch(name) is not None

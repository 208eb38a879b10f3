"""Telegram, by its Bot API: `telegram = "123456:ABC…"`, the token that BotFather gives. How: docs/howto/chat.md.

What it takes is on the phone. It knows no key against copies and cannot be asked afterwards. What comes in is asked for
(`getUpdates`), not sent to us: that works behind every router (decision 0025).
"""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.messaging.providers import heard
from quartier.messaging.providers.base import NotSent, Refused
from quartier.messaging.providers.chat import ChatProvider, Lost, NotABot
from quartier.messaging.providers.http import asking
from quartier.messaging.providers.http.asking import Answer, Unclear

log = logging.getLogger(__name__)
API = "https://api.telegram.org"
_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,100}", re.ASCII)
# So many at once, and so many times, before others have their turn.
AT_ONCE, ROUNDS = 50, 10
LARGEST = 8 * 1024 * 1024
WANTED = ["message", "callback_query", "my_chat_member"]
OUT = {"kicked", "left"}


@dataclass(frozen=True)
class Bot:
    """Where the Bot API is, and by what it knows us."""

    api: str
    token: str = field(repr=False)


def parse(written: str) -> Bot | None:
    """The token, or `https://TOKEN@host` for a Bot API server of one's own. `None` for ''. Raises `NotABot`."""
    written = written.strip()
    if not written:
        return None
    api, token = API, written
    if written.startswith(("https://", "http://")):
        try:
            parts = urlsplit(written)
            port = f":{parts.port}" if parts.port else ""
        except ValueError as error:
            raise NotABot(_("it is not the address of a server")) from error
        token = f"{parts.username}:{parts.password}"
        api = f"{parts.scheme}://{parts.hostname or ''}{port}"
    if not _TOKEN.fullmatch(token):
        raise NotABot(_("it is not a token from BotFather, such as 123456789:AAHfiqk…"))
    return Bot(api, token)


class Telegram(ChatProvider):
    """One bot."""

    name = "telegram"
    channels = frozenset({Message.Channel.TELEGRAM})
    sent_is_arrived = True

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def post(self, address: str, words: str, *, once: str, buttons: list[tuple[str, str]]) -> str:
        said: dict[str, Any] = {
            "chat_id": int(address),
            "text": words,
            # Else its servers would open our links.
            "link_preview_options": {"is_disabled": True},
        }
        if buttons:
            row = [{"text": word, "callback_data": data} for word, data in buttons]
            said["reply_markup"] = {"inline_keyboard": [row]}
        sent = self._call("sendMessage", said)
        number = sent.get("message_id") if isinstance(sent, dict) else None
        if not isinstance(number, int) or isinstance(number, bool):
            raise Unclear("200 without a message")
        return str(number)

    def handle(self) -> str:
        me = self._call("getMe", {})
        found = me.get("username") if isinstance(me, dict) else None
        if not isinstance(found, str) or not re.fullmatch(r"\w{3,64}", found, re.ASCII):
            raise NotSent("getMe without a name", unreachable=True)
        return found

    def is_there(self) -> None:
        try:
            self.handle()
            hook = self._call("getWebhookInfo", {})
        except NotSent:
            raise
        except Exception as error:
            raise NotSent(f"{type(error).__name__} {error}".strip(), unreachable=True) from error
        if isinstance(hook, dict) and hook.get("url"):
            raise NotSent(
                _("another program reads this bot by a webhook: make a bot of your own for the line"),
                unreachable=True,
            )

    def listen(self, position: str) -> Iterator[heard.Spoken | heard.Gone | heard.Report | heard.Position]:
        for _round in range(ROUNDS):
            words: dict[str, Any] = {"timeout": 0, "limit": AT_ONCE, "allowed_updates": WANTED}
            if position:
                words["offset"] = int(position)
            updates = self._asked("getUpdates", words)
            found = [each for each in updates if isinstance(each, dict) and _is_number(each.get("update_id"))]
            found.sort(key=lambda update: update["update_id"])
            for update in found:
                yield from self._told(update)
            if not found:
                break
            position = str(found[-1]["update_id"] + 1)
            yield heard.Position(position)
        else:
            return
        if position:
            # By asking from there we have said that we have them. After a quiet week it counts from somewhere else.
            yield heard.Position("")

    def _asked(self, method: str, words: dict[str, Any]) -> list[Any]:
        try:
            found = self._call(method, words)
        except NotSent:
            raise
        except Exception as error:
            raise NotSent(f"{type(error).__name__} {error}"[:200]) from error
        if not isinstance(found, list):
            raise NotSent("200 without a list")
        return found

    def _told(self, update: dict[str, Any]) -> Iterator[heard.Spoken | heard.Gone]:
        if member := _dict(update, "my_chat_member"):
            chat = _private(member)
            if chat and _dict(member, "new_chat_member").get("status") in OUT:
                yield heard.Gone(self.name, chat)
        elif pressed := _dict(update, "callback_query"):
            yield from self._pressed(pressed)
        elif message := _dict(update, "message"):
            writer, chat = _dict(message, "from"), _private(message)
            if not chat or writer.get("is_bot"):
                return
            body = message.get("text") or message.get("caption") or ""
            event = f"{update['update_id']}.{message.get('message_id')}.{message.get('date')}"
            yield self._spoken(event, chat, writer, body, message.get("date"))

    def _pressed(self, pressed: dict[str, Any]) -> Iterator[heard.Spoken]:
        """A button under one of our messages: kept as if it was written, then acknowledged."""
        writer, chat, key = _dict(pressed, "from"), _private(_dict(pressed, "message")), pressed.get("id")
        if not chat or not isinstance(key, str) or not isinstance(pressed.get("data"), str):
            return
        yield self._spoken(f"q{key}", chat, writer, pressed["data"], None)
        try:
            with translation.override(_language(writer) or settings.LANGUAGE_CODE):
                said = {"callback_query_id": key, "text": _("We have your answer.")}
            self._call("answerCallbackQuery", said)
        except Exception as error:
            # It turns for a while on the phone, and nothing else.
            log.warning("telegram: a button was not acknowledged: %s", type(error).__name__)

    def _spoken(
        self, event: str, chat: str, writer: dict[str, Any], body: object, date: object
    ) -> heard.Spoken:
        words = body if isinstance(body, str) else ""
        name = writer.get("username")
        called = f"@{name}" if isinstance(name, str) and name else str(writer.get("first_name", ""))
        return heard.Spoken(
            event,
            self.name,
            chat,
            called[:100],
            words,
            _time(date),
            _language(writer),
            "words" if words.strip() else "other",
        )

    def _call(self, method: str, words: dict[str, Any]) -> Any:
        """The result. Raises `Lost`, `NotSent`, `Refused`; anything else means: perhaps done."""
        parts = urlsplit(f"{self._bot.api}/bot{self._bot.token}/{method}")
        body = json.dumps(words, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        return _understood(asking.asked("POST", parts, body, headers, LARGEST))


def _understood(answer: Answer) -> Any:
    """What stands in `result`. The words of errors hold none of the answer's but its code."""
    status, said = answer.status, _read(answer.body)
    if 300 <= status < 400:
        raise NotSent(f"{status}: it sends us elsewhere, and we do not go", unreachable=True)
    fine = 200 <= status < 300
    if fine and said.get("ok") is True:
        return said.get("result")
    code = said.get("error_code")
    if said.get("ok") is not False or not isinstance(code, int) or isinstance(code, bool):
        code = status
    if code == 429:
        wait = _dict(said, "parameters").get("retry_after")
        is_known = isinstance(wait, int) and not isinstance(wait, bool) and wait > 0
        asked = timedelta(seconds=min(wait, 86_400)) if is_known and wait else answer.wait
        raise NotSent("429", unreachable=True, wait=asked)
    if code in {401, 404, 409, 503}:
        raise NotSent(str(code), unreachable=True)
    if code == 403 or (code == 400 and "chat not found" in str(said.get("description", "")).lower()):
        raise Lost(str(code))
    if 400 <= code < 500 and code != 408:
        raise Refused(str(code))
    if fine and said.get("ok") is False:
        raise NotSent(f"{status} with an error")
    raise Unclear(str(status) if said else f"{status}: an answer that is no object")


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _dict(given: dict[str, Any], key: str) -> dict[str, Any]:
    found = given.get(key)
    return found if isinstance(found, dict) else {}


def _is_number(found: object) -> bool:
    return isinstance(found, int) and not isinstance(found, bool)


def _private(message: dict[str, Any]) -> str:
    """The id of the private chat in which it was written, else ''."""
    chat = _dict(message, "chat")
    return str(chat["id"]) if chat.get("type") == "private" and _is_number(chat.get("id")) else ""


def _language(writer: dict[str, Any]) -> str:
    """That of their program, if we speak it; else ''."""
    found = writer.get("language_code")
    short = found[:2].lower() if isinstance(found, str) else ""
    return short if short in dict(settings.LANGUAGES) else ""


def _time(date: object) -> datetime:
    """Seconds since 1970; a clock that goes wrong must not move somebody's words to next year."""
    now = clock.now()
    if not isinstance(date, int) or isinstance(date, bool) or not 0 < date < 2**37:
        return now
    found = datetime.fromtimestamp(date, UTC)
    return found if timedelta(0) <= now - found <= timedelta(days=14) else now

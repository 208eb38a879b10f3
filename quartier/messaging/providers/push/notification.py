"""A message as what a browser shows, perhaps on a locked screen: the words of the text message without its link."""

import base64
import hashlib
import json
import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from quartier.messaging.models import Message
from quartier.messaging.queries import FIRST

# Services take 4096 bytes, sealed.
MOST_LETTERS = 700
LONGEST, UNLIMITED = timedelta(days=28), timedelta(days=1)
_LINK = re.compile(r"https?://\S+")
_SENTENCE = re.compile(r"(.*[.?…])\s", re.DOTALL)


def topic(message: Message) -> str:
    """By what a service and a browser know that one replaces another: 32 letters that say nothing."""
    digest = hashlib.sha256(f"{message.organisation_id}|{message.key}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()[:32]


def payload(message: Message) -> bytes:
    """What is shown, as JSON: `title`, `body`, `url` (a path, or ''), `tag`, `language`."""
    body, url = parted(message.body)
    shown = {
        "title": message.subject[:200],
        "body": body[:MOST_LETTERS],
        "url": url,
        "tag": topic(message),
        "language": message.language,
    }
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()


def parted(text: str) -> tuple[str, str]:
    """The words without the link, and the link's path. A sentence that only leads to the link goes with it."""
    found = _LINK.search(text)
    if found is None:
        return text.strip(), ""
    parts = urlsplit(found[0])
    before, after = text[: found.start()].rstrip(), text[found.end() :].strip()
    whole = _SENTENCE.match(before + " ")
    if not before.endswith((".", "?", "…")):
        before = whole[1] if whole else before.rstrip(" :\u00a0\u202f")
    return f"{before} {after}".strip(), f"{parts.path}{f'?{parts.query}' if parts.query else ''}"


def headers(message: Message, now: datetime) -> dict[str, str]:
    """How the service is to carry it: how long it is worth keeping, how soon it must be there, what it replaces."""
    lives = (message.not_after - now) if message.not_after else UNLIMITED
    urgent = message.template.startswith("offer") or message.template in FIRST
    return {
        "TTL": str(int(max(timedelta(0), min(lives, LONGEST)).total_seconds())),
        "Urgency": "high" if urgent else "normal",
        "Topic": topic(message),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
    }

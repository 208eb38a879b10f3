"""How much anybody may send to an address, counted while it comes: what is larger is answered 413 with the page for it,
in the visitor's language, and is read no further.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import resolve
from django.utils import translation

Message = dict[str, Any]
_MB = 1024 * 1024
# What forms of words send, as the web servers in `deploy/` have it. Files are sent to the addresses below alone.
MAX_BODY_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
# By their names in the policy table. Around a file stand some words of the form.
MAX_FILE_BYTES = {
    "offer_link": 13 * _MB,
    "companion_services": 6 * _MB,
    "line_prompt": 4 * _MB,
    "check_import": 2 * _MB,
}
_MARK = "quartier.too_large"


class LimitsBodies:
    """Django keeps a whole body before it looks at whose it is. This ends one that is too large where that is seen: by
    its announced length, or while it comes."""

    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        announced, came, ended = _announced(scope), 0, False
        limit = MAX_BODY_BYTES if announced <= MAX_BODY_BYTES else max_bytes(scope["path"])

        async def received() -> Message:
            nonlocal limit, came, ended
            if ended:
                # Whoever asks again wants to hear that the reader has gone, and that is not looked for here.
                await asyncio.Event().wait()
            if announced <= limit:
                message = await receive()
                came += len(message.get("body", b""))
                if came > limit == MAX_BODY_BYTES:
                    limit = max_bytes(scope["path"])
                if came <= limit:
                    return message
            ended = scope[_MARK] = True
            return {"type": "http.request", "body": b"", "more_body": False}

        await self._application(scope, received, send)


def is_too_large(request: HttpRequest) -> bool:
    """Whether what was sent with this request was not taken in to its end."""
    return bool(getattr(request, "scope", {}).get(_MARK))


def max_bytes(path: str) -> int:
    """How much may be sent to this path."""
    with suppress(Http404, ValueError):
        # Addresses are found in the language that they begin with.
        with translation.override(translation.get_language_from_path(path)):
            name = resolve(path).url_name
        return MAX_FILE_BYTES.get(name or "", MAX_BODY_BYTES)
    return MAX_BODY_BYTES


def _announced(scope: Message) -> int:
    """What the header says, or 0: the web server below has refused one that is no number."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0

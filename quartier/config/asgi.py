"""The entrance for the web server: static files are answered at the door, everything else by Django."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quartier.config.settings")

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.asgi import get_asgi_application
from servestatic import ServeStaticASGI

from quartier.config import bodies, proxies
from quartier.lib import postgresql

# Gathered files carry a hash of their content in their name (see `config.static`), so they never change.
_HASHED = re.compile(r"\.[0-9a-f]{12}\.[^/]+$")


Message = dict[str, Any]


class FinishesPages:
    """A page whose reader has gone is made to its end, and nobody reads it. Django gives it up in the middle, while its
    thread goes on all the same, and then fails to tidy up after it. Once an answer has begun the reader is missed: a
    stream ends then."""

    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        has_begun, is_asked = asyncio.Event(), False

        async def received() -> Message:
            nonlocal is_asked
            message = await receive()
            if message["type"] == "http.request":
                is_asked = not message.get("more_body", False)
            elif is_asked:
                await has_begun.wait()
            return message

        async def sent(message: Message) -> None:
            has_begun.set()
            await send(message)

        await self._application(scope, received, sent)


def _with_static_files() -> ServeStaticASGI:
    """Not a middleware: one that is asynchronous makes each page change threads a dozen times."""
    gathered = Path(settings.STATIC_ROOT)
    served = ServeStaticASGI(
        bodies.LimitsBodies(FinishesPages(get_asgi_application())),
        max_age=0 if settings.DEBUG else 60,
        allow_all_origins=False,
        autorefresh=settings.DEBUG,
        immutable_file_test=lambda _path, url: bool(_HASHED.search(url)),
    )
    prefix = settings.STATIC_URL.strip("/")
    if (gathered / "staticfiles.json").exists():
        served.add_files(str(gathered), prefix=prefix)
    else:
        # Before they are gathered (tests, an engineer's first page) they are served from where they lie.
        for finder in get_finders():
            for storage in getattr(finder, "storages", {}).values():
                served.add_files(str(storage.location), prefix=prefix)
    return served


# A visitor waits for the page that says that the database is away.
postgresql.patience_s = postgresql.PAGES_WAIT_S

application = proxies.BelievesProxies(_with_static_files(), settings.INSTALLATION.proxies)

"""Any provider that takes a text by one POST of JSON, and may tell us by a webhook what came of it.

`https://USER:PASSWORD@host/path` (basic), `https://TOKEN@host/path` or `?token=TOKEN` (bearer); `?secret=` signs its
webhooks. We send {to, text, reference}; it answers with its `id`. docs/howto/texts.md says all of it.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import SplitResult, unquote, urlsplit

from quartier.messaging.models import Message
from quartier.messaging.providers import heard
from quartier.messaging.providers.base import Refused
from quartier.messaging.providers.http import asking, told
from quartier.messaging.providers.texts import TextProvider


class Http(TextProvider):
    """One address that takes texts."""

    @property
    def _parts(self) -> SplitResult:
        return urlsplit(self.address.url)

    @property
    def hears(self) -> bool:
        return bool(self.address.options.get("secret"))

    def send(self, message: Message) -> str:
        said = {"to": message.to, "text": message.body, "reference": str(message.pk)}
        try:
            body = json.dumps(said, ensure_ascii=False).encode()
        except UnicodeError as error:
            raise Refused("letters that do not exist") from error
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            # Where it is known, a second copy is none.
            "Idempotency-Key": str(message.pk),
            **self._authorization(),
        }
        return asking.understood(asking.post(self._parts, body, headers))

    def _authorization(self) -> dict[str, str]:
        parts, token = self._parts, self.address.options.get("token", "")
        if parts.password is not None:
            pair = f"{unquote(parts.username or '')}:{unquote(parts.password)}"
            return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
        token = token or unquote(parts.username or "")
        return {"Authorization": f"Bearer {token}"} if token else {}

    def is_there(self) -> None:
        asking.connected(self._parts).close()

    def hear(
        self, body: bytes, headers: Mapping[str, str], path: str, now: datetime
    ) -> list[heard.Report | heard.Incoming]:
        told.check(self.address.options.get("secret", ""), body, headers.get(told.HEADER, ""), now)
        return told.read(body, now)

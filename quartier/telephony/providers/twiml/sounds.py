"""Prompts for the provider to fetch: under names that are signed and soon void. There is no list of them."""

import base64
import binascii
import hashlib
import hmac
from pathlib import Path

from quartier.lib import clock
from quartier.telephony.providers.sip.setup import secret

# A name is the same for an hour, so that the provider need not fetch a minute of music for each caller, and good for
# another one after that.
SAME_S = 3600
SIGNED = 16


class Sounds:
    """Names for files under one folder, and back."""

    def __init__(self, home: Path) -> None:
        self._folder = (home / "prompts").absolute()
        self._key = hmac.digest(secret(home).encode(), b"names of prompts", hashlib.sha256)

    def name(self, path: Path) -> str:
        """The name of a file in the folder; raises `ValueError` for another."""
        inside = path.absolute().relative_to(self._folder).as_posix()
        until = (int(clock.now().timestamp()) // SAME_S + 2) * SAME_S
        words = f"{until} {inside}".encode()
        return base64.urlsafe_b64encode(self._sign(words) + words).decode().rstrip("=")

    def file(self, name: str) -> tuple[Path, int] | None:
        """The file, and for how many seconds the name is still good; `None` for a name that is forged or void, or a
        file that is gone."""
        try:
            told = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4))
        except (binascii.Error, ValueError):
            return None
        signature, words = told[:SIGNED], told[SIGNED:]
        if not hmac.compare_digest(signature, self._sign(words)):
            return None
        until, _, inside = words.decode().partition(" ")
        left = int(until) - int(clock.now().timestamp())
        path = self._folder / inside
        return (path, left) if left > 0 and path.is_file() else None

    def _sign(self, words: bytes) -> bytes:
        return hmac.digest(self._key, words, hashlib.sha256)[:SIGNED]

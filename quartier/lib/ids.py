"""Identifiers. Rows get UUID version 7 (RFC 9562): in order of time, made before the row is stored."""

import secrets
import time
from hashlib import sha256
from uuid import UUID

# No vowels (no words arise by chance), no 0/O, 1/I/L, 5/S, 2/Z, 8/B: read well over the phone.
SPOKEN = "3467CDFGHJKMNPQRTVWX"


def uuid7() -> UUID:
    """A new UUID version 7: 48 bits of milliseconds, 74 random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def spoken(length: int = 6) -> str:
    """A random reference that is easy to read aloud: `K7M4PX`."""
    return "".join(secrets.choice(SPOKEN) for _ in range(length))


def token() -> str:
    """An unguessable part of a link: 32 characters, 192 bits."""
    return secrets.token_urlsafe(24)


def token_hash(value: str) -> str:
    """What the database keeps of a token: enough to find it again, not to use it."""
    return sha256(value.encode(errors="replace")).hexdigest()

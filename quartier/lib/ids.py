"""Identifiers. Rows get UUID version 7 (RFC 9562): in order of time, made before the row is stored."""

import secrets
import threading
import time
from hashlib import sha256
from uuid import UUID

import numpy as np

# No vowels (no words arise by chance), no 0/O, 1/I/L, 5/S, 2/Z, 8/B: read well over the phone.
SPOKEN = "3467CDFGHJKMNPQRTVWX"


_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A new UUID version 7: 48 bits of milliseconds, 12 that count on within one of them, 62 random bits.

    What one process makes is in order, so that sorting by key is sorting by creation.
    """
    global _last
    with _lock:
        _last = stamp = max((time.time_ns() // 1_000_000) << 12 | secrets.randbits(11), _last + 1)
    return UUID(
        int=(stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | secrets.randbits(62)
    )


def uuid7s(count: int) -> bytes:
    """So many new UUIDs version 7, 16 bytes each, in order: `uuid7` for those who make a hundred thousand at once."""
    global _last
    with _lock:
        first = max((time.time_ns() // 1_000_000) << 12 | secrets.randbits(11), _last + 1)
        _last = first + count - 1
    stamps = np.arange(first, first + count, dtype=np.uint64)
    twelve, sixty_two = np.uint64(0xFFF), np.uint64((1 << 62) - 1)
    chance = np.frombuffer(secrets.token_bytes(8 * count), dtype=np.uint64)
    halves = np.empty((count, 2), dtype=">u8")
    halves[:, 0] = (stamps >> np.uint64(12)) << np.uint64(16) | np.uint64(0x7000) | (stamps & twelve)
    halves[:, 1] = np.uint64(0b10 << 62) | (chance & sixty_two)
    return halves.tobytes()


def spoken(length: int = 6) -> str:
    """A random reference that is easy to read aloud: `K7M4PX`."""
    return "".join(secrets.choice(SPOKEN) for _ in range(length))


def token() -> str:
    """An unguessable part of a link: 32 characters, 192 bits."""
    return secrets.token_urlsafe(24)


def token_hash(value: str) -> str:
    """What the database keeps of a token: enough to find it again, not to use it."""
    return sha256(value.encode(errors="replace")).hexdigest()

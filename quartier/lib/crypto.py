"""Sealing of personal data: AES-256-GCM with a key id in front, and keyed hashes to look numbers up.

A sealed value reads `k1.` and the base64 of nonce, ciphertext and tag. The associated data says where the
value stands (organisation, table, row, column), so that it cannot be copied to another row.
"""

import base64
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class CannotOpen(Exception):
    """The value was sealed with a key that is not here, in another place, or was changed."""


@cache
def _keys() -> dict[str, AESGCM]:
    pairs = (key.split(":", 1) for key in settings.FIELD_KEYS)
    return {name: AESGCM(base64.b64decode(secret)) for name, secret in pairs}


def seal(plain: bytes, place: str) -> str:
    """Seal `plain` with the first key, for `place`."""
    name, key = next(iter(_keys().items()))
    nonce = os.urandom(12)
    return f"{name}.{base64.b64encode(nonce + key.encrypt(nonce, plain, place.encode())).decode()}"


def unseal(sealed: str, place: str) -> bytes:
    """The bytes behind a sealed value; raises `CannotOpen`."""
    name, _, body = sealed.partition(".")
    try:
        raw = base64.b64decode(body)
        return _keys()[name].decrypt(raw[:12], raw[12:], place.encode())
    except (KeyError, ValueError, InvalidTag) as error:
        raise CannotOpen(place) from error


def new_key() -> str:
    """A key of its own for some rows, as base64. It is kept sealed; without it they can never be read again."""
    return base64.b64encode(AESGCM.generate_key(256)).decode()


def seal_with(key: str, plain: bytes, place: str) -> str:
    """Seal `plain` with a key from `new_key`, for `place`."""
    nonce = os.urandom(12)
    sealed = AESGCM(base64.b64decode(key)).encrypt(nonce, plain, place.encode())
    return base64.b64encode(nonce + sealed).decode()


def unseal_with(key: str, sealed: str, place: str) -> bytes:
    """The bytes behind what `seal_with` gave; raises `CannotOpen`."""
    try:
        raw = base64.b64decode(sealed)
        return AESGCM(base64.b64decode(key)).decrypt(raw[:12], raw[12:], place.encode())
    except (ValueError, InvalidTag) as error:
        raise CannotOpen(place) from error


def blind(purpose: str, organisation: object, value: str) -> str:
    """A keyed hash by which equal values of one organisation find each other: 43 characters, or '' for ''."""
    if not value:
        return ""
    message = f"{purpose}|{organisation}|{value}".encode()
    digest = hmac.digest(base64.b64decode(settings.INDEX_KEY), message, "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")

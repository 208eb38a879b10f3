"""The key by which push services know this installation (VAPID, RFC 8292).

It is made at first use, in the home folder, readable by the owner alone. Browsers subscribe with its public half:
with another key every one of them must be switched on again, so it is kept with the backup of the folder.
"""

import base64
import os
import secrets
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from py_vapid import Vapid02

# A signature is good for so many seconds; services refuse more than a day.
GOOD_FOR_S = 12 * 3600


def public() -> str:
    """The public half as browsers want it: 65 bytes, base64url without padding."""
    point = _key(_file()).public_key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def authorization(endpoint: str) -> str:
    """The header that says who sends: signed for the service of this address, and for nobody else."""
    parts = urlsplit(endpoint)
    secure = settings.ORIGIN.startswith("https:")
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + GOOD_FOR_S,  # real time: the service's own clock judges it
        "sub": settings.ORIGIN if secure else f"mailto:{settings.DEFAULT_FROM_EMAIL}",
    }
    return str(_key(_file()).sign(claims)["Authorization"])


def _file() -> Path:
    home: Path = settings.INSTALLATION.home
    return home / "push" / "key.pem"


@lru_cache(maxsize=4)
def _key(file: Path) -> Vapid02:
    if not file.exists():
        _make(file)
    # Whether the sender's address is one of the public net is not for the library to judge.
    return Vapid02(
        serialization.load_pem_private_key(file.read_bytes(), password=None), conf={"no-strict": True}
    )


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.parent / f".key-{secrets.token_hex(4)}"
    draft.touch(mode=0o600)
    draft.write_bytes(
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    with suppress(FileExistsError):  # Another process was first.
        os.link(draft, file)
    draft.unlink()

"""The file of a backup: a tar with `manifest.json` first, then the database and the files beside it.

The manifest says what is in the file, with lengths and digests, of which tables, and with which keys it opens; it is
signed with the installation's index key. Files beside the database are sealed with its field key: some are keys
themselves.
"""

import base64
import hashlib
import hmac
import json
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

FORMAT = 1
SUFFIX = ".tar"
SQLITE_MEMBER, POSTGRESQL_MEMBER = "database.sqlite3.gz", "database.dump"
_MANIFEST, _SIGNATURE = "manifest.json", "manifest.signature"
_CHUNK_BYTES = 1024 * 1024
# Larger than any manifest: what says otherwise is none of ours.
_MAX_MANIFEST_BYTES = 16 * _CHUNK_BYTES


class Damaged(Exception):
    """The file is cut off, was altered, or is no backup."""


class OtherKeys(Exception):
    """It was made by an installation with other keys. `args[0]`: which lines of the file differ."""


@dataclass(frozen=True)
class Member:
    """One file in the backup."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What the backup holds. `migrations`: which have changed its tables, as `room.name`. `keys`: what shows whether a
    key is the same, and nothing of the key."""

    format: int
    version: str
    made_at: str
    database: str
    migrations: list[str]
    keys: dict[str, str]
    counts: dict[str, int]
    files: dict[str, Member]

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


def key_marks() -> dict[str, str]:
    """A mark of each key of this installation, by its name."""
    named = {"index_key": settings.INDEX_KEY}
    for key in settings.FIELD_KEYS:
        name, _, secret = key.partition(":")
        named[f"field_keys {name}"] = secret
    return {
        name: hmac.digest(base64.b64decode(secret), b"quartier backup key mark", "sha256").hex()[:32]
        for name, secret in named.items()
    }


def _sign(manifest: bytes) -> bytes:
    key = hmac.digest(base64.b64decode(settings.INDEX_KEY), b"quartier backup signature", "sha256")
    return hmac.digest(key, manifest, "sha256").hex().encode()


def describe(file: Path) -> Member:
    """Length and digest of a file."""
    with file.open("rb") as read:
        return _describe(read)


def write(target: Path, manifest: Manifest, files: dict[str, Path], folder: Path) -> None:
    """Write the backup; `folder` takes what is made on the way."""
    signed = manifest.to_bytes()
    (folder / _MANIFEST).write_bytes(signed)
    (folder / _SIGNATURE).write_bytes(_sign(signed))
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as tar:
        tar.add(folder / _MANIFEST, _MANIFEST)
        tar.add(folder / _SIGNATURE, _SIGNATURE)
        for name, path in files.items():
            tar.add(path, name, recursive=False)


def verify(file: Path) -> Manifest:
    """Read the whole file and give its manifest. Raises `Damaged`, and `OtherKeys` before it looks at the rest."""
    with _opened(file) as tar:
        manifest = _read_manifest(tar)
        seen: dict[str, Member] = {}
        for entry in tar:
            if entry.name in {_MANIFEST, _SIGNATURE}:
                continue
            read = tar.extractfile(entry)
            if read is None:
                raise Damaged(entry.name)
            seen[entry.name] = _describe(read)
    different = sorted(
        name for name in seen.keys() | manifest.files.keys() if seen.get(name) != manifest.files.get(name)
    )
    if different:
        raise Damaged(", ".join(different))
    return manifest


def read_manifest(file: Path) -> Manifest:
    """The manifest alone. Raises `Damaged` and `OtherKeys`."""
    with _opened(file) as tar:
        return _read_manifest(tar)


def extract(file: Path, name: str, target: Path) -> None:
    """Copy one of its files to `target`, and see that it is the one that the manifest tells of."""
    with _opened(file) as tar:
        expected = _read_manifest(tar).files[name]
        read = tar.extractfile(name)
        if read is None:
            raise Damaged(name)
        with target.open("wb") as written:
            found = _describe(read, written.write)
    if found != expected:
        raise Damaged(name)


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, "r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError, KeyError) as error:
        raise Damaged(str(error)) from error


def _read_manifest(tar: tarfile.TarFile) -> Manifest:
    parts = []
    for name in (_MANIFEST, _SIGNATURE):
        entry = tar.next()
        if entry is None or entry.name != name or entry.size > _MAX_MANIFEST_BYTES:
            raise Damaged(name)
        read = tar.extractfile(entry)
        content = read.read() if read else b""
        if len(content) != entry.size:
            raise Damaged(name)
        parts.append(content)
    signed, signature = parts
    try:
        words = json.loads(signed)
        files = {name: Member(**each) for name, each in words.pop("files").items()}
        manifest = Manifest(files=files, **words)
        ours = key_marks()
        differ = [name for name, mark in manifest.keys.items() if ours.get(name) != mark]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Damaged(_MANIFEST) from error
    if differ:
        raise OtherKeys(", ".join(sorted(differ)))
    if not hmac.compare_digest(_sign(signed), signature):
        raise Damaged(_MANIFEST)
    return manifest


def _describe(read: IO[bytes], pass_on: Callable[[bytes], object] | None = None) -> Member:
    digest, size = hashlib.sha256(), 0
    while chunk := read.read(_CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
        if pass_on is not None:
            pass_on(chunk)
    return Member(size, digest.hexdigest())

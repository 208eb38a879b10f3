"""Static files under hashed names, compressed, kept by browsers for a year; or as they are, before a start."""

from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from servestatic.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """`quartier run` gathers the files. Where that was not done (tests), a file has its plain name."""

    def stored_name(self, name: str) -> Any:
        parts = urlsplit(unquote(name))
        plain = parts.path.strip()
        hashed = self.hashed_files.get(self.hash_key(plain), plain)
        return urlunsplit(parts._replace(path=hashed))

"""The file of an installation: its keys and where things are. Only its owner can read it."""

import json
import os
import secrets
from pathlib import Path

from quartier.cli.init.questions import Answers
from quartier.config.installation import new_key

TEXT = """\
{head}# The installation of {name}. Keep a copy of this file in a safe place: without its keys
# nobody can read the data any more, and whoever has it and the database can read everything.

secret_key = {secret_key}
field_keys = [{field_keys}]
index_key = {index_key}

# Where people reach the pages. On the internet: https://line.example.org
origin = {origin}
{database}
# How mail leaves: smtp://user:password@host:587, smtps://user:password@host:465.
# sandbox: keeps every message here and sends nothing.
mail = {mail}
mail_sender = {sender}

# How texts leave: docs/howto/texts.md. sandbox: keeps them here and sends nothing.
texts = ["sandbox:"]
"""


def new_keys() -> dict[str, str]:
    """Fresh keys of an installation."""
    return {
        "secret_key": secrets.token_urlsafe(48),
        "field_keys": f"k1:{new_key()}",
        "index_key": new_key(),
    }


def as_environment(values: dict[str, str]) -> dict[str, str]:
    """The same as environment variables."""
    return {f"QUARTIER_{key.upper()}": value for key, value in values.items()}


def write(
    path: Path,
    keys: dict[str, str],
    answers: Answers,
    *,
    database: str | None,
    mail: str,
    origin: str,
    head: str = "",
) -> None:
    """Write the file; `head` comes first. Raises `FileExistsError` rather than overwrite one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    words = TEXT.format(
        head=head,
        name=" ".join(answers.organisation.split()),
        **{key: _toml(value) for key, value in keys.items()},
        origin=_toml(origin or "http://127.0.0.1:8000"),
        database=f"\ndatabase = {_toml(database)}\n" if database else "",
        mail=_toml(mail),
        sender=_toml(answers.sender),
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(words)


def _toml(value: str) -> str:
    """A basic string of TOML; JSON writes it the same way, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

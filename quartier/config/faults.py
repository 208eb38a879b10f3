"""What is wrong with `quartier.toml`, and with the environment that overrides it: named before anything is done with
them, with the line and with what was probably meant. Nothing that may be secret is repeated."""

import difflib
import os
import pwd
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from quartier.config.toml_file import FILE, Fault, Unreadable, lines_of, read
from quartier.config.toml_file import marked as _
from quartier.config.value_faults import CHECKS
from quartier.config.value_faults import size as size

WRONG_MARK = _("WRONG")
# For commands that stop on the way.
KEYS_OPEN_NOTHING = _(
    "The keys do not open the data: they are those of another installation. Restore the right quartier.toml from "
    "your backup."
)
DATABASE_REFUSES = _("The database refuses: {error}. Look what is wrong: quartier check")
MACHINE_REFUSES = _("The machine refuses: {error}. Look what is wrong: quartier check")
TEXT, TEXTS, NUMBER, YES, TABLE = "text", "texts", "number", "yes", "table"
KINDS = {
    "secret_key": TEXT,
    "field_keys": TEXTS,
    "index_key": TEXT,
    "database": TEXT,
    "origin": TEXT,
    "hosts": TEXTS,
    "proxies": TEXTS,
    "logs": TEXT,
    "mail": TEXT,
    "mail_sender": TEXT,
    "mail_inbox": TEXT,
    "texts": TEXTS,
    "telegram": TEXT,
    "matrix": TEXT,
    "geocoder": TEXT,
    "behaviour": TEXT,
    "cap_hosts": TEXTS,
    "lease_seconds": NUMBER,
    "demo": YES,
    "debug": YES,
    "line": TABLE,
}
WITHOUT_THESE_NOTHING_OPENS = ("secret_key", "field_keys", "index_key")
# What others call it, and what earlier versions did.
ALSO_CALLED = {
    "text_provider": "texts",
    "sms": "texts",
    "smtp": "mail",
    "email": "mail",
    "from": "mail_sender",
    "sender": "mail_sender",
    "inbox": "mail_inbox",
    "imap": "mail_inbox",
    "url": "origin",
    "domain": "origin",
    "site": "origin",
    "host": "hosts",
    "allowed_hosts": "hosts",
    "proxy": "proxies",
    "forwarded_allow_ips": "proxies",
    "log": "logs",
    "logging": "logs",
    "db": "database",
    "secret": "secret_key",
    "lease": "lease_seconds",
    "behavior": "behaviour",
}
YES_WORDS = {"1", "true", "yes", "0", "false", "no", ""}
MIN_LEASE_S, MAX_LEASE_S = 5, 3600


def of(environ: Mapping[str, str] | None = None) -> list[Fault]:
    """Everything, in the order of the file. None where there is no file and the environment says nothing odd."""
    env = dict(os.environ) if environ is None else environ
    home = Path(env.get("QUARTIER_HOME", "var")).absolute()
    try:
        found = list(_of_home(home, env))
        if found:
            return found
        file = home / FILE
        written, text = read(file) if file.exists() else ({}, "")
    except Unreadable as error:
        return [error.fault]
    except OSError as error:
        return [Fault(_("it cannot be read: {error}."), name=str(home), values={"error": error.strerror})]
    given = _Given(written, lines_of(text), env, home)
    return sorted(given.faults(is_there=file.exists()), key=lambda each: (not each.line, each.line))


def _of_home(home: Path, env: Mapping[str, str]) -> Iterator[Fault]:
    if home.exists() and not home.is_dir():
        yield Fault(
            _("this is a file; the home of an installation is a folder."),
            _("Set QUARTIER_HOME to the folder in which quartier.toml is."),
            name=f"QUARTIER_HOME={home}" if "QUARTIER_HOME" in env else str(home),
        )
        return
    file = home / FILE
    if home.exists() and not os.access(home, os.X_OK | os.R_OK):
        yield _of_another(home)
    elif file.is_dir():
        yield Fault(
            _("this is a folder, not a file."), _("Restore the file from your backup."), name=str(file)
        )
    elif file.exists() and not os.access(file, os.R_OK):
        yield _of_another(file)


def _of_another(path: Path) -> Fault:
    owner = owner_of(path)
    return Fault(
        _("it belongs to {owner}, and {me} may not read it."),
        _("Run the command as that user: sudo -u {owner} env QUARTIER_HOME={home} quartier …"),
        name=str(path),
        values={"owner": owner, "me": name_of(os.geteuid()), "home": path if path.is_dir() else path.parent},
    )


def owner_of(path: Path) -> str:
    """The user to whom a file or folder belongs."""
    return name_of(path.stat().st_uid)


def name_of(uid: int) -> str:
    """What a user is called here; the number where nobody is."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


class _Given:
    """What the file and the environment say, together."""

    def __init__(
        self,
        written: dict[str, Any],
        lines: dict[tuple[str, str], int],
        env: Mapping[str, str],
        home: Path,
    ) -> None:
        self.written, self.lines, self.env, self.home = written, lines, env, home

    def faults(self, *, is_there: bool) -> Iterator[Fault]:
        yield from self._unknown()
        yield from self._variables()
        sound = set()
        for key in KINDS:
            wrong = list(self._kind(key))
            yield from wrong
            if not wrong:
                sound.add(key)
        if is_there:
            yield from self._missing()
        for key, check in CHECKS.items():
            if key in sound and self.value(key) is not None:
                yield from check(self, key)
        if "line" in sound and self.written.get("line"):
            # Most have no such table, and what reads it takes long to import.
            from quartier.config import line_faults

            lines = {name: line for (table, name), line in self.lines.items() if table == "line"}
            yield from line_faults.of(
                self.written["line"], lines, self.lines.get(("", "line"), 0), set(KINDS)
            )

    def value(self, key: str) -> Any:
        """What counts: the environment's word, else the file's; `None` where neither says anything."""
        variable = self.env.get(f"QUARTIER_{key.upper()}")
        # Of a list, an empty variable says nothing (`installation.load`).
        is_silent = variable is None or (KINDS[key] == TEXTS and not variable)
        return self.written.get(key) if is_silent else variable

    def each(self, key: str) -> list[str]:
        """The same as a list of texts."""
        found = self.value(key)
        if self.env.get(f"QUARTIER_{key.upper()}"):
            return str(found).split(",")
        return [found] if isinstance(found, str) else list(found)

    def fault(
        self,
        key: str,
        words: str,
        todo: str = "",
        /,
        *,
        stops: bool = True,
        **values: Any,
    ) -> Fault:
        variable = f"QUARTIER_{key.upper()}"
        if variable in self.env:
            return Fault(words, todo, name=variable, values=values, stops=stops)
        return Fault(words, todo, self.lines.get(("", key), 0), key, values, stops)

    def _unknown(self) -> Iterator[Fault]:
        for key in self.written:
            if key not in KINDS:
                near = nearest(key, KINDS)
                todo = (
                    _("Did you mean {near}? Nothing reads {name}.")
                    if near
                    else _("Nothing reads it: remove it.")
                )
                yield self.fault(key, _("there is no such setting."), todo, near=near, name=key, stops=False)

    def _variables(self) -> Iterator[Fault]:
        """Only what is nearly a setting: others, such as tests, have variables of their own."""
        known = {f"QUARTIER_{key.upper()}" for key in KINDS} | {
            "QUARTIER_HOME",
            "QUARTIER_LOG",
            "QUARTIER_STATIC",
        }
        for name in sorted(self.env):
            if name.startswith("QUARTIER_") and name not in known and not name.startswith("QUARTIER_LINE_"):
                near = difflib.get_close_matches(name, known, 1, 0.9)
                if near:
                    yield Fault(
                        _("there is no such setting."),
                        _("Did you mean {near}? Nothing reads {name}."),
                        name=name,
                        values={"near": near[0], "name": name},
                        stops=False,
                    )

    def _missing(self) -> Iterator[Fault]:
        for key in WITHOUT_THESE_NOTHING_OPENS:
            if self.value(key) in (None, "", []) and key not in self.written:
                yield Fault(
                    _("it is missing, and nothing can be opened without it."),
                    _("Restore {file} from your backup. A new key opens no old data."),
                    name=f"{FILE} ({key})",
                    values={"file": FILE},
                )

    def _kind(self, key: str) -> Iterator[Fault]:
        if f"QUARTIER_{key.upper()}" in self.env:
            found: Any = self.env[f"QUARTIER_{key.upper()}"]
        elif key in self.written:
            found = self.written[key]
        else:
            return
        words, fits = _KINDS[KINDS[key]]
        if not fits(found):
            yield self.fault(key, words, _("Write: {example}"), example=_example(key))


def _is_texts(found: Any) -> bool:
    return isinstance(found, str) or (
        isinstance(found, list) and all(isinstance(each, str) for each in found)
    )


def _is_number(found: Any) -> bool:
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return False
    try:
        return MIN_LEASE_S <= float(found) <= MAX_LEASE_S
    except ValueError:
        return False


def _is_yes(found: Any) -> bool:
    return isinstance(found, bool | int | str) and str(found).lower() in YES_WORDS


_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    TEXT: (_("this must be a text, between quotation marks."), lambda found: isinstance(found, str)),
    TEXTS: (_("this must be a list of texts."), _is_texts),
    NUMBER: (_("this must be a number of seconds, from 5 to 3600."), _is_number),
    YES: (_("this must be true or false."), _is_yes),
    TABLE: (_("this must be a table of its own."), lambda found: isinstance(found, dict)),
}


def _example(key: str) -> str:
    return {
        TEXT: f'{key} = "…"',
        TEXTS: f'{key} = ["…", "…"]',
        NUMBER: f"{key} = 30",
        YES: f"{key} = true",
        TABLE: f"[{key}]",
    }[KINDS[key]]


def nearest(name: str, known: Any) -> str:
    """What was probably meant; "" where nothing is near."""
    typed = name.lower().replace("-", "_")
    if typed in known:
        return typed
    if typed in ALSO_CALLED and ALSO_CALLED[typed] in known:
        return ALSO_CALLED[typed]
    found = difflib.get_close_matches(typed, list(known), 1, 0.6)
    return found[0] if found else ""

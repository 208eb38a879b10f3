"""Reading `quartier.toml` as somebody has typed it: what cannot be read is said with its line, never with its content,
since most of it is secret. Needs no settings: they are read from here."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = "quartier.toml"


def marked(text: str) -> str:
    """Marks a text for the catalogues. Django's own function of this kind reads the settings, which may be what cannot
    be read, or are not to be read yet."""
    return text


_ = marked
_AT = re.compile(r"\(at line (\d+), column \d+\)")
_KEY = re.compile(r"""^\s*["']?([A-Za-z0-9_.-]+)["']?\s*=""")
_TABLE = re.compile(r"^\s*\[+\s*([A-Za-z0-9_.-]+)\s*\]+")
_CURLY = re.compile("[“”„‘’«»]")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with the installation's file, or with what the environment says instead.

    `line`: from 1, 0 where it is none of the file's; `name`: the key, or the variable of the environment; `words` and
    `todo` hold places for `values`. `stops`: nothing can go on with it, or would do harm.
    """

    words: str
    todo: str = ""
    line: int = 0
    name: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    stops: bool = True

    def said(self, translate: Callable[[str], str]) -> str:
        """Where, and what; in the language of `translate`."""
        place = self.name or FILE
        if self.line:
            place = translate(_("{file}, line {line}")).format(file=FILE, line=self.line)
            place += f" ({self.name})" if self.name else ""
        return f"{place}: {translate(self.words).format(**self.values)}"

    def to_do(self, translate: Callable[[str], str]) -> str:
        """What to do about it, in the same language; "" where the words say it."""
        return translate(self.todo).format(**self.values) if self.todo else ""


class Unreadable(ValueError):
    """The file cannot be read: `fault` says where, and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{FILE}, line {fault.line}" if fault.line else FILE)
        self.fault = fault


def read(file: Path) -> tuple[dict[str, Any], str]:
    """What stands in the file, and its text. Raises `Unreadable`, and `OSError` where it cannot be opened."""
    raw = file.read_bytes()
    try:
        # Some editors begin a file with a mark.
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unreadable(
            Fault(_("a letter cannot be read."), _("Save the file as UTF-8 in your editor."), line)
        ) from error
    text = text.replace("\r\n", "\n")
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(_syntax(text, str(error))) from error


def _syntax(text: str, error: str) -> Fault:
    lines = text.split("\n")
    found = _AT.search(error)
    number = min(int(found[1]), len(lines)) if found else max(1, len(text.rstrip().split("\n")))
    if "Unclosed array" in error:
        number = _opened(lines, number)
    content = lines[number - 1]
    key = _KEY.match(content)
    words, todo = _guess(content, error)
    name = key[1] if key else ""
    return Fault(words, todo, number, name, {"error": _AT.sub("", error).strip(), "name": name})


def _opened(lines: list[str], number: int) -> int:
    """The line where a list begins that nobody has closed."""
    for at in range(number, 0, -1):
        if re.match(r"^\s*[\w-]+\s*=\s*\[", lines[at - 1]):
            return at
    return number


def _guess(content: str, error: str) -> tuple[str, str]:
    """What somebody has probably typed there, and what would be right."""
    value = content.partition("=")[2].strip()
    if "Cannot overwrite" in error or "twice" in error:
        return _("this is there a second time."), _("Leave one of the two lines.")
    if "Unclosed array" in error:
        return _("a list begins here and does not end."), _("Close it with ]")
    if _CURLY.search(content):
        return _("these quotation marks are curly."), _('Write straight ones: "…"')
    if "Expected '='" in error:
        return _("there is no = after the name."), _('Write: name = "value"; a remark begins with #')
    if value.lower() in {"true", "false", "yes", "no", "on", "off"}:
        return _("this is not a value."), _("Write true or false, in small letters.")
    if "Illegal character" in error or "Expected '\"'" in error or 'Expected "\'"' in error:
        return _("a quotation mark is missing at the end."), _('A text is between two: "…"')
    if "Unescaped" in error:
        return _("a \\ has a meaning of its own here."), _("Write \\\\ for it.")
    if "Invalid value" in error and value[:1] not in {'"', "'"}:
        return _("the value has no quotation marks."), _('Write: {name} = "…"')
    return _("this line cannot be read ({error})."), _('Write: name = "value"; a remark begins with #')


def lines_of(text: str) -> dict[tuple[str, str], int]:
    """In which line each key stands: by its table ("" above all tables) and its name, both as they are typed."""
    found: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), 1):
        if heading := _TABLE.match(line):
            table = heading[1]
            found.setdefault(("", table), number)
        elif key := _KEY.match(line):
            found.setdefault((table, key[1]), number)
    return found

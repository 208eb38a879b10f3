"""What the tags are made of: escaped attributes, elements and the drawings of the sprite."""

import html
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

SPRITE = Path(__file__).resolve().parent.parent / "static" / "look" / "icons.svg"
TURNING = {"back", "next", "walk", "hand-over", "out", "undo"}  # drawn the other way round from right to left
EMPTY = SafeString("")


@cache
def icons() -> dict[str, str]:
    """The drawings of the sprite by name."""
    return dict(re.findall(r'<symbol id="([a-z-]+)"[^>]*>(.*?)</symbol>', SPRITE.read_text()))


def attributes(given: dict[str, Any]) -> SafeString:
    """Keywords as attributes of an element, with a space in front of each."""
    parts = []
    for name, value in given.items():
        if value is True:
            parts.append(f" {_attribute(name)}")
        elif value is not None and value is not False and value != "":
            parts.append(f' {_attribute(name)}="{_escaped(value)}"')
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped above


# Every page is made of hundreds of these, of a few dozen names.
@cache
def _attribute(name: str) -> str:
    return escape(name.replace("_", "-"))


def classes(*names: str) -> str:
    return " ".join(name for name in names if name)


def element(name: str, content: str, /, **given: Any) -> SafeString:
    """An element around `content`; plain text is escaped."""
    name, inside = _attribute(name), _escaped(content)
    return mark_safe(f"<{name}{attributes(given)}>{inside}</{name}>")  # noqa: S308 - each part is escaped


def _escaped(value: Any) -> str:
    """As `conditional_escape`, but plain text, which nearly everything is, is not looked at for being lazy."""
    kind = type(value)
    if kind is SafeString:
        return value  # type: ignore[no-any-return]
    return html.escape(value) if kind is str else conditional_escape(value)


def drawing(name: str, /, **given: Any) -> SafeString:
    """A drawing, hidden from screen readers: its word stands beside it. Raises `KeyError`."""
    return _drawn(name, **given) if given else _plain(name)


def _drawn(name: str, /, **given: Any) -> SafeString:
    given["class"] = classes("i", "flip" if name in TURNING else "", given.pop("class", ""))
    return format_html(
        '<svg{} viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        attributes(given),
        mark_safe(icons()[name]),  # noqa: S308 - from our own file
    )


@cache
def _plain(name: str) -> SafeString:
    return _drawn(name)

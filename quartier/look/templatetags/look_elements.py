"""What the tags are made of: escaped attributes, elements and the drawings of the sprite."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.html import format_html
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
            parts.append(format_html(" {}", name.replace("_", "-")))
        elif value is not None and value is not False and value != "":
            parts.append(format_html(' {}="{}"', name.replace("_", "-"), value))
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped above


def classes(*names: str) -> str:
    return " ".join(name for name in names if name)


def element(name: str, content: str, /, **given: Any) -> SafeString:
    """An element around `content`; plain text is escaped."""
    return format_html("<{}{}>{}</{}>", name, attributes(given), content, name)


def drawing(name: str, /, **given: Any) -> SafeString:
    """A drawing, hidden from screen readers: its word stands beside it. Raises `KeyError`."""
    given["class"] = classes("i", "flip" if name in TURNING else "", given.pop("class", ""))
    return format_html(
        '<svg{} viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        attributes(given),
        mark_safe(icons()[name]),  # noqa: S308 - from our own file
    )

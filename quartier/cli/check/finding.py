"""One thing that was looked at, in plain words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`name` never changes, for programs. `level`: `good`, `doubt` or `wrong`. `todo`: what to do, or ''."""

    name: str
    level: str
    words: str
    todo: str = ""


def good(name: str, words: str) -> Finding:
    """As it should be."""
    return Finding(name, "good", words)


def doubt(name: str, words: str, todo: str) -> Finding:
    """It works, but somebody should look."""
    return Finding(name, "doubt", words, todo)


def wrong(name: str, words: str, todo: str) -> Finding:
    """People would notice, or be harmed."""
    return Finding(name, "wrong", words, todo)

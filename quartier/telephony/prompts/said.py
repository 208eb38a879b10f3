"""What the line says has the same place in each language."""

from typing import NamedTuple


class Said(NamedTuple):
    """One thing in each language."""

    fr: str
    nl: str
    de: str
    en: str

"""Whose line it is that speaks."""

from dataclasses import dataclass
from datetime import time
from pathlib import Path

from quartier.telephony.prompts.script import Sign
from quartier.telephony.prompts.texts import LANGUAGES


@dataclass(frozen=True, slots=True)
class Sound:
    """A WAV file (8000 samples a second, mono, 16 bit) and how long it lasts."""

    path: Path
    seconds: float


@dataclass(frozen=True)
class Group:
    """`folder`: of the line, `<home>/line`; `id`: of the organisation; `languages`: in the order of their keys;
    `opens`, `closes`: said when the line is closed."""

    folder: Path
    id: str
    name: str = ""
    languages: tuple[str, ...] = LANGUAGES
    opens: time | None = None
    closes: time | None = None

    @property
    def cache(self) -> Path:
        return self.folder / "prompts" / str(self.id)

    @property
    def own(self) -> Path:
        """Where `own.store` keeps the group's recordings."""
        return self.cache / "own"

    @property
    def parts(self) -> Path:
        """Sentences said once; groups share them."""
        return self.folder / "prompts" / "parts"

    @property
    def sign(self) -> Sign:
        return Sign(self.name, self.languages, self.opens, self.closes)

    def nearest(self, language: str) -> str:
        """The language itself, or the first of the group's that we have words in."""
        if language in LANGUAGES:
            return language
        return next((each for each in self.languages if each in LANGUAGES), "en")

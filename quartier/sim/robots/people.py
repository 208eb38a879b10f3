"""Who calls, as `scripts.toml` says."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from quartier.sim.robots.voice import Voice

FILE = Path(__file__).resolve().parent / "scripts.toml"


@dataclass(frozen=True)
class Person:
    """Somebody invented, with a telephone. See `scripts.toml` for what they say when."""

    name: str
    number: str
    voice: Voice
    turns: tuple[str, ...]
    silence: str
    message: str
    back: str
    bye: str

    @property
    def language(self) -> str:
        return self.voice.language


@cache
def everybody() -> tuple[Person, ...]:
    """All of them, in the order of the file."""
    found = []
    for each in tomllib.loads(FILE.read_text(encoding="utf-8"))["person"]:
        variant, speed, pitch = each["voice"]
        said = {name: each[name] for name in ("name", "number", "silence", "message", "back", "bye")}
        voice = Voice(each["language"], variant, speed, pitch)
        found.append(Person(voice=voice, turns=tuple(each["turns"]), **said))
    return tuple(found)

"""Prompts in the group's own voice: a folder of WAV files, `name.language.wav`, that the desk writes from the database.

They win over the machine's voice, and are heard from the next prompt on.
"""

from collections.abc import Mapping
from pathlib import Path

from quartier.telephony.prompts import shelf, wav
from quartier.telephony.prompts.texts import RECORDABLE


def store(folder: Path, recordings: Mapping[tuple[str, str], bytes]) -> None:
    """Make the folder hold these and no others: WAV files by name (`texts.RECORDABLE`) and language. What is there
    already is not written again. Raises `ValueError` that names those that cannot be played (`wav.NoSound`, or a name
    that nobody plays); the others are there nevertheless."""
    files: dict[str, bytes] = {}
    wrong: list[str] = []
    for (name, language), data in recordings.items():
        if name not in RECORDABLE or not language.isalpha():
            wrong.append(f"nobody plays {name!r} in {language!r}")
            continue
        try:
            files[f"{name}.{language}.wav"] = wav.for_telephone(data)
        except wav.NoSound as error:
            wrong.append(f"{name} in {language}: {error}")
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.wav"):
        if path.name not in files:
            path.unlink(missing_ok=True)
    for file, data in files.items():
        path = folder / file
        if not path.exists() or path.read_bytes() != data:
            shelf.write(path, data)
    if wrong:
        raise ValueError("; ".join(wrong))


def state(folder: Path) -> int:
    """Another number whenever a recording has come or gone; cheap."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def find(folder: Path, name: str, language: str) -> Path | None:
    """The group's recording of a prompt, if it has one."""
    path = folder / f"{name}.{language}.wav"
    return path if path.exists() else None

"""From the script of a prompt to its file: a sentence is said once and kept, a prompt is put together of sentences."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from quartier.telephony.prompts import music, own, shelf, voices, wav
from quartier.telephony.prompts.group import Group, Sound
from quartier.telephony.prompts.script import BRIEF_S, IN_ALL, Block, Moment, Part, Pause, Say, Tone, write

# Before the first word: a phone needs a moment to listen after it was answered.
BEFORE_S = 0.4
TONES = {"waiting": music.waiting, "ringing": music.ringing, "beep": music.beep}

# A path is a recording of the group.
Ready = Say | Pause | Tone | Path


def make(name: str, language: str, moment: Moment, group: Group) -> Sound:
    """The file of a prompt; raises `KeyError`, `NoVoice`."""
    parts = list(resolved(write(name, language, moment, group.sign), language, group))
    # Named by what is heard, so that nothing old is ever played.
    title = shelf.name_for(str(BEFORE_S), *(_identity(part, group) for part in parts))
    folder = group.cache / ("all" if name in IN_ALL else language)
    path = folder / f"{name}-{title}.wav"

    def put_together() -> bytes:
        shelf.clear(folder)
        heard = [samples(part, group) for part in parts]
        # A tone alone begins at once, and goes round without a gap.
        before = [] if isinstance(parts[0], Tone) else [wav.silence(BEFORE_S)]
        return wav.written(np.concatenate([*before, *heard]))

    return Sound(path, shelf.made(path, put_together))


def resolved(parts: Iterable[Part], language: str, group: Group) -> Iterator[Ready]:
    """The same parts, with the group's own recordings where it has them."""
    for part in parts:
        if isinstance(part, Block):
            if recorded := own.find(group.own, part.own, part.language):
                yield recorded
                continue
            for number, say in enumerate(part.parts):
                if number:
                    yield Pause(BRIEF_S)
                yield _own_or(say, say.own, say.language, group)
        elif isinstance(part, Say):
            yield _own_or(part, part.own, part.language, group)
        elif isinstance(part, Tone) and part.name == "waiting":
            yield _own_or(part, "music", language, group)
        else:
            yield part


def _own_or(part: Ready, name: str, language: str, group: Group) -> Ready:
    return (own.find(group.own, name, language) if name else None) or part


def _identity(part: Ready, group: Group) -> str:
    if isinstance(part, Say):
        return f"{voices.voice(part.language, group.folder).identity}: {part.words}"
    if isinstance(part, Path):
        state = part.stat()
        return f"{part.name} {state.st_mtime_ns} {state.st_size}"
    return f"{part} {music.VERSION}"


def samples(part: Ready, group: Group) -> wav.Samples:
    """What a part sounds like."""
    if isinstance(part, Pause):
        return wav.silence(part.seconds)
    if isinstance(part, Path):
        return wav.read(part.read_bytes())[0]
    path = group.parts / f"{shelf.name_for(_identity(part, group))}.wav"
    shelf.made(path, lambda: _made(part, group))
    return wav.read(path.read_bytes())[0]


def once(say: Say, group: Group) -> wav.Samples:
    """What a sentence sounds like that is for one person alone: it is not kept. Raises `NoVoice`."""
    return wav.read(_made(say, group))[0]


def _made(part: Say | Tone, group: Group) -> bytes:
    if isinstance(part, Tone):
        return wav.written(TONES[part.name]())
    with tempfile.TemporaryDirectory(prefix="quartier-voice-") as folder:
        path = Path(folder, "said.wav")
        voices.voice(part.language, group.folder).speak(part.words, path)
        try:
            return wav.for_telephone(path.read_bytes())
        except (OSError, wav.NoSound) as error:
            if path.exists() and not part.own:
                # A name in signs that this voice cannot read: the greeting goes on without it.
                return wav.written(wav.silence(BRIEF_S))
            raise voices.NoVoice(f"nothing was said: {error}") from None

"""What the line plays: `sound("wait", "fr", place=3, wait_minutes=4, organisation=group)` is a file, ready to play.

A prompt is written (`script`, with the `texts` and `counting`), said sentence by sentence (`voices`, or the group's
`own` recordings), put together with pauses and `music` (`making`), and kept (`shelf`). Nothing here needs a database.
"""

import os
import time
from dataclasses import replace
from typing import Any

from quartier.telephony.prompts import counting, making, own
from quartier.telephony.prompts.group import Group, Sound
from quartier.telephony.prompts.reading import forget
from quartier.telephony.prompts.script import NAMES, Moment, Say
from quartier.telephony.prompts.voices import NoVoice

__all__ = ["NAMES", "Group", "NoVoice", "Sound", "forget", "sound", "warm"]

REMEMBERED = 5000
# What was made before, by all that it depends on.
_known: dict[tuple[object, ...], Sound] = {}


def sound(name: str, language: str, *, organisation: Group, **known: Any) -> Sound:
    """One of `NAMES`; safe from several threads. `known` of the call: fields of `script.Moment`.

    Made before, it takes microseconds; else some 30 ms for each sentence that was never said, and a few more to put
    them together. Raises `KeyError` for a name that is none, `NoVoice`.
    """
    moment = Moment(**known)
    place, minutes = min(moment.place, counting.LAST_PLACE + 1), counting.rounded(moment.wait_minutes)
    moment = replace(moment, place=place, wait_minutes=minutes)
    key = (organisation, name, language, moment, own.state(organisation.own))
    before = _known.get(key)
    if before is not None:
        try:
            # Used again: it is not cleared away. When it was written stays, by which a twin of it is known to be fresh.
            written_ns = os.stat(before.path).st_mtime_ns
            os.utime(before.path, ns=(time.time_ns(), written_ns))
        except OSError:
            pass
        else:
            return before
    made = making.make(name, organisation.nearest(language), moment, organisation)
    if len(_known) > REMEMBERED:
        _known.clear()
    _known[key] = made
    return made


def warm(organisation: Group, *, places: int = 10) -> int:
    """Say every sentence once, so that no caller waits for it; returns how many files there are. Takes some seconds the
    first time: call it in a thread, at the start and when the group's name, languages, hours or recordings have
    changed. Raises `NoVoice`."""
    made = set()
    for _key, language in organisation.sign.spoken:
        for number in range(1, counting.LAST_PLACE + 2):
            making.samples(Say(language, counting.place(number, language)), organisation)
        for minutes in {counting.rounded(each) for each in range(1, 62)}:
            making.samples(Say(language, counting.wait(minutes, language)), organisation)
        for name in NAMES:
            for ring_back in (True, False):
                made.add(sound(name, language, organisation=organisation, ring_back=ring_back).path)
        for number in range(1, places + 1):
            for name in ("wait", "place"):
                made.add(sound(name, language, organisation=organisation, place=number).path)
    return len(made)

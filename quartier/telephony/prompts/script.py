"""Which sentences a prompt is made of, in their order. Pure: what is known goes in, parts come out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from quartier.telephony.prompts import counting
from quartier.telephony.prompts.texts import LANGUAGES, text

BETWEEN_S = 0.35
# In a greeting in several languages, of which most callers understand one: it must not be long.
BRIEF_S = 0.25
APART_S = 0.4
AGAIN_S = 3.0


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence. `own`: the name under which a group may have recorded it; "" for what only a machine knows."""

    language: str
    words: str
    own: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    seconds: float


@dataclass(frozen=True, slots=True)
class Tone:
    """One of the sounds in `music`: `waiting`, `ringing`, `beep`."""

    name: str


@dataclass(frozen=True, slots=True)
class Block:
    """All of one language of a greeting: the group's recording of `own`, or these parts."""

    language: str
    own: str
    parts: tuple[Say, ...]


Part = Say | Pause | Tone | Block


@dataclass(frozen=True, slots=True)
class Moment:
    """What differs from call to call. `place` 0: not known; `wait_minutes` 0: not known. `area`: where the caller is,
    in words. `ring_back`: key 1 rings back. `first`: nothing was said before, so the emergency number is."""

    place: int = 0
    wait_minutes: int = 0
    area: str = ""
    ring_back: bool = True
    first: bool = False


@dataclass(frozen=True, slots=True)
class Sign:
    """What the line says of the group: its name, its languages in the order of their keys, its hours."""

    name: str
    languages: tuple[str, ...]
    opens: time | None = None
    closes: time | None = None

    @property
    def spoken(self) -> list[tuple[int, str]]:
        """The languages that we can speak, each with its key."""
        return [(key, each) for key, each in enumerate(self.languages, 1) if each in LANGUAGES]


TONES = {"ringing": "ringing", "beep": "beep", "music": "waiting"}
# In every language of the group: nobody has chosen one yet.
IN_ALL = {"welcome", "closed", "trouble"}
WITH_MUSIC = {"wait", "sorry_wait", "place", "hold", "concern_wait"}
NAMES = {
    *TONES,
    *IN_ALL,
    *WITH_MUSIC,
    *("accept", "leave_message", "we_call_back", "moment", "masked_menu", "busy_other", "refused"),
    *("consent_record", "listener", "concern_message", "blocked"),
    # Said within others; by themselves only for a group that wants to hear them.
    *("emergency", "ring_back", "concern_key"),
    "masked_menu_coming",
    *("reading_for_you", "reading_yes", "reading_no", "reading_bye"),
    *("failed_busy", "failed_no_such_number", "failed_forwarded", "failed_no_answer", "failed_refused"),
    *("failed_network", "busy_line", "forwarded_other", "network_other", "no_such_number_other"),
    *("not_put_through", "cut_ring_back", "cut_call_again"),
}


def write(name: str, language: str, moment: Moment, sign: Sign) -> list[Part]:
    """The parts of a prompt. Raises `KeyError` for a name that is none."""
    if name not in NAMES:
        raise KeyError(f"there is no prompt {name!r}")
    if name in TONES:
        return [Tone(TONES[name])]
    if name in IN_ALL:
        return list(_in_all(name, language, moment, sign))
    said = [_say("emergency", language)] if moment.first else []
    if name in {"masked_menu", "masked_menu_coming"}:
        # The first thing that they hear of us, and in their own language: in few words.
        said = [_say("emergency_short", language)]
    elif name == "reading_for_you" and sign.name:
        said = [_say("reading_here", language, name=sign.name)]
    said += _sentences(name, language, moment)
    parts: list[Part] = list(_with_pauses(said))
    if name in WITH_MUSIC:
        parts += [Pause(BETWEEN_S), Tone("waiting")]
    elif name == "moment":
        # It is said again and again, with time to breathe.
        parts.append(Pause(AGAIN_S))
    return parts


def _say(name: str, language: str, /, **values: str) -> Say:
    return Say(language, text(name, language, **values), own="" if values else name)


def _with_pauses(said: list[Say]) -> Iterator[Part]:
    for number, each in enumerate(said):
        if number:
            yield Pause(BETWEEN_S)
        yield each


def _sentences(name: str, language: str, moment: Moment) -> list[Say]:
    """What is said in one language that is known."""
    if name == "accept":
        area = [Say(language, f"{moment.area}.")] if moment.area else []
        return [_say("accept", language), *area, _say("accept_key", language)]
    if name == "masked_menu_coming":
        return [_say("who_comes_key", language), _say("masked_menu", language)]
    if name not in {"wait", "sorry_wait", "place"}:
        return [_say(name, language)]
    where = counting.place(moment.place, language)
    how_long = counting.wait(moment.wait_minutes, language)
    said = [] if name == "place" else [_say(name, language)]
    if name == "place" and not where:
        said.append(_say("still", language))
    said += [Say(language, words) for words in (where, how_long) if words]
    if moment.ring_back:
        said.append(_say("ring_back", language))
    # Not to who was lost by us: they are to be spoken with at once.
    return said if name == "sorry_wait" else [*said, _say("concern_key", language)]


def _in_all(name: str, language: str, moment: Moment, sign: Sign) -> Iterator[Part]:
    """All that there is to say in one language, the first or the caller's; the others in few words."""
    spoken = sign.spoken
    if name != "welcome":
        spoken = sorted(spoken, key=lambda each: each[1] != language)
    for number, (key, each) in enumerate(spoken):
        if number:
            yield Pause(APART_S)
        said = [_say("emergency_short" if number else "emergency", each)]
        if name == "welcome":
            said += _welcome(each, key, sign, number == 0, len(spoken) == 1)
        elif name == "closed":
            said += _closed(each, moment, sign, number == 0)
        else:
            said.append(_say("trouble_short" if number else "trouble", each))
        yield Block(each, name, tuple(said))


def _welcome(language: str, key: int, sign: Sign, first: bool, only: bool) -> list[Say]:
    said = [_say("here", language, name=sign.name)] if first and sign.name else []
    if only:
        return [*said, _say("go_on", language)]
    return [*said, _say("language_key", language, key=counting.key(key, language))]


def _closed(language: str, moment: Moment, sign: Sign, first: bool) -> list[Say]:
    said = [_say("closed", language)]
    if first and sign.opens is not None and sign.closes is not None and sign.opens != sign.closes:
        opens, closes = counting.hour(sign.opens, language), counting.hour(sign.closes, language)
        said.append(_say("hours", language, opens=opens, closes=closes))
    if moment.ring_back:
        said.append(_say("closed_ring_back", language))
    if first:
        said.append(_say("concern_key", language))
    return [*said, _say("closed_message", language)] if first or not moment.ring_back else said

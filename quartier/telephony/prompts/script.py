"""Which sentences a prompt is made of, in their order. Pure: what is known goes in, parts come out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from quartier.telephony.prompts import counting
from quartier.telephony.prompts.texts import LANGUAGES, text

BETWEEN_S = 0.35
# In a greeting in several languages, of which most callers understand one: it must not be long.
BRIEF_S = 0.15
APART_S = 0.2
# Before the same words again.
AGAIN_S = 2.0
# With more languages than these, what can wait is left out of what is said in all of them.
ROOMY_LANGUAGES = 1
# The greeting of several languages leaves a longer name to the words that follow it.
MAX_GREETED_NAME_CHARS = 24


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
    in words. `ring_back`: key 1 rings back; `can_text`: key 7 sends a text. `first`: nothing was said in this language
    before, so the emergency number is. `offered`: key and language of all that are to be said, in this order; none: the
    one language alone, or for the greeting those of the group."""

    place: int = 0
    wait_minutes: int = 0
    area: str = ""
    ring_back: bool = True
    first: bool = False
    can_text: bool = False
    offered: tuple[tuple[str, str], ...] = ()


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

    def offered(self, language: str) -> tuple[tuple[str, str], ...]:
        """The same with this one first, as the machine offers them."""
        ordered = sorted(self.spoken, key=lambda each: each[1] != language)
        return tuple((str(key), each) for key, each in ordered)


TONES = {"ringing": "ringing", "beep": "beep", "music": "waiting"}
# In every language that is offered: nobody has chosen one yet.
IN_ALL = {"welcome", "closed", "nobody_here", "trouble"}
WITH_MUSIC = {"wait", "sorry_wait", "place", "hold", "concern_queue"}
# Said again and again, with time to breathe.
SAID_AGAIN = {"moment", "accept"}
NAMES = {
    *TONES,
    *IN_ALL,
    *WITH_MUSIC,
    *(
        "accept",
        "leave_message",
        "we_call_back",
        "moment",
        "masked_menu",
        "busy_other",
        "refused",
        "we_write",
    ),
    *("consent_record", "listener", "concern_message", "blocked"),
    # Said within others; by themselves only for a group that wants to hear them.
    *("emergency", "ring_back", "concern_key", "or_wait", "message_key", "write_key", "leave_message_number"),
    "masked_menu_coming",
    *("reading_for_you", "own_phone_for_you"),
    *("reading_ask", "reading_again", "reading_yes", "reading_no", "reading_bye"),
    *("failed_busy", "failed_no_such_number", "failed_forwarded", "failed_no_answer", "failed_refused"),
    *("failed_network", "busy_line", "forwarded_other", "network_other", "no_such_number_other"),
    *("not_put_through", "cut_ring_back", "cut_call_again"),
}
# Before them the emergency number is said to whoever has not heard it in their language.
FIRST_HEARD = {"wait", "sorry_wait", "place", "leave_message", "concern_queue", "concern_message"}


def write(name: str, language: str, moment: Moment, sign: Sign) -> list[Part]:
    """The parts of a prompt. Raises `KeyError` for a name that is none."""
    if name not in NAMES:
        raise KeyError(f"there is no prompt {name!r}")
    if name in TONES:
        return [Tone(TONES[name])]
    if name in IN_ALL:
        return list(_in_all(name, language, moment, sign))
    said = [_say("emergency", language)] if moment.first and name in FIRST_HEARD else []
    if name in {"masked_menu", "masked_menu_coming"}:
        # The first thing that they hear of us, and in their own language: in few words.
        said = [_say("emergency_short", language)]
    elif name in {"reading_for_you", "own_phone_for_you"} and sign.name:
        said = [_say("reading_here", language, name=sign.name)]
    said += _sentences(name, language, moment)
    if name == "concern_message":
        # Nobody has chosen a language yet: the likely one in full, the others in few words.
        others = [each for _key, each in moment.offered if each in LANGUAGES and each != language]
        said += [_say("concern_message_short", each) for each in others]
    parts: list[Part] = list(_with_pauses(said))
    if name in WITH_MUSIC:
        parts += [Pause(BETWEEN_S), Tone("waiting")]
    elif name in SAID_AGAIN:
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
    if name == "leave_message" and not moment.ring_back:
        return [_say("leave_message_number", language)]
    if name not in {"wait", "sorry_wait", "place"}:
        return [_say(name, language)]
    where = counting.place(moment.place, language)
    how_long = counting.wait(moment.wait_minutes, language)
    said = [] if name == "place" else [_say(name, language)]
    if name == "place" and not where:
        said.append(_say("still", language))
    said += [Say(language, words) for words in (where, how_long) if words]
    said.append(_say("ring_back" if moment.ring_back else "message_key", language))
    if moment.can_text:
        said.append(_say("write_key", language))
    # Not to who was lost by us: they are to be spoken with at once.
    return said if name == "sorry_wait" else [*said, _say("concern_key", language)]


def _in_all(name: str, language: str, moment: Moment, sign: Sign) -> Iterator[Part]:
    """All that there is to say in the first language, the likely one; the others in few words."""
    offered = moment.offered
    if not offered:
        everybody = sign.offered(language)
        offered = everybody if name in {"welcome", "trouble"} else everybody[:1]
    spoken = [(int(key), each) for key, each in offered if each in LANGUAGES]
    is_roomy = len(spoken) <= ROOMY_LANGUAGES
    for number, (key, each) in enumerate(spoken):
        if number:
            yield Pause(APART_S)
        if name == "welcome":
            yield Block(each, name, _welcome(each, key, sign, number == 0, len(spoken) == 1))
            continue
        danger = "emergency" if is_roomy or (name == "trouble" and not number) else "emergency_short"
        said = [_say(danger, each)]
        if name == "nobody_here" and is_roomy and not moment.first:
            # After the greeting, they have heard it.
            said = []
        if name == "trouble":
            said.append(_say("trouble_short" if number else "trouble", each))
        elif number:
            said.append(_say("ring_back_short" if moment.ring_back else "message_short", each))
        else:
            said += _nobody(name, each, moment, sign, is_roomy)
        yield Block(
            each, name if moment.ring_back or name == "trouble" else f"{name}_no_callback", tuple(said)
        )
    if name == "welcome" and len(spoken) > 1:
        yield Pause(BRIEF_S)
        yield _say("or_wait", spoken[0][1])


def _welcome(language: str, key: int, sign: Sign, first: bool, only: bool) -> tuple[Say, ...]:
    """The likely language in full; whoever takes another one hears the emergency number in it next."""
    number = counting.key(key, language)
    if not first:
        return (_say("language_short", language, key=number),)
    is_said = sign.name and (only or len(sign.name) <= MAX_GREETED_NAME_CHARS)
    here = [_say("here", language, name=sign.name)] if is_said else []
    if only:
        return (_say("emergency", language), *here, _say("stay", language))
    return (_say("emergency_short", language), *here, _say("language_key", language, key=number))


def _nobody(name: str, language: str, moment: Moment, sign: Sign, is_roomy: bool) -> list[Say]:
    """Closed, or nobody on shift: what one can do."""
    said = [_say(name, language)]
    opens, closes = sign.opens, sign.closes
    is_known = name == "closed" and opens is not None and closes is not None and opens != closes
    if is_known and is_roomy and not moment.can_text:
        assert opens is not None
        assert closes is not None
        clocks = {"opens": counting.hour(opens, language), "closes": counting.hour(closes, language)}
        said.append(_say("hours", language, **clocks))
    if moment.ring_back:
        said.append(_say("closed_ring_back", language))
    elif is_roomy:
        said.append(_say("only_message", language))
    if is_roomy and moment.can_text:
        said.append(_say("write_key", language))
    if is_roomy and name == "closed":
        said.append(_say("concern_key", language))
    return [*said, _say("or_wait", language)] if moment.ring_back else said

"""The real sounds on the real machine: how long each way takes, and that nobody hears nothing."""

import shutil
from datetime import time

import numpy as np
import pytest

from quartier.callcore import State, facts, orders
from quartier.callcore.tests.ear import MAX_SILENCE_S, Ear
from quartier.telephony.desk.durations import PromptDurations, sound_of
from quartier.telephony.prompts import NAMES, Group, counting, making, script, sound
from quartier.telephony.prompts.script import Block, Moment, Say
from quartier.telephony.prompts.texts import LANGUAGES, text
from tests.line import sound as ears

pytestmark = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")

LANDLINES = {"fr": "+3242000000", "nl": "+3292000000", "de": "+493012345678", "en": "+442079460000"}
GREETING_TO_QUEUE_S, ANSWER_TO_TONE_S, OWN_LANGUAGE_S = 12.0, 25.0, 5.0
# The tone itself, and the moment before it.
TONE_S = 0.6
# Words that promise a call, in each language.
PROMISES = {
    "fr": ("rappelons", "rappelle", "rappelé", "rappelions", "vous rappel"),
    "nl": ("terugbel", "terug op", "teruggebeld"),
    "de": ("rückruf", "zurückgerufen", "zurück"),
    "en": ("call back", "called back", "call you back"),
}


@pytest.fixture(scope="module")
def group(tmp_path_factory):
    return Group(
        tmp_path_factory.mktemp("line"), "keys", "Quartier solidaire", LANGUAGES, time(8), time(20, 30)
    )


@pytest.fixture(scope="module")
def measured(group):
    durations = PromptDurations()
    durations.measure(group)
    return durations


def ear(measured, **line):
    return Ear(measured.seconds, **line)


def anna(heard, *, languages=LANGUAGES, paused=True):
    heard.happens(facts.CameOn(at=900.0, operator="Anna", languages=languages))
    if paused:
        heard.happens(facts.Paused(at=900.0, operator="Anna"))


def calls(heard, number, **known):
    heard.happens(facts.Rang(at=1000.0, call="c", number=number))
    if known:
        heard.happens(facts.Recognised(at=1000.05, call="c", **known))


def moment_of(heard, prompt):
    return next(at for _call, at, play in heard.heard if play.prompt == prompt) - 1000.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_answer_to_the_queue_without_a_key(group, measured, language):
    heard = ear(measured)
    anna(heard)
    calls(heard, LANDLINES[language])
    heard.ends()
    assert heard.heard[0][2].language == language
    assert heard.prompts_of("c")[:2] == ["welcome", "wait"]
    assert moment_of(heard, "wait") <= GREETING_TO_QUEUE_S


@pytest.mark.parametrize("language", LANGUAGES)
def test_ones_own_language_is_heard_within_five_seconds_and_the_emergency_number_before_it(group, language):
    offered = group.sign.offered(language)
    (first, *_others) = [
        part
        for part in script.write("welcome", language, Moment(offered=offered), group.sign)
        if isinstance(part, Block)
    ]
    assert first.language == language
    emergency, *_name, choice = first.parts
    assert (
        "cent douze" in emergency.words
        or "één één twee" in emergency.words
        or emergency.words.split()[-1]
        in {
            "zwei.",
            "two.",
        }
    )
    whole = ears.read(sound("welcome", language, organisation=group, offered=offered).path)[0]
    only = Group(group.folder, "one", group.name, (language,))
    until_choice = sound("welcome", language, organisation=only).seconds - _seconds("stay", language, group)
    assert until_choice + _seconds_of(choice, group) < OWN_LANGUAGE_S + 2.0
    assert until_choice < OWN_LANGUAGE_S
    assert ears.has_speech(whole[: int(2.5 * 8000)])


def _seconds(name, language, group):

    return _seconds_of(Say(language, text(name, language)), group)


def _seconds_of(say, group):

    return len(making.samples(say, group)) / 8000


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", ["known", ""])
@pytest.mark.parametrize(
    "way", ["closed", "nobody", "nobody speaks it", "key", "recognised closed", "recognised nobody"]
)
def test_the_way_to_a_message_is_short(measured, language, number, way):
    heard = ear(measured, is_open="closed" not in way)
    if way == "nobody speaks it":
        anna(heard, languages=("tr",))
    elif way == "key":
        anna(heard, languages=tuple(each for each in LANGUAGES if each != language))
    told = {"language": language, "can_text": bool(number)} if "recognised" in way else {}
    calls(heard, LANDLINES[language] if number else "", **told)
    if way == "key":
        # The last language of the greeting, as soon as it was heard.
        key = str(LANGUAGES.index(language) + 1)
        heard.happens(facts.Pressed(at=1009.0, call="c", digit=key))
    heard.ends()
    assert heard.tones["c"] - 1000.0 + TONE_S <= ANSWER_TO_TONE_S


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_state_leaves_anybody_in_silence(measured, language):
    """Each way in which nothing is pressed, for a neighbour, a message that is read, a recording that is asked for."""
    for is_open in (True, False):
        for masked in ("", "visit"):
            for coming_s in (0.0, 9.0):
                heard = ear(measured, is_open=is_open)
                anna(heard)
                calls(heard, LANDLINES[language], language=language, masked=masked, coming_s=coming_s)
                heard.ends()
                assert heard.closed
    heard = ear(measured)
    anna(heard, paused=False)
    calls(heard, LANDLINES[language], language=language)
    heard.happens(facts.Answered(at=1003.0, call="c", leg="c.1"))
    heard.happens(facts.Asked(at=1010.0, operator="Anna", call="c", wish="record"))
    assert heard.board.calls["c"].state == State.CONSENTING
    heard.happens(facts.Lost(at=1012.0, call="c", leg="c.1"))
    heard.ends()
    for asks in (True, False):
        heard = ear(measured)
        read = facts.Read(at=1000.0, call="c", to="Marie", language=language, text_s=7.0, asks=asks)
        heard.happens(read)
        heard.happens(facts.Answered(at=1005.0, call="c", leg=""))
        heard.happens(facts.Pressed(at=1008.0, call="c", digit="1"))
        heard.ends()
        assert heard.prompts_of("c")[-1] == "reading_bye"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_goes_round_has_no_silence_in_it(group, language):
    for name in ("wait", "place", "sorry_wait", "hold", "concern_queue", "moment", "accept", "ringing"):
        heard = ears.read(sound(name, language, organisation=group).path)[0]
        loud = np.flatnonzero(np.abs(np.concatenate([heard, heard])) > 0.004)
        assert np.diff(loud).max() / 8000 <= MAX_SILENCE_S + 0.05, name


def test_what_is_measured_is_what_is_heard(group, measured):
    for ring_back in (True, False):
        play = orders.Play("c", "closed", "nl", ring_back=ring_back, offered=group.sign.offered("nl"))
        assert measured.seconds(play) == sound_of(play, group).seconds
    # Something that was never said is as long as the longest like it.
    assert measured.seconds(orders.Play("c", "closed", "nl", offered=(("9", "nl"),))) > 10
    assert measured.seconds(orders.Play("c", "who knows", "nl")) > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_promises_a_call_to_whom_none_can_be_made(group, language):
    """Every prompt in every variant; a caller hears those that promise by name only if they can be rung back."""
    allowed = {"we_call_back", "trouble", "ring_back", "reading_yes", "concern_message", "cut_ring_back"}
    for name in NAMES - allowed:
        for offered in ((), group.sign.offered(language)):
            moment = Moment(place=2, ring_back=False, first=True, can_text=True, offered=offered)
            for part in script.write(name, language, moment, group.sign):
                for say in part.parts if isinstance(part, Block) else [part] if isinstance(part, Say) else []:
                    promised = [each for each in PROMISES[say.language] if each in say.words.lower()]
                    assert not promised, (name, say.words)
    with_promise = script.write("closed", language, Moment(), group.sign)
    words = " ".join(
        say.words for part in with_promise if isinstance(part, Block) for say in part.parts
    ).lower()
    assert any(each in words for each in PROMISES[language]), (
        "the words that are looked for are the ones that are said"
    )


def test_a_group_with_a_long_name_keeps_its_greeting_short(group):
    long = Group(
        group.folder, "long", "Association des habitants solidaires de la vallée du Maelbeek", LANGUAGES
    )
    assert sound("welcome", "fr", organisation=long).seconds <= GREETING_TO_QUEUE_S
    assert counting.key(2, "nl") == "twee"

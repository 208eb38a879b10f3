"""What a leg is to do, in TwiML."""

import math
from dataclasses import dataclass
from urllib.parse import urlencode

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from quartier.telephony.providers.twiml.legs import Gone, Hear, Leave, Leg, Meet
from quartier.telephony.providers.twiml.setup import Setup

# What goes round is asked about again so often at least: an order that got lost is found then.
ROUND_S = 55.0
# Silence in which keys are heard, before we are asked again.
SILENCE_S = 30
# Who says nothing for so long has said everything.
MESSAGE_ENDS_AFTER_S = 10


@dataclass(frozen=True)
class Sound:
    """A prompt that can be fetched, and its seconds."""

    url: str
    seconds: float


def hang_up() -> str:
    response = VoiceResponse()
    response.hangup()
    return str(response)


def refuse() -> str:
    """Not even answered."""
    response = VoiceResponse()
    response.reject(reason="busy")
    return str(response)


def nothing() -> str:
    """To a webhook that only tells."""
    return str(VoiceResponse())


def goodbye(sound: Sound | None) -> str:
    """A last word for a call that nobody knows any more."""
    response = VoiceResponse()
    if sound is not None:
        response.play(sound.url)
    response.hangup()
    return str(response)


def write(leg: Leg, setup: Setup, sound: Sound | None, organisation: str = "") -> str:
    """The document of this moment. `sound`: of its prompt, if there is one that can be played and is to be heard."""
    leg.sheet += 1
    wants, response = leg.wants, VoiceResponse()
    again = _url(setup, leg, "next")
    if isinstance(wants, Gone):
        response.hangup()
    elif isinstance(wants, Hear) and wants.ends:
        if sound is not None:
            response.play(sound.url)
        response.hangup()
    elif isinstance(wants, Meet):
        if sound is not None:
            response.play(sound.url)
        response.append(_room(wants, again))
    elif isinstance(wants, Leave):
        if sound is not None:
            response.play(sound.url)
        response.record(
            action=again,
            method="POST",
            max_length=wants.longest_s,
            timeout=MESSAGE_ENDS_AFTER_S,
            play_beep=True,
            finish_on_key="",
            trim="do-not-trim",
            recording_status_callback=f"{setup.url('recording')}?{urlencode({'of': organisation})}",
            recording_status_callback_method="POST",
        )
        # Nothing was said.
        response.redirect(again, method="POST")
    else:
        response.append(_keys(wants if isinstance(wants, Hear) else None, leg, setup, sound))
        response.redirect(again, method="POST")
    return str(response)


def _room(wants: Meet, again: str) -> Dial:
    dial = Dial(action=again, method="POST")
    dial.conference(
        wants.room,
        muted=wants.unheard,
        beep="false",
        start_conference_on_enter=True,
        end_conference_on_exit=False,
        # Else the provider's own music is played to whoever is first.
        wait_url="",
    )
    return dial


def _keys(hear: Hear | None, leg: Leg, setup: Setup, sound: Sound | None) -> Gather:
    goes_round = hear is not None and hear.loop and sound is not None
    gather = Gather(
        input="dtmf",
        num_digits=1,
        finish_on_key="",
        action=_url(setup, leg, "key"),
        method="POST",
        timeout=SILENCE_S if sound is None else 1,
    )
    if sound is not None:
        times = max(1, math.ceil(ROUND_S / max(sound.seconds, 0.5))) if goes_round else 1
        gather.play(sound.url, loop=times)
    return gather


def _url(setup: Setup, leg: Leg, what: str) -> str:
    words = {"leg": leg.token, "topic": leg.topic, "version": leg.version, "sheet": leg.sheet}
    return f"{setup.url(what)}?{urlencode(words)}"


def come_and_ask(setup: Setup, leg: Leg) -> str:
    """Where the provider asks when something else has been ordered."""
    leg.sheet += 1
    return _url(setup, leg, "go")


def of_leg(setup: Setup, leg: Leg, what: str) -> str:
    """Where the provider tells what becomes of a leg that we ring."""
    return f"{setup.url(what)}?{urlencode({'leg': leg.token})}"

"""The small words of SIP that are read by ourselves: why nobody comes, keys by INFO, descriptions, stored dialogs."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from quartier.callcore import State, facts
from quartier.telephony.desk.journal import Journal
from quartier.telephony.providers.sip import sdp, signalling
from quartier.telephony.providers.sip.dialog import Dialog
from quartier.telephony.providers.sip.dialog_store import DialogStore, StoredLeg
from quartier.telephony.providers.sip.failure_reason import reason_of
from quartier.telephony.providers.sip.info_key import digit_of
from quartier.telephony.providers.sip.last_run import LastRun
from quartier.telephony.providers.sip.pressed_keys import BY_INFO, IN_SOUND, PressedKeys
from quartier.telephony.providers.sip.tests.world import MARIE, NUMBER, OFFER, World, play

HEAD = "v=0\r\nc=IN IP4 127.0.0.1\r\n"
DIALOG = Dialog(
    "call", "<sip:a@b>;tag=1", "<sip:+3220001427@d>;tag=2", "sip:phone@127.0.0.1:9", ("<sip:e;lr>",), 3
)


@pytest.mark.parametrize(
    ("code", "header", "rang", "reason"),
    [
        (486, "", False, "busy"),
        (600, "Q.850;cause=16", False, "busy"),
        (404, "", True, "no_such_number"),
        (484, "", False, "no_such_number"),
        (302, "", True, "forwarded"),
        (408, "", True, "no_answer"),
        (408, "", False, "network"),
        (480, "", True, "no_answer"),
        (480, 'Q.850 ;cause=17;text="User busy"', True, "busy"),
        (503, "Q.850; cause=1", False, "no_such_number"),
        (404, "Q.850;cause=3", False, "network"),
        (480, "SIP;cause=17", False, "no_answer"),
        (480, "SIP;cause=200, Q.850;cause=21", False, "refused"),
        (480, "Q.850;cause=999", False, "no_answer"),
        (603, "", True, "refused"),
        (488, "", False, "network"),
        (500, "nonsense;;;", False, "network"),
        (699, "", False, "network"),
    ],
)
def test_why_nobody_comes(code, header, rang, reason):
    assert reason_of(code, header, rang=rang) == reason


@pytest.mark.parametrize(
    ("kind", "body", "digit"),
    [
        ("application/dtmf-relay", "Signal=5\r\nDuration=160", "5"),
        ("Application/DTMF-Relay; charset=utf-8", "Signal= *\r\n", "*"),
        ("application/dtmf-relay", "Duration=160\r\nsignal =11", "#"),
        ("application/dtmf-relay", "Signal=12", ""),
        ("application/dtmf-relay", "", ""),
        ("application/dtmf", " 7\r\n", "7"),
        ("application/dtmf", "77", ""),
        ("text/plain", "7", ""),
    ],
)
def test_a_key_by_info(kind, body, digit):
    assert digit_of(kind, body) == digit


def test_a_key_that_comes_by_two_ways_is_one():
    keys = PressedKeys()
    told = [
        (IN_SOUND, "1"),
        (BY_INFO, "1"),
        (BY_INFO, "1"),
        (IN_SOUND, "1"),
        (IN_SOUND, "2"),
        (IN_SOUND, "2"),
    ]
    assert [keys.is_new(way, digit, 10 + number / 10) for number, (way, digit) in enumerate(told)] == [
        *(True, False, True, False, True, True)
    ]
    # Later it is another press.
    assert keys.is_new(BY_INFO, "2", 20.0)


def test_descriptions():
    offer = (
        HEAD
        + "m=audio 4000 RTP/AVP 0 18 97 101\r\na=rtpmap:97 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\n"
    )
    assert sdp.codecs(offer) == {"PCMU", "G729", "OPUS"}
    assert sdp.has_keys(offer)
    assert not sdp.has_keys(sdp.plain(("h", 1)).replace("telephone-event", "x"))
    sdp.check_answer(offer, HEAD + "m=audio 5000 RTP/AVP 18\r\n")
    for wrong in (
        "m=audio 5000 RTP/AVP 8\r\n",
        "m=audio 5000 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n",
        "",
    ):
        with pytest.raises(sdp.NoSound):
            sdp.check_answer(offer, HEAD + wrong)
    assert not sdp.rests(offer)
    assert sdp.rests(offer + "a=sendonly\r\n")
    assert sdp.rests(offer + "a=inactive\r\n")
    assert sdp.rests(offer.replace("127.0.0.1", "0.0.0.0"))
    assert not sdp.rests(offer + "a=sendrecv\r\n")


def test_legs_outlast_their_process(tmp_path: Path) -> None:
    file = tmp_path / "dialogs"
    store = DialogStore(file)
    caller = StoredLeg("leg", "call", "7", DIALOG, True, "fr", False)
    store.keep(caller)
    store.keep(replace(caller, leg="over"))
    store.keep(StoredLeg("operator", "call", "7", DIALOG))
    store.hears("leg", ring_back=False, language="nl")
    store.hears("leg", ring_back=True)
    store.hears("operator", ring_back=True, language="nl")
    store.forget("over")
    assert "3220001427" not in file.read_text()
    # It is killed, and another one begins.
    again = DialogStore(file)
    assert again.left == [
        StoredLeg("operator", "call", "7", DIALOG),
        replace(caller, language="nl", ring_back=True),
    ]
    for each in again.left:
        again.forget(each.leg)
    assert DialogStore(file).left == []
    file.write_text("nonsense\n" + '{"number": 1, "sealed": "x"}\n')
    assert DialogStore(file).left == []


def test_a_caller_who_is_up_is_stored_until_the_end(spoken: Path) -> None:
    async def story():
        world = World(spoken)
        await world.on("anna")
        leg = await world.rings()
        world.control.heard(signalling.Established(leg, DIALOG))
        (stored,) = [each for each, _entry in world.dialogs._entries.values()]
        assert (stored.hears, stored.language, stored.ring_back) == (True, "fr", True)
        operator = await world.answers()
        world.control.heard(signalling.Established(operator, DIALOG))
        assert not world.dialogs._entries[operator][0].hears
        world.control.heard(signalling.Over(leg))
        await world.settle()
        assert not world.dialogs._entries

    play(story())


def test_who_wants_a_neighbour_is_promised_no_call_by_the_next_run(spoken: Path) -> None:
    async def story():
        world = World(spoken)
        leg = "11111111-0000-7000-8000-000000000001"
        world.control.heard(signalling.Invited(leg, MARIE, NUMBER, OFFER))
        world.control.heard(signalling.Established(leg, DIALOG))
        await world.settle()

        def promise():
            return world.dialogs._entries[leg][0].ring_back

        def happens(kind, **words):
            world.exchange.happened(leg, kind, **words)

        assert promise()
        world.line.numbers[leg] = MARIE
        happens(facts.Recognised, masked="visit")
        assert not promise()
        happens(facts.Pressed, digit="1")
        await world.settle()
        assert not promise()
        happens(facts.Answered, leg=f"{leg}.1")
        await world.settle()
        assert world.line.board.calls[leg].state == State.THROUGH
        assert not promise()

    play(story())


def test_what_is_promised_changes_also_while_nothing_is_said(spoken: Path) -> None:
    async def story():
        world = World(spoken)
        await world.on("anna")
        leg = await world.rings()
        world.control.heard(signalling.Established(leg, DIALOG))
        await world.answers()
        assert world.dialogs._entries[leg][0].ring_back
        world.exchange.happened(leg, facts.Recognised, ring_back=False)
        assert not world.dialogs._entries[leg][0].ring_back
        assert world.dialogs._entries[leg][0].language == "fr"

    play(story())


@pytest.mark.parametrize("ring_back", [True, False])
def test_callers_of_the_last_run_are_told_and_operators_let_go(spoken: Path, ring_back: bool) -> None:
    async def story():
        store = DialogStore(spoken / "dialogs")
        organisation = "00000000-0000-0000-0000-000000000007"
        store.keep(StoredLeg("caller", "a", organisation, DIALOG, True, "nl", ring_back))
        store.keep(StoredLeg("operator", "a", organisation, replace(DIALOG, call_id="other")))
        store = DialogStore(spoken / "dialogs")
        world = World(spoken / "new")
        world.exchange.ready.set()
        ended, asked = [], []

        class Sip:
            def end_old(self, dialog):
                ended.append(dialog.call_id)

        class Media:
            async def ask(self, command, **words):
                asked.append((command, words.get("call_id")))
                return {"calls": ["caller", "operator", "unknown"]}

        run = LastRun(Media(), Sip(), store, world.exchange)
        await run.begin()
        assert ended == ["other"]
        assert asked == [("list", None), ("delete", "operator"), ("delete", "unknown")]
        began = time.monotonic()
        await run.finish()
        # Only once it was said, and then it is owed.
        assert time.monotonic() - began > 1.2
        told = Journal(spoken / "new" / "journal").left
        assert [(each.what, each.words["call"]) for each in told] == [("promised", "a")] * ring_back
        assert asked[3:] == [("play media", "caller"), ("delete", "caller")]
        assert ended == ["other", "call"]
        assert DialogStore(spoken / "dialogs").left == []

    play(story())


def test_a_phone_without_keys_apart_is_listened_to(spoken: Path) -> None:
    async def story():
        world = World(spoken)
        await world.on("Lotte")
        asked = []
        before = world.media.ask

        async def ask(command, *, call_id, **words):
            asked.append(command)
            return await before(command, call_id=call_id, **words)

        world.media.ask = ask
        leg = "11111111-0000-7000-8000-000000000001"
        world.control.heard(
            signalling.Invited(leg, MARIE, "+3280000020", "v=0\r\nm=audio 4000 RTP/AVP 8\r\n")
        )
        await world.settle()
        assert "unblock DTMF" in asked
        asked.clear()
        other = "11111111-0000-7000-8000-000000000002"
        world.control.heard(signalling.Invited(other, MARIE, "+3280000020", sdp.plain(("127.0.0.1", 4000))))
        await world.settle()
        assert "unblock DTMF" not in asked
        # A key by INFO and in the sound is one.
        world.control.heard(signalling.PressedKey(leg, "2"))
        world.control.pressed(leg, "out", "2")
        await asyncio.sleep(0)
        assert world.line.board.calls[leg].language == "nl"

    play(story())


def test_a_caller_who_offers_nothing_hears_once_they_have_answered(spoken: Path) -> None:
    async def story():
        world = World(spoken)
        leg = "11111111-0000-7000-8000-000000000001"
        world.control.heard(signalling.Invited(leg, MARIE, "+3280000020", ""))
        await world.settle()
        assert world.sip.said == [("accept", leg)]
        assert not world.media.plays
        world.control.heard(signalling.Confirmed(leg, sdp.plain(("127.0.0.1", 4000))))
        await asyncio.sleep(0.5)
        assert list(world.media.plays) == [leg]

    play(story())


def test_the_machine_is_told_why(spoken: Path) -> None:
    async def story():
        world = World(spoken)
        await world.on("anna")
        call = "22222222-0000-7000-8000-000000000001"
        world.exchange._calls[call], world.line.numbers[call] = world.line.now.organisation, MARIE
        world.exchange.tell(world.line, facts.Dial(at=time.time(), call=call, operator="anna", to="Marie"))
        await world.settle()
        await world.answers()
        await world.settle()
        world.control.heard(signalling.NotTaken(world.sip.rung[-1][0], 486, "busy"))
        assert world.line.board.calls[call].failure == "busy"

    play(story())


def test_who_calls_is_who_the_carrier_asserts_and_privacy_is_kept() -> None:
    from sippy.CCEvents import CCEventTry
    from sippy.SipRequest import SipRequest

    def invited(*headers):
        heard = []

        class Agent:
            def recvRequest(self, request, transaction):  # noqa: N802
                (agent,) = line._names
                body = request.getHFBody("from").getUrl().username, NUMBER, None
                line._event(CCEventTry((None, *body)), names[agent])

        line = signalling.Signalling.__new__(signalling.Signalling)
        names = {}
        line._config, line._names, line._heard = {}, {}, heard.append
        line._transactions = SimpleNamespace(req_consumers={})

        def agent(leg):
            made = Agent()
            line._names[id(made)], names[id(made)] = leg, made
            return made

        line._agent = agent
        text = [
            f"INVITE sip:{NUMBER}@h SIP/2.0",
            "Via: SIP/2.0/UDP 127.0.0.1:5;branch=z9hG4bK1",
            "From: <sip:anonymous@anonymous.invalid>;tag=1"
            if "Privacy: x" in headers
            else "From: <sip:1@c>;tag=1",
            f"To: <sip:{NUMBER}@h>",
            "Call-ID: a",
            "CSeq: 1 INVITE",
            *headers,
        ]
        line._request(SipRequest("\r\n".join([*text, "", ""])), None)
        assert not line._config.get("identities")
        (event,) = heard
        return event.number, event.withheld

    first, second = f'"Café 2" <sip:{MARIE}@c>', "<tel:+3220001428>"
    asserted = (f"P-Asserted-Identity: {first}", f"P-Asserted-Identity: {second}")
    assert invited(*asserted) == (f"{first}, {second}", False)
    assert invited(asserted[0], "Privacy: critical;id") == (first, True)
    assert invited(asserted[0], "Privacy: x") == (first, True)
    assert invited() == ("1", False)

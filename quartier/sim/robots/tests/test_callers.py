"""The line rings by itself: who calls when, and who is there when they are called back."""

import asyncio
import shutil
import threading
from types import SimpleNamespace
from uuid import uuid4

import pytest

from quartier.lib import clock
from quartier.sim.robots import callers
from quartier.sim.robots.callers import Callers
from quartier.sim.robots.people import everybody
from quartier.sim.robots.phone import Phone
from quartier.sim.robots.talk import Refused
from quartier.sim.robots.voice import spoken
from quartier.team import actions as team
from quartier.telephony import actions
from quartier.telephony.models import Operator
from quartier.telephony.providers.sip.setup import Setup

pytestmark = pytest.mark.django_db(transaction=True)
PERSON = everybody()[0]


@pytest.fixture
def organisation():
    return team.found_organisation(
        name="Quartier", languages=["fr", "nl", "de"], country="BE", phone="+3280000020"
    )


def test_where_a_call_stands_is_known_until_it_is_over(organisation, tmp_path):
    crowd = Callers(organisation, Setup(tmp_path), 1)
    assert crowd._where(PERSON.number) == ""
    call = uuid4()
    actions.call_began(
        organisation=organisation, call_id=call, direction="in", number=PERSON.number, at=clock.now()
    )
    actions.call_moved(
        organisation=organisation,
        call_id=call,
        state="queued",
        version=2,
        operator=None,
        language="fr",
        at=clock.now(),
    )
    assert crowd._where(PERSON.number) == "queued"
    assert crowd._where(everybody()[1].number) == ""


def test_those_call_whom_somebody_on_the_line_understands(organisation, tmp_path):
    crowd = Callers(organisation, Setup(tmp_path), 1)
    assert not crowd._is_somebody_on()
    assert {crowd._who_calls().language for _ in range(20)} == {"fr", "nl", "de"}
    sara = SimpleNamespace(name="Sara")
    account = organisation.accounts.create(name=sara.name, created_at=clock.now())
    Operator.objects.create(
        organisation=organisation, account=account, standing="available", since=clock.now(), languages=["nl"]
    )
    assert crowd._is_somebody_on()
    assert {crowd._who_calls().language for _ in range(20)} == {"nl"}


def test_nobody_calls_again_at_once(organisation, tmp_path):
    crowd = Callers(organisation, Setup(tmp_path), 1)
    numbers = [crowd._who_calls().number for _ in range(callers.NOT_AGAIN)]
    assert len(set(numbers)) == len(numbers)


def test_they_call_often_but_never_more_than_two_and_end_when_told(organisation, tmp_path, monkeypatch):
    for name in ("OFTEN_S", "SELDOM_S", "SOON_S"):
        monkeypatch.setattr(callers, name, (0.0, 0.0))
    monkeypatch.setattr(callers, "STEP_S", 0.02)
    monkeypatch.setattr(Callers, "_speak_everything", lambda self: None)
    most, began = [], []

    async def calls(self, person):
        began.append(person.number)
        most.append(len(self._on_the_phone))
        await asyncio.sleep(0.1)

    monkeypatch.setattr(Callers, "_calls", calls)
    stop = threading.Event()
    threading.Timer(1.5, stop.set).start()
    asyncio.run(Callers(organisation, Setup(tmp_path, trunk="127.0.0.1:1"), 1).live(stop))
    assert len(began) > 4
    assert max(most) == callers.MOST


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_who_is_called_back_picks_up_and_others_do_not(organisation, tmp_path, monkeypatch):
    monkeypatch.setattr(callers, "RINGS_S", (0.0, 0.0))

    async def scene():
        line = Setup(tmp_path, trunk="127.0.0.1:0", sip_port=9)
        crowd = Callers(organisation, line, 1)
        trunk = await crowd._at_the_trunk()
        desk = await Phone.at("+3280000020", ("127.0.0.1", trunk.port))
        talk = await desk.dial(PERSON.number)
        async with asyncio.timeout(10):
            while talk.sound.loud_at == 0:
                await asyncio.sleep(0.05)
        with pytest.raises(Refused) as busy:
            await desk.dial(PERSON.number)
        with pytest.raises(Refused) as nobody:
            await desk.dial("+3220000001")
        assert (busy.value.code, nobody.value.code) == (486, 480)
        await talk.hang_up()
        await asyncio.sleep(0.2)
        assert not crowd._on_the_phone
        await desk.close()
        await trunk.close()

    asyncio.run(asyncio.wait_for(scene(), 30))


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_what_was_said_once_is_kept(tmp_path):
    first = spoken(PERSON.bye, PERSON.voice, tmp_path)
    assert len(first) > 8000
    (kept,) = tmp_path.iterdir()
    before = kept.stat().st_mtime_ns
    assert spoken(PERSON.bye, PERSON.voice, tmp_path) == first
    assert kept.stat().st_mtime_ns == before

"""Prompts are served by names that nobody can make, and that are soon void; messages as we keep them."""

import asyncio
import base64
import io
import wave
from datetime import timedelta
from types import SimpleNamespace

import pytest

from quartier.callcore import orders
from quartier.lib import clock
from quartier.telephony.prompts import wav
from quartier.telephony.providers.twiml.control import TwimlControl
from quartier.telephony.providers.twiml.messages import as_kept
from quartier.telephony.providers.twiml.phones import Phones
from quartier.telephony.providers.twiml.sounds import Sounds
from quartier.telephony.tests.room import wav as silence


@pytest.fixture
def sounds(tmp_path, tuesday):
    (tmp_path / "prompts/7/fr").mkdir(parents=True)
    (tmp_path / "prompts/7/fr/wait.wav").write_bytes(b"RIFF")
    (tmp_path / "secret-file.wav").write_bytes(b"no")
    return Sounds(tmp_path)


def test_a_name_leads_to_its_file_for_an_hour_or_two(sounds, tmp_path):
    path = tmp_path / "prompts/7/fr/wait.wav"
    name = sounds.name(path)
    found, left_s = sounds.file(name)
    assert found == path
    assert 3600 <= left_s <= 7200
    clock.advance(timedelta(minutes=20))
    assert sounds.name(path) == name, "the provider would fetch it again for each caller"
    clock.advance(timedelta(hours=2))
    assert sounds.file(name) is None


def test_a_name_cannot_be_made(sounds, tmp_path):
    name = sounds.name(tmp_path / "prompts/7/fr/wait.wav")
    whole = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4))
    other = whole[:16] + whole[16:].replace(b"wait", b"hold")
    for forged in ("", "A", "é", name[:-2], base64.urlsafe_b64encode(other).decode(), name + "/.."):
        assert sounds.file(forged) is None
    with pytest.raises(ValueError, match="subpath"):
        sounds.name(tmp_path / "secret-file.wav")


def test_each_installation_signs_for_itself(sounds, tmp_path):
    (tmp_path / "other/prompts/7/fr").mkdir(parents=True)
    (tmp_path / "other/prompts/7/fr/wait.wav").write_bytes(b"RIFF")
    assert Sounds(tmp_path / "other").file(sounds.name(tmp_path / "prompts/7/fr/wait.wav")) is None


def test_a_message_is_kept_as_the_line_keeps_them():
    ours = silence(2.0)
    assert as_kept(ours) == (ours, 2.0)
    other = io.BytesIO()
    with wave.open(other, "wb") as file:
        file.setparams((2, 2, 16_000, 0, "NONE", ""))
        file.writeframes(b"\x00\x10\x00\x10" * 32_000)
    sound, seconds = as_kept(other.getvalue())
    assert seconds == 2.0
    with wave.open(io.BytesIO(sound)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
        assert file.getnframes() == 16_000
    assert as_kept(silence(0)) == (b"", 0.0)
    with pytest.raises(wav.NoSound):
        as_kept(b"<html>")


def test_what_is_for_one_call_alone_is_served_until_the_call_is_over(sounds, tmp_path):
    """A code that is said on an operator's own phone."""
    path = tmp_path / "prompts/7/read/one.wav"
    path.parent.mkdir()
    path.write_bytes(b"RIFF")
    setup = SimpleNamespace(url=lambda what: f"https://line.example.org/line/carrier/{what}")
    phones = Phones(SimpleNamespace(), None, setup, sounds)
    line = SimpleNamespace(now=SimpleNamespace(group=None), texts={"c": path}, places={})
    exchange = SimpleNamespace(of=lambda call: line, expected_minutes=lambda line, place: 0)
    control = TwimlControl(exchange, None, setup, phones)
    hear = control._heard(orders.Play("c", "reading", "fr"))
    made = asyncio.run(phones.sound(line, hear))
    name = made.url.split("/sound/")[1].split("/")[0]
    assert sounds.file(name)[0] == path
    path.unlink()
    assert sounds.file(name) is None
    assert control._heard(orders.Play("c", "own_phone_for_you", "fr")).file is None

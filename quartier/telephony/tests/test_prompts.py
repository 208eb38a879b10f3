"""The prompts for real: said by espeak-ng, put together, kept, and listened to."""

import io
import os
import shutil
import subprocess
import threading
import time
import wave

import numpy as np
import pytest

from quartier.callcore import masked, outgoing
from quartier.telephony import prompts
from quartier.telephony.prompts import Group, making, music, own, shelf, voices, wav
from quartier.telephony.prompts.script import Say
from quartier.telephony.prompts.texts import LANGUAGES
from quartier.telephony.providers.sip import alaw
from tests.line import sound as ears

speaks = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    """The folder of a line, so that each sentence is said once for all tests here."""
    return tmp_path_factory.mktemp("line")


@pytest.fixture
def group(line, request):
    return Group(line, request.node.name, "Quartier solidaire")


def hear(sound):
    samples, rate = ears.read(sound.path)
    assert rate == 8000
    assert len(samples) / rate == pytest.approx(sound.seconds, abs=0.001)
    return samples


def recording(hz=500, seconds=1.0, rate=44100, channels=2):
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((channels, 2, rate, 0, "NONE", ""))
        heard = 8000 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)
        file.writeframes(np.repeat(heard.astype("<i2"), channels).tobytes())
    return out.getvalue()


@speaks
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_prompt_is_said_aloud(group, language):
    for name in prompts.NAMES - {"ringing", "beep", "music"}:
        sound = prompts.sound(name, language, organisation=group)
        heard = hear(sound)
        # The words, before the music of those that have some.
        words = heard[: 8 * 8000] if name in {"wait", "sorry_wait", "place"} else heard[: int(2.5 * 8000)]
        assert ears.has_speech(words), name
        assert np.abs(heard).max() < 0.99, name
        assert ears.level(words) > 0.02, name
        assert sound.seconds > 1.5


@speaks
def test_nobody_waits_long_for_their_language(group):
    assert 8 < prompts.sound("welcome", "fr", organisation=group).seconds < 12
    two = Group(group.folder, "two", "", ("fr", "nl"))
    assert prompts.sound("welcome", "fr", organisation=two).seconds < 8
    for language in LANGUAGES:
        assert prompts.sound("accept", language, organisation=group, area="Eupen").seconds < 8
        assert prompts.sound("closed", language, organisation=group).seconds < 40
        assert prompts.sound("we_call_back", language, organisation=group).seconds < 9
        assert prompts.sound("masked_menu", language, organisation=group).seconds < 12
        for name in ("busy_other", *masked.FAILURE_PROMPTS.values()):
            assert prompts.sound(name, language, organisation=group).seconds < 12, name
        # What is said before something else begins or ends is said to its end.
        for name in ("failed_network", *outgoing.FAILURE_PROMPTS.values()):
            said = prompts.sound(name, language, organisation=group).seconds
            assert said < outgoing.FAILURE_SAID_S, name
        assert prompts.sound("not_put_through", language, organisation=group).seconds < 12


@speaks
def test_who_waits_hears_music_until_the_next_word(group):
    for name in ("wait", "place", "sorry_wait", "hold"):
        heard = hear(prompts.sound(name, "nl", organisation=group, place=2, wait_minutes=3))
        assert len(heard) / 8000 > 50
        last = heard[-20 * 8000 :]
        assert ears.level(last) > 0.01
        assert not ears.has_speech(last)


@speaks
@pytest.mark.parametrize("language", LANGUAGES)
def test_places_and_waits_sound_different(group, language):
    words = {prompts.sound("place", language, organisation=group, place=each).path for each in range(25)}
    assert len(words) == 22
    short = prompts.sound("place", language, organisation=group, place=2)
    long = prompts.sound("place", language, organisation=group, place=2, wait_minutes=35)
    assert long.seconds > short.seconds + 1


@speaks
def test_what_was_made_comes_at_once(group, monkeypatch):
    prompts.sound("wait", "fr", organisation=group, place=3, wait_minutes=4)
    began = time.perf_counter()
    for _ in range(100):
        prompts.sound("wait", "fr", organisation=group, place=3, wait_minutes=4)
    assert (time.perf_counter() - began) / 100 < 0.001
    # Another process finds the file, and says nothing again.
    monkeypatch.setattr(prompts, "_known", {})
    began = time.perf_counter()
    prompts.sound("wait", "fr", organisation=group, place=3, wait_minutes=4)
    assert time.perf_counter() - began < 0.05


@speaks
def test_calls_at_the_same_time_make_one_file(tmp_path, monkeypatch):
    group, said = Group(tmp_path, "busy", ""), []
    speak = voices.Espeak.speak

    def slow(self, text, path):
        said.append(text)
        time.sleep(0.05)
        speak(self, text, path)

    monkeypatch.setattr(voices.Espeak, "speak", slow)
    heard = []
    threads = [
        threading.Thread(
            target=lambda: heard.append(prompts.sound("wait", "fr", organisation=group, place=2))
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(heard) == 8
    assert len({each.path for each in heard}) == 1
    assert len(said) == len(set(said)) == 4
    assert len(list((group.cache / "fr").iterdir())) == 1
    assert not shelf._busy


@speaks
def test_a_file_that_was_cut_off_is_made_again(group, monkeypatch):
    sound = prompts.sound("refused", "en", organisation=group)
    sound.path.write_bytes(sound.path.read_bytes()[:2000])
    with pytest.raises(wav.NoSound):
        wav.seconds(sound.path)
    monkeypatch.setattr(prompts, "_known", {})
    again = prompts.sound("refused", "en", organisation=group)
    assert again == sound
    assert wav.seconds(again.path) == sound.seconds


@speaks
def test_a_file_that_was_cleared_away_is_made_again(group):
    sound = prompts.sound("refused", "en", organisation=group)
    sound.path.unlink()
    assert hear(prompts.sound("refused", "en", organisation=group)).any()


@speaks
def test_a_language_without_words_is_answered_in_the_first_of_the_group(group):
    turkish = Group(group.folder, group.id, "", ("tr", "nl"))
    assert prompts.sound("refused", "tr", organisation=turkish).path.parent.name == "nl"
    # A language of which there is nothing at all does not break the line.
    assert prompts.sound("refused", "tr", organisation=Group(group.folder, group.id, "", ("tr",))).seconds > 1


@speaks
def test_the_groups_own_voice_wins_and_can_go_again(tmp_path):
    group = Group(tmp_path, "own", "", ("fr", "nl"))
    by_machine = prompts.sound("we_call_back", "fr", organisation=group)
    own.store(group.own, {("we_call_back", "fr"): recording(500), ("welcome", "nl"): recording(700)})
    heard = hear(prompts.sound("we_call_back", "fr", organisation=group))
    assert ears.has_tone(heard, 500)
    assert not ears.has_speech(heard)
    assert len(heard) / 8000 == pytest.approx(1.4, abs=0.1)
    # One language of the greeting, and the other one by the machine.
    welcome = hear(prompts.sound("welcome", "fr", organisation=group))
    tone = next(
        at for at in range(0, len(welcome) - 4000, 800) if ears.has_tone(welcome[at : at + 4000], 700)
    )
    assert ears.has_speech(welcome[:tone])
    # And by the machine again: or simply wait.
    assert ears.has_speech(welcome[-12000:])
    before = {path: path.stat().st_mtime_ns for path in group.own.iterdir()}
    own.store(group.own, {("we_call_back", "fr"): recording(500), ("welcome", "nl"): recording(700)})
    assert before == {path: path.stat().st_mtime_ns for path in group.own.iterdir()}
    own.store(group.own, {})
    assert prompts.sound("we_call_back", "fr", organisation=group) == by_machine


@speaks
def test_the_groups_own_music_is_played(tmp_path):
    group = Group(tmp_path, "own")
    own.store(group.own, {("music", "fr"): recording(600, 5)})
    assert ears.has_tone(hear(prompts.sound("hold", "fr", organisation=group))[-16000:], 600)


def test_what_cannot_be_played_is_named_and_spoils_nothing_else(tmp_path):
    for bad in (
        {("hold", "fr"): b"no sound"},
        {("goodbye", "fr"): recording()},
        {("hold", "../../x"): recording()},
        {("hold", "fr"): recording(seconds=0)},
        {("hold", "fr"): np.zeros(100).tobytes()},
    ):
        with pytest.raises(ValueError, match=r"hold|goodbye"):
            own.store(tmp_path / "own", {("refused", "fr"): recording(), **bad})
        assert [path.name for path in (tmp_path / "own").iterdir()] == ["refused.fr.wav"]
    assert [path.name for path in tmp_path.iterdir()] == ["own"]


def test_any_recording_becomes_telephone_sound():
    for rate, channels in ((8000, 1), (16000, 1), (22050, 2), (44100, 2), (48000, 1)):
        heard, ours = wav.read(wav.for_telephone(recording(500, 1.0, rate, channels)))
        assert ours == 8000
        assert len(heard) == pytest.approx(8000, abs=800)
        assert ears.loudest(heard) == pytest.approx(500, abs=5)
        assert ears.level(heard) == pytest.approx(wav.LOUD, rel=0.1)


def test_what_a_telephone_cannot_carry_does_not_come_back_as_something_else():
    """Without a filter, 7000 Hz would be heard as 1000."""
    high, low = wav.read(recording(7000))[0], wav.read(recording(500))[0]
    heard = wav.narrowed(high + 0.1 * low, 44100)
    assert ears.loudest(heard) == pytest.approx(500, abs=5)


def test_music_is_calm_and_the_same_each_time():
    heard = music.waiting()
    assert np.array_equal(heard, music.waiting())
    assert len(heard) / 8000 >= 50
    assert 0.02 < ears.level(heard) < 0.1
    assert not ears.has_speech(heard)
    # Nowhere sudden, nowhere silent; and no click where it begins again.
    seconds = [ears.level(each) for each in np.array_split(heard, 54)]
    assert min(seconds) > 0.3 * max(seconds)
    assert abs(heard[0] - heard[-1]) < 0.03


def test_tones():
    assert ears.has_tone(music.ringing(), 425, seconds=0.8)
    assert len(music.ringing()) == 4 * 8000
    assert ears.has_tone(music.beep(), 1400)


@speaks
def test_the_name_of_a_group_is_only_read_aloud(tmp_path):
    for name in ("-v en --help", "[[a]] $(reboot)", "\x00", "ééé 日本"):
        group = Group(tmp_path, "name", name, ("fr",))
        assert prompts.sound("welcome", "fr", organisation=group).seconds > 3


def test_without_a_voice_it_is_said_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(prompts.NoVoice, match="apt install espeak-ng"):
        prompts.sound("welcome", "fr", organisation=Group(tmp_path, "mute"))
    # What the group has recorded needs none.
    group = Group(tmp_path, "own")
    own.store(group.own, {("refused", "fr"): recording()})
    assert prompts.sound("refused", "fr", organisation=group).seconds == pytest.approx(1.4, abs=0.1)


def test_a_voice_that_fails_or_says_nothing_is_no_voice(tmp_path, monkeypatch):
    program = tmp_path / "espeak-ng"
    program.write_text("#!/bin/sh\necho broken >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(prompts.NoVoice, match="broken"):
        prompts.sound("refused", "fr", organisation=Group(tmp_path, "x"))
    program.write_text("#!/bin/sh\nexit 0\n")
    with pytest.raises(prompts.NoVoice):
        prompts.sound("refused", "fr", organisation=Group(tmp_path, "x"))


def test_a_voice_of_piper_is_used_where_there_is_one(tmp_path, monkeypatch):
    """The real program takes these very words (piper 1.4, tried by hand); its voices are too large for a test."""
    tone = ears.tone(tmp_path / "tone.wav", 900, 1, 22050)
    program = tmp_path / "bin" / "piper"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/words\ncat > {tmp_path}/said\ncp {tone} "$4"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/bin:/usr/bin")
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "fr_FR-test-medium.onnx").write_bytes(b"")
    assert ears.has_tone(hear(prompts.sound("refused", "fr", organisation=Group(tmp_path, "x"))), 900)
    assert (tmp_path / "said").read_text() == "Cet appel n'est pas possible pour le moment."
    assert (tmp_path / "words").read_text().startswith(f"--model {tmp_path}/voices/fr_FR-test-medium.onnx")
    if shutil.which("espeak-ng"):
        assert isinstance(voices.voice("nl", tmp_path), voices.Espeak)


@speaks
def test_a_prompt_that_is_used_again_is_not_encoded_again(group):
    prompt = prompts.sound("refused", "fr", organisation=group).path
    twin = alaw.file(prompt)
    for file in (prompt, twin):
        os.utime(file, (1000, 1000))
    assert alaw.file(prompts.sound("refused", "fr", organisation=group).path).stat().st_mtime == 1000


def test_what_is_used_stays_and_the_oldest_goes(tmp_path, monkeypatch):
    monkeypatch.setattr(shelf, "KEPT", 3)
    for number in range(6):
        path = tmp_path / f"{number}.wav"
        path.write_bytes(wav.written(np.zeros(100)))
        # 0 was used in this very minute.
        age = 0 if number == 0 else 10_000 * number
        subprocess.run(["touch", "-d", f"{age} seconds ago", str(path)], check=True)
    shelf.clear(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.wav", "1.wav", "2.wav"]


@speaks
def test_warm_says_everything_beforehand(line, monkeypatch):
    group = Group(line, "warm", "Quartier", ("de",))
    assert prompts.warm(group) >= 30

    def nobody(*_):
        raise AssertionError("it was said already")

    monkeypatch.setattr(voices.Espeak, "speak", nobody)
    for place in range(30):
        for minutes in (0, 2, 44, 70):
            prompts.sound("wait", "de", organisation=group, place=place, wait_minutes=minutes)
    assert making.samples(Say("de", "Sie sind als Nächstes an der Reihe."), group).any()

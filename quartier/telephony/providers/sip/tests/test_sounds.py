"""A-law, the recorder, the mixer: what is heard is what was said."""

import asyncio
import io
import socket
import struct
import wave

import numpy as np

from quartier.telephony.prompts import wav
from quartier.telephony.providers.sip import alaw
from quartier.telephony.providers.sip.mixer import FRAME, Mixer
from quartier.telephony.providers.sip.recorder import Recorder


def tone(hertz, seconds, loud=8000):
    return (loud * np.sin(2 * np.pi * hertz * np.arange(int(8000 * seconds)) / 8000)).astype(np.int16)


def loudest(samples):
    return np.argmax(np.abs(np.fft.rfft(samples))) * 8000 / len(samples)


def packet(number, samples):
    return struct.pack("!BBHII", 128, 8, number, number * FRAME, 7) + alaw.encode(samples)


def test_every_code_comes_back_as_itself():
    codes = bytes(range(256))
    assert alaw.encode(alaw.decode(codes)) == codes


def test_what_is_encoded_is_nearly_the_same():
    said = tone(440, 0.5)
    off = np.abs(alaw.decode(alaw.encode(said)).astype(int) - said)
    # A-law keeps about five bits of a number: within a sixteenth, and a step at the quiet end.
    assert (off <= np.abs(said.astype(int)) / 16 + 16).all()


def test_the_twin_of_a_prompt_says_the_same(tmp_path):
    file = tmp_path / "hello.wav"
    file.write_bytes(wav.written(tone(700, 1.0) / 32768))
    twin = alaw.file(file)
    assert twin.read_bytes()[20:22] == b"\x06\x00"
    assert abs(loudest(alaw.samples(str(twin))) - 700) < 2
    assert alaw.file(file) == twin


async def _said(recorder, packets):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        for each in packets:
            phone.sendto(each, recorder.address)
        await asyncio.sleep(0.1)


def test_a_message_is_whole_though_packets_come_in_any_order_or_not_at_all():
    async def record():
        recorder = await Recorder.open()
        said = tone(600, 1.0)
        packets = [packet(n, said[n * FRAME : (n + 1) * FRAME]) for n in range(50)]
        del packets[10]
        await _said(recorder, [packets[0], *reversed(packets[1:]), packets[3], b"x", b"\x80\x65" + b"0" * 20])
        recorder.close()
        return recorder

    recorder = asyncio.run(record())
    assert recorder.seconds == 1.0
    with wave.open(io.BytesIO(recorder.wav())) as file:
        assert (file.getframerate(), file.getnframes()) == (8000, 8000)
        heard = np.frombuffer(file.readframes(8000), "<i2")
    assert abs(loudest(heard) - 600) < 5
    assert not heard[10 * FRAME : 11 * FRAME].any()


def test_each_hears_everybody_but_themselves_and_nobody_a_listener():
    async def speak():
        phones = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(3)]
        for phone in phones:
            phone.bind(("127.0.0.1", 0))
            phone.setblocking(False)
        mixer = await Mixer.open(3, deaf_to=2)
        for number, phone in enumerate(phones):
            mixer.reach(number, phone.getsockname())
        mixer.say(1, tone(1500, 0.4))
        heard = [b"", b"", b""]
        for step in range(60):
            for number, phone in enumerate(phones):
                said = tone((500, 900, 1300)[number], 1.2)[step * FRAME : (step + 1) * FRAME]
                phone.sendto(packet(step, said), mixer.address(number))
            await asyncio.sleep(0.02)
            for number, phone in enumerate(phones):
                try:
                    while True:
                        heard[number] += phone.recv(500)[12:]
                except BlockingIOError:
                    pass
        mixer.close()
        for phone in phones:
            phone.close()
        return [alaw.decode(each) for each in heard]

    first, second, listener = asyncio.run(speak())

    def has(samples, hertz):
        spectrum = np.abs(np.fft.rfft(samples))
        at = round(hertz * len(samples) / 8000)
        return bool(spectrum[at - 4 : at + 5].max() > 0.1 * spectrum.max())

    assert [has(first, hertz) for hertz in (500, 900, 1300, 1500)] == [False, True, False, False]
    assert [has(second, hertz) for hertz in (500, 900, 1300, 1500)] == [True, False, False, True]
    assert [has(listener, hertz) for hertz in (500, 900, 1300, 1500)] == [True, True, False, False]

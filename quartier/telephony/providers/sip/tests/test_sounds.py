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
from quartier.telephony.providers.sip.tape import Tape, _Track


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


def test_a_packet_from_the_future_makes_no_message_long():
    async def record():
        recorder = await Recorder.open()
        said = tone(600, 1.0)
        packets = [packet(n, said[n * FRAME : (n + 1) * FRAME]) for n in range(50)]
        # A timestamp of eleven minutes later, and a packet as large as one can be.
        far = struct.pack("!BBHII", 128, 8, 51, 700 * 8000, 7) + b"\xd5" * 160
        await _said(recorder, [*packets, far, packets[0][:12] + b"\xd5" * 60_000])
        recorder.close()
        return recorder

    recorder = asyncio.run(record())
    assert recorder.seconds <= 1.0
    assert len(recorder.wav()) < 20_000


def test_another_stream_in_the_middle_of_a_message_is_heard_after_what_was_said():
    async def record():
        recorder = await Recorder.open()
        said = tone(600, 1.0)
        packets = [packet(n, said[n * FRAME : (n + 1) * FRAME]) for n in range(50)]
        # The gateway has begun another one, whose clock is far behind.
        for n in range(25, 50):
            head = struct.pack("!BBHII", 128, 8, n, (1000 + (n - 25) * FRAME) & 0xFFFFFFFF, 99)
            packets[n] = head + packets[n][12:]
        packets[:25] = [
            each[:4] + struct.pack("!I", 3_000_000 + n * FRAME) + each[8:]
            for n, each in enumerate(packets[:25])
        ]
        await _said(recorder, packets)
        recorder.close()
        return recorder

    recorder = asyncio.run(record())
    assert recorder.seconds == 1.0
    with wave.open(io.BytesIO(recorder.wav())) as file:
        heard = np.frombuffer(file.readframes(8000), "<i2")
    assert abs(loudest(heard[4000:]) - 600) < 5


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
                phone.sendto(packet(step, said), mixer.addresses[number])
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


def test_a_track_is_right_by_the_clock_whatever_becomes_of_its_packets():
    said = [bytes([code]) * FRAME for code in range(1, 51)]
    track = _Track()
    packets = [packet(n, tone(500, 0.02))[:12] + each for n, each in enumerate(said)]
    lost = 10
    for number, each in enumerate(packets):
        if number != lost:
            # As late as networks are.
            track.put(each, number * FRAME + (37 * number) % 300)
    sound = bytes(track.sound)
    assert sound[lost * FRAME : (lost + 1) * FRAME] == b"\xd5" * FRAME
    assert sound[: lost * FRAME] == b"".join(said[:lost])
    # Another browser, with another clock, ten seconds later; then nonsense.
    other = struct.pack("!BBHII", 128, 8, 9, 4_000_000_000, 8) + said[0]
    track.put(other, 80_000)
    for nonsense in (b"", b"x" * 12, b"\x80\x65" + b"0" * 30):
        track.put(nonsense, 90_000)
    assert len(track.sound) == 80_000 + FRAME
    assert bytes(track.sound[80_000:]) == said[0]


def test_a_stamp_that_begins_again_is_later_and_not_thirteen_hours_before():
    track = _Track()
    for number in range(4):
        head = struct.pack("!BBHII", 128, 8, number, (0xFFFFFFFF - FRAME + number * FRAME) & 0xFFFFFFFF, 7)
        track.put(head + bytes([number + 1]) * FRAME, number * FRAME)
    assert bytes(track.sound) == b"".join(bytes([each]) * FRAME for each in range(1, 5))


def test_both_are_in_the_file_and_no_stranger(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("quartier.telephony.providers.sip.tape.time.monotonic", lambda: now[0])

    async def talk():
        tape = Tape(3)
        for stretch in range(2):
            tap = await tape.go_on()
            tap.reach(0, ("127.0.0.1", 1))
            tap.reach(1, ("127.0.0.1", 2))
            tap.moved(("127.0.0.1", 1), ("127.0.0.1", 3))
            for number in range(50):
                for side, hertz in ((0, 500), (1, 900)):
                    said = tone(hertz, 1.0)[number * FRAME : (number + 1) * FRAME]
                    tap._sides[side].datagram_received(packet(number, said), ("127.0.0.1", 3 - side))
                    stranger = packet(number, tone(2000, 0.02))
                    tap._sides[side].datagram_received(stranger, ("127.0.0.1", 99))
                now[0] += 0.02
            if stretch:
                now[0] += 1.0
            tap.close()
            # What lies between two stretches is not there.
            now[0] += 60.0
        return tape

    tape = asyncio.run(talk())
    assert tape.seconds == 3.0
    with wave.open(io.BytesIO(alaw.plain(tape.wav()))) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnframes()) == (8000, 2, 24_000)
        heard = np.frombuffer(file.readframes(24_000), "<i2")
    for at in (0, 8000):
        spectrum = np.abs(np.fft.rfft(heard[at : at + 8000]))
        assert {int(each) for each in np.argsort(spectrum)[-2:]} == {500, 900}
    assert not (np.abs(heard[16_000:]) > 8).any()
    assert alaw.plain(b"RIFF" + bytes(100)) == b"RIFF" + bytes(100)

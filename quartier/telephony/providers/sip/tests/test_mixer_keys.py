"""With three on a call, a key that one presses reaches both others, once, in the stream of what they hear."""

import asyncio
import socket
import struct

import pytest

from quartier.telephony.providers.sip.mixer import FRAME, KEYS, PCMA, Mixer

# RFC 4733: key 5, its length so far; the last packet, sent three times, has the end bit.
KEY_EVENT_DURATIONS = (1, 2, 3, 4, 5, 5, 5)


def key_packet(number, mark=False):
    body = struct.pack("!BBH", 5, 10 | (0x80 if number >= 4 else 0), KEY_EVENT_DURATIONS[number] * FRAME)
    return struct.pack("!BBHII", 128, KEYS | (0x80 if mark else 0), number, 7000, 99) + body


@pytest.mark.parametrize("deaf_to", [None, 0])
def test_a_key_reaches_the_others_once_and_in_their_stream(deaf_to):
    async def press():
        phones = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(3)]
        for phone in phones:
            phone.bind(("127.0.0.1", 0))
            phone.setblocking(False)
        mixer = await Mixer.open(3, deaf_to=deaf_to)
        for number, phone in enumerate(phones):
            mixer.reach(number, phone.getsockname())
        heard = [[], [], []]
        for step in range(20):
            if 5 <= step < 5 + len(KEY_EVENT_DURATIONS):
                phones[0].sendto(key_packet(step - 5, mark=step == 5), mixer.addresses[0])
            await asyncio.sleep(0.02)
            for number, phone in enumerate(phones):
                try:
                    while True:
                        heard[number].append(phone.recv(500))
                except BlockingIOError:
                    pass
        mixer.close()
        for phone in phones:
            phone.close()
        return heard

    presser, *others = asyncio.run(press())
    assert {data[1] & 0x7F for data in presser} == {PCMA}
    for packets in others:
        keys = [data for data in packets if data[1] & 0x7F == KEYS]
        if deaf_to == 0:
            assert not keys
            continue
        assert [data[12:] for data in keys] == [
            key_packet(number)[12:] for number in range(len(KEY_EVENT_DURATIONS))
        ]
        # One press: one time at which it began, one mark; and one stream, without a gap, with the sound around it.
        assert len({data[4:8] for data in keys}) == 1
        assert [data[1] >> 7 for data in keys] == [1, *[0] * (len(KEY_EVENT_DURATIONS) - 1)]
        assert len({data[8:12] for data in packets}) == 1
        places = [int.from_bytes(data[2:4]) for data in packets]
        assert places == list(range(places[0], places[0] + len(places)))

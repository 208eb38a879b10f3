"""The little SDP that we write and read ourselves; rtpengine does the rest."""

import ipaddress
import re

PCMA = 8
_CONNECTION = re.compile(r"^c=IN IP[46] ([^\s/]+)", re.MULTILINE)
_WHOLE_CONNECTION = re.compile(r"^c=IN IP[46] [^\r\n]+", re.MULTILINE)
_RTCP_LINE = re.compile(r"^a=rtcp:[^\r\n]*\r?\n", re.MULTILINE)
_MEDIA = re.compile(r"^m=audio (\d+) ", re.MULTILINE)
# Where nobody listens: the discard port.
NOWHERE = ("127.0.0.1", 9)


class NoSound(ValueError):
    """A description without a way for sound."""


def plain(address: tuple[str, int]) -> str:
    """Sound in PCMA with keys (RFC 4733), to and from this address."""
    host, port = address
    return (
        f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
        f"m=audio {port} RTP/AVP {PCMA} 101\r\na=rtpmap:{PCMA} PCMA/8000\r\n"
        "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n"
    )


# What rtpengine can turn into PCMA; payload types without a name are fixed by RFC 3551.
_NAMES = {"PCMA", "PCMU", "G722", "OPUS", "GSM", "SPEEX", "ILBC", "G729"}
_FIXED = {"0", "3", "8", "9", "18"}
_AUDIO = re.compile(r"^m=audio [1-9]\d* \S+ ([\d ]+)", re.MULTILINE)
_PROTOCOL = re.compile(r"^m=audio \d+ (\S+)", re.MULTILINE)
_CODEC = re.compile(r"^a=rtpmap:\d+ ([A-Za-z0-9-]+)/", re.MULTILINE)


def check(text: str) -> None:
    """Raise `NoSound` for an offer in which there is no way of sound that we understand."""
    found = _AUDIO.search(text)
    if found is None:
        raise NoSound
    named = {each.upper() for each in _CODEC.findall(text)}
    if not named & _NAMES and not set(found[1].split()) & _FIXED:
        raise NoSound


_SUPPLEMENTAL = {"TELEPHONE-EVENT", "CN"}
_STATIC = {"0": "PCMU", "3": "GSM", "4": "G723", "8": "PCMA", "9": "G722", "18": "G729"}
_FORMATS = re.compile(r"^m=audio \d+ \S+ ([\d ]+)", re.MULTILINE)
_RTPMAP = re.compile(r"^a=rtpmap:(\d+) ([A-Za-z0-9-]+)/", re.MULTILINE)
_RESTS = re.compile(r"^(a=(sendonly|inactive)|c=IN IP4 0\.0\.0\.0)[ \t]*\r?$", re.MULTILINE)


def codecs(text: str) -> set[str]:
    """The ways of sound in the first description of sound, by name; keys and comfort noise are none."""
    found = _FORMATS.search(text)
    named = {number: name.upper() for number, name in _RTPMAP.findall(text)}
    formats = found[1].split() if found else []
    return {named.get(each, _STATIC.get(each, each)) for each in formats} - _SUPPLEMENTAL


def check_answer(offer: str, answer: str) -> None:
    """Raise `NoSound` for an answer with nothing that was offered: its sound would not be understood."""
    if not codecs(answer) & codecs(offer):
        raise NoSound


_LINE = re.compile(r"^m=(\S+) (\d+) (\S+) ([^\r\n]+)", re.MULTILINE)


_MEDIUM = re.compile(r"^(?=m=)", re.MULTILINE)


def _media(text: str) -> list[str]:
    """What is said of all, then what is said of each medium."""
    return _MEDIUM.split(text)


def sound_alone(text: str) -> str:
    """Without what else is described, such as a fax or a picture: rtpengine would take our own side, which has sound
    alone, for the answer to whatever comes first, and nobody would hear this phone."""
    head, *media = _media(text)
    sounds = [each for each in media if each.startswith("m=audio ")]
    usable = [each for each in sounds if _AUDIO.match(each)]
    return head + (usable or sounds)[0] if sounds and len(media) > 1 else text


def with_each_medium(offer: str, answer: str) -> str:
    """The answer to `sound_alone`, with one line for each medium that was offered, in that order (RFC 3264, 6): whoever
    has asked could not tell otherwise which one is meant."""
    head, *media = _media(answer)
    found, sound = head, _media(sound_alone(offer))[1:]
    for each in _media(offer)[1:]:
        if media and [each] == sound:
            found, media = found + media[0], []
        elif line := _LINE.match(each):
            found += f"m={line[1]} 0 {line[3]} {line[4]}\r\n"
    return found + "".join(media)


def has_keys(text: str) -> bool:
    """Whether this phone says its keys as events (RFC 4733)."""
    return "telephone-event/" in text.lower()


def rests(text: str) -> bool:
    """Whether whoever sends this puts us on hold: they hear nothing from us, and need not send anything."""
    return _RESTS.search(text) is not None


def port(text: str) -> int:
    """The port of the sound; raises `NoSound`."""
    found = _MEDIA.search(text)
    if found is None or int(found[1]) == 0:
        raise NoSound
    return int(found[1])


def endpoint(text: str) -> tuple[str, int] | None:
    """Where the sound is wanted; what is said of the sound itself counts more than what is said of all."""
    hosts, medium = _CONNECTION.findall(text), _MEDIA.search(text)
    return (hosts[-1], int(medium[1])) if hosts and medium else None


def moved(text: str, to: tuple[str, int]) -> str:
    """The same description with the sound wanted there, and what reports on it beside it."""
    host, port = to
    kind = "IP6" if ":" in host else "IP4"
    there = _WHOLE_CONNECTION.sub(f"c=IN {kind} {host}", _RTCP_LINE.sub("", text))
    return _MEDIA.sub(f"m=audio {port} ", there)


def protocol(text: str) -> str:
    """How the sound is carried: `RTP/AVP` plain, `RTP/SAVP` with keys in the description, `UDP/TLS/RTP/SAVPF` as
    browsers do. Raises `NoSound`."""
    found = _PROTOCOL.search(text)
    if found is None:
        raise NoSound
    return found[1]


def is_reachable(text: str) -> bool:
    """Whether the address of the sound is one that packets find: public, or on this machine; not that of a phone behind
    somebody's router."""
    found = endpoint(text)
    try:
        address = ipaddress.ip_address(found[0] if found else "")
    except ValueError:
        return False
    return address.is_global or address.is_loopback


def is_of_a_browser(text: str) -> bool:
    """Whether the sound is encrypted by DTLS, and goes only where ICE has found somebody who wants it."""
    needed = ("a=fingerprint:", "a=ice-ufrag:", "a=ice-pwd:")
    return protocol(text).startswith("UDP/TLS/RTP/SAVP") and all(each in text for each in needed)


def is_encrypted(text: str) -> bool:
    """Whether this description lets nobody on the way listen; raises `NoSound`."""
    return "SAVP" in protocol(text)

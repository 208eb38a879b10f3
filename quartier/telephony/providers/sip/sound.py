"""The sound of one leg: a socket pair in rtpengine, one side to the phone, the other to a patch panel on loopback.

Each leg stands for itself, whoever it talks with. Joining two legs points their inner sides at each other; music,
a message and a conference are other places to point at. So the phone hears nothing of it in its signalling: no
re-INVITE, no change of keys or addresses (decision 0019).

A browser plays the newest RTP stream (SSRC) that reaches it and never returns to an older one: it would be deaf after
a consultation. From its second source on, it therefore gets one stream of rtpengine's own (decision 0045).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar, NamedTuple

from quartier.telephony.providers.sip import sdp
from quartier.telephony.providers.sip.media_targets import MediaTargets
from quartier.telephony.providers.sip.ng import Media, MediaDown, MediaRefused

OUTER, INNER = "out", "in"
_PLAIN = {"transport-protocol": "RTP/AVP", "ICE": "remove", "replace": ["origin"]}
# What a browser needs: encryption by DTLS, ICE, one port for everything.
_WEB = {
    "transport-protocol": "UDP/TLS/RTP/SAVPF",
    "ICE": "force",
    "rtcp-mux": ["offer", "require"],
    "SDES": ["off"],
    "flags": ["generate-mid", "trust-address"],
    "replace": ["origin"],
}
# What a carrier needs over TLS: keys in the description (RFC 4568), of the suites that everybody has.
_SEALED = {
    "transport-protocol": "RTP/SAVP",
    "ICE": "remove",
    "DTLS": "off",
    "SDES": ["only-AES_256_CM_HMAC_SHA1_80", "only-AES_CM_128_HMAC_SHA1_80", "only-AES_CM_128_HMAC_SHA1_32"],
    "replace": ["origin"],
}
# Our own side: heard from where it points and from nowhere else. rtpengine otherwise believes the first packets of the
# first seconds: two legs that are parted then would find each other again by what was still on its way.
_EXACT_FLAGS = ["strict-source"]
_EXACT = {"endpoint-learning": "off"}
# One stream of rtpengine's own towards whoever sends the message that says so; it stays until the leg ends.
_STEADY_STREAM = {"audio-player": "always"}
# The inner side speaks A-law, whatever the phone speaks; phones that we ring may choose one of both.
_INTO_ALAW = {"codec": {"transcode": ["PCMA"]}}
_OUT_OF_ALAW = {"codec": {"transcode": ["PCMU"]}}
_KINDS = {"RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF"}


class IncomingStream(NamedTuple):
    """What rtpengine has heard of a phone. `last_packet_at`: Unix seconds, 0: nothing yet; `source_count`: how many RTP
    streams (SSRC) it has sent, one after the other."""

    last_packet_at: int
    source_count: int


class Sound:
    """One leg's sound. `leg` is its name in rtpengine, `web` says that the phone is a browser. `srtp`: telephones that
    we ring get encrypted sound or none. Set once, before there is a leg."""

    srtp: ClassVar[bool] = False
    # Where phones may have their sound sent; whether a browser may speak unencrypted, which only stand-ins for
    # browsers do that measure the line.
    targets: ClassVar[MediaTargets] = MediaTargets()
    plain_browsers: ClassVar[bool] = False

    def __init__(self, media: Media, leg: str, *, web: bool = False) -> None:
        self._media, self.leg, self.web = media, leg, web
        self._phone = ""
        self._came_in = True
        self._outside: dict[str, Any] = _WEB if web else _SEALED if self.srtp else _PLAIN
        self.points_at = sdp.NOWHERE
        self.inner: tuple[str, int] = sdp.NOWHERE
        self.playing = False
        self._played: tuple[str, bool] = ("", False)
        self._codecs: set[str] = set()
        self.there = False
        # What a browser heard first, an inner side or a prompt; whether it has heard anything else since.
        self._first_source: tuple[str, int] | str = ""
        self.is_steady = False
        # What takes two steps is not interrupted by the other side's wishes.
        self._steps = asyncio.Lock()

    async def take(self, offer: str) -> str:
        """Answer a phone that calls: its SDP in, ours out. Raises `MediaRefused`, `MediaDown`, `sdp.NoSound`."""
        sdp.check(offer)
        self.targets.check(offer)
        async with self._steps:
            self._answer_in_kind(offer)
            told = await self._ask(
                "offer",
                OUTER,
                "",
                offer,
                direction=["pub", "inner"],
                **_PLAIN,
                **_INTO_ALAW,
                **self._trust(offer),
            )
            self.there = True
            self.inner = ("127.0.0.1", sdp.port(told["sdp"]))
            answered = await self._ask_inner("answer", OUTER, INNER, sdp.NOWHERE)
            sdp.check_answer(offer, str(answered["sdp"]))
            self._codecs = sdp.codecs(str(answered["sdp"]))
            return str(answered["sdp"])

    async def offer(self) -> str:
        """What we offer to a phone that we ring."""
        self._came_in = False
        told = await self._ask_inner(
            "offer", INNER, "", sdp.NOWHERE, direction=["inner", "pub"], **self._more
        )
        self.there = True
        return str(told["sdp"])

    async def offer_again(self) -> str:
        """What we offer to a phone that is up and asks for an offer; `taken` gets its answer."""
        async with self._steps:
            self._came_in = False
            told = await self._ask_inner("offer", INNER, OUTER, self.points_at, **self._more)
            return str(told["sdp"])

    async def hear_tones(self) -> None:
        """Find keys in the sound itself, for a phone that sends none apart from it. The name of the command says
        nothing of it, but it is the one with which rtpengine 12.5 begins to listen in the middle of a call."""
        words = {"delay-buffer": 0, "flags": ["detect-DTMF"]}
        await self._media.ask("unblock DTMF", call_id=self.leg, from_tag=OUTER, **words)

    @property
    def _more(self) -> dict[str, Any]:
        return {} if self.web else _OUT_OF_ALAW

    async def taken(self, answer: str) -> None:
        """The phone that we rang has answered. Raises `MediaRefused`, `MediaDown`, `sdp.NoSound`, the last one also for
        an answer in which the sound is not encrypted though we asked for it."""
        if self._outside is _SEALED and not sdp.is_encrypted(answer):
            raise sdp.NoSound
        self._check_phone(answer)
        async with self._steps:
            self._phone = answer
            told = await self._ask("answer", INNER, OUTER, answer, **_PLAIN, **self._trust(answer))
            self.inner = ("127.0.0.1", sdp.port(told["sdp"]))
            await self._speak_anew(sdp.codecs(answer))

    async def changed(self, offer: str) -> str:
        """The phone wants something else (a re-INVITE): its new SDP in, ours out."""
        self._check_phone(offer)
        async with self._steps:
            if not self.web:
                self._answer_in_kind(offer)
            self.is_steady = self.is_steady or self.web
            words = {**_PLAIN, **_INTO_ALAW, **self._stream(), **self._trust(offer)}
            told = await self._ask("offer", OUTER, INNER, offer, **words)
            self.inner = ("127.0.0.1", sdp.port(told["sdp"]))
            answered = await self._ask_inner("answer", OUTER, INNER, self.points_at)
            sdp.check_answer(offer, str(answered["sdp"]))
            self._came_in = True
            await self._speak_anew(sdp.codecs(str(answered["sdp"])))
            return str(answered["sdp"])

    async def point(self, to: tuple[str, int]) -> None:
        """Send what the phone says there, and hear what comes from there."""
        async with self._while_there():
            await self._be_quiet()
            if to != sdp.NOWHERE:
                self._note_source(to)
            await self._point(to)

    async def keep_steady(self) -> None:
        """Whoever a browser hears sends another stream than before, at the same address: nothing of it may reach the
        browser as a new one."""
        async with self._while_there():
            if self.web and not self.is_steady and self._first_source:
                self.is_steady = True
                try:
                    await self._point(self.points_at)
                except (MediaDown, MediaRefused):
                    self.is_steady = False  # The next look tries again.
                    raise

    @asynccontextmanager
    async def _while_there(self) -> AsyncIterator[None]:
        """What is refused because the leg has ended meanwhile is no trouble of whoever else is on the call."""
        async with self._steps:
            try:
                yield
            except MediaRefused:
                if self.there:
                    raise

    async def _point(self, to: tuple[str, int]) -> None:
        self.points_at = to
        if self._came_in:
            await self._ask_inner("answer", OUTER, INNER, to)
            return
        await self._ask_inner("offer", INNER, OUTER, to, **self._more)
        words = {**_PLAIN, **self._stream(), **self._trust(self._phone)}
        await self._ask("answer", INNER, OUTER, self._phone, **words)

    async def play(self, file: str, *, loop: bool = False) -> float:
        """Let the phone hear a file, and nobody else meanwhile; gives its seconds."""
        async with self._steps:
            was_steady = self.is_steady
            self._note_source(file)
            if self.points_at != sdp.NOWHERE or self.is_steady != was_steady:
                await self._point(sdp.NOWHERE)
            self._played = (file, loop)
            return await self._play()

    async def play_beside(self, file: str) -> None:
        """Let the phone hear a file again and again while what it says still goes where it points; for places that say
        nothing themselves."""
        async with self._steps:
            self._played = (file, True)
            await self._play()

    async def _play(self) -> float:
        file, loop = self._played
        words: dict[str, Any] = {"repeat-times": 1000} if loop else {}
        told = await self._media.ask("play media", call_id=self.leg, from_tag=OUTER, file=file, **words)
        self.playing = True
        return float(told.get("duration", 0)) / 1000

    async def _speak_anew(self, codecs: set[str]) -> None:
        """What is being played goes on in the codec that it began with, which the phone may not take any more."""
        changed, self._codecs = bool(self._codecs) and codecs != self._codecs, codecs
        if changed and self.playing:
            await self._play()

    def _note_source(self, source: tuple[str, int] | str) -> None:
        """Its first source reaches a browser untouched, which costs least and leaves the mending of lost packets to the
        browser; most talks never have another one."""
        self._first_source = self._first_source or source
        if self.web and source != self._first_source:
            self.is_steady = True

    def _stream(self) -> dict[str, str]:
        return _STEADY_STREAM if self.is_steady else {}

    async def _be_quiet(self) -> None:
        if self.playing:
            self.playing = False
            await self._media.ask("stop media", call_id=self.leg, from_tag=OUTER)

    async def end(self) -> None:
        """Give the sockets back. Never fails: what is not there is gone."""
        if not self.there:
            return
        self.there = False
        try:
            await self._media.ask("delete", call_id=self.leg, delete_delay=0)
        except (MediaRefused, MediaDown):
            return

    async def incoming(self) -> IncomingStream:
        """What the phone has sent until now. Raises `MediaRefused`, `MediaDown`."""
        told = await self._media.ask("query", call_id=self.leg)
        streams = [
            stream
            for medium in told.get("tags", {}).get(OUTER, {}).get("medias", [])
            for stream in medium.get("streams", [])
        ]
        return IncomingStream(
            max((int(stream.get("last packet", 0)) for stream in streams), default=0),
            max((len(stream.get("ingress SSRCs", [])) for stream in streams), default=0),
        )

    def _trust(self, theirs: str) -> dict[str, str]:
        """A telephone that names a public address hears us there, whoever else sends to its port first; one behind a
        router is looked for where its sound comes from. Browsers prove themselves by ICE."""
        return _EXACT if not self.web and sdp.is_reachable(theirs) else {}

    def _check_phone(self, theirs: str) -> None:
        """Raise `NoSound` for a browser that does not encrypt, and for a place where no phone is. A browser proves by
        ICE that it wants what is sent to it; one that answers without could name anybody."""
        self.targets.check(theirs, by_ice=self.web and not self.plain_browsers)
        if self.web and not self.plain_browsers and not sdp.is_of_a_browser(theirs):
            raise sdp.NoSound

    def _answer_in_kind(self, offer: str) -> None:
        """Encrypted sound is answered with encrypted sound, and plain with plain."""
        protocol = sdp.protocol(offer)
        self._outside = {**_PLAIN, "transport-protocol": protocol} if protocol in _KINDS else _PLAIN

    async def _ask_inner(
        self, command: str, a: str, b: str, to: tuple[str, int], **words: Any
    ) -> dict[str, Any]:
        """Our own side says where it points; what comes back is for the phone."""
        flags = [*self._outside.get("flags", []), *_EXACT_FLAGS]
        return await self._ask(
            command, a, b, sdp.plain(to), **{**self._outside, **_EXACT, "flags": flags}, **words
        )

    async def _ask(self, command: str, a: str, b: str, text: str, **words: Any) -> dict[str, Any]:
        tags = {"from_tag": a} | ({"to_tag": b} if b else {})
        if b and not self.there:
            # rtpengine would make a new session of an offer, and nobody would ever end it.
            raise MediaRefused(f"{command}: the leg is over", leg=self.leg)
        told = await self._media.ask(command, call_id=self.leg, sdp=text, **tags, **words)
        if "sdp" not in told:
            raise sdp.NoSound
        return told

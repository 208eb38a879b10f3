"""The sound of one leg: a socket pair in rtpengine, one side to the phone, the other to a patch panel on loopback.

Each leg stands for itself, whoever it talks with. Joining two legs points their inner sides at each other; music,
a message and a conference are other places to point at. So the phone hears nothing of it in its signalling: no
re-INVITE, no change of keys or addresses (decision 0019).

A browser plays the newest RTP stream (SSRC) that reaches it and never returns to an older one: it would be deaf after
a consultation. From its second source on, it therefore gets one stream of rtpengine's own (decision 0045).
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, ClassVar

from quartier.telephony.providers.sip import media_words, sdp
from quartier.telephony.providers.sip.media_targets import MediaTargets
from quartier.telephony.providers.sip.ng import Media, MediaDown, MediaRefused
from quartier.telephony.providers.sip.phone_place import IncomingStream, PhonePlace
from quartier.telephony.providers.sip.playback import PromptPlayback
from quartier.telephony.providers.sip.session_end import end_session

OUTER, INNER = "out", "in"
# So long a phone that was offered something in a talk may take to answer.
ANSWER_TIMEOUT_S = 10.0
# So often, one after the other, rtpengine is asked who sends to a port.
SEARCH_LOOKS, SEARCH_LOOK_S = 8, 0.06
# A key of before is reported so late.
KEY_REPORT_S = 0.3


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
        self.place, self._searched_at = PhonePlace(), 0.0
        self._outside: dict[str, Any] = (
            media_words.BROWSER if web else media_words.SEALED_PHONE if self.srtp else media_words.PLAIN_PHONE
        )
        # Where this leg is to point, and whether rtpengine has said yes to that, and to what the phone said last.
        self.points_at, self.is_settled = sdp.NOWHERE, True
        self.inner: tuple[str, int] = sdp.NOWHERE
        # Where it pointed when a phone that is up was offered something that it has not answered yet.
        self._offered_again: tuple[str, int] | None = None
        self._answer_due_at = 0.0
        self.playing = False
        self._played = PromptPlayback()
        self._codecs: set[str] = set()
        self.there = False
        # What a browser heard first, an inner side or a prompt; whether it has heard anything else since.
        self._first_source: tuple[str, int] | str = ""
        self.is_steady = False
        # What takes two steps is not interrupted by the other side's wishes.
        self._steps = asyncio.Lock()

    async def take(self, offer: str) -> str:
        """Answer a phone that calls: its SDP in, ours out. Raises `MediaRefused`, `MediaDown`, `sdp.NoSound`."""
        theirs = self._checked(offer)
        async with self._steps:
            self._answer_in_kind(theirs)
            # Before the first question: rtpengine may do it though its answer never comes, and `end` must end it.
            self._phone, self.there = theirs, True
            words = {**media_words.PLAIN_PHONE, **media_words.INTO_ALAW, **self._trust(theirs)}
            told = await self._ask(
                "offer", OUTER, "", self._where(theirs), direction=["pub", "inner"], **words
            )
            self.inner = ("127.0.0.1", sdp.port(told["sdp"]))
            ours = str((await self._ask_inner("answer", OUTER, INNER, sdp.NOWHERE))["sdp"])
            sdp.check_answer(theirs, ours)
            self._codecs = sdp.codecs(ours)
            return sdp.with_each_medium(offer, ours)

    async def offer(self) -> str:
        """What we offer to a phone that we ring."""
        async with self._steps:
            self._came_in, self.there = False, True
            words = {"direction": ["inner", "pub"], **self._more}
            told = await self._ask_inner("offer", INNER, "", sdp.NOWHERE, **words)
            return str(told["sdp"])

    async def offer_again(self) -> str:
        """What we offer to a phone that is up and asks for an offer; `taken` gets its answer."""
        async with self._steps, self._or_as_before():
            self._came_in, self.is_settled, to = False, False, self.points_at
            told = await self._ask_inner("offer", INNER, OUTER, to, **self._more)
            self._offered_again, self._answer_due_at = to, time.monotonic() + ANSWER_TIMEOUT_S
            return str(told["sdp"])

    async def hear_tones(self) -> None:
        """Find keys in the sound itself, for a phone that sends none apart from it. The name of the command says
        nothing of it, but it is the one with which rtpengine 12.5 begins to listen in the middle of a call."""
        words = {"delay-buffer": 0, "flags": ["detect-DTMF"]}
        await self._media.ask("unblock DTMF", call_id=self.leg, from_tag=OUTER, **words)

    @property
    def _more(self) -> dict[str, Any]:
        return {} if self.web else media_words.OUT_OF_ALAW

    async def taken(self, answer: str) -> None:
        """The answer of a phone to an offer of ours: `offer`, for one that we ring or that called without an offer, and
        `offer_again`. Raises `MediaRefused`, `MediaDown`, `sdp.NoSound`, the last one also for an answer in which the
        sound is not encrypted though we asked for it; a phone that is up then goes on as it was."""
        async with self._steps, self._or_as_before():
            # (Inside: rtpengine waits for an answer to what it was asked, and hears the one of before.)
            to, self._offered_again, self._answer_due_at = self._offered_again, None, 0.0
            theirs = sdp.sound_alone(answer)
            if self._outside is media_words.SEALED_PHONE and not sdp.is_encrypted(theirs):
                raise sdp.NoSound
            self._check_phone(theirs)
            words = {**media_words.PLAIN_PHONE, **self._trust(theirs)}
            told = await self._ask("answer", INNER, OUTER, self._where(theirs), **words)
            self.inner = ("127.0.0.1", sdp.port(told["sdp"]))
            self._phone = theirs
            if to is not None:
                self.is_settled = to == self.points_at
            await self._speak_anew(sdp.codecs(theirs))

    async def changed(self, offer: str) -> str:
        """The phone wants something else (a re-INVITE): its new SDP in, ours out. Where this raises, it stays as it
        was; `inner` may be another one all the same."""
        theirs = self._checked(offer)
        async with self._steps, self._or_as_before():
            if not self.web:
                self._answer_in_kind(theirs)
            self.is_steady = self.is_steady or self.web
            ours = await self._say_offer(theirs)
            sdp.check_answer(theirs, ours)
            self._phone, self._came_in = theirs, True
            await self._speak_anew(sdp.codecs(ours))
            return sdp.with_each_medium(offer, ours)

    @asynccontextmanager
    async def _or_as_before(self) -> AsyncIterator[None]:
        """rtpengine takes a description before it finds that it cannot be done: what was agreed is said again then. A
        media server that does not answer hears it with the next look, by `settle`."""
        before = self._phone, self._came_in, self._outside, self.is_steady, self._codecs
        try:
            yield
        except Exception as error:
            self._phone, self._came_in, self._outside, self.is_steady, self._codecs = before
            if self._phone:
                self.is_settled = False
                if not isinstance(error, MediaDown):
                    with suppress(MediaDown, MediaRefused, sdp.NoSound):
                        await self._say_again()
            raise

    async def _say_answer(self) -> None:
        to = self._leads_to
        self.is_settled = False
        await self._ask_inner("offer", INNER, OUTER, to, **self._more)
        words = {**media_words.PLAIN_PHONE, **self._stream(), **self._trust(self._phone)}
        told = await self._ask("answer", INNER, OUTER, self._where(self._phone), **words)
        self.inner = ("127.0.0.1", sdp.port(told["sdp"]))
        self.is_settled = to == self.points_at

    @property
    def _leads_to(self) -> tuple[str, int]:
        """Where it points, now."""
        return sdp.NOWHERE if self.place.is_searching else self.points_at

    async def settle(self) -> None:
        """Say again what rtpengine has not taken, or has not said yes to; not what a phone may be about to answer."""
        async with self._while_there():
            if not self.is_settled and time.monotonic() >= self._answer_due_at:
                await self._say_again()
                await self._play_on()

    async def _say_again(self) -> None:
        if self._came_in:
            await self._say_offer(self._phone)
        else:
            await self._say_answer()

    async def _say_offer(self, offer: str) -> str:
        words = {**media_words.PLAIN_PHONE, **media_words.INTO_ALAW, **self._stream(), **self._trust(offer)}
        self.is_settled = False
        told = await self._ask("offer", OUTER, INNER, self._where(offer), **words)
        self.inner = ("127.0.0.1", sdp.port(told["sdp"]))
        to = self._leads_to
        answered = await self._ask_inner("answer", OUTER, INNER, to)
        self.is_settled = to == self.points_at
        return str(answered["sdp"])

    @property
    def is_assumed(self) -> bool:
        """Whether nobody has said where exactly this telephone is: it is looked for at once."""
        return bool(self._phone) and not self.web and self.place.is_assumed(self._phone)

    @property
    def hears_keys(self) -> bool:
        """Not while strangers are let through to be looked at."""
        return not self.place.is_searching and time.monotonic() >= self._searched_at + KEY_REPORT_S

    async def find_source(self) -> bool:
        """Nothing comes from where this telephone is said to be, and something does from elsewhere: take that, if it
        may be this telephone. Whoever it is hears nothing and is not heard meanwhile. Whether it was found."""
        async with self._while_there():
            if self.web or not self._phone or self._trust(self._phone) is not media_words.EXACT_PHONE:
                return False
            self._played.is_interrupted |= self.playing
            try:
                await self._be_quiet()
                self.place.is_searching = True
                await self._say_again()
                return await self._sees_source()
            finally:
                self.place.is_searching, self._searched_at = False, time.monotonic()
                try:
                    await self._say_again()
                finally:
                    await self._play_on()
        return False

    async def _sees_source(self) -> bool:
        for _ in range(SEARCH_LOOKS):
            await asyncio.sleep(SEARCH_LOOK_S)
            if self.place.take(self._phone, (await self.incoming()).endpoint):
                return True
        return False

    async def point(self, to: tuple[str, int]) -> None:
        """Send what the phone says there, and hear what comes from there."""
        # At once, not when it is its turn: should the inner side of the other leg change meanwhile, this one is among
        # those that are pointed there anew, after this.
        self.points_at = to
        async with self._while_there():
            self._played.is_interrupted = False
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
                except (MediaDown, MediaRefused, sdp.NoSound):
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
        was_settled, self.points_at, self.is_settled = self.is_settled, to, False
        if self._came_in and was_settled:
            await self._ask_inner("answer", OUTER, INNER, to)
        elif self._came_in:
            await self._say_offer(self._phone)
        else:
            await self._say_answer()
        self.is_settled = to == self.points_at

    async def play(self, file: str, *, loop: bool = False) -> float:
        """Let the phone hear a file, and nobody else meanwhile; gives its seconds."""
        async with self._steps:
            was_steady = self.is_steady
            self._note_source(file)
            if self.points_at != sdp.NOWHERE or self.is_steady != was_steady or not self.is_settled:
                await self._point(sdp.NOWHERE)
            self._played = PromptPlayback(file, loop)
            return await self._play()

    async def play_beside(self, file: str) -> None:
        """Let the phone hear a file again and again while what it says still goes where it points; for places that say
        nothing themselves."""
        async with self._steps:
            self._played = PromptPlayback(file, True)
            await self._play()

    async def _play(self) -> float:
        lasts_s = await self._played.begin(self._media, call_id=self.leg, from_tag=OUTER)
        self.playing = True
        return lasts_s

    async def _play_on(self) -> None:
        """What was interrupted goes on. A media server that does not answer is asked again by `settle`."""
        if self._played.is_interrupted:
            was_settled, self.is_settled = self.is_settled, False
            if await self._played.go_on(self._media, call_id=self.leg, from_tag=OUTER):
                self.playing = True
            self.is_settled = was_settled

    async def _speak_anew(self, codecs: set[str]) -> None:
        """What is being played goes on in the codec that it began with, which the phone may not take any more."""
        changed, self._codecs = bool(self._codecs) and codecs != self._codecs, codecs
        if changed and self.playing:
            self._played.is_interrupted = True
            await self._play_on()

    def _note_source(self, source: tuple[str, int] | str) -> None:
        """Its first source reaches a browser untouched, which costs least and leaves the mending of lost packets to the
        browser; most talks never have another one."""
        self._first_source = self._first_source or source
        if self.web and source != self._first_source:
            self.is_steady = True

    def _stream(self) -> dict[str, str]:
        return media_words.STEADY_STREAM if self.is_steady else {}

    async def _be_quiet(self) -> None:
        if self.playing:
            self.playing, was_settled, self.is_settled = False, self.is_settled, False
            await self._media.ask("stop media", call_id=self.leg, from_tag=OUTER)
            self.is_settled = was_settled

    async def end(self) -> None:
        """Give the sockets back. Never fails: what is not there is gone."""
        if not self.there:
            return
        self.there = False
        # After what is being asked: a session that begins behind this would never end.
        async with self._steps:
            await end_session(self._media, self.leg)

    async def incoming(self) -> IncomingStream:
        """What the phone has sent until now. Raises `MediaRefused`, `MediaDown`."""
        return IncomingStream.of(await self._media.ask("query", call_id=self.leg), OUTER)

    def _trust(self, theirs: str) -> dict[str, Any]:
        """A telephone is sent to and heard from one place, whoever else sends to its port. Browsers prove themselves by
        ICE, and whoever encrypts by the key."""
        if self.web:
            return {}
        if sdp.is_encrypted(theirs):
            return media_words.EXACT if sdp.is_reachable(theirs) else {}
        return media_words.SHOWING_SOURCES if self.place.is_searching else media_words.EXACT_PHONE

    def _where(self, theirs: str) -> str:
        """What rtpengine is told of a phone's description."""
        return theirs if self.web or sdp.is_encrypted(theirs) else self.place.placed(theirs)

    def _checked(self, offer: str) -> str:
        """What rtpengine is to be told of an offer. That alone is looked at: another medium beside it has no say in
        whether the sound is encrypted. Raises `NoSound`."""
        theirs = sdp.sound_alone(offer)
        sdp.check(theirs)
        self._check_phone(theirs)
        return theirs

    def _check_phone(self, theirs: str) -> None:
        """Raise `NoSound` for a browser that does not encrypt, and for a place where no phone is. A browser proves by
        ICE that it wants what is sent to it; one that answers without could name anybody."""
        for text in {theirs, self._where(theirs)}:
            self.targets.check(text, by_ice=self.web and not self.plain_browsers)
        if self.web and not self.plain_browsers and not sdp.is_of_a_browser(theirs):
            raise sdp.NoSound

    def _answer_in_kind(self, offer: str) -> None:
        """Encrypted sound is answered with encrypted sound, and plain with plain."""
        protocol = sdp.protocol(offer)
        self._outside = (
            {**media_words.PLAIN_PHONE, "transport-protocol": protocol}
            if protocol in media_words.SEALED_PROTOCOLS
            else media_words.PLAIN_PHONE
        )

    async def _ask_inner(
        self, command: str, a: str, b: str, to: tuple[str, int], **words: Any
    ) -> dict[str, Any]:
        """Our own side says where it points; what comes back is for the phone."""
        flags = [*self._outside["flags"], *media_words.EXACT_FLAGS]
        return await self._ask(
            command, a, b, sdp.plain(to), **{**self._outside, **media_words.EXACT, "flags": flags}, **words
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

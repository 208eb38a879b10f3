"""One phone on a call."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from quartier.lib import clock
from quartier.telephony.providers.sip.pressed_keys import PressedKeys
from quartier.telephony.providers.sip.registrations import BrowserPage
from quartier.telephony.providers.sip.sound import Sound

CALLER = ""


@dataclass
class Leg:
    """`sip`: its name in signalling and in rtpengine; `since`: when it was answered, on the clock that only goes on;
    `rests`: its phone has put us on hold, and may be silent; `pages`: on which it rings, or the
    one that has answered, by their connections (`None`: not known yet); `pages_at`: when we heard of the last one."""

    call: str
    name: str
    sip: str
    sound: Sound
    operator: str = ""
    up: bool = False
    rests: bool = False
    keys: PressedKeys = field(default_factory=PressedKeys)
    pages: dict[str, BrowserPage | None] = field(default_factory=dict)
    pages_at: float = 0.0
    since: float = field(default_factory=time.monotonic)
    _last_packet_at: int = -1
    _heard_at: float = 0.0

    def rings_at(self, connection: str) -> None:
        """A page says that it rings."""
        if connection:
            self.pages.setdefault(connection, None)
            self.pages_at = time.monotonic()

    def answered_at(self, connection: str) -> None:
        """This page has taken it; the others, if any, ring no more."""
        self.pages = {connection: self.pages.get(connection)} if connection else {}
        self.pages_at = time.monotonic()

    def knows_pages(self, there: Mapping[str, BrowserPage]) -> None:
        """Which pages speak on these connections. What was known stays so: a page may change its connection."""
        self.pages = {each: known or there.get(each) for each, known in self.pages.items()}

    def is_left(self, there: Collection[BrowserPage]) -> bool:
        """Whether all pages that have this leg are gone, and their browsers are there with other pages. A page whose
        connection is gone for a moment comes back as what it was; one that nobody has seen is not judged."""
        contacts, browsers = {page.contact for page in there}, {page.browser for page in there}
        return bool(self.pages) and all(
            page is not None and page.is_known and page.contact not in contacts and page.browser in browsers
            for page in self.pages.values()
        )

    def silent_s(self, last_packet_at: int, now: float) -> float:
        """For how long nothing has come. The media server says when the last packet came by the time of day, which may
        be set meanwhile: only at the first look is it believed, and no longer than the leg has been up."""
        if last_packet_at != self._last_packet_at:
            silent = 0.0
            if self._last_packet_at == -1:
                silent = min(max(0.0, clock.now().timestamp() - last_packet_at), now - self.since)
            self._last_packet_at, self._heard_at = last_packet_at, now - silent
        return now - self._heard_at

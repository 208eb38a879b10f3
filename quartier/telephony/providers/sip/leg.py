"""One phone on a call."""

import math
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from quartier.lib import clock
from quartier.telephony.providers.sip.phone_place import IncomingStream
from quartier.telephony.providers.sip.pressed_keys import PressedKeys
from quartier.telephony.providers.sip.registrations import BrowserPage
from quartier.telephony.providers.sip.signalling import Invitation
from quartier.telephony.providers.sip.sound import Sound

CALLER = ""
# A telephone that is not heard for so long where it says that it is, and sends all the same, sends from elsewhere.
UNHEARD_S = 3
# One that names an address of its inner network is looked for almost at once: it hears nothing until it is found.
ASSUMED_UNHEARD_S = 0.4
# A search that finds nobody whom the leg may be is not made again at once: each stops what is heard for a moment.
FIRST_SEARCH_PAUSE_S, MAX_SEARCH_PAUSE_S = 3.0, 60.0


@dataclass
class Leg:
    """`sip`: its name in rtpengine, and in signalling; `ways`: its names in signalling, several while one page of a
    browser that was loaded again is rung beside those that ring on, one once it is answered; `invitation`: what rings
    it. `since`: when it was answered, on the clock that only goes on; `rests`: its phone has put us on hold, and may be
    silent; `pages`: on which it rings, or the one that has answered, by their connections (`None`: not known yet);
    `pages_at`: when we heard of the last one."""

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
    _counts: tuple[int, int] = (0, 0)
    _counted_at: float = 0.0
    _search_at: float = 0.0
    _search_pause_s: float = FIRST_SEARCH_PAUSE_S
    ways: set[str] = field(default_factory=set)
    invitation: Invitation | None = None

    def __post_init__(self) -> None:
        self.ways.add(self.sip)

    def answers_by(self, way: str) -> set[str]:
        """It was answered on this way: the others, which it has no more."""
        others, self.ways = self.ways - {way}, {way}
        return others

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
        return bool(self.pages) and all(_is_left(page, there) for page in self.pages.values())

    def take_left_browsers(self, there: Collection[BrowserPage]) -> set[str]:
        """The browsers that have another page now, where others ring on: their old pages count no more."""
        left = {each: page for each, page in self.pages.items() if _is_left(page, there)}
        if len(left) == len(self.pages):
            return set()
        for each in left:
            del self.pages[each]
        return {page.browser for page in left.values() if page is not None}

    def comes_from_elsewhere(self, stream: IncomingStream, now: float) -> bool:
        """Whether for some seconds nothing came from where this phone says that it is, and something from elsewhere:
        from the beginning, or after it had been heard, as some carriers do without a word in SIP."""
        heard, refused = self._counts
        if stream.heard_count != heard:
            self._counted_at = now
        since = max(self._counted_at, self.since)
        self._counts = (stream.heard_count, stream.refused_count)
        is_new = stream.refused_count > refused
        return is_new and now - since >= self.unheard_s and now >= self._search_at

    @property
    def unheard_s(self) -> float:
        return ASSUMED_UNHEARD_S if self.sound.is_assumed else UNHEARD_S

    def begins_search(self) -> None:
        self._search_at = math.inf

    def ends_search(self, found: bool, now: float) -> None:
        """Where its sound comes from was looked for."""
        self._search_pause_s = FIRST_SEARCH_PAUSE_S if found else self._search_pause_s
        self._search_at = now + self._search_pause_s
        if not found:
            self._search_pause_s = min(2 * self._search_pause_s, MAX_SEARCH_PAUSE_S)

    def silent_s(self, last_packet_at: int, now: float) -> float:
        """For how long nothing has come. The media server says when the last packet came by the time of day, which may
        be set meanwhile: only at the first look is it believed, and no longer than the leg has been up."""
        if last_packet_at != self._last_packet_at:
            silent = 0.0
            if self._last_packet_at == -1:
                silent = min(max(0.0, clock.now().timestamp() - last_packet_at), now - self.since)
            self._last_packet_at, self._heard_at = last_packet_at, now - silent
        return now - self._heard_at


def _is_left(page: BrowserPage | None, there: Iterable[BrowserPage]) -> bool:
    """Whether this page is gone, and its browser there with another one."""
    if page is None or not page.is_known:
        return False
    return all(page.contact != one.contact for one in there) and any(
        page.browser == one.browser for one in there
    )

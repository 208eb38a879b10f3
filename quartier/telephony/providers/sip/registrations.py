"""Which browsers are there: asked of Kamailio, which keeps them in memory."""

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from quartier.telephony.providers.sip.edge import EdgeDown, EdgeRefused, ask_edge

__all__ = [
    "BrowserPage",
    "EdgeDown",
    "connection_of",
    "forget_registrations",
    "last_registered_at",
    "live_pages",
    "registered",
]

_RECEIVED = re.compile(r"sips?:([^;>?\s]+)", re.IGNORECASE)
_ALIAS = re.compile(r";alias=([^~;>\s]+)~(\d+)~", re.IGNORECASE)
_NOT_SET = "[not set]"
LAST_MODIFIED = "Last-Modified"


@dataclass(frozen=True)
class BrowserPage:
    """A page as the edge knows it. `contact`: another one each time that it is loaded; `browser`: stays."""

    contact: str
    browser: str

    @property
    def is_known(self) -> bool:
        """Whether it can be known again after it was loaded anew."""
        return bool(self.contact) and self.browser not in {"", _NOT_SET}


async def registered(pipe: Path) -> set[str]:
    """The accounts of which a browser is registered, or was a moment ago. Raises `EdgeDown`."""
    try:
        told = await ask_edge(pipe, "ul.dump", "brief")
    except EdgeRefused as error:
        raise EdgeDown from error
    entries = [
        entry
        for domain in (told or {}).get("Domains", [])
        for entry in domain.get("Domain", {}).get("AoRs", [])
    ]
    return {str(entry.get("Info", entry).get("AoR", "")).partition("@")[0] for entry in entries}


async def live_pages(pipe: Path, account: str) -> dict[str, BrowserPage]:
    """The pages of this account that can be rung at this moment, by the connection on which each has registered. Raises
    `EdgeDown`."""
    try:
        told = await ask_edge(pipe, "ul.lookup", "location", account)
    except EdgeRefused:
        # Nobody of that name is there.
        return {}
    found = [each.get("Contact", {}) for each in (told or {}).get("Contacts", [])]
    return {
        _match(_RECEIVED, str(each.get("Received", ""))): BrowserPage(
            str(each.get("Address", "")), str(each.get("Instance", _NOT_SET))
        )
        for each in found
    }


async def last_registered_at(pipe: Path, account: str) -> float | None:
    """When a page of this account has registered last, or anew (seconds since 1970); `None` where none is there or the
    edge does not say. Raises `EdgeDown`."""
    try:
        told = await ask_edge(pipe, "ul.lookup", "location", account)
    except EdgeRefused:
        return None
    contacts = [each.get("Contact", {}) for each in (told or {}).get("Contacts", [])]
    return max((float(each[LAST_MODIFIED]) for each in contacts if LAST_MODIFIED in each), default=None)


async def forget_registrations(pipe: Path, account: str) -> None:
    """Drop all pages of this account. Raises `EdgeDown`."""
    with suppress(EdgeRefused):
        # Refused where none is there.
        await ask_edge(pipe, "ul.rm", "location", account)


def connection_of(contact: str) -> str:
    """The connection on which a page speaks with the edge, which writes it into the contact of its answers; "" for a
    telephone. The contact itself is the same for all pages of a browser there."""
    found = _ALIAS.search(contact)
    return f"{found[1]}:{found[2]}" if found else ""


def _match(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""

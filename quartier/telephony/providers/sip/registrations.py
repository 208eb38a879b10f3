"""Which browsers are there: asked of Kamailio, which keeps them in memory."""

from pathlib import Path
from typing import Any

from quartier.telephony.providers.sip.edge import EdgeDown, EdgeRefused, ask_edge

__all__ = ["EdgeDown", "registered"]


async def registered(pipe: Path) -> dict[str, set[str]]:
    """Contacts of each account that is registered; each page that is opened makes its own. Raises `EdgeDown`."""
    try:
        told = await ask_edge(pipe, "ul.dump", "brief")
    except EdgeRefused as error:
        raise EdgeDown from error
    found: dict[str, set[str]] = {}
    for domain in (told or {}).get("Domains", []):
        for entry in domain.get("Domain", {}).get("AoRs", []):
            name, contacts = _entry(entry)
            found[name] = contacts
    return found


def _entry(entry: dict[str, Any]) -> tuple[str, set[str]]:
    info = entry.get("Info", entry)
    contacts = info.get("Contacts", [])
    addresses = {
        str(each.get("Contact", each).get("Address", "") if isinstance(each, dict) else each)
        for each in contacts
    }
    return str(info.get("AoR", "")).partition("@")[0], addresses

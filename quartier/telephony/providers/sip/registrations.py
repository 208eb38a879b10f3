"""Which browsers are there: asked of Kamailio, which keeps them in memory."""

import asyncio
import json
import urllib.error
import urllib.request
from typing import Any

QUESTION = json.dumps({"jsonrpc": "2.0", "method": "ul.dump", "params": ["brief"], "id": 1}).encode()


class EdgeDown(Exception):
    """Kamailio does not answer."""


async def registered(port: int) -> dict[str, set[str]]:
    """Contacts of each account that is registered; each page that is opened makes its own. Raises `EdgeDown`."""
    return await asyncio.to_thread(_ask, port)


def _ask(port: int) -> dict[str, set[str]]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/rpc", QUESTION, {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310
            told = json.load(answer)
    except (OSError, ValueError, urllib.error.HTTPError) as error:
        raise EdgeDown from error
    found: dict[str, set[str]] = {}
    for domain in told.get("result", {}).get("Domains", []):
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

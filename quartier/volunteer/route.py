"""The way to a door, handed to the map of the volunteer's own device. No server of anybody learns the address by it."""

import re
from urllib.parse import quote

# Apple's devices know no `geo:`; Windows opens neither.
_APPLE = re.compile(r"iPhone|iPad|iPod|Macintosh")
_NO_MAP = re.compile(r"Windows NT")


def route_to(address: str, town: str, agent: str) -> str:
    """What opens the device's map at an address; '' where there is no address, or nothing on the device opens it.
    `agent`: how the browser calls itself."""
    if not address.strip() or _NO_MAP.search(agent):
        return ""
    place = quote(", ".join(part for part in (" ".join(address.split()), town.strip()) if part), safe="")
    return f"maps:?q={place}" if _APPLE.search(agent) else f"geo:0,0?q={place}"

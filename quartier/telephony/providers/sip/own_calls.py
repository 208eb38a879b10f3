"""Which calls to the carrier are the line's own: a Call-ID that call control makes carries a mark, worked out from the
secret that it shares with the edge. So the edge knows at once, and call control also after a restart."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path

from quartier.telephony.providers.sip.edge import EdgeRefused, ask_edge

MARK_CHARS = 24
# The edge lets no call out once nobody has looked for so long; a call that has left it remembers for longer.
UNWATCHED_S = 60


def make_call_id(secret: str) -> str:
    """A new Call-ID with its mark."""
    own = secrets.token_hex(16)
    return f"{own}-{_mark(secret, own)}"


def is_own_call(secret: str, call_id: str) -> bool:
    """Whether call control has made this Call-ID."""
    own, dash, mark = call_id.partition("-")
    return bool(own and dash) and hmac.compare_digest(mark.encode(), _mark(secret, own).encode())


def _mark(secret: str, own: str) -> str:
    # Kamailio works out the same: it has no keyed hash. The secret comes last, so that nothing can be appended.
    return hashlib.sha256(f"{own}:{secret}".encode()).hexdigest()[:MARK_CHARS]


@dataclass(frozen=True)
class SentCall:
    """A new call that left for the carrier, or that the edge has held back: its Call-ID and CSeq."""

    call_id: str
    sequence: str


async def sent_calls(pipe: Path) -> list[SentCall]:
    """New calls to the carrier of the last two minutes, as the edge remembers them. Raises `EdgeDown`, and
    `EdgeRefused` when the edge runs with the configuration of an older version."""
    told = await ask_edge(pipe, "htable.dump", "outgoing")
    return [
        SentCall(str(cell["name"]), str(cell["value"]))
        for entry in told or []
        for cell in entry.get("slot", [])
    ]


async def is_stopped_at_edge(pipe: Path) -> bool:
    """Whether the edge lets no call out. Raises `EdgeDown`."""
    try:
        return bool(await ask_edge(pipe, "htable.get", "stopped", "calls"))
    except EdgeRefused:
        return False


async def stop_at_edge(pipe: Path) -> None:
    """From now on no new call leaves for the carrier. Raises `EdgeDown`, `EdgeRefused`."""
    await ask_edge(pipe, "htable.seti", "stopped", "calls", 1)


async def resume_at_edge(pipe: Path) -> None:
    """Calls leave again. Raises `EdgeDown`, `EdgeRefused`."""
    await ask_edge(pipe, "htable.delete", "stopped", "calls")


async def mark_as_watched(pipe: Path) -> None:
    """What has left was looked at now: the edge lets calls out a while longer. Raises `EdgeDown`, `EdgeRefused`."""
    await ask_edge(pipe, "htable.seti", "watched", "calls", 1)


async def cancel_at_edge(pipe: Path, call: SentCall) -> None:
    """End a call that still rings; one that was answered cannot be ended from here. Raises `EdgeDown`."""
    try:
        await ask_edge(pipe, "tm.cancel", call.call_id, call.sequence)
    except EdgeRefused:
        return  # It is over.

"""The phone line of a demonstration: on this machine alone, at ports that nobody uses, called by invented people."""

import os
import socket
from contextlib import suppress

# The usual ports, taken where they are free, and what is open on each.
UDP, TCP, BOTH = (socket.SOCK_DGRAM,), (socket.SOCK_STREAM,), (socket.SOCK_DGRAM, socket.SOCK_STREAM)
PORTS = {
    "sip_port": (5060, BOTH),
    "ws_port": (5066, TCP),
    "callcore_port": (5070, UDP),
    "ng_port": (2223, UDP),
    "keys_port": (2224, UDP),
}
TRUNK = 5080
HERE = "127.0.0.1"
FIRST_SOUND, SOUNDS, RANGES = 30000, 1000, 20


def choose() -> dict[str, str]:
    """The settings of the line, as variables of the environment."""
    taken: set[int] = set()
    found = {name: _port(usual, kinds, taken) for name, (usual, kinds) in PORTS.items()}
    first = next(
        (
            start
            for start in range(FIRST_SOUND, FIRST_SOUND + RANGES * SOUNDS, SOUNDS)
            if all(_is_free(port, UDP) for port in range(start, start + 20))
        ),
        FIRST_SOUND,
    )
    settings: dict[str, object] = {
        **found,
        "address": HERE,
        "trunk": f"{HERE}:{_port(TRUNK, UDP, taken)}",
        "trunk_sources": HERE,
        "rtp_from": first,
        "rtp_until": first + SOUNDS - 1,
    }
    return {f"QUARTIER_LINE_{name.upper()}": str(value) for name, value in settings.items()}


def use(settings: dict[str, str]) -> None:
    """These and nothing else: what the shell says of another installation's line must not reach this one."""
    for name in [name for name in os.environ if name.startswith("QUARTIER_LINE_")]:
        del os.environ[name]
    os.environ.update(settings)


def _port(usual: int, kinds: tuple[socket.SocketKind, ...], taken: set[int]) -> int:
    port = usual
    while port in taken or not _is_free(port, kinds):
        with socket.socket() as probe:
            probe.bind((HERE, 0))
            port = int(probe.getsockname()[1])
    taken.add(port)
    return port


def _is_free(port: int, kinds: tuple[socket.SocketKind, ...]) -> bool:
    for kind in kinds:
        with socket.socket(socket.AF_INET, kind) as probe:
            with suppress(OSError):
                probe.bind((HERE, port))
                continue
            return False
    return True

"""Asking the edge: Kamailio's own interface, on this machine alone."""

import asyncio
import json
import urllib.error
import urllib.request
from typing import Any

EDGE_TIMEOUT_S = 2.0


class EdgeDown(Exception):
    """Kamailio does not answer."""


class EdgeRefused(Exception):
    """Kamailio answers that it cannot: it runs with a configuration of another version, or the thing is not there."""


async def ask_edge(port: int, method: str, *parameters: str | int) -> Any:
    """One question; raises `EdgeDown` or `EdgeRefused`."""
    return await asyncio.to_thread(_ask, port, method, parameters)


def _ask(port: int, method: str, parameters: tuple[str | int, ...]) -> Any:
    question = {"jsonrpc": "2.0", "method": method, "params": list(parameters), "id": 1}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/rpc", json.dumps(question).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=EDGE_TIMEOUT_S) as answer:  # noqa: S310
            told = json.load(answer)
    except urllib.error.HTTPError as error:
        # Kamailio answers a question that it cannot answer with an error page.
        if error.code >= 500 or error.code in {400, 404}:
            raise EdgeRefused(str(error.code)) from error
        raise EdgeDown from error
    except (OSError, ValueError) as error:
        raise EdgeDown from error
    if not isinstance(told, dict) or "error" in told:
        raise EdgeRefused(str(told)[:80])
    return told.get("result")

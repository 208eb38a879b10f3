"""rtpengine's control protocol: a cookie, a space, JSON, over UDP. Many questions may be open at once."""

import asyncio
import json
import logging
import secrets
from typing import Any

log = logging.getLogger(__name__)
# rtpengine knows a cookie that comes twice, and answers again without doing it again.
TRY_AFTER_S = (0.25, 0.5, 1.0)


class MediaDown(Exception):
    """The media server does not answer."""


class MediaRefused(Exception):
    """The media server said no: the call is unknown to it, there is no codec in common, ... `leg`: whose it is."""

    def __init__(self, why: str, leg: str = "") -> None:
        super().__init__(why)
        self.leg = leg


class Media(asyncio.DatagramProtocol):
    """Asks rtpengine. Create it with `await Media.at(host, port)`."""

    def __init__(self) -> None:
        self._open: dict[bytes, asyncio.Future[dict[str, Any]]] = {}
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    async def at(cls, host: str, port: int) -> "Media":
        loop = asyncio.get_running_loop()
        _transport, media = await loop.create_datagram_endpoint(cls, remote_addr=(host, port))
        return media

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there at the moment: the question is asked again, then fails."""

    def datagram_received(self, data: bytes, addr: Any) -> None:
        cookie, _, body = data.partition(b" ")
        answer = self._open.pop(cookie, None)
        if answer is None or answer.done():
            return
        try:
            answer.set_result(json.loads(body))
        except ValueError:
            answer.set_exception(MediaRefused("not understood"))

    async def ask(self, command: str, **words: Any) -> dict[str, Any]:
        """One command; `from_tag` is sent as `from-tag`. Raises `MediaRefused`, `MediaDown`."""
        assert self._transport is not None
        cookie = secrets.token_hex(8).encode()
        given = {"command": command} | {name.replace("_", "-"): value for name, value in words.items()}
        packet = cookie + b" " + json.dumps(given).encode()
        self._open[cookie] = future = asyncio.get_running_loop().create_future()
        try:
            for patience in TRY_AFTER_S:
                self._transport.sendto(packet)
                done, _ = await asyncio.wait([future], timeout=patience)
                if done:
                    break
            else:
                raise MediaDown(command)
            answer: dict[str, Any] = future.result()
        finally:
            self._open.pop(cookie, None)
        if answer.get("result") not in {"ok", "pong"}:
            why = answer.get("error-reason", answer.get("result"))
            raise MediaRefused(f"{command}: {why}", leg=words.get("call_id", ""))
        return answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class Keys(asyncio.DatagramProtocol):
    """Hears the keys that rtpengine reports: `heard(call, tag, digit)`. Only from this machine."""

    def __init__(self, heard: Any) -> None:
        self._heard = heard

    @classmethod
    async def at(cls, host: str, port: int, heard: Any) -> asyncio.DatagramTransport:
        loop = asyncio.get_running_loop()
        transport, _keys = await loop.create_datagram_endpoint(lambda: cls(heard), local_addr=(host, port))
        return transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        try:
            told = json.loads(data)
            event = int(told["event"])
            call, tag = str(told["callid"]), str(told["source_tag"])
        except (ValueError, KeyError, TypeError):
            log.warning("a key that was not understood")
            return
        if 0 <= event <= 11:
            self._heard(call, tag, "0123456789*#"[event])

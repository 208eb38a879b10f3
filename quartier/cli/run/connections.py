"""Connections of visitors, as uvicorn has them, and an end for those who send too slowly: each holds a place that
somebody else needs.
"""

import asyncio
from enum import Enum
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

# From the first byte of a request (or from the beginning) until all of its headers are here.
HEADERS_TIMEOUT_S = 10.0
# A telephone in a village sends a photograph in minutes, and in a tunnel or a lift nothing for a while: nobody is
# slower than this for so long.
BODY_INTERVAL_S, MIN_BODY_BYTES_PER_S, BODY_TIMEOUT_S = 30.0, 200, 600.0
# After an answer to a body that nobody reads, so much of it is thrown away: a browser that is cut off while it sends
# shows its own page and not ours.
LINGER_S, LINGER_BYTES = 2.0, 32 * 1024 * 1024


class _Stage(Enum):
    NOTHING, HEADERS, BODY, UNREAD = range(4)


class Connection(H11Protocol):
    """One connection. What it waits for is looked at after each piece that came and each answer that went."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._stage = _Stage.NOTHING
        self._timer: asyncio.TimerHandle | None = None
        self._began = 0.0
        # Since the last look at the clock.
        self._came = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._enter(_Stage.HEADERS)

    def data_received(self, data: bytes) -> None:
        self._came += len(data)
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        self._enter(_Stage.NOTHING)
        super().connection_lost(exc)

    def _look(self) -> None:
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            self._enter(_Stage.NOTHING)
            return
        stage = self._now()
        if stage != self._stage:
            self._enter(stage)
        elif stage == _Stage.UNREAD and self._came > LINGER_BYTES:
            self.transport.close()

    def _now(self) -> _Stage:
        if self.conn.their_state is h11.SEND_BODY:
            return _Stage.UNREAD if self.conn.our_state is h11.DONE else _Stage.BODY
        if self.conn.their_state is h11.IDLE and (
            self.cycle is None or self.timeout_keep_alive_task is None or self.conn.trailing_data[0]
        ):
            # Also where a body ended behind its answer: uvicorn waits no more then, and would wait for ever.
            return _Stage.HEADERS
        # An answer is being made, or nothing is asked: uvicorn ends a connection at rest by itself.
        return _Stage.NOTHING

    def _enter(self, stage: _Stage) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._stage, self._began, self._came = stage, self.loop.time(), 0
        if stage == _Stage.HEADERS:
            self._timer = self.loop.call_later(HEADERS_TIMEOUT_S, self.transport.close)
        elif stage == _Stage.UNREAD:
            self._timer = self.loop.call_later(LINGER_S, self.transport.close)
        elif stage == _Stage.BODY:
            self._timer = self.loop.call_later(BODY_INTERVAL_S, self._measure)

    def _measure(self) -> None:
        """Go on only with a body that comes. One that we ourselves do not read yet is not slow."""
        is_slow = self._came < MIN_BODY_BYTES_PER_S * BODY_INTERVAL_S and not self.flow.read_paused
        if is_slow or self.loop.time() - self._began > BODY_TIMEOUT_S:
            self.transport.close()
            return
        self._came = 0
        self._timer = self.loop.call_later(BODY_INTERVAL_S, self._measure)

"""The line watches its own calls at the carrier: one that it did not make stops outgoing calls, and alerts."""

import logging
import time
from collections import deque
from functools import partial
from pathlib import Path

from quartier.telephony import actions
from quartier.telephony.desk.desk import SETTINGS_S
from quartier.telephony.desk.exchange import Exchange
from quartier.telephony.providers.sip.edge import EdgeRefused
from quartier.telephony.providers.sip.own_calls import (
    UNWATCHED_S,
    cancel_at_edge,
    is_own_call,
    is_stopped_at_edge,
    mark_as_watched,
    resume_at_edge,
    sent_calls,
    stop_at_edge,
)

log = logging.getLogger(__name__)
# The edge remembers a call for two minutes; of a flood of foreign ones so many are told apart.
MAX_REPORTED_CALLS = 10_000
# The desk lets go of a word that the database refuses again and again: what has not come to stand there is said again,
# after so long at first, then after twice as long each time.
REPORT_TIMEOUT_S = 30.0


class OwnCallWatch:
    """Compares what has left for the carrier with what call control made. The stop stands in the database, so that it
    outlasts every restart; the edge is kept as the database says."""

    def __init__(self, exchange: Exchange, *, pipe: Path, secret: str) -> None:
        self._exchange, self._pipe, self._secret = exchange, pipe, secret
        self._reported: deque[str] = deque(maxlen=MAX_REPORTED_CALLS)
        # What the edge was told last; unknown at first.
        self._is_stopped: bool | None = None
        # Found out, and perhaps not yet in the settings that the desk reads again every few seconds; and how many of
        # them the database is still to be told of.
        self._settles_at: float | None = None
        self._untold: int | None = None
        self._report_timeout_s = REPORT_TIMEOUT_S
        self._is_old_edge = False
        self._watched_at = time.monotonic()

    @property
    def is_blind(self) -> bool:
        """Nothing could be seen for so long that the edge lets no call out any more."""
        return time.monotonic() - self._watched_at >= UNWATCHED_S

    async def look(self) -> None:
        """Raises `EdgeDown`."""
        if not self._exchange.lines:
            # Nobody has said yet whether outgoing calls are stopped.
            self._watched_at = time.monotonic()
            return
        try:
            await self._compare()
            await self._keep_edge()
            await mark_as_watched(self._pipe)
            self._watched_at = time.monotonic()
        except EdgeRefused as error:
            if not self._is_old_edge:
                log.error(
                    "Kamailio runs with an old configuration: quartier line config, and restart it (%s)",
                    error,
                )
            self._is_old_edge = True

    async def _compare(self) -> None:
        foreign = [
            call
            for call in await sent_calls(self._pipe)
            if call.call_id not in self._reported and not is_own_call(self._secret, call.call_id)
        ]
        self._is_old_edge = False
        if self._is_stopped is None:
            # The edge stops by itself, also while call control does not run; what it remembered may be gone since.
            self._is_stopped = await is_stopped_at_edge(self._pipe)
            if self._is_stopped and not foreign and not self._is_stopped_by_group():
                self._report(0)
        if not foreign:
            return
        await stop_at_edge(self._pipe)
        self._is_stopped = True
        for call in foreign:
            await cancel_at_edge(self._pipe, call)
        self._reported.extend(call.call_id for call in foreign)
        self._report(len(foreign))

    def _report(self, count: int) -> None:
        log.error(
            "%s calls to the carrier were not made by the line: outgoing calls are stopped", count or "some"
        )
        self._report_timeout_s = REPORT_TIMEOUT_S
        self._tell(count)

    def _tell(self, count: int) -> None:
        self._untold, self._settles_at = count, time.monotonic() + self._report_timeout_s
        self._exchange.desk.put(partial(actions.stop_dialling, count), self._stands_in_database)

    def _stands_in_database(self, _result: object) -> None:
        """Called in the desk's thread."""
        self._untold, self._settles_at = None, time.monotonic() + 3 * SETTINGS_S

    def _is_stopped_by_group(self) -> bool:
        return any(line.now.is_dialling_stopped for line in self._exchange.lines.values())

    async def _keep_edge(self) -> None:
        if self._settles_at is not None and time.monotonic() >= self._settles_at:
            if self._untold is None:
                self._settles_at = None
            else:
                self._report_timeout_s *= 2
                self._tell(self._untold)
        if self._is_stopped_by_group():
            # Each time: the edge may have been restarted, and then it knows of nothing.
            await stop_at_edge(self._pipe)
            self._is_stopped = True
        elif self._is_stopped and self._settles_at is None:
            await resume_at_edge(self._pipe)
            self._is_stopped = False
            log.warning("outgoing calls leave again")

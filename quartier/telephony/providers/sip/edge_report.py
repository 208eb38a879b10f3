"""Tells the team that the edge is away for long, or that nobody sees which calls leave by it. Alerts are raised by the
room of alerts (`quartier.alerts.edge_trouble`)."""

import time
from functools import partial

from quartier.telephony import actions
from quartier.telephony.desk.exchange import Exchange
from quartier.telephony.models import LineSettings

EdgeTrouble = LineSettings.EdgeTrouble
# An edge that is started again is back before this.
EDGE_AWAY_S = 60.0
# What does not come to stand in the database is said again.
REPORT_TIMEOUT_S = 30.0


class EdgeReport:
    """What the database was told last of the edge, and what it is to be told."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        # Unknown at first: perhaps an earlier run has left something there.
        self._stands: str | None = None
        self._again_at = 0.0

    def say(self, *, away_s: float, is_blind: bool, was_seen: bool) -> None:
        """How things stand: `away_s`, since when the edge was not seen; `was_seen`, whether it ever was in this run.
        What an earlier run has said ends only with a look of our own."""
        trouble = EdgeTrouble.AWAY if away_s >= EDGE_AWAY_S else EdgeTrouble.BLIND if is_blind else ""
        now = time.monotonic()
        if trouble == self._stands or now < self._again_at or not (trouble or was_seen):
            return
        self._again_at = now + REPORT_TIMEOUT_S
        self._exchange.desk.put(
            partial(actions.tell_edge_trouble, str(trouble)), partial(self._stand, trouble)
        )

    def _stand(self, trouble: str, _result: object) -> None:
        """Called in the desk's thread."""
        self._stands, self._again_at = trouble, 0.0

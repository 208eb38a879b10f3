"""What the telephones say before call control knows its lines: held, and told in order once it does. A caller whose
INVITE was taken by SIP and by nobody else would hear nothing until they hang up; where it takes long, they are refused.
"""

from collections.abc import Callable
from typing import Any

from quartier.telephony.providers.sip.signalling import Invited


class EarlyEvents:
    """Hears events, in one thread. Until `open` it keeps them; from then on `take` has each. From `refuse` until `open`
    whoever calls is refused, and nothing is told of them."""

    def __init__(self) -> None:
        self._held: list[Any] = []
        self._take: Callable[[Any], object] = self._held.append
        self._refused: set[str] = set()

    def __call__(self, event: Any) -> None:
        if self._refused and getattr(event, "leg", "") in self._refused:
            return
        self._take(event)

    def refuse(self, refuse: Callable[[str], object]) -> None:
        """Refuse whoever waits, by their leg, and whoever calls from now on. Who has hung up already is told of."""
        ended = {event.leg for event in self._held if not isinstance(event, Invited)}
        held, self._held = self._held, []

        def take(event: Any) -> None:
            if isinstance(event, Invited) and event.leg not in ended:
                self._refused.add(event.leg)
                refuse(event.leg)
            else:
                self._held.append(event)

        self._take = take
        for event in held:
            take(event)
        ended.clear()

    def open(self, take: Callable[[Any], object]) -> None:
        self._take = take
        held, self._held = self._held, []
        for event in held:
            take(event)

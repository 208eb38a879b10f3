"""When something is due for each call, found without looking at all of them."""

import heapq
from collections.abc import Collection


class DueCalls:
    """A moment for each call by name. A line on which thousands wait is asked for the next one at every fact."""

    def __init__(self) -> None:
        self._moments: dict[str, float] = {}
        # Old entries stay until they come up: what stands in `_moments` is true.
        self._heap: list[tuple[float, str]] = []

    def put(self, call: str, moments: Collection[float | None]) -> None:
        """The earliest of these is due for this call; with none of them, nothing is."""
        first = min((moment for moment in moments if moment is not None), default=None)
        if first is None:
            self._moments.pop(call, None)
        elif self._moments.get(call) != first:
            self._moments[call] = first
            heapq.heappush(self._heap, (first, call))

    def first(self) -> float | None:
        """The next moment of all; `None`: nothing is due for anybody."""
        while self._heap and self._moments.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def take(self, now: float) -> list[str]:
        """The calls for which something is due by now, the earliest first; each must be `put` again."""
        due = []
        while (first := self.first()) is not None and first <= now:
            call = heapq.heappop(self._heap)[1]
            del self._moments[call]
            due.append(call)
        return due

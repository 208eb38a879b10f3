"""What the telephones say before call control knows its lines: held, and told in order once it does. A caller whose
INVITE was taken by SIP and by nobody else would hear nothing until they hang up."""

from collections.abc import Callable
from typing import Any


class EarlyEvents:
    """Hears events, in one thread. Until `open` it keeps them; from then on `take` has each."""

    def __init__(self) -> None:
        self._held: list[Any] = []
        self._take: Callable[[Any], object] = self._held.append

    def __call__(self, event: Any) -> None:
        self._take(event)

    def open(self, take: Callable[[Any], object]) -> None:
        self._take = take
        held, self._held = self._held, []
        for event in held:
            take(event)

"""One key is one key, though it comes by two ways: in the sound, as rtpengine reports it, and by the signalling."""

import time
from collections import deque

IN_SOUND, BY_INFO = "sound", "info"
# The same key by the other way so soon after is the same press.
SAME_PRESS_S = 1.5


class PressedKeys:
    """Of one leg. Two presses of a key are two by either way, so each is paired with at most one of the other way."""

    def __init__(self) -> None:
        self._alone: dict[str, deque[tuple[str, float]]] = {IN_SOUND: deque(), BY_INFO: deque()}

    def is_new(self, way: str, digit: str, now: float | None = None) -> bool:
        """Whether this is a press that the other way has not told yet."""
        at = time.monotonic() if now is None else now
        for waiting in self._alone.values():
            while waiting and at - waiting[0][1] > SAME_PRESS_S:
                waiting.popleft()
        other = self._alone[BY_INFO if way == IN_SOUND else IN_SOUND]
        for told in other:
            if told[0] == digit:
                other.remove(told)
                return False
        self._alone[way].append((digit, at))
        return True

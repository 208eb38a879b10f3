"""When to stop although the gap is not reached."""

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stop:
    """After `seconds` the best plan so far is good enough; `None` means never. A plan is always feasible."""

    seconds: float | None = None
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        if self.seconds is not None and not self.seconds >= 0:
            raise ValueError(f"seconds: {self.seconds!r} is not 0 or more")

    @property
    def now(self) -> bool:
        return self.seconds is not None and time.monotonic() - self.began >= self.seconds

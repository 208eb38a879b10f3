"""What every inbox can do: give letters one after the other, and put each where it is not seen again."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

# So much of a letter is read, in bytes; its words come first, and what is attached is not kept anyway.
LARGEST = 512 * 1024
# So many in one run; the others in the next one.
AT_ONCE = 50
# An inbox may have had a life before: what is older is left as it lies.
YOUNG = timedelta(days=14)
# What was handled is deleted after this: all that was written stands in the database, sealed.
KEEP = timedelta(days=30)
DONE, ASIDE = "Quartier", "Quartier-aside"


@dataclass(frozen=True)
class Found:
    """One letter. `key`: what its box calls it; `cut`: there is more of it than `raw`."""

    key: str
    raw: bytes = field(repr=False)
    cut: bool = False


class Box(ABC):
    """Everything here raises `NotSent` where the box cannot be reached, or does not do what it is told."""

    @abstractmethod
    def letters(self) -> Iterator[Found]:
        """Up to `AT_ONCE` young letters, the oldest first. One that was neither moved nor put aside comes again."""

    @abstractmethod
    def move(self, found: Found, folder: str) -> None:
        """Into the folder `DONE` or `ASIDE`. One that is gone meanwhile is no fault."""

    @abstractmethod
    def tidy(self) -> None:
        """Delete what has lain long enough in `DONE`."""

    @abstractmethod
    def close(self) -> None:
        """Never raises."""

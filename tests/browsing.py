"""What tests in a browser share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def next_page(page: Any) -> Iterator[None]:
    """What is pressed inside leads to another page, which is there and whole afterwards. A click alone waits for it
    only where the browser has asked for the page before the click is over; on a busy machine it has not."""
    with page.expect_navigation(wait_until="load"):
        yield

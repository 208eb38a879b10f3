"""What tests in a browser share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Colours are the same in every language, and to measure them is half of what axe does.
COLOURS_IN = "fr"


def axe_options(language: str = COLOURS_IN, **more: Any) -> dict[str, Any]:
    """What axe is asked on a page of that language: what is wrong, and not the long list of what is right."""
    if language != COLOURS_IN:
        more["rules"] = {"color-contrast": {"enabled": False}}
    return {"resultTypes": ["violations"], **more}


@contextmanager
def next_page(page: Any) -> Iterator[None]:
    """What is pressed inside leads to another page, which is there and whole afterwards. A click alone waits for it
    only where the browser has asked for the page before the click is over; on a busy machine it has not."""
    with page.expect_navigation(wait_until="load"):
        yield

"""Waiting, in a test with a browser, for what a page saves by itself."""

import time

from django.core.exceptions import ObjectDoesNotExist

PATIENCE_S = 15


def until(page, is_so):
    """It is saved a moment after it is typed; before, there may be no row of it at all."""
    deadline = time.monotonic() + PATIENCE_S
    while not _holds(is_so):
        assert time.monotonic() < deadline, "waited in vain"
        page.wait_for_timeout(50)


def _holds(is_so):
    try:
        return is_so()
    except (ObjectDoesNotExist, LookupError):
        return False

"""Where the browser tests find Chromium, and how they start it.

Pages are drawn by its headless shell: the same engine without the window around it, which costs three times as much
processor as the pages do. What needs microphones, sound and notices of the system takes the whole program.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

FULL_CHROMIUM = os.environ.get("QUARTIER_CHROMIUM") or shutil.which("chromium") or ""
HEADLESS_SHELL = (
    os.environ.get("QUARTIER_CHROMIUM") or shutil.which("chromium-headless-shell") or FULL_CHROMIUM
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def running(*more: str, program: str = HEADLESS_SHELL) -> Iterator[Any]:
    """A Chromium, with `more` arguments. Without one a test is left out, but in CI, where it fails."""
    from playwright.sync_api import sync_playwright

    if not program:
        if os.environ.get("CI"):
            pytest.fail("no Chromium")
        pytest.skip("no Chromium")
    # Playwright's loop runs in this thread, where Django would otherwise refuse the database; tests touch it beside
    # that loop, never inside it.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as play:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = play.chromium.launch(executable_path=program, args=[*ARGUMENTS, *more])
        yield browser
        browser.close()

"""How much may be sent where. (What sockets see of it: `cli.tests.test_connections`.)"""

import pytest

from quartier.config import bodies
from quartier.config.policy import POLICY
from quartier.console.companions import directory
from quartier.console.line import behaviour
from quartier.expenses import pictures
from quartier.followup.actions import importing


def test_files_are_sent_to_addresses_that_there_are():
    assert set(bodies.MAX_FILE_BYTES) <= set(POLICY)


def test_what_a_page_takes_comes_through():
    for name, most in (
        ("offer_link", pictures.MOST_BYTES),
        ("companion_services", directory.LARGEST),
        ("line_prompt", behaviour.LARGEST),
        ("check_import", importing.MOST_BYTES),
    ):
        assert bodies.MAX_FILE_BYTES[name] > most + 4096


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_in_every_language(language):
    at = f"/{language}/volunteer/offer/abc/"
    assert bodies.max_bytes(at) == bodies.MAX_FILE_BYTES["offer_link"]
    assert bodies.max_bytes(f"{at}write/") == bodies.MAX_BODY_BYTES


@pytest.mark.parametrize(
    "path", ["", "/", "/xx/", "/\x00", "/static/x", "/fr/console/requests/no-number/", "\ud800"]
)
def test_whatever_the_path(path):
    assert bodies.max_bytes(path) == bodies.MAX_BODY_BYTES

import os
from pathlib import Path

import pytest
from django.db import transaction

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def belgium_for_all(django_db_setup, django_db_blocker):
    """The table that ships for Belgium, loaded once for the tests of a file; each test undoes what it changes."""
    from quartier.places import actions  # this file is read before Django is set up

    with django_db_blocker.unblock(), transaction.atomic():
        actions.load_shipped(country="BE")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def belgium(belgium_for_all, db):
    """The table that ships for Belgium."""


@pytest.fixture(scope="session")
def reference():
    """The folder with the lists that places are measured against; they do not ship."""
    named = os.environ.get("QUARTIER_REFERENCE_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        if named:
            pytest.fail(f"QUARTIER_REFERENCE_DATA names {folder}, which is not there")
        pytest.skip(f"no reference lists at {folder}: set QUARTIER_REFERENCE_DATA to measure the gazetteer")
    return folder


@pytest.fixture
def dump(tmp_path):
    """Writes a file of postal codes: `dump("BE\\t1050\\t…")`."""

    def write(*lines, name="BE.txt"):
        file = tmp_path / name
        file.write_bytes("".join(f"{line}\n" for line in lines).encode())
        return file

    return write


@pytest.fixture
def row():
    """A line of such a file."""

    def make(postcode, name, lat="50.8", lon="4.4", *, country="BE", accuracy="4", unit=""):
        return "\t".join((country, postcode, name, "", "", unit, "", "", "", str(lat), str(lon), accuracy))

    return make

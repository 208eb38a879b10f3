"""The photograph of a receipt opens for who took it, for who is asked about it, and for the team; for nobody else."""

from typing import Any

import pytest

from tests import planted
from tests.planted import COLUMNS, address_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.either]
scene = planted.scene


@pytest.mark.parametrize("column", COLUMNS)
def test_a_receipt_opens_for_nobody_else(scene: dict[str, Any], column: str):
    opens = {
        name
        for name in (
            *("offer_receipt", "offer_receipt_photo", "status_receipt"),
            *("money_receipt", "money_receipt_photo"),
        )
        if visitor(scene, column).get(address_of(name, scene, column)).status_code == 200
    }
    wanted = {
        "assigned": {"offer_receipt", "offer_receipt_photo"},
        "link": {"status_receipt"},
        **{each: {"money_receipt", "money_receipt_photo"} for each in ("operator", "coordinator", "admin")},
    }
    assert opens == wanted.get(column, set())

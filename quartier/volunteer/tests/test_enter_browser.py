"""Enter, and "Go" on the keyboard of a phone, save what was typed on the pages of one's own."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_enter_saves_a_name(handset, youssef, places):
    page = handset(youssef.person.account).new_page()
    page.goto("/fr/volunteer/edit/")
    name = page.locator("form [name=name]").first
    name.fill("Youssef Benali-Claes")
    name.press("Enter")
    expect(page.get_by_text("Enregistré").first).to_be_visible()
    youssef.person.refresh_from_db()
    assert youssef.person.name == "Youssef Benali-Claes"

"""The place of a caller, typed: a tick of the machine stands for the words that are there, and a street is a street."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(at_desk, lotte, places):
    page = at_desk(lotte, "/fr/console/take/")
    page.keyboard.type("02 000 14 27")
    page.keyboard.press("Enter")
    page.locator("#intake.is-live").wait_for()
    return page


def test_a_tick_falls_when_one_types_on(page):
    page.locator("#id_place").press_sequentially("Ixelles")
    expect(page.locator("#found input:checked")).to_have_count(1)
    page.keyboard.type(" ou Verviers")
    page.locator("#found input").nth(1).wait_for(state="attached")
    expect(page.locator("#found input:checked")).to_have_count(0)


def test_a_street_typed_among_the_places_goes_to_its_field(page):
    page.locator("#id_place").press_sequentially("Ixelles ou Verviers")
    page.locator("#found input").nth(1).wait_for(state="attached")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "place_choice"
    page.keyboard.type("Rue de la Station 12")
    expect(page.locator("#id_address")).to_have_value("Rue de la Station 12")
    expect(page.locator("#found input:checked")).to_have_count(0)


def test_another_street_than_that_of_a_known_household_is_asked_about(at_desk, lotte, places, asked):
    asked("groceries")
    page = at_desk(lotte, "/fr/console/take/")
    page.keyboard.type("02 000 14 27")
    page.keyboard.press("Enter")
    page.locator("#intake.is-live").wait_for()
    expect(page.locator("[data-known-address]")).to_contain_text("Rue du Page 42")
    page.locator("label[for=id_kinds_0]").click()
    page.fill("#id_address", "Rue de la Station 12")
    page.locator("label[for=id_consent]").click()
    page.keyboard.press("Alt+Enter")
    expect(page.locator("#id_address_error")).to_contain_text("Rue du Page 42")
    expect(page.locator("#id_address")).to_be_focused()
    expect(page.locator("#id_address")).to_have_value("Rue de la Station 12")
    page.locator("label[for=case_0]").click()
    expect(page.locator("[data-known-address]")).to_be_hidden()

"""A page whose purpose is one form: one types there at once, and no single letter leads away from what was typed."""

# ruff: noqa: F401, F811 (fixtures of another room)

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from quartier.followup import actions
from quartier.followup.models import CheckIn
from quartier.followup.tests.conftest import agreed
from quartier.team.access import of_account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_name_is_typed_at_once(at_desk, thomas, tuesday):
    page = at_desk(thomas, "/en/console/checks/people/add/")
    expect(page.locator("#id_name")).to_be_focused()
    page.keyboard.type("Anneke")
    expect(page.locator("#id_name")).to_have_value("Anneke")


@pytest.mark.parametrize("path", ["checks/people/add/", "concerns/new/", "checks/new/"])
def test_no_letter_leads_away_from_a_form(at_desk, thomas, tuesday, path):
    page = at_desk(thomas, f"/en/console/{path}")
    expect(page.locator("form[data-one-form] :focus")).to_have_count(1)
    page.evaluate("document.activeElement.blur()")
    address = page.url
    page.keyboard.type("Anneke n/")
    page.keyboard.press("?")
    # What leaves the page is not among the keys either.
    page.locator("#keys[open]").wait_for()
    expect(page.locator("#keys [data-keys-leave]:visible")).to_have_count(0)
    assert page.url == address


def test_what_is_said_in_a_call_is_typed_at_once(at_desk, agreed, thomas, lotte, tuesday):
    agreed(1)
    actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))
    CheckIn.objects.update(state="calling")
    page = at_desk(lotte, reverse("check_call", args=[CheckIn.objects.get().pk]))
    expect(page.locator("#check-words")).to_be_focused()
    page.keyboard.type("no one")
    expect(page.locator("#check-words")).to_have_value("no one")


def test_caps_lock_changes_no_key(at_desk, lotte, asked, tuesday):
    asked("groceries")
    asked("pharmacy")
    page = at_desk(lotte, "/en/console/")
    page.locator("#board [data-card]").first.wait_for()
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'J', bubbles: true}))")
    expect(page.locator("#board [data-card] :focus")).to_have_count(1)


def test_the_same_digit_again_leads_to_the_tick(at_desk, lotte, places, tuesday):
    page = at_desk(lotte, "/en/console/take/")
    page.keyboard.type("02 000 14 27")
    page.keyboard.press("Enter")
    page.locator("#intake.is-live").wait_for()
    page.keyboard.press("Alt+1")
    expect(page.locator("[data-ticks=id_kinds_0]")).to_be_focused()
    page.keyboard.press("Alt+1")
    expect(page.locator("#id_kinds_0")).not_to_be_checked()
    expect(page.locator("#id_kinds_0")).to_be_focused()

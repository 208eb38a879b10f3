"""Duty on a phone of 360 px, by keyboard."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from quartier.rota.models import DutyShift
from tests.browsing import axe_options, next_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("django_db_setup"),
]


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def fits(page):
    """Nothing is wider than the phone, and nothing is in the way of who cannot see it."""
    wrong = Axe().run(page, options=axe_options(runOnly=RULES)).response["violations"]
    return page.evaluate("document.documentElement.scrollWidth") <= 360 and not wrong


def test_a_shift_is_planned_on_a_phone(at_desk, sara, lotte, tuesday):
    page = at_desk(sara, "/en/console/duty/", 360)
    assert fits(page)
    with next_page(page):
        page.get_by_role("link", name="Plan a shift").press("Enter")
    with next_page(page):
        page.get_by_role("button", name="Save").press("Enter")
    expect(page.locator("main")).to_contain_text("Choose someone.")
    assert fits(page)
    page.get_by_label("Who is on duty?").select_option(label="Lotte")
    page.get_by_label("When?").select_option(label="Every Tuesday")
    with next_page(page):
        page.get_by_role("button", name="Save").press("Enter")
    expect(page.locator(".cal")).to_contain_text("Lotte")
    expect(page.locator(".cal-gap").first).to_contain_text("no one")
    assert fits(page)
    row = DutyShift.objects.get()
    assert (row.weekday, row.from_hour, row.until_hour) == (date(2027, 1, 12).weekday(), 9, 13)

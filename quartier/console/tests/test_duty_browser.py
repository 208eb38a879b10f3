"""Duty on a phone of 360 px, by keyboard."""

from datetime import date

import pytest
from playwright.sync_api import expect

from quartier.rota.models import DutyShift
from tests.browsing import next_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("django_db_setup"),
]


def narrow(page):
    return page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_shift_is_planned_on_a_phone(at_desk, sara, lotte, tuesday):
    page = at_desk(sara, "/en/console/duty/", 360)
    assert narrow(page)
    with next_page(page):
        page.get_by_role("link", name="Plan a shift").press("Enter")
    with next_page(page):
        page.get_by_role("button", name="Save").press("Enter")
    expect(page.locator("main")).to_contain_text("Choose somebody.")
    assert narrow(page)
    page.get_by_label("Who is on duty?").select_option(label="Lotte")
    page.get_by_label("When?").select_option(label="Every Tuesday")
    with next_page(page):
        page.get_by_role("button", name="Save").press("Enter")
    expect(page.locator(".cal")).to_contain_text("Lotte")
    expect(page.locator(".cal-gap").first).to_contain_text("nobody")
    assert narrow(page)
    row = DutyShift.objects.get()
    assert (row.weekday, row.from_hour, row.until_hour) == (date(2027, 1, 12).weekday(), 9, 13)

"""A ride on the screen of an operator: by the keys alone, and within the width of a phone."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def form(at_desk, lotte, places):
    page = at_desk(lotte, "/fr/console/take/")
    page.keyboard.press("Enter")
    page.locator("#intake.is-live").wait_for()
    return page


def test_the_key_of_a_ride_leads_to_where_it_goes(form):
    expect(form.locator("#id_transport_to")).to_be_hidden()
    form.locator("#id_caller_name").focus()
    key = form.locator('input[name=kinds][value="transport"]').get_attribute("data-key")
    form.keyboard.press(f"Alt+{key}")
    expect(form.locator("#id_transport_to")).to_be_focused()
    form.keyboard.type("Hôpital")
    for name in ("#id_transport_from", "#id_transport_at"):
        form.keyboard.press("Tab")
        expect(form.locator(name)).to_be_focused()
    form.keyboard.press("Alt+Enter")
    wrong = form.locator("#id_transport_at_error")
    expect(wrong).to_have_text("Demandez à quelle heure il faut y être.")
    form.locator("#id_transport_at").fill("14.30")
    expect(wrong).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390, 1366])
def test_it_fits(form, width):
    form.set_viewport_size({"width": width, "height": 768})
    form.locator('.choice:has([value="transport"]) label').click()
    for name in ("to", "from", "at"):
        box = form.locator(f"#id_transport_{name}").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert form.evaluate("document.documentElement.scrollWidth") <= width
    height = form.locator(".ride").bounding_box()["height"]
    assert height <= (330 if width == 1366 else 250)

"""What to say in danger comes before the eyes of whoever has pressed for it, and takes nothing they have written."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from quartier.console.tests.line_scene import Line
from quartier.console.tests.test_line_browser import narrow, picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://127.0.0.1:1"
    settings.SECURE_CSP = {**settings.SECURE_CSP, "connect-src": ["'self'", settings.LINE_WSS]}
    return Line(organisation)


@pytest.fixture
def open_at(at_desk):
    def open_page(account, path, size):
        page = at_desk(account, path, size["width"], without="console/phone.js")
        page.set_viewport_size(size)
        page.wait_for_function("() => window.htmx")
        return page

    return open_page


def is_seen(page, selector):
    """Whether it is on the screen, below what is kept at the top."""
    return page.evaluate(
        """selector => {
            const box = document.querySelector(selector).getBoundingClientRect();
            const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
            return at?.closest(selector) !== null && box.top >= 0 && box.bottom <= innerHeight;
        }""",
        selector,
    )


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_danger_heard_in_the_middle_of_the_form(open_at, line, lotte, thomas, asked, places, size):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    page = open_at(lotte, reverse("line_call", args=[call]), size)
    if size is PHONE:
        page.locator(".jump [data-part-link=intake]").click()
    field = page.locator("#intake textarea[name=words]")
    field.fill("Elle ne veut plus vivre")
    assert page.evaluate("scrollY") > 0 or size is DESK
    page.keyboard.press("Alt+r")
    expect(page.locator("#line-risk summary")).to_be_focused()
    page.locator("#line .who-danger").wait_for()
    page.wait_for_timeout(300)
    assert is_seen(page, "#line-risk summary")
    # What must be said comes first.
    assert is_seen(page, "#line-risk .risk-stay")
    assert is_seen(page, "#line-risk .risk-say .say")
    if size is PHONE:
        # One's own alert is said once.
        expect(page.locator("#alerts > details")).to_be_hidden()
    page.locator("#line-risk .help a[href='tel:112']").scroll_into_view_if_needed()
    assert is_seen(page, "#line-risk .help a[href='tel:112']")
    if size is DESK:
        # Whoever dials 112 is asked for the number of the caller.
        assert is_seen(page, "#line-risk b.num")
        # The script below has less room: its steps are all there to be pressed.
        assert page.locator("[data-steps]").bounding_box()["height"] >= 44
    expect(page.locator("#line-risk")).to_contain_text("02 000 14 27".replace(" ", "\u00a0"))
    assert narrow(page)
    picture(page, "danger-in-form")
    # Folded, one goes on where one was.
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    assert is_seen(page, "#intake textarea[name=words]")


def test_the_danger_of_the_bar_opens_where_one_writes(open_at, line, lotte, thomas, signed_in, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    signed_in(lotte).post(reverse("line_risk", args=[call]))
    where = f"{reverse('concern_tell')}?call={call}"
    page = open_at(lotte, where, PHONE)
    page.fill("#words", "Plus de lumière depuis lundi.")
    page.locator("#line .who-danger").click()
    expect(page.locator("#line-risk summary")).to_be_focused()
    assert page.url.endswith(where)
    assert page.input_value("#words") == "Plus de lumière depuis lundi."
    assert is_seen(page, "#line-risk .risk-say .say")
    # To another page and back: it was kept while it was typed.
    expect(page.locator("form [data-saved]")).to_have_class("tag tag-done")
    page.goto(page.url)
    assert page.input_value("#words") == "Plus de lumière depuis lundi."

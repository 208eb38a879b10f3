"""The page of a call at its edges: the first and the last step of the script."""

import pytest
from playwright.sync_api import expect

from quartier.console.tests.line_scene import Line
from quartier.console.tests.test_call_follows_browser import hears

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BACK, NEXT = "[data-step-by='-1']", "[data-step-by='1']"


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://127.0.0.1:1"
    settings.SECURE_CSP = {**settings.SECURE_CSP, "connect-src": ["'self'", settings.LINE_WSS]}
    return Line(organisation)


@pytest.fixture
def open_call(at_desk):
    def open_page(account, call, width=1366):
        page = at_desk(
            account, f"/fr/console/line/{call}/", width, without="console/phone.js", touch=width == 360
        )
        page.set_viewport_size({"width": width, "height": 740})
        return page

    return open_page


@pytest.mark.parametrize("width", [1366, 360])
def test_nothing_is_before_the_first_step_or_after_the_last(open_call, line, lotte, thomas, asked, width):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    one, other = open_call(lotte, call, width), open_call(thomas, call, width)
    steps = {}
    for page in (one, other):
        steps[page] = page.locator("[data-steps] a").count()
        expect(page.locator(BACK)).to_be_disabled()
        page.locator(NEXT).focus()
        for _step in range(steps[page] - 1):
            expect(page.locator(NEXT)).to_be_enabled()
            page.keyboard.press("Enter")
        # The focus stays beside the button that rests now.
        expect(page.locator(NEXT)).to_be_disabled()
        expect(page.locator(BACK)).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(NEXT)).to_be_enabled()
        page.keyboard.press("Alt+ArrowDown")
        expect(page.locator(NEXT)).to_be_disabled()
    # After a hand-over one step more: what came of the call.
    line.stands(lotte, "wrap_up")
    line.talks(call, thomas)
    hears(one, other)
    other.locator("#step-after").wait_for(state="attached")
    assert other.locator("[data-steps] a").count() == steps[other] + 1
    expect(other.locator(NEXT)).to_be_enabled()
    other.locator("[data-steps] a").first.click()
    expect(other.locator(BACK)).to_be_disabled()
    expect(other.locator(NEXT)).to_be_enabled()
    other.locator("[data-steps] a").last.click()
    expect(other.locator(NEXT)).to_be_disabled()
    expect(one.locator(NEXT)).to_be_disabled()

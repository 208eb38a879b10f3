"""Whoever works a call with keys is never nowhere: the focus goes on at the last step, in the notes, and when they are
kept."""

import pytest
from playwright.sync_api import expect

from quartier.console.tests import test_next_caller_browser as calls

pytestmark = calls.pytestmark
line, open_call = calls.line, calls.open_call


@pytest.fixture
def desk(open_call, line, lotte, asked, places):
    """The page of a call, with the focus on what to say."""
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    page = open_call(lotte, call)
    page.call = call
    expect(page.locator(".step:not([hidden]) .say")).to_be_focused()
    return page


def ends(page, line, lotte):
    line.ends(page.call, lotte)
    calls.redraw(page)
    page.evaluate(
        "document.getElementById('call-owner').dispatchEvent(new CustomEvent('live:changed', {bubbles: true}))"
    )
    page.locator("#main[data-noting] [data-after]").wait_for()


def test_with_keys_to_the_last_step(desk):
    for _step in range(desk.locator("[data-steps] a").count() - 1):
        desk.keyboard.press("Alt+ArrowDown")
    expect(desk.locator("#step-after")).to_be_focused()
    # A digit chooses there what came of it, and with Alt ticks nothing in the form.
    desk.keyboard.press("Alt+1")
    assert desk.locator("#id_kinds input:checked").count() == 0
    desk.keyboard.press("2")
    expect(desk.locator("#id_after-came_1")).to_be_checked()


def test_hung_up_with_keys_one_is_in_the_notes(desk, line, lotte):
    desk.keyboard.press("Alt+o")
    ends(desk, line, lotte)
    expect(desk.locator("#step-after")).to_be_focused()


def test_kept_and_opened_anew_one_is_in_the_notes(desk, line, lotte):
    ends(desk, line, lotte)
    desk.keyboard.press("1")
    with desk.expect_navigation():
        desk.keyboard.press("Alt+k")
    expect(desk.locator("#step-after")).to_be_focused()
    desk.reload()
    expect(desk.locator("#step-after")).to_be_focused()

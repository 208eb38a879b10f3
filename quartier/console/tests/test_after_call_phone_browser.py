"""The notes after a call, on a phone of 360 x 740: what stands above the form, and what its tab is called."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from quartier.console.tests import test_call_phone_browser as calls
from quartier.lib import clock

pytestmark = calls.pytestmark
line, phone = calls.line, calls.phone


@pytest.fixture
def noting(phone, line, lotte, asked, places):
    """Lotte's notes, with a minute and a half left for them, and somebody to call back."""
    asked("groceries")
    line.ends(line.calls("+3220001490"), outcome="abandoned", ring_back=True)
    call = line.calls()
    line.talks(call, lotte)
    line.ends(call, lotte)
    line.stands(lotte, "wrap_up", until=clock.now() + timedelta(seconds=90))
    page = phone(lotte, f"/fr/console/line/{call}/")
    page.locator("#main[data-noting] [data-after]").wait_for()
    return page


def test_the_time_that_is_left_and_who_waits_to_be_called_stand_above_the_notes(noting):
    timer = noting.locator("#line [data-until-s]")
    expect(timer).to_be_visible()
    expect(timer).to_have_text(re.compile(r"^1:\d\d$"))
    expect(noting.locator("#line-owed-link")).to_have_text("À rappeler 1")
    for selector in ("#line [data-until-s]", "#line-owed-link"):
        assert calls.stands_free_of_edges(noting, selector)
    assert calls.is_narrow(noting)
    # The form still begins high up.
    assert noting.locator("label[for=id_after-came_0]").bounding_box()["y"] < 740 * 0.5
    calls.picture(noting, "notes-bar")


def test_the_tab_that_holds_the_notes_is_called_by_them(noting, line, lotte):
    tab = noting.locator(".jump [data-part-link=script]")
    assert tab.inner_text().strip() == "Notes"
    line.stands(lotte, "available")
    calls.redraw(noting)
    expect(noting.locator("#main[data-noting]")).to_have_count(0)
    assert tab.inner_text().strip() != "Notes"


def test_that_it_rings_first_is_said_until_somebody_answers(phone, line, lotte):
    line.on(lotte, "fr")
    line.ends(line.calls("+3220001490"), outcome="abandoned", ring_back=True)
    page = phone(lotte, "/fr/console/line/callbacks/")
    page.locator(".callback-acts button[value=call]").click()
    said = page.locator("[data-message=until-call]")
    expect(said).to_be_visible()
    # Something is being written: the page stays when they answer.
    page.locator(".mine textarea").fill("sonne deux fois")
    line.talks(line.calls("+3220001491"), lotte, "calling")
    calls.redraw(page)
    expect(said).to_have_count(0)

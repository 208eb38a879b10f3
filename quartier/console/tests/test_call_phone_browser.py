"""A call worked on a phone of 360 x 740, in French: what stands where, and what the keyboard leaves of it."""

import os
import time

import pytest
from playwright.sync_api import expect

from quartier.console.tests.line_scene import Line
from quartier.console.tests.test_line_browser import redraw
from quartier.intake.models import Draft
from quartier.telephony.models import CallNote

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}
# What a software keyboard leaves of it.
TYPING = {"width": 360, "height": 400}
DOUBLE_TAP_MS = 500


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://127.0.0.1:1"
    settings.SECURE_CSP = {**settings.SECURE_CSP, "connect-src": ["'self'", settings.LINE_WSS]}
    return Line(organisation)


@pytest.fixture
def phone(at_desk):
    """A page on a phone with touch, whose browser is no telephone."""

    def open_page(account, path):
        page = at_desk(account, path, PHONE["width"], without="console/phone.js", touch=True)
        page.set_viewport_size(PHONE)
        return page

    return open_page


def picture(page, name):
    """For eyes: QUARTIER_SHOTS is a folder."""
    if folder := os.environ.get("QUARTIER_SHOTS"):
        page.screenshot(path=f"{folder}/phone-{name}.png", caret="initial")


def bottom_of_bar(page):
    return page.evaluate("document.querySelector('.stick').getBoundingClientRect().bottom")


def is_narrow(page):
    return page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def takes(page, line):
    """Call control takes what was pressed; the page has sent it when the bar says so."""
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    deadline = time.monotonic() + 10
    while not (taken := line.takes()):
        assert time.monotonic() < deadline, "nothing was wished"
        page.wait_for_timeout(50)
    return taken


def press(page, selector):
    """As a finger does: Playwright's own tap scrolls to where the bar would stand, were it not kept at the top."""
    box = page.locator(selector).bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def expect_free(page, selector):
    """It is scrolled to a moment after the focus."""
    deadline = time.monotonic() + 5
    while not stands_free(page, selector):
        assert time.monotonic() < deadline, f"{selector} is covered"
        page.wait_for_timeout(50)


def stands_free_of_edges(page, selector):
    """Whether the whole of it is on the screen."""
    box = page.locator(selector).bounding_box()
    return box["x"] >= 0 and box["x"] + box["width"] <= 360 and box["y"] + box["height"] <= 740


def stands_free(page, selector):
    """Whether it can be read: below what is kept at the top, above the end of the screen, and nothing over it."""
    return page.evaluate(
        """selector => {
            const one = document.querySelector(selector), box = one.getBoundingClientRect();
            const top = document.elementFromPoint(box.left + Math.min(box.width / 2, 30), box.top + box.height / 2);
            return box.top >= document.querySelector('.stick').getBoundingClientRect().bottom
                && box.bottom <= visualViewport.height && (top === one || one.contains(top) || top.contains(one));
        }""",
        selector,
    )


def is_whole(page, selector):
    """Whether none of its words are cut off."""
    return page.evaluate(
        "one => document.querySelector(one).scrollWidth <= document.querySelector(one).clientWidth", selector
    )


def test_a_whole_call_is_worked_on_a_phone(phone, line, lotte, thomas, asked, places):
    asked("groceries")
    line.on(lotte, "fr")
    call = line.calls()
    page = phone(lotte, "/fr/console/")
    line.rings(call, lotte)
    redraw(page)
    page.get_by_text("a attendu 3 min").wait_for()
    assert stands_free_of_edges(page, "#line-answer")
    picture(page, "1-rings")
    line.talks(call, lotte)
    redraw(page)
    page.wait_for_url(f"**/fr/console/line/{call}/")
    page.locator("#main[data-part=script]").wait_for()
    picture(page, "2-script")
    # One row with what must be at hand; what is said begins in the upper third.
    assert page.locator("#line").bounding_box()["height"] <= 64
    assert page.locator(".step:visible .say").bounding_box()["y"] < 740 * 0.45
    page.get_by_role("button", name="Prochaine étape").tap()
    page.locator("#step-2 .say").wait_for()
    assert is_narrow(page)
    picture(page, "3-listen")
    # What was heard leads to its box in the form; the sentence stays in sight.
    page.locator("[data-heard=pharmacy]").tap()
    expect(page.locator("#id_detail_pharmacy")).to_be_focused()
    page.set_viewport_size(TYPING)
    page.wait_for_function("() => innerHeight === 400")
    page.keyboard.type("pour le cœur")
    expect_free(page, "#id_detail_pharmacy")
    assert stands_free(page, "label[for=id_kinds_1]")
    assert bottom_of_bar(page) <= 120
    picture(page, "4-typing")
    page.locator("#id_address").tap()
    page.keyboard.type("Chaussée de Wavre 12")
    expect_free(page, "#id_address")
    assert stands_free(page, "label[for=id_address]")
    assert is_narrow(page)
    picture(page, "5-address")
    # Two taps in one place at once are a double tap, after which Chromium types nothing; no hand is as fast.
    page.wait_for_timeout(DOUBLE_TAP_MS)
    page.locator("#id_words").tap()
    expect(page.locator("#id_words")).to_be_focused()
    page.keyboard.type("elle parle bas")
    expect(page.locator("#id_words")).to_have_value("elle parle bas")
    expect_free(page, "label[for=id_words]")
    page.set_viewport_size(PHONE)
    page.wait_for_function("() => innerHeight === 740")
    picture(page, "6-form")
    page.wait_for_function("() => document.querySelector('[data-state]').classList.contains('tag-done')")
    # On hold and back. Nothing moves under the finger.
    before = page.evaluate("scrollY")
    press(page, "#line-more")
    assert page.evaluate("scrollY") == before
    expect(page.locator("#line-more")).to_have_attribute("aria-expanded", "true")
    picture(page, "7-sheet")
    press(page, "#line-hold")
    page.locator("#line-more[aria-expanded=false]").wait_for()
    (wish,) = takes(page, line)
    assert wish.what == "hold"
    line.talks(call, lotte, "held")
    redraw(page)
    picture(page, "8-held")
    assert page.locator(".who-short").inner_text() == "En attente"
    assert is_whole(page, ".who-state")
    press(page, ".callbar-now #line-hold")
    assert takes(page, line)[0].what == "unhold"
    line.talks(call, lotte)
    redraw(page)
    # Handed over, to somebody who has come on just now.
    press(page, "#line-more")
    line.on(thomas, "fr", "nl")
    press(page, "#line-hand-over")
    page.locator("#line-over button[value=consult]").wait_for()
    assert "français, néerlandais · libre depuis 11 h du matin" in page.inner_text("#line-over").replace(
        "\u00a0", " "
    )
    picture(page, "9-to-whom")
    page.locator("#line-over button[value=consult]").tap()
    assert takes(page, line)[0].what == "consult"
    line.talks(call, lotte, "consulting")
    line.stands(thomas, "ringing", call=call)
    redraw(page)
    assert page.locator(".who-short").inner_text() == "Ça sonne chez Thomas"
    assert is_whole(page, ".who-state")
    # What changes is the colleague alone.
    line.stands(thomas, "in_call", call=call)
    page.evaluate(
        "document.getElementById('line-also').dispatchEvent(new CustomEvent('live:changed', {bubbles: true}))"
    )
    expect(page.locator(".who-short")).to_have_text("Avec Thomas")
    page.locator(".callbar-now button[value=complete]").wait_for()
    picture(page, "10-consults")
    press(page, ".callbar-now button[value=complete]")
    assert takes(page, line)[0].what == "complete"
    line.talks(call, thomas)
    line.stands(lotte, "wrap_up")
    redraw(page)
    page.evaluate(
        "document.getElementById('call-owner').dispatchEvent(new CustomEvent('live:changed', {bubbles: true}))"
    )
    page.locator("#form").get_by_text("Thomas a cet appel").wait_for(state="attached")
    # What came of it: one press and a few words, kept as they are typed.
    page.locator("#step-after [data-after]").wait_for()
    page.wait_for_function("() => scrollY === 0 && document.querySelector('[data-noting]')")
    picture(page, "11-after")
    assert page.locator("label[for=id_after-came_0]").bounding_box()["y"] < 740 * 0.5
    expect(page.get_by_role("button", name="Prochaine étape")).not_to_be_visible()
    page.locator("label[for=id_after-came_3]").tap()
    page.set_viewport_size(TYPING)
    page.locator("#id_after-note").tap()
    page.keyboard.type("sa fille passe demain")
    expect_free(page, "#id_after-note")
    picture(page, "12-note")
    page.get_by_text("C’est enregistré.", exact=True).wait_for()
    page.set_viewport_size(PHONE)
    assert is_narrow(page)
    note = CallNote.objects.get(account=lotte)
    page.wait_for_function(
        "() => document.querySelector('[data-after] [data-saved]').classList.contains('tag-done')"
    )
    note.refresh_from_db()
    assert (note.code, note.words) == ("listened", "sa fille passe demain")
    page.get_by_role("button", name="Garder, je suis de nouveau libre").tap()
    page.wait_for_url("**/fr/console/")
    assert takes(page, line)[0].what == "resume"
    assert Draft.objects.get(call=call).answers["words"] == "elle parle bas"


def test_what_is_wrong_with_the_notes_is_seen(phone, line, lotte, asked, places):
    asked("groceries")
    line.on(lotte, "fr")
    call = line.calls()
    line.talks(call, lotte)
    line.ends(call, lotte)
    page = phone(lotte, f"/fr/console/line/{call}/")
    page.get_by_role("button", name="Garder, je suis de nouveau libre").tap()
    page.locator("#main[data-noting] [data-after] .oops").wait_for()
    expect(page.locator("[data-after] .oops")).to_be_focused()
    expect_free(page, "[data-after] .oops h2")
    picture(page, "13-wrong")


def test_the_sheet_and_the_menu_close_by_themselves(phone, line, lotte, asked, places):
    asked("groceries")
    line.on(lotte, "fr")
    call = line.calls()
    line.talks(call, lotte)
    page = phone(lotte, f"/fr/console/line/{call}/")
    more = page.locator("#line-more")
    for how in ("beside", "escape", "action"):
        press(page, "#line-more")
        expect(more).to_have_attribute("aria-expanded", "true")
        if how == "beside":
            page.touchscreen.tap(180, 700)
        elif how == "escape":
            page.keyboard.press("Escape")
        else:
            press(page, "#line-mute")
        expect(more).to_have_attribute("aria-expanded", "false")
    menu = page.locator(".nav-more")
    for how in ("beside", "escape"):
        menu.locator("summary").tap()
        expect(menu).to_have_attribute("open", "")
        if how == "beside":
            page.touchscreen.tap(180, 300)
        else:
            page.keyboard.press("Escape")
        expect(menu).not_to_have_attribute("open", "")


def test_the_sheet_is_worked_with_keys(phone, line, lotte, asked, places):
    asked("groceries")
    line.on(lotte, "fr")
    call = line.calls()
    line.talks(call, lotte)
    page = phone(lotte, f"/fr/console/line/{call}/")
    more = page.locator("#line-more")
    focused = "document.activeElement.id"
    more.focus()
    page.keyboard.press("Enter")
    reached = []
    for _key in range(5):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(focused))
    # Keys for the other side rest while nobody talks in this browser.
    assert reached[:5] == ["line-mute", "line-hold", "line-hand-over", "line-risk-heard", "line-ear"]
    # The headset: its dialog, and back to where the sheet was opened.
    page.keyboard.press("Enter")
    expect(page.locator("#line-headset")).to_be_visible()
    picture(page, "14-headset")
    page.keyboard.press("Escape")
    expect(page.locator("#line-headset")).not_to_be_visible()
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "false")
    # What is pressed does not take the focus with it, and the sheet goes when the focus does.
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(more).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(more).to_have_attribute("aria-expanded", "false")


def test_not_now_is_pressed_once(phone, line, lotte, asked, places):
    asked("groceries")
    line.on(lotte, "fr")
    call = line.calls()
    line.rings(call, lotte)
    page = phone(lotte, "/fr/console/")
    page.get_by_role("button", name="Pas maintenant").tap()
    expect(page.get_by_role("button", name="Pas maintenant")).to_be_disabled()
    assert takes(page, line)[0].details == {"reason": "declined"}

"""The page of a call at its edges: the first and the last step of the script, and where somebody goes on who has just
answered."""

import pytest
from playwright.sync_api import expect

from quartier.alerts import actions as alerts
from quartier.console.tests.line_scene import Line
from quartier.console.tests.test_call_follows_browser import hears
from quartier.console.tests.test_line_browser import redraw
from quartier.team.access import of_account

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


@pytest.mark.parametrize("is_first", ["bar", "form"])
@pytest.mark.parametrize("width", [1366, 360])
def test_whoever_answers_on_the_page_of_the_call_goes_on_at_once(
    open_call, line, lotte, asked, width, is_first
):
    asked("groceries")
    line.on(lotte, "fr")
    call = line.calls()
    line.rings(call, lotte)
    page = open_call(lotte, call, width)
    expect(page.locator("#intake")).to_have_count(0)
    page.locator("#line-answer").focus()
    line.talks(call, lotte)
    # The bar and the form come in any order.
    if is_first == "bar":
        redraw(page)
    page.evaluate(
        "document.getElementById('call-owner').dispatchEvent(new CustomEvent('live:changed', {bubbles: true}))"
    )
    page.locator("#intake.is-live").wait_for(state="attached")
    if is_first == "form":
        redraw(page)
    expect(page.locator("#step-1 .say")).to_be_focused()
    # What is pressed without a look ticks nothing.
    for key in ("Space", "1"):
        page.keyboard.press(key)
    expect(page.locator("#id_kinds input:checked")).to_have_count(0)


def test_nobody_who_writes_is_called_away(open_call, line, lotte, thomas, asked, places):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    page = open_call(lotte, call)
    page.locator("#id_words").focus()
    line.talks(call, lotte, "held")
    redraw(page)
    line.stands(lotte, "wrap_up")
    redraw(page)
    line.talks(call, lotte)
    redraw(page)
    expect(page.locator("#id_words")).to_be_focused()


@pytest.mark.parametrize("is_touch", [True, False])
def test_where_there_is_no_keyboard_nothing_leads_to_its_keys(at_desk, line, lotte, asked, is_touch):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    for path in (f"/fr/console/line/{call}/", "/fr/console/"):
        page = at_desk(lotte, path, without="console/phone.js", touch=is_touch)
        links = page.locator(".hint-keys button")
        assert links.is_visible() != is_touch


def test_the_keys_of_the_line_are_listed_for_whoever_is_on_it(at_desk, open_call, line, lotte, thomas, asked):
    asked("groceries")
    page = at_desk(thomas, "/fr/console/", without="console/phone.js")
    keys = page.locator("#keys")
    page.keyboard.press("?")
    expect(keys.get_by_text("demande suivante et précédente")).to_be_visible()
    expect(keys.get_by_text("Décrocher")).to_be_hidden()
    page.keyboard.press("Escape")
    line.on(thomas, "fr")
    redraw(page)
    page.locator(".hint-keys button").click()
    expect(keys.get_by_text("Décrocher")).to_be_visible()
    expect(keys.get_by_text("Enregistrer l’appel")).to_be_hidden()
    call = line.calls()
    line.talks(call, lotte)
    page = open_call(lotte, call)
    keys = page.locator("#keys")
    # With the focus on a box, as after an answer; never in the middle of a word.
    page.keyboard.press("?")
    expect(keys.get_by_text("Danger")).to_be_visible()
    expect(keys.get_by_text("Prochaine étape")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#id_words").focus()
    page.keyboard.type("ça va ?")
    expect(keys).to_be_hidden()
    expect(page.locator("#id_words")).to_have_value("ça va ?")
    page.locator(".hint-keys button").click()
    expect(keys.get_by_text("Danger")).to_be_visible()
    # A letter is a key on the board alone.
    page.keyboard.press("Escape")
    page.locator("#id_kinds_0").focus()
    page.keyboard.press("n")
    page.wait_for_timeout(200)
    assert page.url.endswith(f"/fr/console/line/{call}/")


def test_a_call_that_comes_back_goes_on_at_the_step_where_it_was(open_call, line, lotte, thomas, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    page = open_call(lotte, call)
    page.locator("[data-steps] a").nth(2).click()
    line.moves(call, "transferring")
    line.stands(lotte, "wrap_up")
    redraw(page)
    expect(page.locator("#step-after")).to_be_visible()
    line.stands(thomas, "paused", reason="declined")
    line.rings(call, lotte)
    redraw(page)
    line.talks(call, lotte)
    redraw(page)
    expect(page.locator("#step-3")).to_be_visible()


def test_the_list_of_keys_shows_the_keys_also_on_a_narrow_desk(at_desk, line, lotte):
    page = at_desk(lotte, "/fr/console/", 360, without="console/phone.js")
    page.keyboard.press("?")
    keys = page.locator("#keys .kbd")
    expect(keys.first).to_be_visible()
    assert all(each.is_visible() for each in keys.all() if each.locator("xpath=../..").is_visible())


def test_on_a_phone_the_next_step_is_in_sight_and_its_sentence_has_the_focus(open_call, line, lotte, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    page = open_call(lotte, call, 360)
    expect(page.locator(NEXT)).to_be_in_viewport(ratio=1)
    expect(page.locator("#step-1 .say")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#step-2 .say")).to_be_focused()
    # Whoever presses the button stays there, and hears the sentence.
    page.locator(NEXT).focus()
    page.keyboard.press("Enter")
    expect(page.locator(NEXT)).to_be_focused()
    said = page.locator("#step-3 .say").text_content()
    expect(page.locator("[data-say-aloud]")).to_have_text(said)
    expect(page.locator(NEXT)).to_be_in_viewport(ratio=1)


def test_of_many_alerts_a_phone_shows_the_first_and_a_desk_all(at_desk, line, lotte, thomas):
    for number in ("+3220001431", "+3220001432", "+3220001433"):
        call = line.calls(number)
        alerts.raise_alert(actor=of_account(thomas), call=line.talks(call, thomas))
        line.ends(call, thomas)
    narrow, wide = (at_desk(lotte, "/fr/console/line/callbacks/", width) for width in (360, 1366))
    for page, seen in ((narrow, 1), (wide, 3)):
        page.wait_for_load_state("networkidle")
        expect(page.locator("#alerts li").first).to_be_visible()
        assert sum(each.is_visible() for each in page.locator("#alerts li").all()) == seen
    narrow.locator(".alerts-rest summary").click()
    expect(narrow.locator("#alerts li").last).to_be_visible()


def test_what_is_saved_says_the_hour_of_the_group_and_nothing_before(open_call, line, lotte):
    call = line.calls()
    line.talks(call, lotte)
    page = open_call(lotte, call)
    expect(page.locator("#intake [data-state]")).to_be_hidden()
    line.ends(call, lotte)
    redraw(page)
    page.locator("#id_after-note").fill("au rez")
    # This browser is in another zone than the group.
    expect(page.locator("[data-after] [data-saved]")).to_have_text("Sauvegardé à 11\u00a0h")

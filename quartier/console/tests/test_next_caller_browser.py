"""What stays and what goes on the screen when the bar changes: the page of the caller before, the focus, the places."""

import pytest
from playwright.sync_api import expect

from quartier.console.tests.line_scene import Line
from quartier.console.tests.test_line_browser import picture, redraw
from quartier.console.tests.waiting import until
from quartier.intake.models import Draft
from quartier.telephony.models import CallNote

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://127.0.0.1:1"
    settings.SECURE_CSP = {**settings.SECURE_CSP, "connect-src": ["'self'", settings.LINE_WSS]}
    return Line(organisation)


@pytest.fixture
def open_call(at_desk):
    def open_page(account, call, **given):
        return at_desk(account, f"/fr/console/line/{call}/", without="console/phone.js", **given)

    return open_page


def on_phone(open_call, account, call):
    page = open_call(account, call, width=PHONE["width"], touch=True)
    page.set_viewport_size(PHONE)
    return page


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.tagName")


def x_of(page, selector):
    return page.locator(selector).bounding_box()["x"]


@pytest.mark.parametrize("width", [1366, 360])
def test_the_caller_before_is_never_seen_under_the_next_one(open_call, line, lotte, asked, places, width):
    asked("groceries")
    first = line.calls("+3220001499")
    line.talks(first, lotte)
    page = open_call(lotte, first, width=width)
    page.set_viewport_size({"width": width, "height": 740})
    page.evaluate("document.getElementById('id_words').value = ''")
    if width == PHONE["width"]:
        page.locator(".jump [data-part-link=intake]").click()
    page.locator("#id_words").fill("elle parle bas")
    until(page, lambda: (Draft.objects.get(call=first).answers or {}).get("words") == "elle parle bas")
    line.ends(first, lotte)
    redraw(page)
    page.locator("#id_after-note").fill("sa fille passe")
    # It rings: the page is still the old one, and says so.
    second = line.calls()
    line.rings(second, lotte)
    redraw(page)
    expect(page.locator("#line-other")).to_contain_text("la page d’un autre appel : 02 000 14 99")
    picture(page, "next-rings")
    # Answered. The new page does not come at once, and nothing of the old one is there meanwhile.
    page.route(f"**/console/line/{second}/", lambda route: route.abort("aborted"))
    line.talks(second, lotte)
    redraw(page)
    expect(page.locator("#line-other")).to_contain_text("La page de cet appel s’ouvre.")
    expect(page.locator("#line-other")).to_contain_text("Ce que vous avez écrit")
    expect(page.locator("#line .who")).to_contain_text("Marie Peeters")
    expect(page.locator("#id_words")).not_to_be_visible()
    expect(page.locator("#file-title")).not_to_be_visible()
    assert page.evaluate("document.getElementById('main').inert")
    picture(page, "next-opens")
    page.unroute(f"**/console/line/{second}/")
    page.get_by_role("link", name="Ouvrir maintenant").click()
    page.wait_for_url(f"**/fr/console/line/{second}/")
    expect(page.locator("#file-title")).to_have_text("Marie Peeters")
    expect(page.locator("#line-other")).to_be_empty()
    # What was typed for the one before is kept, without a press.
    until(page, lambda: CallNote.objects.get(call=first).words == "sa fille passe")
    # An earlier call that is opened on purpose says that it is another one.
    page.goto(page.url.replace(str(second), str(first)))
    other = page.locator("#line-other")
    expect(other).to_contain_text("la page d’un autre appel")
    other.get_by_role("link", name="Voir l’appel en cours").click()
    page.wait_for_url(f"**/fr/console/line/{second}/")


def test_on_hold_and_back_nothing_beside_the_button_moves(open_call, line, lotte, thomas, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    page = open_call(lotte, call)
    beside = ["#line-mute", "#line-hand-over", "#line-risk-heard", "#line-end"]
    before = {one: x_of(page, one) for one in beside}
    below = page.locator("#script").bounding_box()["y"]
    page.locator("#line-hold").focus()
    for state in ("held", "bridged"):
        page.keyboard.press("Enter")
        page.wait_for_function("() => !document.querySelector('.htmx-request')")
        (wish,) = line.takes()
        assert wish.what == ("hold" if state == "held" else "unhold")
        line.talks(call, lotte, state)
        redraw(page)
        assert {one: x_of(page, one) for one in beside} == before
        assert page.locator("#script").bounding_box()["y"] == below
        # The focus stays on the button that takes them back, and puts them on hold again.
        assert focused(page) == ("line-unhold" if state == "held" else "line-hold")
    # Saved, the buttons of the notes stay where they are.
    page.locator("[data-steps] a").last.click()
    keep = page.get_by_role("button", name="Garder").first
    before = keep.bounding_box()
    page.fill("#id_after-note", "sa fille passe")
    page.locator("[data-saved].tag-done").wait_for()
    assert keep.bounding_box() == before


def test_on_a_phone_what_is_read_stays_where_it_is(open_call, line, lotte, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    page = on_phone(open_call, lotte, call)
    page.locator(".jump [data-part-link=intake]").click()
    page.locator("#id_caller_name").scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 40)")
    before = page.locator("#id_caller_name").bounding_box()["y"]
    for state in ("held", "bridged"):
        line.talks(call, lotte, state)
        redraw(page)
        assert abs(page.locator("#id_caller_name").bounding_box()["y"] - before) < 1


def test_the_focus_stays_in_the_bar_after_what_was_pressed(open_call, line, lotte, thomas, asked):
    asked("groceries")
    line.on(lotte, "fr")
    page = open_call(lotte, line.talks(line.calls(), thomas).pk)
    page.locator(".line-on summary").click()
    page.locator("button[name=reason][value=meal]").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Un instant", exact=True).wait_for()
    line.takes()
    line.stands(lotte, "paused", reason="meal")
    redraw(page)
    page.get_by_text("Vous êtes en pause : un repas.").wait_for()
    # What was pressed is gone: the bar itself has the focus, and the next key reaches its first button.
    assert focused(page) == "line"
    page.keyboard.press("Tab")
    assert focused(page) == "line-back"
    page.keyboard.press("Enter")
    page.get_by_text("Un instant", exact=True).wait_for()
    assert focused(page) == "line-back"


def test_no_number_is_cut_on_a_phone(open_call, line, lotte):
    for number in ("+33612345678", "+4915123456789", "+32470123456"):
        call = line.calls(number)
        line.talks(call, lotte)
        page = on_phone(open_call, lotte, call)
        page.evaluate(
            """() => {
                const lamp = document.getElementById('line-quality');
                lamp.outerHTML = '<button class="btn quality-lamp"><span class="quality-dot"></span></button>';
            }"""
        )
        seen = page.evaluate(
            """() => {
                const number = document.querySelector('#line .who .num').getBoundingClientRect();
                const who = document.querySelector('#line .who-more').getBoundingClientRect();
                return [number.right <= who.right + .5, number.bottom <= who.bottom + .5];
            }"""
        )
        picture(page, f"number-{number[1:4]}")
        assert seen == [True, True], number
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        line.ends(call, lotte)


def test_whom_we_call_back_is_within_reach_on_a_phone(at_desk, line, lotte):
    for digit in range(3):
        line.ends(line.calls(f"+322000149{digit}"), outcome="abandoned", ring_back=True)
    page = at_desk(lotte, "/fr/console/", PHONE["width"], without="console/phone.js", touch=True)
    page.set_viewport_size(PHONE)
    link = page.locator("#line-owed-link")
    expect(link).to_have_text("À rappeler 3")
    box = link.bounding_box()
    assert box["x"] + box["width"] <= PHONE["width"]
    assert box["y"] + box["height"] <= PHONE["height"] / 2
    # One more: the count follows without the bar being drawn again.
    line.ends(line.calls("+3220001480"), outcome="abandoned", ring_back=True)
    page.evaluate(
        "document.getElementById('line-owed').dispatchEvent(new CustomEvent('live:changed', {bubbles: true}))"
    )
    expect(link).to_have_text("À rappeler 4")
    page.evaluate(
        "document.getElementById('board-waits').dispatchEvent(new CustomEvent('live:changed', {bubbles: true}))"
    )
    expect(page.locator("#board-waits")).to_contain_text("4 personnes à rappeler")
    expect(page.locator("#board")).not_to_contain_text("Rien n’attend l’équipe")
    picture(page, "owed")


def test_the_first_call_of_a_shift_speaks_of_nothing_that_was_written(at_desk, line, lotte, asked, places):
    asked("groceries")
    line.on(lotte, "fr")
    page = at_desk(lotte, "/fr/console/", without="console/phone.js")
    call = line.calls()
    line.rings(call, lotte)
    redraw(page)
    page.route(f"**/console/line/{call}/", lambda route: route.abort("aborted"))
    line.talks(call, lotte)
    redraw(page)
    said = page.locator("#line-other")
    expect(said).to_contain_text("La page de cet appel s’ouvre.")
    expect(said.get_by_text("Ce que vous avez écrit")).not_to_be_visible()
    expect(said.locator(".notice-stop")).to_have_count(0)

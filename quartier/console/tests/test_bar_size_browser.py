"""The bar leaves room for the page, on a phone and on a laptop: beside the lamp of the quality, in danger, idle."""

import pytest
from playwright.sync_api import expect

from quartier.alerts import actions as alerts
from quartier.alerts.models import Alert
from quartier.console.tests.line_scene import Line
from quartier.console.tests.test_line_browser import narrow, picture, redraw
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.team.access import of_account
from quartier.telephony import actions as telephony

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
TABLET_VIEWPORT = {"width": 800, "height": 768}
# Header and bar together, above the page, while nobody is on a call.
MAX_IDLE_PX = 200
MEASURED = """level => new BroadcastChannel("quartier-phone").postMessage({state: {
    line: "ready", talk: "talking", call: "", muted: false, trouble: "", keys: "", keysRefused: false,
    quality: level && {level, loss: 4, jitter: 30, delay: 90},
}})"""


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://127.0.0.1:1"
    settings.SECURE_CSP = {**settings.SECURE_CSP, "connect-src": ["'self'", settings.LINE_WSS]}
    return Line(organisation)


@pytest.fixture
def open_at(at_desk):
    def open_page(account, path, size):
        page = at_desk(account, f"/fr/console/{path}", size["width"], without="console/phone.js")
        page.set_viewport_size(size)
        page.wait_for_function("() => window.htmx")
        return page

    return open_page


def begins_at(page):
    """Where the page itself begins."""
    return page.evaluate("document.getElementById('main').getBoundingClientRect().top + scrollY")


def is_whole(page, selector):
    """Whether none of its words are cut off."""
    return page.evaluate(
        """selector => {
            const one = document.querySelector(selector);
            return one.scrollWidth <= one.clientWidth && one.scrollHeight <= one.clientHeight + 1;
        }""",
        selector,
    )


@pytest.mark.parametrize("size", [DESK, TABLET_VIEWPORT, PHONE], ids=["desk", "tablet", "phone"])
def test_the_lamp_of_the_quality_moves_nothing(open_at, line, lotte, size):
    call = line.talks(line.calls(), lotte)
    name = "Marie-Christine Vandenbroucke" if size is PHONE else "Marie Peeters"
    telephony.name_caller(
        call=call, person=people.record_person(organisation=call.organisation, who=Who(name=name))
    )
    page = open_at(lotte, f"line/{call.pk}/", size)
    before = begins_at(page), page.locator("#line-end").bounding_box()
    assert is_whole(page, "#line .who > b")
    for level in ("good", "bad"):
        page.evaluate(MEASURED, level)
        page.locator(f".quality-lamp[data-level={level}]").wait_for()
        assert (begins_at(page), page.locator("#line-end").bounding_box()) == before
        assert is_whole(page, "#line .who > b")
    picture(page, "lamp")
    # One row, with a button's height and what is around it; a long name on a phone takes a line more.
    if size is not TABLET_VIEWPORT:
        assert page.locator("#line").bounding_box()["height"] <= (78 if size is PHONE else 68)
    assert narrow(page)
    page.evaluate(MEASURED, None)
    page.locator(".quality-lamp").wait_for(state="detached")
    assert begins_at(page) == before[0]


def test_danger_leaves_room_for_the_form_and_is_there_again(open_at, line, lotte, thomas, asked, places):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    page = open_at(lotte, f"line/{call}/", PHONE)
    page.keyboard.press("Alt+r")
    page.locator("#risk-title").wait_for()
    expect(page.locator("#line-risk .say").first).to_be_visible()
    # What is being said goes on below it; the bar names the danger and keeps its buttons.
    assert page.locator(".step:visible .say").bounding_box()["y"] < PHONE["height"]
    page.locator("#line .who-danger").wait_for()
    box = page.locator("#line-end").bounding_box()
    assert box["x"] + box["width"] <= PHONE["width"]
    assert narrow(page)
    picture(page, "danger")
    # To the form: the sentences are folded, and a press away, also after the page was loaded again.
    page.locator(".jump [data-part-link=intake]").click()
    expect(page.locator("#line-risk .say").first).not_to_be_visible()
    assert page.locator("#intake h2").first.bounding_box()["y"] < PHONE["height"] / 2
    page.reload()
    page.locator("#line-risk summary").wait_for()
    expect(page.locator("#line-risk .say").first).not_to_be_visible()
    page.locator("#line .who-danger").click()
    expect(page.locator("#line-risk .say").first).to_be_visible()
    page.reload()
    expect(page.locator("#line-risk .say").first).to_be_visible()
    assert narrow(page)
    # It is over.
    alert = Alert.objects.get()
    alerts.take(actor=of_account(thomas), alert_id=alert.pk)
    alerts.close(actor=of_account(thomas), alert_id=alert.pk, words="Her doctor is there.")
    redraw(page, "line-risk-live")
    expect(page.locator("#line-risk")).to_be_empty()
    page.locator("#line .who-danger").wait_for(state="detached")


def test_without_a_call_a_phone_shows_the_page_soon(open_at, line, lotte):
    for digit in range(3):
        line.ends(line.calls(f"+322000149{digit}"), outcome="abandoned", ring_back=True)
    page = open_at(lotte, "volunteers/", PHONE)
    for step, seen in (
        (lambda: None, "Prendre des appels"),
        (lambda: line.on(lotte, "fr", "nl"), "Pause"),
        (lambda: line.stands(lotte, "paused", reason="missed"), "Je suis de retour"),
        (lambda: line.stands(lotte, "wrap_up"), "Je suis de nouveau libre"),
    ):
        step()
        redraw(page)
        expect(page.locator("#line .line-acts").get_by_text(seen).first).to_be_visible()
        expect(page.locator("#line-owed-link")).to_be_visible()
        assert begins_at(page) <= MAX_IDLE_PX
        assert narrow(page)
        picture(page, f"idle-{seen.split()[0]}")
    # Where one is stands in sight, in the row that is moved sideways.
    assert page.locator(".nav [aria-current]").bounding_box()["x"] >= 0
    # The rest is a press away, and folded again by the next one; nothing open in it holds the bar back.
    page.click("#line-more")
    page.locator("#line-sheet .line-on summary").click()
    expect(page.locator("#line-sheet button[value=meal]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#line-sheet")).not_to_be_visible()
    call = line.calls()
    line.rings(call, lotte)
    redraw(page)
    page.locator("#line-answer").wait_for()

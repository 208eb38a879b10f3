"""The phone in the browser against half an exchange: it registers, rings, is answered, outlives links and refreshes."""

import os

import pytest

from quartier.console.tests.line_scene import Line
from quartier.console.tests.sip_stub import Exchange
from quartier.telephony.models import OwnPrompt
from tests import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # Before the server: else it takes the database for one in memory, and all its threads share one connection.
    pytest.mark.usefixtures("django_db_setup"),
]
WSS = "wss://line.test/"
VOICE = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--autoplay-policy=no-user-gesture-required",
]
REDRAW = "document.getElementById('line').dispatchEvent(new CustomEvent('live:changed'))"


@pytest.fixture(scope="module")
def browser():
    with chromium.running(*VOICE, program=chromium.FULL_CHROMIUM) as running:
        yield running


@pytest.fixture
def line(organisation, settings):
    settings.LINE_WSS = WSS
    return Line(organisation)


@pytest.fixture
def desk(browser, live_server, client, line, lotte, places, asked):
    """Lotte's page, on the line, with the phone registered."""
    asked("groceries")
    line.on(lotte, "fr")
    client.force_login(lotte)
    context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="fr")
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.said = []
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("console", lambda line: page.said.append(line.text))
    page.exchange = Exchange(page, WSS)
    page.goto(live_server.url + "/fr/console/")
    wait_for(page, "ready")
    yield page
    context.close()
    assert not [words for words in page.said if "Content Security" in words]


def wait_for(page, state, where="page"):
    target = page if where == "page" else page.frame("quartier-page")
    target.wait_for_function("s => document.documentElement.dataset.phone === s", arg=state)


def redraw(page):
    """What a page does when it hears that something changed; the served page of a test has no event stream."""
    page.evaluate(REDRAW)


def hears(page):
    """Whether the operator hears the caller's tone."""
    return page.evaluate("""async () => {
      const here = new AudioContext();
      const ear = here.createAnalyser();
      here.createMediaStreamSource(document.getElementById("line-sound").srcObject).connect(ear);
      const bins = new Float32Array(ear.frequencyBinCount);
      for (let tries = 0; tries < 40; tries += 1) {
        await new Promise((done) => setTimeout(done, 100));
        ear.getFloatFrequencyData(bins);
        const at = Math.round(700 / (here.sampleRate / ear.fftSize));
        if (Math.max(...bins.slice(at - 2, at + 3)) > -60) return true;
      }
      return false;
    }""")


def answered(page, call):
    """The phone has answered: the other side takes what it said."""
    for _ in range(300):
        done = [body for status, body in page.exchange.answers if status == 200 and body]
        if done:
            break
        page.wait_for_timeout(50)
    page.evaluate("sdp => window.there.setRemoteDescription({ type: 'answer', sdp })", done[-1])
    wait_for(page, "talking")


def test_a_call_is_answered_with_a_key_and_heard(desk, line, lotte):
    page = desk
    call = line.calls()
    line.rings(call, lotte)
    redraw(page)
    page.exchange.calls(call, f"sip:{lotte.pk}@127.0.0.1")
    wait_for(page, "ringing")
    page.wait_for_function("() => document.title.startsWith('☎')")
    page.locator("#line-answer:enabled").wait_for()
    page.keyboard.press("Alt+a")
    answered(page, call)
    assert hears(page)
    line.talks(call, lotte)
    redraw(page)
    page.frame_locator("iframe[name=quartier-page]").locator("#line-mute").wait_for()
    page.keyboard.press("Alt+m")
    page.frame_locator("iframe[name=quartier-page]").locator("#line-mute[aria-pressed=true]").wait_for()


@pytest.mark.parametrize("width", [1366, 360])
def test_whoever_answered_with_a_key_goes_on_with_the_keyboard(desk, line, lotte, width):
    page = desk
    page.set_viewport_size({"width": width, "height": 740})
    call = line.calls()
    line.rings(call, lotte)
    redraw(page)
    page.exchange.calls(call, f"sip:{lotte.pk}@127.0.0.1")
    wait_for(page, "ringing")
    page.locator("#line-answer:enabled").wait_for()
    page.keyboard.press("Alt+a")
    answered(page, call)
    line.talks(call, lotte)
    redraw(page)
    # The page of the call has come in the frame, as large as the window, and what is typed reaches it.
    inner(page).locator("#script").wait_for()
    wait_for(page, "talking", where="frame")
    frame = page.frame("quartier-page")
    frame.wait_for_function("() => document.hasFocus() && document.activeElement.matches('#step-1 .say')")
    page.wait_for_function("() => document.activeElement.tagName === 'IFRAME'")
    assert frame.evaluate("innerWidth") == width
    if width == 1366:
        page.keyboard.press("Alt+2")
        inner(page).locator("#id_kinds_1:checked").wait_for(state="attached")


def talks(page, line, lotte):
    """Lotte is on a call."""
    call = line.calls()
    line.rings(call, lotte)
    redraw(page)
    page.exchange.calls(call, f"sip:{lotte.pk}@127.0.0.1")
    wait_for(page, "ringing")
    page.locator("#line-answer:enabled").click()
    answered(page, call)
    line.talks(call, lotte)
    return call


def inner(page):
    """The page that is seen: the frame, once a call has opened its page."""
    return page.frame_locator("iframe[name=quartier-page]")


@pytest.fixture
def talk(desk, line, lotte):
    """Lotte talks, and sees the page of the call."""
    desk.call = talks(desk, line, lotte)
    redraw(desk)
    inner(desk).locator("#script").wait_for()
    # Its own scripts run: it takes keys.
    wait_for(desk, "talking", where="frame")
    desk.frame("quartier-page").wait_for_function("() => document.hasFocus()")
    return desk


def test_links_and_the_way_back_do_not_touch_the_call(desk, line, lotte):
    page = desk
    call = talks(page, line, lotte)
    page.evaluate("window.kept = 'the same page'")
    redraw(page)
    # The page of the call opens by itself, inside the page that holds the phone.
    inner = page.frame_locator("iframe[name=quartier-page]")
    inner.locator("#script").wait_for()
    page.wait_for_url(f"**/line/{call}/")
    inner.locator(".nav a", has_text="Bénévoles").click()
    page.wait_for_url("**/volunteers/")
    inner.locator("#line-mute").click()
    page.wait_for_function("() => document.querySelector('audio').srcObject.active")
    inner.locator("#line-mute[aria-pressed=true]").wait_for()
    page.go_back()
    page.wait_for_url(f"**/line/{call}/")
    inner.locator("#script").wait_for()
    page.go_back()
    page.wait_for_url("**/console/")
    inner.locator("#board").wait_for()
    assert page.evaluate("window.kept") == "the same page"
    assert hears(page)
    assert page.exchange.said == ["REGISTER"]


def test_a_refresh_costs_a_moment_and_no_goodbye(desk, line, lotte):
    page = desk
    call = talks(page, line, lotte)
    redraw(page)
    inner = page.frame_locator("iframe[name=quartier-page]")
    inner.locator("#line-mute").click()
    inner.locator("#line-mute[aria-pressed=true]").wait_for()
    page.reload()
    wait_for(page, "ready")
    assert set(page.exchange.said) == {"REGISTER"}
    page.exchange.answers.clear()
    page.exchange.calls(call, f"sip:{lotte.pk}@127.0.0.1", "auto")
    answered(page, call)
    assert hears(page)
    # Whoever had muted the call is still muted.
    page.locator("#line-mute[aria-pressed=true]").wait_for()


def test_another_page_takes_the_phone_over_when_the_first_is_closed(desk, line, lotte):
    first = desk
    call = talks(first, line, lotte)
    second = first.context.new_page()
    second.goto(first.url)
    wait_for(second, "talking")
    second.exchange = first.exchange
    second.exchange.page = second
    first.close()
    wait_for(second, "ready")
    second.exchange.answers.clear()
    second.exchange.calls(call, f"sip:{lotte.pk}@127.0.0.1", "auto")
    answered(second, call)
    assert hears(second)


def test_a_caller_who_hangs_up_or_is_taken_by_another_stops_the_ring(desk, line, lotte):
    page = desk
    call = line.calls()
    line.rings(call, lotte)
    leg = page.exchange.calls(call, f"sip:{lotte.pk}@127.0.0.1")
    wait_for(page, "ringing")
    page.evaluate("document.title")
    leg.send("CANCEL")
    wait_for(page, "ready")
    assert not page.title().startswith("☎")


def test_a_second_call_is_busy(desk, line, lotte):
    page = desk
    talks(page, line, lotte)
    page.exchange.answers.clear()
    page.exchange.calls(line.calls("+3220001430"), f"sip:{lotte.pk}@127.0.0.1")
    for _ in range(100):
        if any(status == 486 for status, _body in page.exchange.answers):
            break
        page.wait_for_timeout(50)
    assert any(status == 486 for status, _body in page.exchange.answers)
    wait_for(page, "talking")


def test_off_the_line_means_off(desk, line, lotte):
    page = desk
    line.stands(lotte, "offline")
    redraw(page)
    wait_for(page, "off")


def test_without_a_microphone_it_says_so_and_goes_on_ringing(desk, line, lotte):
    page = desk
    page.evaluate("""() => {
      const none = () => Promise.reject(new DOMException("", "NotAllowedError"));
      Object.defineProperty(navigator.mediaDevices, "getUserMedia", { value: none });
    }""")
    call = line.calls()
    line.rings(call, lotte)
    redraw(page)
    page.exchange.calls(call, f"sip:{lotte.pk}@127.0.0.1")
    wait_for(page, "ringing")
    page.locator("#line-answer:enabled").wait_for()
    page.keyboard.press("Alt+a")
    page.locator("#line").get_by_text("Cette page ne peut pas utiliser le micro.").wait_for()
    wait_for(page, "ringing")
    # What comes back by itself cannot be taken: call control is told, and the caller is not left in silence.
    page.reload()
    wait_for(page, "ready")


def test_a_prompt_is_recorded_in_the_browser(browser, live_server, client, line, sara, organisation):
    client.force_login(sara)
    context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="fr")
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(live_server.url + "/fr/console/line/settings/")
    row = page.locator("[data-prompt]").first
    row.locator("[data-record]").click()
    page.wait_for_timeout(1200)
    row.locator("[data-stop]").click()
    row.locator("[data-keep]").click()
    # Only what the group has said itself can be taken back.
    page.locator("[data-prompt]").first.locator("button[value=drop]").wait_for()
    kept = OwnPrompt.objects.get()
    assert (kept.name, kept.language) == ("welcome", "fr")
    assert 0.8 < kept.seconds < 3
    context.close()


def test_on_a_phone_the_bar_says_that_one_is_muted_and_ends_it(talk):
    page, seen = talk, inner(talk)
    page.set_viewport_size({"width": 360, "height": 740})
    muted = seen.locator(".callbar-muted")
    muted.wait_for(state="hidden")
    page.keyboard.press("Alt+m")
    muted.wait_for()
    assert muted.inner_text().strip() == "Micro coupé"
    # One row still, and nothing beside the screen.
    assert seen.locator(".callbar-talk").bounding_box()["height"] < 80
    assert page.frame("quartier-page").evaluate("document.documentElement.scrollWidth") <= 360
    if shots := os.environ.get("QUARTIER_SHOTS"):
        page.screenshot(path=f"{shots}/muted.png")
    muted.click()
    muted.wait_for(state="hidden")
    seen.locator("#line-mute[aria-pressed=false]").wait_for(state="attached")

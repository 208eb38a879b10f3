"""The screens of the line in a real browser, in French, on a desk and on a phone, as far as they go without calls."""

import os
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from quartier.alerts import jobs
from quartier.console.tests.line_scene import Line
from quartier.console.tests.test_line_lists import sound
from quartier.intake.models import Draft
from quartier.lib import clock
from quartier.telephony import actions, queries
from quartier.telephony.models import Callback, Wish
from tests.browsing import axe_options

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK, PHONE = 1366, 390
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://127.0.0.1:1"
    settings.SECURE_CSP = {**settings.SECURE_CSP, "connect-src": ["'self'", settings.LINE_WSS]}
    return Line(organisation)


@pytest.fixture
def open_page(at_desk):
    """A page whose browser is no phone: what the phone does is tested in `test_phone_browser`."""
    return lambda *given: at_desk(*given, without="console/phone.js")


def redraw(page, name="line"):
    """What a page does when it hears that something changed; the served page of a test has no event stream."""
    # Its own answer, and not that of something pressed a moment before, whose new bar does not listen yet.
    page.evaluate(
        """name => new Promise((done, fail) => {
            setTimeout(fail, 15000, new Error(`${name} was not drawn anew`));
            let asked;
            document.addEventListener('htmx:beforeRequest', event => {
                if (event.detail.elt.id === name) asked = event.detail.xhr;
            });
            document.addEventListener('htmx:afterSettle', event => event.detail.xhr === asked && done());
            const begin = () => {
                if (document.readyState !== 'complete'
                    || document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added'))
                    setTimeout(begin, 10);
                else document.getElementById(name).dispatchEvent(new CustomEvent('live:changed'));
            };
            begin();
        })""",
        name,
    )


def picture(page, name):
    """For eyes: QUARTIER_SHOTS is a folder."""
    if folder := os.environ.get("QUARTIER_SHOTS"):
        page.screenshot(
            path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True, caret="initial"
        )


def narrow(page):
    """Nothing reaches past the side once the page stands: its fonts are there and its parts have come."""
    # A function: an expression would be read anew at each look, which the page's policy forbids.
    page.wait_for_function(
        "() => document.fonts.status === 'loaded' && document.documentElement.scrollWidth <= innerWidth"
    )
    return True


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_from_the_first_hello_to_ready_again(open_page, line, lotte, thomas, asked, places, width):
    asked("groceries")
    page = open_page(lotte, "/fr/console/", width)
    picture(page, "off")
    page.click(".line-on summary")
    picture(page, "go-on")
    expect(page.locator("input[name=languages]:checked")).to_have_count(1)
    page.locator("label[for=line_nl]").click()
    page.click("button[name=what][value=on]")
    page.get_by_text("Un instant", exact=True).wait_for()
    (wish,) = line.takes()
    assert wish.details == {"languages": ["fr", "nl"], "own_phone": False}
    line.stands(lotte, "available")
    redraw(page)
    page.get_by_text("Vous êtes libre pour le prochain appel.").wait_for()
    picture(page, "free")
    assert narrow(page)
    # A pause, as for a meal.
    page.click(".line-on summary")
    page.click("button[name=reason][value=meal]")
    page.get_by_text("Un instant", exact=True).wait_for()
    (wish,) = line.takes()
    assert wish.details == {"reason": "meal"}
    line.stands(lotte, "paused", reason="missed")
    redraw(page)
    page.get_by_text("vous n’avez pas décroché").wait_for()
    picture(page, "missed")
    page.keyboard.press("Alt+b")
    page.get_by_text("Un instant", exact=True).wait_for()
    assert line.takes()[0].what == "resume"
    # It rings.
    call = line.calls()
    line.rings(call, lotte)
    redraw(page)
    page.get_by_text("a attendu 3 min").wait_for()
    picture(page, "rings")
    # Without a telephone exchange the phone of this browser cannot be answered, and the button says so.
    expect(page.locator("#line-answer")).to_be_disabled()
    line.talks(call, lotte)
    redraw(page)
    page.wait_for_url(f"**/fr/console/line/{call}/")
    page.locator("#intake.is-live").wait_for(state="attached")
    picture(page, "talks")
    assert narrow(page)
    # The script, with keys; what is heard ticks what it means.
    page.locator("#script").click()
    page.keyboard.press("Alt+ArrowDown")
    page.locator("[data-heard=pharmacy]").click()
    expect(page.locator("#intake input[value=pharmacy]")).to_be_checked()
    assert page.evaluate("document.activeElement.id") == "id_detail_pharmacy"
    page.keyboard.type("pour le cœur")
    page.locator("[data-state].tag-done").wait_for()
    page.wait_for_function("() => document.querySelector('input[name=version]').value !== '0'")
    # To whom it could be handed over.
    line.on(thomas, "fr")
    redraw(page)
    page.keyboard.press("Alt+d")
    page.locator("#line-over button[value=consult]").click()
    page.get_by_text("Un instant", exact=True).or_(page.locator("#line-over:not([open])")).first.wait_for(
        state="attached"
    )
    assert line.takes()[0].what == "consult"
    line.talks(call, lotte, "consulting")
    redraw(page)
    page.get_by_text("Transférer maintenant").first.wait_for()
    picture(page, "consults")
    line.talks(call, lotte)
    # Danger.
    redraw(page)
    page.keyboard.press("Alt+r")
    page.locator("#risk-title").wait_for()
    assert "0800 32 123" in page.inner_text("#line-risk")
    picture(page, "risk")
    # It is cut off: nothing typed is lost, and they stand on the list.
    line.ends(call, lotte, ring_back=True, why="cut_off")
    redraw(page)
    page.locator("[data-after]").wait_for()
    picture(page, "after")
    assert Draft.objects.get().answers["detail_pharmacy"] == "pour le cœur"
    page.locator("label[for=id_after-came_1]").click()
    page.fill("#id_after-at", "15.30")
    page.fill("#id_after-note", "rappeler la fille")
    page.keyboard.press("Alt+k")
    page.get_by_text("C’est noté. Nous rappelons").wait_for()
    row = Callback.objects.get()
    assert (row.why, row.note) == ("promised", "rappeler la fille")
    page.locator("#intake.is-live").wait_for(state="attached")
    assert page.input_value("#id_detail_pharmacy") == "pour le cœur"


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_somebody_is_called_back(open_page, line, lotte, organisation, asked, places, width):
    asked("groceries")
    with clock.stopped_at(clock.now() - timedelta(minutes=40)):
        line.ends(line.calls("+3220001427"), outcome="abandoned", ring_back=True)
    late = line.calls("+3220001428", language="nl")
    actions.message_left(organisation=organisation, call_id=late, sound=sound(3), seconds=3, at=clock.now())
    line.ends(late, outcome="voicemail")
    line.on(lotte, "fr")
    page = open_page(lotte, "/fr/console/line/callbacks/", width)
    # Who waits too long comes before who has left a message just now.
    assert "14 27" in page.locator(".waits li").first.inner_text()
    missed = page.locator(".waits li", has_text="14 27")
    assert "40 min, en retard" in missed.inner_text().replace("\u00a0", " ")
    picture(page, "callbacks")
    assert narrow(page)
    missed.locator("button[value=call]").click()
    page.locator(".mine").wait_for()
    assert "02 000 14 27" in page.inner_text(".mine").replace("\u00a0", " ")
    picture(page, "callbacks-mine")
    page.get_by_text("Cela sonne d’abord chez vous").wait_for()
    assert Wish.objects.get(what="dial").to == Callback.objects.get(claimed_by=lotte).pk
    page.fill(".mine textarea", "elle va bien")
    page.click(".mine button[value=done]")
    page.get_by_text("C’est fait, et retiré de la liste.").wait_for()
    # The message can be played.
    player = page.locator(".waits audio")
    player.evaluate("one => one.play()")
    page.wait_for_function("() => document.querySelector('.waits audio').duration === 3")
    redraw(page, "callbacks")
    page.get_by_text("écouté par Lotte").wait_for()


@pytest.mark.parametrize("size", [(1366, 768), (360, 740)])
def test_who_is_on_is_seen_on_every_wallboard(open_page, line, lotte, thomas, sara, asked, size):
    for number in range(8):
        with clock.stopped_at(clock.now() - timedelta(minutes=40 + number)):
            line.ends(line.calls(f"+322000150{number}"), outcome="abandoned", ring_back=True)
    for one in (lotte, thomas, sara):
        line.on(one, "fr", "nl", "de", "en")
    page = open_page(sara, "/fr/console/line/wallboard/", size[0])
    page.set_viewport_size({"width": size[0], "height": size[1]})
    picture(page, "wall-crew")
    crew = page.locator(".wall-crew").bounding_box()
    assert crew["y"] + crew["height"] <= size[1]
    assert narrow(page)
    if size[0] >= DESK:
        assert page.evaluate("document.documentElement.scrollHeight") <= size[1]
        for one in page.locator(".wall-figs dt").all():
            box = one.bounding_box()
            assert box["y"] + box["height"] <= size[1]


@pytest.mark.parametrize("width", [1920, PHONE])
def test_the_wallboard_goes_on_by_itself(open_page, line, lotte, thomas, asked, width):
    asked("groceries")
    with clock.stopped_at(clock.now() - timedelta(minutes=40)):
        line.ends(line.calls("+3220001428"), outcome="abandoned", ring_back=True)
    line.on(lotte, "fr", "nl")
    line.on(thomas, "fr")
    line.stands(thomas, "paused")
    line.calls(waited=timedelta(minutes=2, seconds=40))
    page = open_page(lotte, "/fr/console/line/wallboard/", width)
    page.set_viewport_size({"width": width, "height": 1080 if width > DESK else 844})
    age = page.locator(".wall-col[data-seconds] [data-number]")
    before = age.inner_text()
    page.wait_for_function("was => document.querySelector('[data-number]').textContent !== was", arg=before)
    picture(page, "wall")
    assert narrow(page)
    # The group's time, whatever the screen on the wall believes to be in (where tests run: UTC).
    assert page.locator("[data-wall-now]").inner_text().startswith("11:")
    if width > DESK:
        assert page.evaluate("document.documentElement.scrollHeight") <= 1080
    line.calls("+3220001431", waited=timedelta(minutes=9))
    redraw(page, "wall")
    page.locator(".wall-col[data-seconds] .late").wait_for()
    assert page.locator(".wall-col[data-seconds] h2 span").inner_text() == "2"


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_head_changes_how_the_line_behaves(open_page, line, sara, width):
    page = open_page(sara, "/fr/console/line/settings/", width)
    picture(page, "settings")
    assert narrow(page)
    page.fill("#id_ring_s", "99")
    page.click("main form button.btn:not(.btn-2) >> nth=0")
    page.locator(".oops").wait_for()
    assert page.input_value("#id_ring_s") == "99"
    page.fill("#id_ring_s", "25")
    page.click("main form button.btn:not(.btn-2) >> nth=0")
    page.get_by_text("Ces réglages valent dès le prochain appel.").wait_for()


@pytest.mark.parametrize(("language", "width", "scheme"), [("de", DESK, "light"), ("fr", PHONE, "dark")])
def test_axe_finds_nothing(
    open_page, line, lotte, thomas, sara, organisation, asked, places, language, width, scheme
):
    from axe_playwright_python.sync_playwright import Axe

    asked("groceries")
    line.on(thomas, "fr")
    wrong = []

    def look(page, what):
        if not narrow(page):
            wrong.append((what, "sticks out"))
        found = Axe().run(page, options=axe_options(runOnly=RULES))
        wrong.extend(
            (what, one["id"], node["target"], node.get("failureSummary", "")[:160])
            for one in found.response["violations"]
            for node in one["nodes"]
        )

    base = f"/{language}/console/"
    page = open_page(lotte, base, width, scheme)
    root = page.url.removesuffix(base)
    page.click(".line-on summary")
    page.locator(".line-on[open]").wait_for()
    look(page, "off")
    line.on(lotte, "fr", "nl")
    call = line.calls()
    for what, step in (
        ("free", lambda: None),
        ("missed", lambda: line.stands(lotte, "paused", reason="missed")),
        ("rings", lambda: line.rings(call, lotte)),
        ("talks", lambda: line.talks(call, lotte)),
        ("held", lambda: line.talks(call, lotte, "held")),
        ("consults", lambda: line.talks(call, lotte, "consulting")),
    ):
        step()
        page.goto(f"{root}{base}line/{call}/")
        page.wait_for_function("() => window.htmx")
        look(page, what)
    if width == PHONE:
        page.click("#line-more")
        page.locator("#line-more[aria-expanded=true]").wait_for()
        look(page, "what can be done with a call")
    page.click("#line-risk-heard")
    page.locator("#risk-title").wait_for()
    look(page, "risk")
    if width == PHONE:
        page.locator(".jump [data-part-link=intake]").click()
        page.locator("#main[data-part=intake]").wait_for()
    look(page, "the form")
    line.ends(call, lotte, ring_back=True)
    page.goto(f"{root}{base}line/{call}/")
    look(page, "after")
    message = line.calls("+3220001428")
    actions.message_left(organisation=organisation, call_id=message, sound=sound(), seconds=2, at=clock.now())
    line.ends(message, outcome="voicemail")
    page.goto(f"{root}{base}line/callbacks/")
    look(page, "callbacks")
    page.locator(".waits button").first.click()
    page.locator(".mine").wait_for()
    look(page, "a callback")
    line.calls("+3220001431")
    page.goto(f"{root}{base}line/wallboard/")
    look(page, "wallboard")
    page = open_page(sara, f"{base}line/settings/", width, scheme)
    look(page, "settings")
    page.goto(f"{root}{base}line/settings/codes/")
    look(page, "codes")
    picture(page, "codes")
    assert not wrong


@pytest.mark.parametrize("width", [390, 360])
def test_a_stop_of_outgoing_calls_is_seen_on_a_phone_and_lifted(
    open_page, line, sara, thomas, organisation, width
):
    actions.stop_dialling(1)
    assert jobs.line_stop()
    page = open_page(sara, "/fr/console/line/settings/", width)
    expect(page.locator("#alerts")).to_contain_text("Les appels sortants sont bloqués")
    assert narrow(page)
    picture(page, "line-stopped")
    page.locator("#alerts a").first.click()
    expect(page.locator("main")).to_contain_text("Ce qui a été constaté")
    assert narrow(page)
    from axe_playwright_python.sync_playwright import Axe

    assert not Axe().run(page, options=axe_options(runOnly=RULES)).response["violations"]
    picture(page, "alert-line")
    page.get_by_role("link", name="La ligne").last.click()
    page.get_by_role("button", name="Rétablir les appels sortants").click()
    expect(page.locator("body")).to_contain_text("Les appels sortent de nouveau")
    assert not queries.is_dialling_stopped(organisation)

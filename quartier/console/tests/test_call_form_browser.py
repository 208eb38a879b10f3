"""The form of a call as an operator fills it in: short on a phone, sent once and seen to be sent, told on the same page
what is missing, and as it was left after a reload."""

import pytest
from playwright.sync_api import expect

from quartier.cases.models import Case
from quartier.console.tests.line_scene import Line
from quartier.console.tests.test_call_phone_browser import PHONE, picture
from quartier.console.tests.waiting import until
from quartier.intake.models import Draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAPTOP_VIEWPORT = {"width": 1366, "height": 768}


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://127.0.0.1:1"
    settings.SECURE_CSP = {**settings.SECURE_CSP, "connect-src": ["'self'", settings.LINE_WSS]}
    return Line(organisation)


@pytest.fixture
def open_form(at_desk, line, lotte, places):
    """The page of a call from a number that nobody knows, with the form in sight."""

    def open_page(size):
        call = line.calls("+3220001499")
        line.talks(call, lotte)
        page = at_desk(
            lotte, f"/fr/console/line/{call}/", size["width"], without="console/phone.js", touch=size == PHONE
        )
        page.set_viewport_size(size)
        page.locator("#intake.is-live").wait_for(state="attached")
        if size == PHONE:
            page.locator(".jump [data-part-link=intake]").tap()
        return page

    return open_page


def fill_in(page):
    page.locator("label[for=id_kinds_0]").click()
    page.fill("#id_caller_name", "Marie Peeters")
    page.locator("#id_place").press_sequentially("1050")
    page.locator("#found input:checked").wait_for(state="attached")
    page.locator("label[for=id_consent]").click()


def y_of(page, selector):
    return page.locator(selector).bounding_box()["y"]


@pytest.mark.parametrize("size", [PHONE, LAPTOP_VIEWPORT])
def test_what_is_asked_first_comes_first(open_form, size):
    page = open_form(size)
    picture(page, f"form-1-{size['width']}")
    order = ["#id_kinds", "#id_caller_name", "#id_place", "#id_urgency", "#id_consent"]
    assert [y_of(page, one) for one in order] == sorted(y_of(page, one) for one in order)
    # What exactly is asked of what is ticked alone; ticking needs no script.
    expect(page.locator(".kinds .input:visible")).to_have_count(0)
    page.locator("label[for=id_kinds_1]").click()
    expect(page.locator("#id_detail_pharmacy")).to_be_visible()
    page.fill("#id_detail_pharmacy", "pour le cœur")
    # What was written is never hidden.
    page.locator("label[for=id_kinds_1]").click()
    page.locator("label[for=id_kinds_2]").click()
    expect(page.locator(".kinds .input:visible")).to_have_count(2)
    if size == PHONE:
        assert page.locator("#intake").bounding_box()["height"] < 2500
    # Nothing is called optional that is demanded in the end.
    assert "facultatif" not in page.inner_text("#intake")
    page.locator("#id_place").press_sequentially("ixel")
    page.locator("#found label").first.wait_for()
    assert y_of(page, "#found") > y_of(page, "#id_place")
    if size == PHONE:
        assert y_of(page, "#found") < y_of(page, "#id_address")
    assert page.locator("#found").bounding_box()["x"] == page.locator("#id_place").bounding_box()["x"]
    page.locator("#found").scroll_into_view_if_needed()
    picture(page, f"form-2-{size['width']}")


def test_the_bar_of_a_call_is_one_row_on_a_laptop(open_form):
    page = open_form(LAPTOP_VIEWPORT)
    # Whoever calls may have a long name: it gives way, the buttons do not.
    page.evaluate(
        "document.querySelector('.callbar .who a').textContent = 'Marie-Antoinette van den Broucke-Peeters'"
    )
    # With room for the quality of the sound below the name.
    assert page.locator(".callbar").bounding_box()["height"] <= 68
    tops = {round(one.bounding_box()["y"]) for one in page.locator(".callbar .btn:visible").all()}
    assert len(tops) == 1
    picture(page, "bar-1366")


def test_needs_stand_in_two_columns_and_stay_there_when_they_are_ticked(open_form):
    page = open_form(LAPTOP_VIEWPORT)
    columns = [page.locator(f"label[for=id_kinds_{place}]") for place in range(8)]
    places = {round(one.bounding_box()["x"]) for one in columns}
    assert len(places) == 2
    # Who it is, and where, stand above the fold.
    for name in ("caller_name", "place"):
        assert y_of(page, f"#id_{name}") < y_of(page, ".foot-acts")
    page.locator("label[for=id_kinds_0]").click()
    page.locator("label[for=id_kinds_2]").click()
    expect(page.locator(".kinds .input:visible")).to_have_count(2)
    for left, right in zip(columns[::2], columns[1::2], strict=True):
        one, other = left.bounding_box(), right.bounding_box()
        assert one["y"] == other["y"]
        assert one["x"] < other["x"]
    # Boxes side by side are in one line, also where a name above them takes two.
    ends = {
        round(box["y"] + box["height"])
        for box in (page.locator(f"#id_{name}").bounding_box() for name in ("language", "channel", "email"))
    }
    assert len(ends) == 1


@pytest.mark.parametrize("size", [LAPTOP_VIEWPORT, {"width": 360, "height": 740}])
def test_no_word_of_bar_and_steps_is_cut_off(open_form, size):
    page = open_form(size)
    page.keyboard.press("Alt+r")
    page.locator("#line .who-danger").wait_for()
    page.evaluate("for (const one of document.querySelectorAll('[data-if-muted]')) one.hidden = false")
    watched = [".callbar .who b a", ".callbar .who-danger", ".callbar-muted span"]
    if size is LAPTOP_VIEWPORT:
        watched.append("[data-steps] li:last-child a")
    for selector in watched:
        cut = page.evaluate(
            """selector => {
                const one = document.querySelector(selector);
                if (!one.checkVisibility()) return false;
                const words = document.createRange();
                // What is there for screen readers alone stands in an element of its own.
                words.selectNodeContents([...one.childNodes].find((node) => node.data?.trim()));
                const inside = words.getBoundingClientRect();
                let box = one;
                while (box && box !== document.body) {
                    const { left, right } = box.getBoundingClientRect();
                    const cuts = getComputedStyle(box).overflowX !== 'visible';
                    if ((cuts || box === one) && (inside.right > right + 1 || inside.left < left - 1)) return true;
                    box = box.parentElement;
                }
                return false;
            }""",
            selector,
        )
        assert not cut, selector
    picture(page, f"whole-words-{size['width']}")


@pytest.mark.parametrize("size", [PHONE, LAPTOP_VIEWPORT])
def test_what_is_missing_is_said_beside_its_field(open_form, size):
    page = open_form(size)
    address = page.url
    page.fill("#id_words", "elle parle bas")
    page.fill("#id_start", "25h")
    page.locator("[data-send]").click()
    expect(page.locator("#id_kinds_0")).to_be_focused()
    expect(page.locator("#id_kinds_error")).to_be_visible()
    page.wait_for_timeout(200)
    picture(page, f"form-3-{size['width']}")
    for name in ("caller_name", "place", "start", "consent"):
        block = page.locator(".field", has=page.locator(f"#id_{name}"))
        expect(block.locator(f"#id_{name}_error")).to_be_visible()
        expect(page.locator(f"#id_{name}")).to_have_attribute("aria-invalid", "true")
    assert page.url == address
    assert page.input_value("#id_words") == "elle parle bas"
    # It goes as soon as something is typed there, and nothing is said twice.
    page.locator("#id_caller_name").press_sequentially("Marie")
    expect(page.locator("#id_caller_name_error")).to_have_count(0)
    fill_in(page)
    page.fill("#id_start", "")
    expect(page.locator("#intake p.error")).to_have_count(0)
    page.locator("[data-send]").click()
    page.wait_for_url("**/done/")
    assert Case.objects.get().person.name == "Marie Peeters"


def test_sending_is_seen_and_done_once(open_form):
    page = open_form(LAPTOP_VIEWPORT)
    fill_in(page)
    page.locator("#intake [data-state].tag-done").wait_for()
    sent = []
    page.route("**/console/take/*/", lambda route: sent.append(route))
    button = page.locator("[data-send]")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    expect(page.locator("#intake [data-state]")).to_have_text("Envoi en cours")
    picture(page, "form-4")
    # The panes scroll, the page does not: the bar of the call stays in sight.
    page.evaluate("scrollTo(0, 5000)")
    assert page.evaluate("scrollY") == 0
    button.click(force=True)
    page.keyboard.press("Alt+Enter")
    until(page, lambda: sent)
    # Lost on the way: the words stay, and it can be pressed again.
    sent[0].abort()
    expect(page.locator("#intake [data-state]")).to_contain_text("Pas envoyé")
    expect(button).not_to_have_attribute("aria-busy", "true")
    assert page.input_value("#id_caller_name") == "Marie Peeters"
    assert len(sent) == 1
    page.unroute("**/console/take/*/")
    button.click()
    page.wait_for_url("**/done/")
    assert Case.objects.count() == 1


@pytest.mark.parametrize("when", ["at once", "while it is saved", "in the next word"])
def test_a_reload_shows_what_was_typed(open_form, when):
    page = open_form(LAPTOP_VIEWPORT)
    draft = Draft.objects.get()
    page.locator("#id_words").press_sequentially("elle parle bas")
    page.locator("label[for=id_kinds_1]").click()
    if when != "at once":
        # A slow line: the save is on its way when the page goes.
        held = []
        page.route("**/save/", lambda route: held.append(route) if not held else route.continue_())
        until(page, lambda: held)
        if when == "in the next word":
            page.locator("#id_words").press_sequentially(", très bas")
        held[0].continue_()
        page.unroute("**/save/")
    # What a page sends while it goes is lost where somebody stands between it and the network.
    page.context.unroute_all()
    page.reload(wait_until="domcontentloaded")
    words = "elle parle bas, très bas" if when == "in the next word" else "elle parle bas"
    expect(page.locator("#id_words")).to_have_value(words, timeout=15_000)
    expect(page.locator("#id_kinds_1")).to_be_checked()
    page.locator("#id_words").focus()
    page.keyboard.press("End")
    page.keyboard.type(" toujours")
    until(page, lambda: Draft.objects.get(pk=draft.pk).answers["words"] == f"{words} toujours")
    expect(page.locator("#overtaken")).to_be_empty()


def test_a_reload_shows_what_was_saved_while_the_page_was_drawn(open_form):
    page = open_form(LAPTOP_VIEWPORT)
    draft = Draft.objects.get()
    drawn = page.request.get(page.url)
    page.locator("#id_words").press_sequentially("elle parle bas")
    until(page, lambda: Draft.objects.get(pk=draft.pk).answers["words"] == "elle parle bas")
    expect(page.locator("#intake [data-state]")).to_contain_text("Sauvegardé")
    # A slow server: the page was drawn before the save, and arrives after it.
    page.route(page.url, lambda route: route.fulfill(response=drawn), times=1)
    page.reload(wait_until="domcontentloaded")
    expect(page.locator("#id_words")).to_have_value("elle parle bas", timeout=15_000)
    page.locator("#id_words").press("End")
    page.keyboard.type(" toujours")
    until(page, lambda: Draft.objects.get(pk=draft.pk).answers["words"] == "elle parle bas toujours")
    expect(page.locator("#overtaken")).to_be_empty()


def test_from_what_to_tell_the_caller_one_is_back_at_the_last_sentences(open_form):
    page = open_form(LAPTOP_VIEWPORT)
    fill_in(page)
    page.keyboard.press("Alt+Enter")
    page.wait_for_url("**/done/")
    # What the caller is told comes next, for whoever works by keyboard too.
    expect(page.locator("h1")).to_be_focused()
    page.locator("main .btn").first.click()
    page.locator("#call-owner").wait_for(state="attached")
    steps = page.locator(".step:not(#step-after)")
    expect(steps.first).to_be_hidden()
    expect(steps.last).to_be_visible()
    assert "step=" not in page.url
    # They are read, and not the first need again.
    expect(steps.last.locator(".say")).to_be_focused()
    # The line is two presses away on every page, and not behind the whole menu.
    page.goto(page.url.split("/console/")[0] + "/console/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".skip[href='#line']")).to_be_focused()

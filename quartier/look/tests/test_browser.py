"""The components in a real browser: nothing that axe finds, no sideways scroll, and what the small scripts do."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from quartier.lib import clock
from tests import chromium

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    with chromium.running() as running:
        yield running


@pytest.fixture
def address(settings, live_server, organisation):
    settings.DEMO = True
    return live_server.url


@pytest.fixture
def said():
    """What the browser's console says against the page: nothing, or the test fails."""
    lines: list[str] = []
    yield lines
    assert not lines


@pytest.fixture
def opened(browser, address, said):
    """Opens the living page."""
    contexts = []

    def open_page(language="en", query="", **options):
        options.setdefault("viewport", {"width": 1366, "height": 900})
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda line: line.type in {"error", "warning"} and said.append(line.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{address}/{language}/look/{query}", wait_until="load")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    "query",
    ["", "?theme=dark", "?theme=light&contrast=more", "?theme=dark&contrast=more"],
)
def test_axe_finds_nothing(opened, query):
    from axe_playwright_python.sync_playwright import Axe

    page = opened("de", query)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert not [
        (violation["id"], node["target"], node.get("failureSummary", "")[:200])
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("width", [320, 390, 683])
def test_nothing_sticks_out(opened, language, width):
    page = opened(language, viewport={"width": width, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_targets_are_large_enough_for_a_thumb(opened):
    page = opened("fr", viewport={"width": 390, "height": 844})
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
        .filter((one) => one.checkVisibility() && !one.closest(".vh, .skip") && !one.matches(".choice input"))
        .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
        .filter(([, box]) => box.height > 0 && (box.height < 43.5 || box.width < 43.5))
        .map(([html, box]) => `${html} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
    )
    assert not small


def test_a_second_tap_sends_nothing(opened):
    page = opened()
    sent = page.evaluate(
        """async () => {
          const form = document.createElement("form");
          form.method = "post";
          form.innerHTML = '<button class="btn" name="answer" value="yes">Go</button>';
          document.querySelector("main").append(form);
          const button = form.firstChild;
          const width = button.getBoundingClientRect().width;
          let sent = 0;
          window.addEventListener("submit", (event) => {
            if (!event.defaultPrevented) sent += 1;
            event.preventDefault();
          });
          button.click();
          await new Promise((next) => setTimeout(next));
          button.click();
          const same = button.getBoundingClientRect().width === width;
          return [sent, button.getAttribute("aria-busy"), same];
        }"""
    )
    assert sent == [1, "true", True]


def test_a_live_clock_moves_on(opened, organisation):
    page = opened("fr", viewport={"width": 1366, "height": 900})
    badge = page.locator(".clock[data-since]").first
    assert badge.locator("span:last-child").inner_text() == "26\u00a0min"
    since = (clock.now() - timedelta(minutes=125.5)).isoformat()
    badge.evaluate("(one, since) => { one.dataset.since = since; }", since)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert badge.locator("span:last-child").inner_text() == "2\u00a0h\u00a005, en retard"
    assert "clock-late" in badge.get_attribute("class")


def test_keys_press_the_button_that_names_them(opened):
    page = opened()
    page.evaluate(
        """() => document.querySelector('[aria-keyshortcuts="Alt+R"]')
        .addEventListener("click", () => { document.title = "pressed"; })"""
    )
    page.keyboard.press("Alt+r")
    assert page.title() == "pressed"


def test_a_dialog_opens_and_its_answer_closes_it(opened):
    page = opened()
    page.locator('[commandfor="sample-dialog"]').click()
    dialog = page.locator("#sample-dialog")
    expect(dialog).to_be_visible()
    dialog.locator("button").nth(1).click()
    expect(dialog).not_to_be_visible()


def test_what_is_wrong_has_the_focus_and_leads_to_its_box(opened):
    page = opened()
    assert page.evaluate("document.activeElement.className") == "oops"
    page.locator(".oops a").first.click()
    assert page.evaluate("document.activeElement.id") == "wrong_phone"


def test_a_link_is_copied_and_the_page_says_so(opened):
    page = opened("nl", permissions=["clipboard-read", "clipboard-write"])
    page.locator("button[data-copy]").click()
    page.get_by_role("status").get_by_text("Gekopieerd").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "https://example.org/"


def test_saving_says_how_it_stands_and_tries_again(opened, said):
    page = opened("fr")
    answers = iter([500, 204])
    page.route("**/draft", lambda route: route.fulfill(status=next(answers)))
    page.evaluate(
        """async () => {
          const form = document.createElement("form");
          form.dataset.autosave = "/draft";
          form.innerHTML = '<input name="note"><span class="tag" data-saved role="status"></span>';
          document.querySelector("main").prepend(form);
          const { watch } = await import("/static/look/js/autosave.js");
          watch(form);
        }"""
    )
    page.locator("form[data-autosave] input").fill("Pillen")
    told = page.locator("[data-saved]")
    told.get_by_text("Pas encore enregistré. Nous réessayons.").wait_for()
    told.get_by_text("Sauvegardé à ").wait_for()
    assert "status of 500" in said.pop()  # the refusal of above

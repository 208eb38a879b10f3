"""The report in a real browser, opened from a file: it says nothing on the console, fits, and plays."""

import pytest
from playwright.sync_api import expect

from quartier.sim import report
from quartier.sim.tests import traces
from tests import chromium

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    with chromium.running() as running:
        yield running


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    policies = [traces.many(1500, name, seed) for seed, name in enumerate(traces.WAYS)]
    for language in ("fr", "de"):
        (folder / f"{language}.html").write_text(
            report.html(traces.trace(*policies, minutes=7200.0), language)
        )
    return folder


@pytest.fixture
def opened(browser, files):
    contexts, said = [], []

    def open_page(language="fr", **options):
        options.setdefault("viewport", {"width": 390, "height": 844})
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda line: said.append(line.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "request", lambda request: request.url.startswith(("file:", "data:")) or said.append(request.url)
        )
        page.goto(f"file://{files}/{language}.html")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not said


@pytest.mark.parametrize("language", ["fr", "de"])
@pytest.mark.parametrize("width", [320, 390, 1366])
def test_nothing_sticks_out(opened, language, width):
    page = opened(language, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(color_scheme=scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert not [
        (violation["id"], node["target"], node.get("failureSummary", "")[:200])
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def test_the_slider_changes_the_maps(opened):
    page = opened()
    layer = "document.querySelector('[data-layer]').getAttribute('d')"
    count = "document.querySelector('[data-count=served]').textContent"
    at_the_end, served = page.evaluate(layer), page.evaluate(count)
    when = page.locator("#when").text_content()
    page.locator("#slider").fill("3")
    assert page.evaluate(layer) != at_the_end
    assert page.evaluate(count) != served
    assert page.locator("#when").text_content() != when
    assert page.locator("#slider").get_attribute("aria-valuetext") == page.locator("#when").text_content()


def test_the_script_draws_the_last_picture_as_the_page_had_it(opened):
    shown = "[...document.querySelectorAll('[data-layer]')].map((one) => one.getAttribute('d'))"
    still = opened(java_script_enabled=False).locator("[data-layer]")
    without = [still.nth(place).get_attribute("d") for place in range(still.count())]
    played = opened().evaluate(shown)
    strip = [path.replace(" ", "") for path in without]
    assert [path.replace(" ", "") for path in played] == strip
    assert any(strip)


def test_play_goes_on_and_stops(opened):
    page = opened()
    page.locator("#play").click()
    # The page lets nobody evaluate words as a script, so it is asked from outside.
    for _each in range(50):
        page.wait_for_timeout(100)
        if 3 <= int(page.locator("#slider").input_value()) < 100:
            break
    else:
        pytest.fail("the film does not go on")
    page.locator("#play").click()
    here = page.locator("#slider").input_value()
    page.wait_for_timeout(400)
    assert page.locator("#slider").input_value() == here


def test_it_is_whole_without_javascript(opened):
    page = opened(java_script_enabled=False)
    expect(page.locator("#controls")).not_to_be_visible()
    expect(page.locator(".map").first).to_be_visible()
    assert page.locator("[data-count=served]").first.inner_text() not in {"", "0"}


def test_targets_are_large_enough_for_a_thumb(opened):
    small = opened().evaluate(
        """() => [...document.querySelectorAll("a, button, input, summary")]
        .filter((one) => one.checkVisibility() && !one.closest(".skip"))
        .filter((one) => one.getBoundingClientRect().height < 43.5 || one.getBoundingClientRect().width < 43.5)
        .map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert not small


def test_it_prints_on_a4(opened, tmp_path):
    # As wide as A4 between its margins.
    page = opened(color_scheme="dark", viewport={"width": 688, "height": 1016})
    page.emulate_media(media="print")
    expect(page.locator("#controls")).not_to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 688
    assert page.pdf(format="A4").startswith(b"%PDF")

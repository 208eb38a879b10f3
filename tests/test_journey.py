"""The eight steps, in a browser, on a whole installation: in French at phone width, then in Dutch.

The public part runs without JavaScript. What stands on the screens is looked for in the language of the reader.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import pytest

from tests.browsing import next_page
from tests.site import Site, running

pytestmark = [pytest.mark.browser, pytest.mark.servers]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 900}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """One installation for both journeys."""
    with running() as made:
        yield made


class Neighbour:
    """Somebody with a browser. `page` shows what they see."""

    def __init__(
        self, chromium: Any, site: Site, language: str, *, script: bool, viewport: dict[str, int]
    ) -> None:
        self.context = chromium.new_context(
            viewport=viewport, java_script_enabled=script, locale={"fr": "fr-BE", "nl": "nl-BE"}[language]
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.base, self.language = site.address, language

    def open(self, path: str) -> None:
        response = self.page.goto(f"{self.base}/{self.language}/{path}")
        assert response.status == 200, (path, response.status)

    def tick(self, name: str, *values: str) -> None:
        """Choose among cards; without a value, tick the one box of that name."""
        if not values:
            self.page.check(f"main input[name={name}]", force=True)
        for value in values:
            self.page.check(f"main input[name={name}][value='{value}']", force=True)

    def fill(self, **words: str) -> None:
        for name, word in words.items():
            self.page.fill(f"main [name={name}]", word)

    def go_on(self) -> None:
        """Press the one filled button of the page."""
        before = self.page.url
        with next_page(self.page):
            self.page.click("main form button.btn:not(.btn-2)")
        assert not self.page.query_selector(".err-sum, [role=alert] a[href^='#']"), (
            before,
            self.text()[:600],
        )

    def text(self) -> str:
        return self.page.inner_text("body")


WORDS = {
    "fr": {
        "goes": "Youssef",
        "second": "Nadia",
        "covered": "quelqu’un d’autre",
        "where": "ixele",
        "pick": "Ixelles",
    },
    "nl": {"goes": "Joris", "second": "Nele", "covered": "iemand anders", "where": "elsen", "pick": "Elsene"},
}


def join(one: Neighbour, name: str) -> None:
    """Step 2: become a volunteer, in three short pages, and say the rest on one's own page."""
    one.open("join/")
    one.fill(where="1050")
    one.go_on()
    one.tick("kinds", "groceries", "pharmacy")
    one.go_on()
    one.page.click("details summary")
    one.fill(name=name, email=f"{name.lower()}-{one.language}@example.org")
    one.tick("charter")
    one.go_on()
    assert "/join/done" in one.page.url


def ask(one: Neighbour, who: str) -> tuple[str, str]:
    """Step 1: ask for help. Gives the reference and the address of the private page."""
    words = WORDS[one.language]
    one.open("ask/")
    one.tick("whom", "me")
    one.go_on()
    one.tick("kinds", "groceries")
    one.go_on()
    one.fill(lines="Lait, pain, œufs")
    one.go_on()
    one.fill(text=words["where"])
    one.page.click("main form button.btn:not(.btn-2)")
    one.page.locator("label", has_text=words["pick"]).first.click()
    one.go_on()
    one.fill(street="Rue du Page 42")
    one.go_on()
    one.tick("urgency", "day")
    one.go_on()
    one.tick("languages", one.language)
    one.go_on()
    one.tick("channel", "email")
    one.fill(name=who, email=f"marie-{one.language}@example.org")
    one.go_on()
    consent = one.page.query_selector("main input[name=consent]")
    if consent:
        consent.check(force=True)
    one.go_on()
    reference = re.search(r"\b[3467CDFGHJKMNPQRTVWX]{6}\b", one.text())
    assert reference, one.text()[:800]
    link = one.page.get_attribute("main a[href*='/status/']", "href")
    assert link
    return reference[0], link


def take_by_hand(one: Neighbour) -> str:
    """Step 3: an operator takes a call, with the keyboard for what has keys. Gives the page that says what to tell."""
    one.open("console/take/")
    page = one.page
    page.keyboard.type("02 000 14 99")
    page.keyboard.press("Enter")
    page.wait_for_url("**/take/*-*/")
    page.locator("#intake.is-live").wait_for()
    page.fill("#id_caller_name", "Jeanne Claes")
    page.fill("#id_place", "1050")
    page.locator("#found input:checked").wait_for(state="attached")
    page.fill("#id_address", "Chaussée de Wavre 12")
    page.keyboard.press("Alt+2")
    page.click("label[for=id_consent]")
    page.locator("[data-state].tag-done").wait_for()
    page.keyboard.press("Alt+Enter")
    page.wait_for_url("**/done/")
    return one.text()


def open_request(one: Neighbour, reference: str) -> None:
    """From the board, the request with this reference; others may wait for longer."""
    links = one.page.locator("main a[href*='/requests/']:visible")
    for address in dict.fromkeys(links.nth(place).get_attribute("href") for place in range(links.count())):
        one.page.goto(urljoin(one.page.url, str(address)))
        if reference in one.text():
            return
    raise AssertionError(f"{reference} is not on the board")


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_from_a_call_for_help_to_a_neighbour_at_the_door(chromium: Any, site: Site, language: str) -> None:
    marie = Neighbour(chromium, site, language, script=False, viewport=PHONE)
    words = WORDS[language]
    youssef = Neighbour(chromium, site, language, script=False, viewport=PHONE)
    nadia = Neighbour(chromium, site, language, script=False, viewport=PHONE)
    thomas = Neighbour(chromium, site, language, script=True, viewport=DESK)

    join(youssef, words["goes"])
    join(nadia, words["second"])
    reference, status = ask(marie, "Marie Peeters")

    # Step 8, and 4: without a script there is no proof of work, so a human looks first, then lets it go.
    thomas.open("demo/")
    with next_page(thomas.page):
        thomas.page.locator("main form button[value=coordinator], main form button").nth(0).click()
    thomas.open("console/")
    open_request(thomas, reference)
    with next_page(thomas.page):
        thomas.page.click("main button[value=look_again]")

    # Step 5: the offer stands in the simulated mailbox.
    offer = letter(site, thomas, words["goes"], "offer/")
    youssef.page.goto(offer)
    before = youssef.text()
    assert "Rue du Page" not in before
    assert "Marie" not in before

    # Step 6: one tap; the second hears at once that somebody goes.
    with next_page(youssef.page):
        youssef.page.click("button[value=yes]")
    nadia.page.goto(letter(site, thomas, words["second"], "offer/"))
    assert words["covered"] in nadia.text()

    # Step 7: the visit.
    assert "Rue du Page 42" in youssef.text()
    marie.page.goto(status if status.startswith("http") else site.address + status)
    assert words["goes"] in marie.page.inner_text("h1")
    for step in ("on_way", "done"):
        with next_page(youssef.page):
            youssef.page.click(f"button[value={step}]")
        if "early=" in youssef.page.url:
            # The hour that was agreed is still far away: it is asked whether that is meant.
            with next_page(youssef.page):
                youssef.page.click(f"button[value={step}]")
    assert "Rue du Page 42" not in youssef.text()
    marie.page.reload()
    # Step 3: somebody without internet calls, and is on the board too.
    told = take_by_hand(thomas)
    assert re.search(r"\b[3467CDFGHJKMNPQRTVWX]{6}\b", told), told[:600]
    thomas.open("console/")
    assert thomas.page.locator("main a[href*='/requests/']").count() >= 1
    for each in (marie, youssef, nadia, thomas):
        each.context.close()


def letter(site: Site, reader: Neighbour, name: str, part: str) -> str:
    """The newest link with `part` in the simulated mailbox of `name`; waits for the worker."""
    for _ in range(60):
        reader.open(f"console/sandbox/?q={name}")
        box = reader.page.locator("main a", has_text=name).first
        if box.count():
            with next_page(reader.page):
                box.click()
        links = reader.page.eval_on_selector_all(f"a[href*='{part}']", "all => all.map(one => one.href)")
        if links:
            return str(links[0])
        reader.page.wait_for_timeout(500)
    raise AssertionError(f"no letter for {name}: {reader.text()[:500]}")

"""No page in any language has a fault that axe can find: every address that can be opened, in four languages."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site import Site, running
from tests.test_journey import PHONE, Neighbour, ask, join, letter

pytestmark = [pytest.mark.browser, pytest.mark.servers]

PUBLIC = ("", "ask/", "join/", "sign-in/", "privacy/", "demo/", "nothing-here/")
TEAM = (
    "console/", "console/take/", "console/volunteers/", "console/search/", "console/map/", "console/sandbox/",
    "look/",
)  # fmt: skip
HEAD = ("console/asking/",)
VOLUNTEER = ("volunteer/", "volunteer/edit/", "volunteer/pause/", "volunteer/leave/")


@pytest.fixture(scope="module")
def site(chromium: Any) -> Iterator[tuple[Site, str, str]]:
    """One installation for all languages, with a volunteer, somebody who asks, and their two links."""
    with running() as made:
        youssef = Neighbour(chromium, made, "fr", script=False, viewport=PHONE)
        join(youssef, "Youssef")
        _reference, status = ask(youssef, "Marie Peeters")
        team = Neighbour(chromium, made, "fr", script=True, viewport=PHONE)
        team.open("demo/")
        team.page.locator("main form button[value=coordinator]").click()
        team.open("console/")
        team.page.click("main a[href*='/requests/']:visible >> nth=0")
        team.page.click("main button[value=look_again]")
        team.page.wait_for_load_state()
        offer = letter(made, team, "Youssef", "offer/")
        yield made, status.removeprefix(made.address), offer.removeprefix(made.address)


def faults(page: Any) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


def signed_in(chromium: Any, site: Site, language: str, role: str) -> Any:
    page = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{site.address}/{language}/demo/")
    page.locator(f"main form:has([value={role}]) button, main form button[value={role}]").first.click()
    page.wait_for_load_state()
    return page


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_axe_finds_nothing(chromium: Any, site: tuple[Site, str, str], language: str) -> None:
    place, status, offer = site
    wrong: dict[str, list[str]] = {}

    def look(page: Any, path: str) -> None:
        if path is not None and not page.url.endswith(f"/{language}/{path}"):
            page.goto(f"{place.address}/{language}/{path}")
        if found := faults(page):
            wrong[path] = found

    visitor = chromium.new_context(viewport={"width": 390, "height": 844}, locale=language).new_page()
    for path in PUBLIC:
        look(visitor, path)
    # The questions one after the other, each once empty and once as it comes.
    visitor.goto(f"{place.address}/{language}/ask/")
    for name, value in (
        ("whom", "me"),
        ("kinds", "groceries"),
        ("", ""),
        ("text", "1050"),
        ("", ""),
        ("urgency", "day"),
    ):
        if name == "text":
            visitor.fill("main input[name=text]", value)
        elif name:
            visitor.check(f"main input[name={name}][value={value}]", force=True)
        visitor.click("main form button.btn:not(.btn-2)")
        visitor.wait_for_load_state()
        if found := faults(visitor):
            wrong[visitor.url] = found
    visitor.click("main form button.btn:not(.btn-2)")
    visitor.wait_for_load_state()
    if found := faults(visitor):
        wrong["a question with an error"] = found
    for private in (status, *(f"{status}{each}/" for each in ("tell", "close")), offer):
        look(visitor, private.split("/", 2)[2])
    coordinator = signed_in(chromium, place, language, "coordinator")
    for path in TEAM:
        look(coordinator, path)
    coordinator.goto(f"{place.address}/{language}/console/")
    coordinator.click("main a[href*='/requests/']:visible >> nth=0")
    coordinator.wait_for_load_state()
    look(coordinator, coordinator.url.split(f"/{language}/")[1])
    coordinator.click("main a[href*='/cases/']:visible >> nth=0")
    coordinator.wait_for_load_state()
    look(coordinator, coordinator.url.split(f"/{language}/")[1])
    head = signed_in(chromium, place, language, "admin")
    for path in HEAD:
        look(head, path)
    volunteer = signed_in(chromium, place, language, "volunteer")
    for path in VOLUNTEER:
        look(volunteer, path)
    assert re.search(r"/volunteer/", volunteer.url)
    for page in (visitor, coordinator, head, volunteer):
        page.context.close()
    assert not wrong

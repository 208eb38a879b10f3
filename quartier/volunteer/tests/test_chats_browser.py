"""The page of chats on a phone: no fault that axe can find, not wider than the screen, in every language."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from quartier.lib import clock
from quartier.messaging import chats
from quartier.messaging.models import ChatFeed, ChatLink
from quartier.messaging.providers import heard
from tests.browsing import next_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Axe()
# Where pictures go, for whoever wants to look.
PICTURES = os.environ.get("QUARTIER_TEST_PICTURES", "")


@pytest.fixture
def both(settings):
    settings.TELEGRAM = "123456789:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0"
    settings.MATRIX = "https://matrix.example.org?user=@line:example.org&token=syt_bGluZQ"
    ChatFeed.objects.create(name="telegram", handle="quartier_bruxelles_bot")
    ChatFeed.objects.create(name="matrix", handle="@line:example.org")


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_pages(handset, both, youssef, language):
    page = handset(youssef.person.account).new_page()

    def fine(name):
        page.wait_for_load_state("load")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, name
        found = AXE.run(page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{language}-{name}.png", full_page=True)

    page.goto(f"/{language}/volunteer/")
    fine("home")
    with next_page(page):
        page.locator('a[href$="/volunteer/chats/"]').click()
    fine("none")
    with next_page(page):
        page.locator("section", has_text="Telegram").get_by_role("button").click()
    fine("telegram")
    expect(page.locator('a[href^="https://t.me/quartier_bruxelles_bot?start="]')).to_have_count(1)
    page.goto(f"/{language}/volunteer/chats/")
    page.fill("#name", "nadia at matrix.org")
    with next_page(page):
        page.locator("section", has_text="Element").get_by_role("button").click()
    fine("wrong")
    assert page.input_value("#name") == "nadia at matrix.org"
    page.fill("#name", "@nadia:matrix.org")
    with next_page(page):
        page.locator("section", has_text="Element").get_by_role("button").click()
    fine("matrix")
    code = page.locator(".token code").inner_text().replace(" ", "")
    told = heard.Spoken("e", "matrix", "!r:x @nadia:matrix.org", "@nadia:matrix.org", code, clock.now())
    assert chats.link(told=told, code=code)
    with next_page(page):
        page.locator("a.btn").last.click()
    fine("linked")
    assert "@nadia:matrix.org" in page.content()
    ChatLink.objects.update(dead_at=clock.now())
    page.reload()
    fine("dead")
    with next_page(page):
        page.locator("section", has_text="Element").get_by_role("button").first.click()
    assert not ChatLink.objects.exists()
    fine("taken")

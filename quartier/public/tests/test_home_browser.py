"""The first screen of the first page, on a small phone: who we are, how soon, both doors and the number."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from quartier.cases import queries
from quartier.incidents.models import Incident
from quartier.lib import clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
WIDTH, HEIGHT = 360, 640
LANGUAGES = ("fr", "nl", "de", "en")
FIVE = {
    "the number": "header .phone strong",
    "who we are": ".us",
    "how soon": ".soon",
    "I need help": ".doors li:nth-child(1) a",
    "I want to help": ".doors li:nth-child(2) a",
}
# Above the end of the first screen, and within its width; what is touched is 44 px high at least.
BOX = """selector => {
    const box = document.querySelector(selector).getBoundingClientRect()
    return [box.left, box.top, box.right, box.bottom, box.height]
}"""
SMALL = """() => [...document.querySelectorAll('.doors a, .needs a, .now a, .phone')]
    .map(one => [one.textContent.trim(), one.getBoundingClientRect().height]).filter(([, height]) => height < 44)"""


@pytest.fixture
def crowded(organisation, tuesday, monkeypatch):
    """A group with a long name whose line is closed, while a flood and a heatwave run."""
    monkeypatch.setattr("quartier.config.context.Page.demo", False)
    organisation.name = "Réseau d’entraide citoyenne de Woluwe-Saint-Lambert"
    organisation.opens, organisation.closes = clock.now().time().replace(18), clock.now().time().replace(20)
    organisation.save()
    for template in ("flood", "heatwave"):
        Incident.objects.create(
            organisation=organisation,
            template=template,
            kinds=["cleanup", "talk", "other"],
            opened_at=tuesday,
        )
    cache.clear()
    yield organisation
    cache.clear()


@pytest.mark.parametrize("is_filling", [False, True])
@pytest.mark.parametrize("wait", [None, timedelta(minutes=95), timedelta(hours=23)])
def test_the_first_screen(live_server, chromium, crowded, monkeypatch, wait, is_filling):
    monkeypatch.setattr(queries, "median_wait", lambda *_given: wait)
    # The demonstration says what it is, and takes no room from what somebody looks for.
    for name, value in (("demo", is_filling), ("demo_percent", 42 if is_filling else None)):
        monkeypatch.setattr(f"quartier.config.context.Page.{name}", value)
    page = chromium.new_context(viewport={"width": WIDTH, "height": HEIGHT}).new_page()
    outside, small = [], []
    for language in LANGUAGES:
        page.goto(f"{live_server.url}/{language}/")
        assert page.locator(".demo-mark").is_visible() == is_filling
        for name, selector in FIVE.items():
            left, top, right, bottom, _height = page.evaluate(BOX, selector)
            if left < 0 or top < 0 or right > WIDTH or bottom > HEIGHT:
                outside.append((language, name, bottom))
        small += page.evaluate(SMALL)
    assert not outside
    assert not small


def test_nothing_leaves_it_sideways(live_server, chromium, crowded):
    wide = []
    # A phone of 320 px, and one of 390 at twice its size.
    for width in (320, 195):
        page = chromium.new_context(viewport={"width": width, "height": HEIGHT}).new_page()
        for language in LANGUAGES:
            for path in ("", "about/"):
                page.goto(f"{live_server.url}/{language}/{path}")
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    wide.append((width, language, path))
    assert not wide

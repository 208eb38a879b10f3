"""After a visit and in a heatwave, on a phone in French, without JavaScript."""

# ruff: noqa: F401, F811 (fixtures of another room)

import os

import pytest
from playwright.sync_api import expect

from quartier.followup import access, actions
from quartier.followup.models import CheckIn, FollowUp
from quartier.followup.tests.conftest import agreed, ask, helped
from quartier.team.access import of_account
from tests.browsing import next_page

SHOTS = os.environ.get("QUARTIER_SHOTS", "")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def phone(chromium):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def shot(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_she_says_how_it_was(live_server, phone, helped, ask, thomas):
    helped()
    (row,) = ask()
    phone.goto(f"{live_server.url}/fr/after/{access.token_of(row)}/")
    expect(phone.get_by_role("heading", name="Comment cela s’est-il passé")).to_be_visible()
    phone.get_by_role("button", name="Envoyer").click()
    expect(phone.locator(".oops")).to_be_visible()
    phone.get_by_label("Oui", exact=True).check(force=True)
    phone.get_by_label("Pas bien").check(force=True)
    phone.get_by_label("Voulez-vous ajouter").fill("Il manque le lait")
    shot(phone, "after")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    with next_page(phone):
        phone.get_by_role("button", name="Envoyer").click()
    assert "vous appelle" in phone.locator(".lead").inner_text()
    shot(phone, "after-thanks")
    kept = FollowUp.objects.get()
    assert (kept.how, kept.words, kept.is_bad) == (1, "Il manque le lait", True)


def test_she_says_that_she_is_well(live_server, phone, agreed, thomas, tuesday):
    agreed(1)
    row = actions.start(actor=of_account(thomas), plan=actions.Plan("heat")).check_ins.get()
    phone.goto(f"{live_server.url}/fr/check/{access.check_token_of(row)}/")
    shot(phone, "check")
    phone.get_by_role("button", name="Oui, je vais bien").click()
    expect(phone.get_by_role("heading", name="Nous sommes contents")).to_be_visible()
    assert CheckIn.objects.get().state == "fine"

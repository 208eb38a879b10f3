"""Confirming an own phone on a narrow screen, with the keyboard alone."""

import os

import pytest

from quartier.lib.crypto import blind
from quartier.people.models import Person
from quartier.telephony import actions
from quartier.telephony.desk.desk import _wished
from tests import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("django_db_setup"),
]
MOBILE = "+32470123456"


@pytest.fixture(scope="module")
def browser():
    with chromium.running() as running:
        yield running


@pytest.mark.parametrize("language", ["fr", "de"])
def test_it_fits_a_phone_and_needs_no_mouse(
    browser, live_server, client, organisation, settings, lotte, tuesday, language
):
    settings.LINE_WSS = "wss://line.test/"
    person = Person.objects.get(account=lotte)
    person.phone, person.phone_index = MOBILE, blind("phone", organisation.pk, MOBILE)
    person.save()
    client.force_login(lotte)
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale=language)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(f"{live_server.url}/{language}/console/line/own-phone/")

    def fits(name):
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        if folder := os.environ.get("QUARTIER_PICTURES"):
            page.screenshot(path=f"{folder}/own-phone-{language}-{name}.png", full_page=True)

    fits("before")
    page.locator('button[value="call"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('input[name="code"]')
    (wish,) = actions.take_wishes()
    code = _wished(wish).details["code"]
    actions.answer_wish(wish.pk, "done")
    fits("called")
    page.locator('input[name="code"]').focus()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_selector('input[name="code"]', state="detached")
    fits("confirmed")
    assert Person.objects.get(account=lotte).is_phone_proven
    context.close()

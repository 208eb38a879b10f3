"""In French, on a phone of 390 pixels: Thomas writes an appeal, it arrives on the simulated phone, the volunteer says
yes, and the matcher asks them for the neighbourhood."""

import os
import re

import pytest
from playwright.sync_api import expect

from quartier.appeals import jobs
from quartier.appeals.tests.conftest import ANDERLECHT
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging.delivery import deliver
from quartier.messaging.models import SandboxDelivery
from tests.browsing import axe_options, next_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "fr-BE", "is_mobile": True, "has_touch": True}


@pytest.fixture
def page_of(chromium, live_server, client):
    """A phone in which an account is signed in, or nobody: `page_of(thomas)`."""
    opened = []

    def take(account=None):
        context = chromium.new_context(**PHONE, base_url=live_server.url)
        opened.append(context)
        if account is not None:
            client.force_login(account)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
            context.add_cookies([cookie])
        return context.new_page()

    yield take
    for context in opened:
        context.close()


def look(page, name):
    """Keep a picture where somebody wants to see it, and check that nothing is wider than the phone."""
    if folder := os.environ.get("QUARTIER_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def audited(page):
    from axe_playwright_python.sync_playwright import Axe

    wrong = [each["id"] for each in Axe().run(page, options=axe_options()).response["violations"]]
    assert not wrong


def test_an_appeal_from_the_board_to_the_next_offer(
    page_of, places, tuesday, idle, asked, thomas, organisation
):
    # The appeal is what they are asked first today; a place is kept for what is urgent.
    organisation.daily_budget = 3
    organisation.save()
    (one,) = idle(budget=3)
    request = asked("groceries", at=ANDERLECHT, languages=["fr"]).requests[0]
    request.state, request.why_human, request.next_at = "human", "nobody", None
    request.save()
    page = page_of(thomas)
    page.goto("/fr/console/")
    strip = page.locator(".proposed")
    assert "1" in strip.inner_text()
    look(page, "board")
    with next_page(page):
        strip.get_by_role("link").click()
    look(page, "write")
    assert page.locator("input[name=place]").input_value() or page.locator("input[name=area]").input_value()
    page.fill("input[name=words_fr]", "Il y a surtout des courses à porter.")
    page.click("button[value=preview]")
    page.locator(".error-summary, [role=alert]").first.wait_for()
    for code, words in (
        ("nl", "Vooral boodschappen."),
        ("de", "Vor allem Einkäufe."),
        ("en", "Mostly shopping."),
    ):
        page.fill(f"input[name=words_{code}]", words)
    page.click("button[value=preview]")
    page.locator("#shown").wait_for()
    assert "€" in page.locator("#shown").inner_text()
    look(page, "preview")
    audited(page)
    page.click("button[value=send]")
    page.wait_for_url("**/console/appeals/*/")
    while jobs.waves():
        pass
    while deliver():
        pass
    page.reload()
    look(page, "results")
    audited(page)
    arrived = SandboxDelivery.objects.get(person=one.person)
    assert "Il y a surtout des courses à porter." in arrived.body
    sandbox = page_of(thomas)
    sandbox.goto(f"/fr/console/sandbox/{one.person_id}/")
    look(sandbox, "sandbox")
    assert "surtout des courses" in sandbox.content()
    phone = page_of()
    phone.goto(re.search(r"https?://[^/]+(/\S+)", arrived.body)[1])
    look(phone, "asked")
    audited(phone)
    phone.click("button[value=yes]")
    phone.locator("button[value=undo]").wait_for()
    look(phone, "yes")
    # Asked again by the coordinator, the matcher finds them.
    from quartier.cases import actions as cases
    from quartier.team.access import of_account

    cases.look_again(actor=of_account(thomas), request=request, from_start=True)
    matching.send_wave(request_id=request.pk)
    assert Offer.made.get(request=request).volunteer_id == one.pk
    page.goto("/fr/console/appeals/")
    look(page, "overview")
    audited(page)


def test_who_would_like_a_role(page_of, places, tuesday, idle, made, thomas):
    idle(3)
    wanted = made("role", wanted=3, role="operator")
    phone = page_of()
    phone.goto(wanted.links[0])
    look(phone, "role")
    phone.click("button[value=yes]")
    phone.locator("button[value=undo]").wait_for()
    page = page_of(thomas)
    page.goto("/fr/console/appeals/roles/")
    look(page, "roles")
    audited(page)
    page.click("button[value=accept]")
    page.locator(".said").wait_for()
    expect(page.locator("button[value=accept]")).to_have_count(0)
    page.goto("/fr/console/appeals/new/")
    look(page, "purposes")
    audited(page)

"""A heatwave on the team's phone in French: begun after its cost was seen, followed, somebody called."""

# ruff: noqa: F401, F811 (fixtures of another room)

import os

import pytest
from django.test import Client
from playwright.sync_api import expect

from quartier.followup import access, actions
from quartier.followup.models import Campaign, CheckIn
from quartier.followup.rules import Said
from quartier.followup.tests.conftest import agreed, ask, helped, pass_time
from quartier.lib import clock
from quartier.team.access import link
from tests.browsing import next_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("QUARTIER_SHOTS", "")


def shot(page, name):
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_a_heatwave_on_a_phone(at_desk, agreed, pass_time, thomas, tuesday, helped, ask):
    for number in range(6):
        agreed(number, channel="call" if number < 2 else "text", notes="Ascenseur en panne" if number else "")
    page = at_desk(thomas, "/fr/console/checks/new/", width=390)
    page.get_by_label("Canicule").check(force=True)
    page.get_by_role("button", name="Voir ce que cela demande").click()
    expect(page.get_by_role("heading", name="Ce que cela demande")).to_be_visible()
    shot(page, "campaign-new")
    page.get_by_role("button", name="Lancer maintenant").click()
    page.get_by_role("heading", name="Canicule").wait_for()
    pass_time(minutes=5)
    rows = list(CheckIn.objects.select_related("member__person", "organisation").order_by("pk"))
    for row, fine in ((rows[-1], False), (rows[0], True)):
        actions.check_answer(
            actor=link(row.organisation, row.member.person_id), check_in=row, fine=fine, by="web"
        )
    page.reload()
    expect(page.get_by_text("a besoin d’aide").first).to_be_visible()
    shot(page, "campaign")
    page.goto(page.url.split("/fr/")[0] + "/fr/console/calls/")
    shot(page, "calls")
    page.get_by_role("button", name="J’appelle").first.click()
    page.get_by_role("heading", name="Que dire").wait_for()
    shot(page, "check-call")
    with next_page(page):
        page.get_by_role("button", name="Tout va bien").click()
    shot(page, "check-call-sure")
    page.get_by_role("button", name="Oui, tout va bien maintenant").click()
    page.get_by_text("C’est enregistré").wait_for()
    assert Campaign.objects.count() == 1
    helped()
    row = ask()[0]
    bad = Said(False, words="Personne n’est venu")
    actions.answer(actor=link(row.organisation, row.person_id), follow_up=row, said=bad, by="web")
    for where in ("said", "checks", "checks/people", "checks/people/add", "checks/people/import"):
        page.goto(page.url.split("/fr/")[0] + f"/fr/console/{where}/")
        shot(page, where.replace("/", "-"))
    assert clock.now() > tuesday


def test_five_hundred_people_in_a_heatwave_followed_in_a_browser(
    at_desk, browser, live_server, agreed, pass_time, thomas, tuesday, youssef
):
    """Begun and followed by the coordinator; some answer on their own phones; to 40 who do not, a neighbour is sent."""
    people, silent = 500, 40
    for number in range(people):
        agreed(number)
    page = at_desk(thomas, "/fr/console/checks/new/", width=390)
    page.get_by_label("Canicule").check(force=True)
    page.locator("details:has(#id_per_minute) > summary").click()
    page.locator("#id_per_minute").fill("100")
    page.locator("#id_asks").fill("2")
    page.get_by_role("button", name="Voir ce que cela demande").click()
    expect(page.get_by_text("500 personnes").first).to_be_visible()
    page.get_by_role("button", name="Lancer maintenant").click()
    page.get_by_role("heading", name="Canicule").wait_for()
    here = page.url
    pass_time(minutes=30)
    campaign = Campaign.objects.get()
    rows = list(campaign.check_ins.select_related("member__person", "organisation").order_by("pk"))
    assert {row.state for row in rows} == {CheckIn.State.ASKED}
    theirs = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr").new_page()
    for row, answer in [*((row, "fine") for row in rows[:5]), (rows[5], "help")]:
        theirs.goto(f"{live_server.url}/fr/check/{access.check_token_of(row)}/")
        with next_page(theirs):
            theirs.locator(f"button[value={answer}]").click()
    theirs.context.close()
    for row in rows[6 : people - silent]:
        client = Client()
        client.post(f"/fr/check/{access.check_token_of(row)}/", {"do": "fine"})
    page.goto(here)
    expect(page.get_by_text("a besoin d’aide").first).to_be_visible()
    # Written to again, then called by nobody, then a neighbour is asked to knock.
    for _hour in range(24):
        pass_time(hours=1)
        if campaign.check_ins.filter(state=CheckIn.State.KNOCKING).count() == silent:
            break
    page.goto(here)
    shot(page, "campaign-500")
    cells = page.locator("section[aria-labelledby=places] td.num").all_inner_texts()
    assert cells == ["1", str(silent), str(people - silent - 1), str(people), "0"]
    knocks = campaign.check_ins.filter(state=CheckIn.State.KNOCKING)
    assert knocks.filter(request__state="open", request__urgency="now").count() == silent

"""A heatwave on the team's phone in French: begun after its cost was seen, followed, somebody called."""

# ruff: noqa: F401, F811 (fixtures of another room)

import os

import pytest

from quartier.followup import actions
from quartier.followup.models import Campaign, CheckIn
from quartier.followup.rules import Said
from quartier.followup.tests.conftest import agreed, ask, helped, pass_time
from quartier.lib import clock
from quartier.team.access import link

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
    assert page.get_by_role("heading", name="Ce que cela demande").is_visible()
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
    assert page.get_by_text("a besoin d’aide").first.is_visible()
    shot(page, "campaign")
    page.goto(page.url.split("/fr/")[0] + "/fr/console/calls/")
    shot(page, "calls")
    page.get_by_role("button", name="J’appelle").first.click()
    page.get_by_role("heading", name="Que dire").wait_for()
    shot(page, "check-call")
    page.get_by_role("button", name="Tout va bien").click()
    page.get_by_text("C’est noté").wait_for()
    assert Campaign.objects.count() == 1
    helped()
    row = ask()[0]
    bad = Said(False, words="Personne n’est venu")
    actions.answer(actor=link(row.organisation, row.person_id), follow_up=row, said=bad, by="web")
    for where in ("said", "checks", "checks/people", "checks/people/add", "checks/people/import"):
        page.goto(page.url.split("/fr/")[0] + f"/fr/console/{where}/")
        shot(page, where.replace("/", "-"))
    assert clock.now() > tuesday

"""How we reach you and days away, on a phone: nothing wider than the screen, no fault for axe, no script needed."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from quartier.people import wishes
from quartier.people.models import Away, Wishes
from quartier.team.access import of_account, system
from tests.browsing import axe_options, next_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # Before the server: else it takes the database for one in memory, and all its threads share one connection.
    pytest.mark.usefixtures("django_db_setup"),
]
SHOTS = os.environ.get("QUARTIER_SHOTS")


def looks_well(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
    found = Axe().run(page, options=axe_options()).response["violations"]
    assert not found, (name, [(each["id"], [node["html"] for node in each["nodes"]]) for each in found])


@pytest.fixture
def youssef_(tuesday, youssef):
    youssef.person.phone = "+32400001001"
    youssef.person.save()
    return youssef


def test_the_pages_on_a_phone(handset, youssef_, tuesday):
    context = handset(youssef_.person.account)
    page = context.new_page()
    for language in ("fr", "nl", "de"):
        page.goto(f"/{language}/volunteer/reach/")
        looks_well(page, f"reach-{language}")
        page.goto(f"/{language}/volunteer/pause/")
        looks_well(page, f"pause-{language}")
    day = (tuesday + timedelta(days=8)).date()
    wishes.go_away(
        actor=of_account(youssef_.person.account),
        volunteer=youssef_,
        starts_on=day,
        ends_on=day + timedelta(7),
    )
    for name in ("reach/", "pause/", ""):
        page.goto(f"/fr/volunteer/{name}")
        looks_well(page, f"later-{name.strip('/')}")
    page.goto("/fr/volunteer/reach/")
    page.locator("#id_quiet_from").select_option("20:00")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Choisissez les deux heures, ou aucune.").first.wait_for()
    looks_well(page, "reach-wrong")


def test_without_scripts(handset, youssef_):
    context = handset(youssef_.person.account, java_script_enabled=False)
    page = context.new_page()
    page.goto("/fr/volunteer/reach/")
    with next_page(page):
        page.get_by_role("button", name="Plus haut : Un SMS").click()
    assert page.locator(".order b").all_inner_texts() == ["Un SMS", "Un e-mail"]
    page.locator("#id_quiet_from").select_option("20:00")
    page.locator("#id_quiet_until").select_option("07:30")
    page.get_by_text("Ensemble, en un e-mail par jour").click()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("C’est enregistré").first.wait_for()
    wish = Wishes.objects.get()
    assert (wish.order, f"{wish.quiet_from:%H:%M}", wish.rhythm) == (["text", "email"], "20:00", "daily")
    page.goto("/fr/volunteer/pause/")
    page.get_by_text("Entre deux dates").click()
    page.locator("#id_first").fill("2027-01-20")
    page.locator("#id_last").fill("2027-01-22")
    page.get_by_role("button", name="Faire une pause").click()
    page.get_by_text("Votre absence est notée.").wait_for()
    assert Away.objects.count() == 1


def test_the_page_of_who_is_helped(handset, opened):
    from quartier.cases import actions as cases

    token = cases.issue_link(case=opened.case, person=opened.case.person)
    context = handset()
    page = context.new_page()
    for language in ("fr", "nl", "de"):
        page.goto(f"/{language}/status/{token}/told/")
        looks_well(page, f"told-{language}")
    page.goto(f"/fr/status/{token}/")
    page.get_by_text("Comment vous joindre, et nos appels").click()
    page.get_by_role("link", name="Choisir comment nous vous prévenons").click()
    page.locator("#id_quiet_from").select_option("20:00")
    page.locator("#id_quiet_until").select_option("09:00")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("C’est noté : nous vous préviendrons ainsi.").wait_for()
    looks_well(page, "told-done")


def test_the_team_writes_it_down(handset, youssef_, thomas, organisation):
    wishes.put_in_order(actor=system(organisation), person=youssef_.person, order=["text", "email"])
    context = handset(thomas)
    page = context.new_page()
    for name in ("", "wishes/"):
        page.goto(f"/fr/console/volunteers/{youssef_.pk}/{name}")
        looks_well(page, f"team-{name.strip('/')}")

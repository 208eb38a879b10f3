"""On a phone, in French: the head opens a heatwave, and somebody asks for help in it, without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from quartier.cases.models import Request
from quartier.incidents.models import Incident
from tests.browsing import next_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # Before the server: else it takes the database for one in memory, and all its threads share one connection.
    pytest.mark.usefixtures("django_db_setup"),
]


def test_a_heatwave_is_opened_and_somebody_asks_in_it(at_desk, browser, live_server, places, sara):
    page = at_desk(sara, "/fr/console/incidents/", width=390)
    page.get_by_role("link", name=re.compile("^Canicule")).click()
    page.get_by_label("Français").first.fill("Canicule de juillet")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Ouvrir maintenant").click()
    page.get_by_text("C’est ouvert").wait_for()
    assert Incident.objects.get().names == {"fr": "Canicule de juillet"}

    plain = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    asking = plain.new_page()

    def go():
        with next_page(asking):
            asking.get_by_role("button", name="Continuer", exact=True).click()

    def tick(words):
        asking.get_by_label(re.compile(f"^{words}")).first.check(force=True)

    asking.goto(f"{live_server.url}/fr/")
    asking.get_by_role("link", name="Canicule de juillet").wait_for()
    assert asking.evaluate("document.documentElement.scrollWidth") <= 390
    asking.get_by_role("link", name="J’ai besoin d’aide").click()
    tick("Pour moi")
    go()
    expect(asking.get_by_text("Remplir un papier")).to_have_count(0)
    tick("Une petite visite")
    go()
    go()
    asking.get_by_role("heading", name="Votre situation").wait_for()
    asking.get_by_role("group", name="Y a-t-il une pièce fraîche").get_by_label("Non", exact=True).check(
        force=True
    )
    go()
    asking.get_by_label(re.compile("Code postal")).fill("1050")
    go()
    asking.get_by_label(re.compile("Rue et numéro")).fill("Rue du Page 42")
    go()
    tick("Aujourd’hui ou demain")
    go()
    go()
    asking.get_by_label(re.compile("Votre prénom")).fill("Marie Peeters")
    tick("Appelez-moi")
    asking.get_by_label(re.compile("Votre numéro")).fill("02 000 14 27")
    go()
    asking.get_by_text("Pièce fraîche\u00a0: non").wait_for()
    tick("J’accepte")
    asking.get_by_role("button", name=re.compile("^Envoyer")).click()
    asking.get_by_role("link", name=re.compile("Ouvrir ma page")).wait_for()
    plain.close()
    request = Request.objects.get()
    assert (request.kind, request.incident) == ("lookin", Incident.objects.get())
    assert request.situation == "Pièce fraîche\u00a0: non"

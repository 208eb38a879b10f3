"""The public pages in a browser: without JavaScript on a phone, and with a passkey."""

import re

import pytest
from playwright.sync_api import expect

from quartier.cases.models import Case
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.team.models import Passkey
from tests.browsing import next_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


def tick(page, label):
    page.get_by_label(re.compile(f"^{label}")).first.check(force=True)


WORDS = {
    "fr": {
        "ask": "J’ai besoin d’aide", "me": "Pour moi", "groceries": "Des courses", "go": "Continuer",
        "where": "Code postal", "typed": "ixele", "street": "Rue et numéro", "day": "Aujourd’hui ou demain",
        "name": "Votre prénom", "call": "Appelez-moi", "phone": "Votre numéro", "agree": "J’accepte",
        "send": "Envoyer", "open": "Ouvrir ma page", "looking": "Quelqu’un de l’équipe va lire",
        "cancel": "Annuler l’aide", "yes": "Oui, annuler", "cancelled": "C’est annulé",
    },
    "nl": {
        "ask": "Ik heb hulp nodig", "me": "Voor mezelf", "groceries": "Boodschappen", "go": "Verder",
        "where": "Postcode", "typed": "elsenne", "street": "Straat en nummer", "day": "Vandaag of morgen",
        "name": "Uw voornaam", "call": "Bel mij", "phone": "Uw telefoonnummer", "agree": "Ik ga ermee akkoord",
        "send": "Versturen", "open": "Mijn pagina openen", "looking": "Iemand van ons leest",
        "cancel": "De hulp annuleren", "yes": "Ja, annuleren", "cancelled": "Het is geannuleerd",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_asking_on_a_phone_without_javascript(live_server, chromium, places, organisation, language):
    words = WORDS[language]
    page = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()

    def go(name="go"):
        with next_page(page):
            page.get_by_role("button", name=words[name], exact=True).click()

    page.goto(f"{live_server.url}/{language}/")
    with next_page(page):
        page.get_by_role("link", name=words["ask"]).click()
    go()
    expect(page.locator(".oops")).to_be_visible()
    tick(page, words["me"])
    go()
    tick(page, words["groceries"])
    go()
    go()
    page.get_by_label(re.compile(words["where"])).fill(words["typed"])
    go()
    expect(page.locator(".notice", has_text="(1050)")).to_be_visible()
    expect(page.locator(".oops")).to_have_count(0)
    # What is only alike is not ticked.
    page.locator("label", has_text="(1050)").first.click()
    go()
    # Back and forth again, without being asked to send the words a second time.
    page.go_back()
    expect(page.get_by_label(re.compile(words["where"]))).to_be_visible()
    page.go_forward()
    page.get_by_label(re.compile(words["street"])).fill("Rue du Page 42")
    go()
    tick(page, words["day"])
    go()
    go()
    page.get_by_label(re.compile(words["name"])).fill("Marie Peeters")
    tick(page, words["call"])
    page.get_by_label(re.compile(words["phone"])).first.fill("02 000 14 27")
    go()
    page.get_by_label(re.compile(words["agree"])).check(force=True)
    go("send")
    case = Case.objects.get()
    expect(page.get_by_text(case.reference)).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.get_by_text(case.reference)).to_be_visible()
    with next_page(page):
        page.get_by_role("link", name=words["open"]).click()
    assert words["looking"] in page.locator("h1").inner_text()
    with next_page(page):
        page.get_by_role("link", name=words["cancel"]).click()
    go("yes")
    assert words["cancelled"] in page.locator("h1").inner_text()
    assert Case.objects.count() == 1


@pytest.fixture
def answered(answering):
    """Every question is answered; before a browser starts, whose event loop the test client cannot stand."""
    return answering()


def test_the_proof_of_work_lets_a_form_through(live_server, answered, chromium, client):
    context = chromium.new_context()
    context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": live_server.url}
            for name, morsel in client.cookies.items()
        ]
    )
    clock.set_time(None)
    page = context.new_page()
    page.goto(live_server.url + answered)
    page.locator("#id_consent").check(force=True)
    page.locator("p.go button").click()
    page.wait_for_url("**/done/**", timeout=60_000)
    assert {request.state for request in Case.objects.get().requests.all()} == {"open"}


def test_a_passkey(live_server, chromium, thomas, client):
    client.force_login(thomas)
    context = chromium.new_context()
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(f"{live_server.url}/fr/sign-out/everywhere/")
    page.get_by_text("Ajouter ou supprimer une clé d’accès").click()
    page.fill("#id_code", re.search(r"\d{6}", Message.objects.get(template="sign_in_code").body)[0])
    page.locator("p.go button").click()
    with page.expect_navigation():
        page.locator("button[data-passkey]").click()
    assert Passkey.objects.get().account == thomas
    context.clear_cookies()
    page.goto(f"{live_server.url}/fr/sign-in/?next=%2Ffr%2Fprivacy%2F")
    page.locator("button[data-passkey]").click()
    page.wait_for_url(re.compile("/fr/privacy/$"), wait_until="load")
    assert page.url == f"{live_server.url}/fr/privacy/"
    assert any(cookie["name"] == "sessionid" for cookie in context.cookies())
    passkey = Passkey.objects.get()
    assert passkey.used_at is not None

"""A listener and the person she calls, in a real browser: from the training to the end, with a call that is missed."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from django.utils import translation

from quartier.appeals import actions as appeals
from quartier.appeals.models import RoleWish
from quartier.cases import actions as cases
from quartier.companions import actions
from quartier.companions.models import CallWish, Pairing, Talk
from quartier.companions.tests import scene
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.team.access import of_account
from tests.browsing import next_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("django_db_setup"),
]
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "fr"}
AXE = Axe()


def here(name, *args, language="fr"):
    with translation.override(language):
        return reverse(name, args=args)


@pytest.fixture
def opened(chromium, live_server):
    """A page for somebody, on a phone: `opened(account)`."""
    contexts = []

    def open_(account=None):
        context = chromium.new_context(**PHONE, base_url=live_server.url)
        contexts.append(context)
        if account is not None:
            client = Client()
            client.force_login(account)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
            context.add_cookies([cookie])
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    yield open_
    for context in contexts:
        context.close()


def sees(page, name):
    """Nothing on the page that axe can find, and nothing wider than a phone."""
    found = AXE.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], name
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, name


def later(**length):
    clock.advance(timedelta(**length))
    now = clock.now()
    while actions.plan_due(now) or actions.watch(now) or actions.follow(now):
        pass


def test_from_the_training_to_the_end(opened, tuesday, account, volunteer, lotte, sara, asked):
    """Amina supervises, Hadija listens, Marie is called."""
    nadia = volunteer("Hadija")
    case = asked("talk", name="Marie Peeters").case
    amina = account("Amina", "operator")

    # Sara entrusts the listeners to Amina.
    page = opened(sara)
    page.goto(here("companions"))
    with next_page(page):
        page.get_by_role("button", name="Confier la supervision : Amina").click()
    sees(page, "programme of the head")

    # Hadija has passed the training.
    supervisor = opened(amina)
    supervisor.goto(here("companion_train"))
    sees(supervisor, "training")
    supervisor.get_by_label("Numéro de GSM ou adresse e-mail").fill("personne@example.org")
    supervisor.get_by_role("button", name="La formation est réussie").click()
    supervisor.get_by_text("Personne ne se connecte ici avec cela").first.wait_for()
    sees(supervisor, "training, wrong")
    supervisor.get_by_label("Numéro de GSM ou adresse e-mail").fill("hadija@example.org")
    supervisor.get_by_label("Le jardin et les plantes").check(force=True)
    supervisor.get_by_role("button", name="La formation est réussie").click()
    supervisor.get_by_role("heading", name="Hadija").wait_for()
    sees(supervisor, "listener")

    # Marie tells Lotte that she would like to be called, and agrees.
    operator = opened(lotte)
    operator.goto(here("case_page", case.pk))
    operator.get_by_role("link", name="Aimerait recevoir des appels réguliers").click()
    operator.get_by_label("Le jardin et les plantes").check(force=True)
    operator.get_by_role("button", name="Noter").click()
    operator.get_by_text("Sans accord, nous ne gardons rien.").first.wait_for()
    sees(operator, "wish, wrong")
    operator.get_by_label("Oui, cela peut être gardé").check(force=True)
    operator.get_by_role("button", name="Noter").click()
    operator.get_by_text("Le superviseur cherche un écoutant").wait_for()
    wish = CallWish.objects.get()
    assert (wish.consent, wish.consent_by) == ("oral", lotte)

    # Amina proposes Hadija, for the reasons that stand there.
    supervisor.goto(here("companions"))
    supervisor.get_by_role("link", name="Marie Peeters").click()
    supervisor.get_by_text("Le jardin et les plantes").first.wait_for()
    sees(supervisor, "proposals")
    supervisor.get_by_role("button", name="Proposer").click()
    supervisor.get_by_text("L’écoutant n’a pas encore répondu.").wait_for()
    sees(supervisor, "proposed")

    # Hadija says yes in the app, Marie on her own page.
    listener = opened(nadia.person.account)
    listener.goto(here("volunteer_home"))
    listener.get_by_role("link", name="Les personnes que j’appelle").click()
    with next_page(listener):
        listener.get_by_role("link", name="Quelqu’un qui aimerait être appelé").click()
    assert "Marie" not in listener.content()
    sees(listener, "asked")
    listener.get_by_role("button", name="Oui, volontiers").click()
    listener.get_by_text("Vous avez dit oui. Nous lui demandons maintenant.").wait_for()
    marie = opened()
    token = cases.issue_link(case=case, person=case.person)
    marie.goto(here("status_companion", token))
    sees(marie, "her yes")
    marie.get_by_role("button", name="Oui, volontiers").click()
    marie.get_by_role("heading", name="Hadija vous appelle").wait_for()

    # They speak on Tuesdays and Wednesdays at three.
    listener.goto(here("listen"))
    with next_page(listener):
        listener.get_by_role("link", name="Marie").click()
    sees(listener, "when")
    listener.get_by_label("mardi", exact=False).check(force=True)
    listener.get_by_label("mercredi", exact=False).check(force=True)
    listener.get_by_label("À quelle heure").first.fill("15:00")
    with next_page(listener):
        listener.get_by_role("button", name="Fixer ce moment").click()
    later(minutes=1)
    assert Talk.objects.filter(state="planned").count() == 6

    # The first call: two taps, and a note.
    later(hours=4)
    listener.reload()
    sees(listener, "the call")
    listener.get_by_role("button", name="15 min").click()
    listener.get_by_text("Merci d’avoir été là.").wait_for()
    listener.get_by_label("Une note pour le prochain appel").fill("Sa sœur vient dimanche")
    listener.get_by_role("button", name="Garder la note").click()
    listener.get_by_text("Sa sœur vient dimanche").wait_for()
    listener.get_by_text("Lui demander comment elle va", exact=True).click()
    for number in range(1, 6):
        listener.locator(f"[name=who{number}]").select_option("1")
    listener.get_by_role("button", name="Garder ses réponses").click()
    listener.get_by_text("Elle ne va pas bien du tout.").wait_for()
    sees(listener, "notes and mood")

    # The second one is missed: nobody says anything; Amina is told, and sees it.
    later(hours=26)
    assert Message.objects.filter(template="companion_remind").exists()
    later(hours=6)
    assert Message.objects.filter(template="companion_missed").exists()
    supervisor.goto(here("companions"))
    supervisor.get_by_text("1 appel sans nouvelles").wait_for()
    sees(supervisor, "programme")
    supervisor.get_by_role("link", name="Marie Peeters").click()
    supervisor.get_by_text("Sa sœur vient dimanche").wait_for()
    sees(supervisor, "pairing")

    # The head of the group sees that a note is there, not what it says.
    pairing = Pairing.objects.get()
    page.goto(here("companion", pairing.pk))
    page.get_by_text("Seuls l’écoutant et son superviseur la lisent.").wait_for()
    assert "dimanche" not in page.content().replace("dimanches", "")
    with next_page(page):
        page.get_by_role("link", name="Ouvrir malgré tout").click()
    sees(page, "glass")

    # They speak about it, and it ends well.
    supervisor.get_by_role("link", name="Hadija").click()
    supervisor.get_by_label("Nous nous sommes parlé aujourd’hui").fill("Elle avait la grippe.")
    supervisor.get_by_role("button", name="Noter la supervision").click()
    supervisor.get_by_text("Elle avait la grippe.").last.wait_for()
    marie.goto(here("status_companion", token))
    sees(marie, "who calls me")
    supervisor.goto(here("companion", pairing.pk))
    supervisor.locator("summary", has_text="Bien terminer").click()
    supervisor.get_by_label("Pourquoi cela se termine-t-il").select_option("enough")
    supervisor.get_by_label("Ils se sont dit au revoir").fill("2027-01-13")
    supervisor.locator("button[value=end]").click()
    supervisor.get_by_text("Ils se sont dit au revoir").wait_for()
    pairing.refresh_from_db()
    assert (pairing.state, pairing.why) == (Pairing.State.ENDED, Pairing.Why.ENOUGH)
    assert not Talk.objects.filter(state="planned").exists()
    listener.goto(here("listen"))
    listener.get_by_text("Personne pour le moment.").wait_for()


def test_services_and_a_stand_in_on_a_phone(opened, tuesday, account, volunteer, lotte, thomas, asked):
    """A service written by hand, found near her, proposed; somebody else calls; the training for the line."""
    amina, nadia, paul = account("Amina", "supervisor"), volunteer("Hadija"), volunteer("Paul")
    hadija = scene.trained(amina, nadia.person.account)
    scene.trained(amina, paul.person.account)
    wish = scene.wished(lotte, asked("talk", name="Marie Peeters").case)
    pairing = scene.begin(hadija, scene.agree(amina, hadija, scene.propose(amina, wish, hadija)))

    supervisor = opened(amina)
    supervisor.goto(here("companion_service_new"))
    supervisor.get_by_role("button", name="Mettre dans le répertoire").click()
    supervisor.get_by_text("Écrivez son nom.").first.wait_for()
    sees(supervisor, "service, wrong")
    supervisor.get_by_label("Son nom").fill("Télé-Accueil")
    supervisor.get_by_label("Ce qu’il fait").fill("Parler avec quelqu’un, jour et nuit")
    supervisor.get_by_label("Numéro de téléphone").fill("107")
    supervisor.get_by_role("button", name="Mettre dans le répertoire").click()
    supervisor.get_by_text("Il est dans le répertoire.").wait_for()
    sees(supervisor, "service")
    supervisor.goto(here("companion_services"))
    sees(supervisor, "services")

    listener = opened(nadia.person.account)
    listener.goto(here("listen_services", pairing.pk))
    listener.get_by_text("Cela lui plairait").click()
    listener.get_by_label("Elle accepte que").check(force=True)
    sees(listener, "services near her")
    listener.get_by_role("button", name="Mon superviseur appelle ce service").click()
    listener.get_by_text("Votre superviseur appelle ce service pour elle.").wait_for()
    listener.locator("summary", has_text="Quelqu’un d’autre cette semaine").click()
    listener.get_by_role("button", name="Demander à Paul").click()
    listener.get_by_text("Paul", exact=False).first.wait_for()
    sees(listener, "asked for someone else")

    instead = opened(paul.person.account)
    instead.goto(here("listen"))
    with next_page(instead):
        instead.get_by_role("link", name="Pourriez-vous appeler quelqu’un").click()
    assert "Marie" not in instead.content()
    instead.get_by_role("button", name="Oui, volontiers").click()
    instead.get_by_role("heading", name="Marie").wait_for()
    sees(instead, "instead")

    wishes = RoleWish.objects.create(
        organisation=nadia.organisation, volunteer=nadia, role="operator", at=clock.now()
    )
    appeals.accept_wish(actor=of_account(thomas), wish=wishes)
    coordinator = opened(thomas)
    coordinator.goto(here("role_wishes"))
    sees(coordinator, "training to record")
    listener.goto(here("volunteer_training"))
    sees(listener, "training to come")
    coordinator.get_by_role("button", name="Noter : Hadija").click()
    coordinator.get_by_text("la ligne leur est ouverte").wait_for()
    listener.reload()
    listener.get_by_role("link", name="Ouvrir la console").wait_for()

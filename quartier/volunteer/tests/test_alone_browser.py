"""Help without a word, on a phone of 390 pixels, in French: with a network, without one, and what the team sees."""

import pytest

from quartier.alerts.models import Alert
from quartier.visits.models import Watch
from quartier.volunteer.tests.handset import comes_true, later, opened
from tests.browsing import next_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("django_db_setup"),
]
MINUTE = "J’ai besoin d’une minute"


@pytest.fixture
def at_the_door(handset, wave, thomas, sara):
    context = handset()
    page = opened(context, wave["Youssef"])
    with next_page(page):
        page.get_by_role("button", name="J’y vais").click()
    page.get_by_text("C’est vous. Merci").wait_for()
    return context, page


def seen(page):
    """What somebody sees who looks at this phone."""
    return page.locator("main").inner_text(), page.locator(".decision").inner_text()


def test_a_panic(at_the_door, handset, thomas):
    _context, page = at_the_door
    before = seen(page)
    with next_page(page):
        page.get_by_role("button", name=MINUTE).click()
    assert seen(page) == before
    assert Alert.objects.get().state == "open"
    desk = handset(thomas).new_page()
    desk.goto("/fr/console/")
    desk.get_by_text("Youssef a besoin d’aide ou ne répond pas").wait_for()
    desk.get_by_role("link", name="Ouvrir").click()
    desk.get_by_text("Rue du Page 42").wait_for()
    desk.get_by_role("button", name="Je m’en occupe").click()
    desk.get_by_label("Ce qui a été fait").fill("La police y est, il va bien.")
    desk.get_by_role("button", name="C’est fini").click()
    desk.get_by_text("La police y est, il va bien.").wait_for()
    assert Alert.objects.get().state == "closed"
    page.reload()
    assert seen(page) == before


def test_a_panic_in_a_cellar(at_the_door):
    """Without a network it waits, and the page shows the same as to whoever pressed nothing; it goes out by itself."""
    context, page = at_the_door
    context.set_offline(True)
    page.reload()
    page.get_by_text("Pas de réseau pour l’instant.").wait_for()
    assert "112" in page.locator("main").inner_text()
    before = seen(page)
    with next_page(page):
        page.get_by_role("button", name=MINUTE).click()
    page.get_by_text("Pas de réseau pour l’instant.").wait_for()
    assert seen(page) == before
    (item,) = later(page)
    pressed = item["at"]
    context.set_offline(False)
    comes_true(lambda: Alert.objects.exists(), page)
    assert Watch.objects.get().quiet_at is not None
    assert f"at={pressed}"[:8] in item["body"]


def test_a_panic_without_javascript(handset, wave, thomas):
    page = handset(java_script_enabled=False).new_page()
    page.goto(wave["Youssef"])
    with next_page(page):
        page.get_by_role("button", name="J’y vais").click()
    before = seen(page)
    with next_page(page):
        page.get_by_role("button", name=MINUTE).click()
    assert seen(page) == before
    assert Alert.objects.get().kind == "visit"


def test_a_concern_about_the_coordinator_on_duty(handset, at_the_door, organisation, thomas, sara):
    from quartier.lib import clock
    from quartier.telephony.models import Operator

    Operator.objects.create(
        organisation=organisation, account=thomas, standing="available", since=clock.now()
    )
    on_duty = handset(thomas).new_page()
    on_duty.goto("/fr/console/")
    _context, page = at_the_door
    page.goto("/fr/concern/")
    page.get_by_text("Quelqu’un de notre équipe", exact=True).click()
    page.get_by_label("Connaissez-vous son nom").fill("Thomas, je crois")
    page.get_by_label("Que s’est-il passé").fill("Il garde l’argent des courses.")
    page.locator("#id_danger").check(force=True)
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_role("heading", name="Nous avons reçu votre message").wait_for()
    follow = page.url
    # He sees nothing, on no page, and nothing moves.
    for path in ("/fr/console/", "/fr/console/concerns/", "/fr/console/post/"):
        on_duty.goto(path)
        assert "inquiétude :" not in on_duty.locator("body").inner_text().lower().replace("\u00a0", " ")
    assert "Aucune." in handset_text(on_duty, "/fr/console/concerns/")
    head = handset(sara).new_page()
    head.goto("/fr/console/")
    head.get_by_role("link", name="Ouvrir").click()
    head.get_by_text("Il garde l’argent des courses.").wait_for()
    head.get_by_role("button", name="Je m’en occupe").first.click()
    head.get_by_label("Ce qui a été fait").fill("Comptes revus avec le conseil.")
    head.get_by_label("Ce que nous disons").fill("Les comptes sont revus par le conseil.")
    head.get_by_role("button", name="C’est fini").click()
    head.get_by_text("Comptes revus avec le conseil.").wait_for()
    page.goto(follow)
    page.get_by_text("Les comptes sont revus par le conseil.").wait_for()


def handset_text(page, path):
    page.goto(path)
    return page.locator("main").inner_text()

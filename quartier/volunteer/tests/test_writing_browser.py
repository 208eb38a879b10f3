"""Words between the two of a visit, on two phones of 360 px, without and with JavaScript."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from quartier.cases import actions as cases
from quartier.cases.models import Case
from quartier.conversation import actions as conversation
from quartier.lib.ids import uuid7
from quartier.messaging.models import Message
from quartier.visits.models import Assignment
from quartier.volunteer.tests.handset import opened
from tests.browsing import next_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("django_db_setup"),
]
NARROW = {"width": 360, "height": 740}
WIDER_THAN_PAGE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def look(page, name):
    """A picture, for whoever wants to see them: QUARTIER_PICTURES names a folder."""
    assert not page.evaluate(WIDER_THAN_PAGE), name
    if folder := os.environ.get("QUARTIER_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def write(page, to, words):
    page.get_by_role("link", name=f"Écrire à {to}").click()
    page.get_by_label(f"Écrire à {to}").fill(words)
    with next_page(page):
        page.get_by_role("button", name="Envoyer").click()


@pytest.mark.parametrize("with_scripts", [True, False])
def test_both_sides_write_and_read(handset, wave, with_scripts):
    plain = {} if with_scripts else {"java_script_enabled": False}
    youssef = opened(handset(), wave["Youssef"])
    youssef.get_by_role("button", name="J’y vais").click()
    youssef.get_by_text("C’est vous. Merci").wait_for()
    youssef = handset(**plain).new_page()
    marie = handset(**plain).new_page()
    for page in (youssef, marie):
        page.set_viewport_size(NARROW)
    youssef.goto(wave["Youssef"])
    case = Case.objects.get()
    marie.goto(f"/fr/status/{cases.issue_link(case=case, person=case.person)}/")
    write(youssef, "Marie", "Bonjour, je suis au magasin. Il n’y a plus de pain gris : du blanc ?")
    youssef.get_by_text("Votre message a été transmis.").wait_for()
    look(youssef, "volunteer-written")
    marie.reload()
    marie.get_by_text("plus de pain gris").wait_for()
    look(marie, "status-received")
    write(marie, "Youssef", "")
    marie.get_by_text("Écrivez quelques mots.").first.wait_for()
    look(marie, "status-error")
    marie.get_by_label("Écrire à Youssef").fill("Oui, merci. Mon numéro est le 0470 12 34 56")
    with next_page(marie):
        marie.get_by_role("button", name="Envoyer").click()
    marie.get_by_text("Votre message a été transmis.").wait_for()
    look(marie, "status-written")
    # Back does not ask to send it again.
    marie.reload()
    youssef.goto(wave["Youssef"])
    youssef.get_by_text("Oui, merci. Mon numéro est le …").wait_for()
    look(youssef, "volunteer-visit")
    assert Message.objects.filter(template="relay").count() == 2
    marie.get_by_label("Écrire à Youssef").fill("Je suis tombée, j’ai très mal, au secours")
    with next_page(marie):
        marie.get_by_role("button", name="Envoyer").click()
    marie.get_by_text("Votre message n’a pas été transmis").wait_for()
    look(marie, "status-danger")
    assert Message.objects.filter(template="relay").count() == 2


def test_an_answer_appears_on_the_open_page_of_the_visit(handset, wave):
    youssef = opened(handset(), wave["Youssef"])
    youssef.get_by_role("button", name="J’y vais").click()
    youssef.get_by_text("C’est vous. Merci").wait_for()
    youssef.get_by_text("Il y a un problème").click()
    visit = Assignment.objects.select_related("request__case__person", "volunteer__person").get()
    conversation.write_to_other(
        visit=visit, person=visit.request.case.person, words="Prenez l’ascenseur.", once=uuid7()
    )
    youssef.get_by_text("Prenez l’ascenseur.").first.wait_for()
    # Nothing else has moved: what was open is open.
    expect(youssef.get_by_text("Dites pourquoi")).to_be_visible()

"""What is read out is in the language of who hears it, and about the right person."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from quartier.cases.models import Case, Request
from quartier.console.tests.test_intake import MARIE, begin, typed
from quartier.followup import actions as followup
from quartier.followup.models import CheckIn
from quartier.followup.tests.conftest import agreed
from quartier.intake.models import Draft
from quartier.lib import choices
from quartier.people.models import Person
from quartier.team.access import of_account

__all__ = ["agreed"]
pytestmark = pytest.mark.django_db
FOR_MOTHER = MARIE | {
    "caller_name": "Sofie Claes",
    "phone": "02 000 14 99",
    "kinds": ["groceries"],
    "for_other": "on",
    "person_name": "Anna Claes",
    "person_phone": "02 000 14 31",
    "relation": "fille",
}


@pytest.fixture
def desk(signed_in, lotte, places, tuesday):
    return signed_in(lotte)


def said(client, /, **answers):
    """What is read out: the language and the words of each sentence."""
    address = begin(client)
    sent = client.post(address, typed(client, address, **answers), follow=True)
    assert sent.status_code == 200
    parts = sent.content.decode().split('<blockquote class="say')[1:]
    return [
        (part.split('lang="')[1][:2], " ".join(strip_tags("<p" + part.split("</blockquote>")[0]).split()))
        for part in parts
    ]


@pytest.mark.parametrize("tell", ["asker", "person"])
def test_the_daughter_hears_of_her_mother_in_her_own_language(desk, tell):
    first, second = said(desk, **FOR_MOTHER | {"language": "nl", "languages": ["fr"], "tell": tell})
    assert (first[0], second[0]) == ("nl", "nl")
    if tell == "asker":
        assert first[1].startswith("We zoeken iemand in de buurt van Anna Claes. U hoort van ons")
    else:
        assert first[1].startswith("We hebben het genoteerd. Anna Claes hoort")
    assert second[1].startswith("Wie bij Anna Claes komt, zegt een codewoord aan de deur. Vraag Anna Claes")


def test_whoever_asks_for_themselves_is_spoken_to(desk):
    first, second = said(desk, **MARIE | {"kinds": ["groceries"], "language": "fr"})
    assert (first[0], second[0]) == ("fr", "fr")
    assert "près de chez vous" in first[1]
    assert "vous le dira à la porte" in second[1]


def test_a_language_that_we_do_not_write_is_that_of_the_page(desk):
    said(desk, **MARIE | {"kinds": ["groceries"], "language": "fr"})
    Person.objects.update(language="ar")
    page = desk.get(reverse("intake_done", args=[Draft.objects.get().pk])).content.decode()
    assert '<blockquote class="say" lang="en">We are looking for someone near you.' in page


def test_who_calls_about_a_file_of_somebody_else_is_not_taken_for_them(desk, asked):
    """The file is Anna's, who once asked for herself; today a neighbour calls about it."""
    case = asked("groceries", name="Anna").case
    Person.objects.update(language="nl")
    answers = MARIE | {"caller_name": "Bart", "kinds": ["pharmacy"], "case": str(case.pk), "language": "fr"}
    first, second = said(desk, **answers | {"languages": []})
    assert (first[0], second[0]) == ("fr", "fr")
    assert first[1].startswith("C’est noté. Anna aura de nos nouvelles")
    assert "à la porte d’Anna" in second[1]
    # And neighbours are looked for in Anna's language.
    request = Request.objects.get(kind="pharmacy")
    assert [each.code for each in choices.chosen(choices.LANGUAGES, request.languages)] == ["nl"]
    assert (Case.objects.get(), Person.objects.get(pk=case.person_id).language) == (case, "nl")


def test_a_check_in_begins_and_asks_in_one_language(desk, thomas, agreed):
    agreed(1)
    followup.start(actor=of_account(thomas), plan=followup.Plan("heat"))
    CheckIn.objects.update(state="calling")
    row = CheckIn.objects.get()
    page = desk.get(reverse("check_call", args=[row.pk])).content.decode()
    box = page.split('id="say"')[1].split("</section>")[0]
    assert '<p lang="fr">« Bonjour, ici Lotte' in box.replace("\u00a0", " ")
    assert "Hello, this is" not in box
    assert 'lang="en"' not in box
    # What the operator is told stays in theirs.
    assert "Have they had enough water today?" in box

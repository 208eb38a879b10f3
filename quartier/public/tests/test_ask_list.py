"""The list, asked where groceries are needed."""

import pytest

from quartier.intake.models import Draft
from quartier.public.tests.conftest import ANSWERS
from quartier.shopping.models import Household, ShoppingList

LIST = {
    "lines": "2 pains gris\nDu lait",
    "shop": "Chez Rosa",
    "substitutions": "no",
    "never": "du vin",
    "budget": "25,50 €",
    "allergies": "arachides",
}


def walked(answering, client, words):
    """The last page, with these words on the list."""
    page = answering(answers={**ANSWERS, "list": words})
    return page, client.get(page).content.decode()


def test_what_is_written_is_the_list_of_the_request(answering, client):
    page, shown = walked(answering, client, LIST | {"agreed": "on"})
    for words in ("2 pains gris", "Chez Rosa", "25,50", "arachides"):
        assert words in shown
    client.post(page, {"consent": "on"})
    made = ShoppingList.objects.get()
    assert [each.words for each in made.items.all()] == ["2 pains gris", "Du lait"]
    assert (made.shop, made.substitutions, made.budget_cents) == ("Chez Rosa", "no", 2550)
    assert made.request.kind == "groceries"
    assert made.request.details == "2 pains gris\nDu lait"
    row = Household.objects.get()
    assert (row.allergies, row.never, row.consent) == ("arachides", "du vin", "own")


def test_without_the_tick_allergies_are_asked_about_and_not_even_in_the_draft(answering, client):
    address = answering(stop="where", answers={**ANSWERS, "list": LIST | {"allergies": ""}, "where": {}})
    address = address.replace("/where/", "/list/")
    page = client.post(address, LIST)
    assert page.status_code == 200
    shown = page.content.decode()
    assert "Cochez cette case" in shown
    # The words are still there, and the fold in which they stand is open.
    assert "arachides" in shown
    assert '<details class="fold part" open>' in shown
    assert "arachides" not in str(Draft.objects.get().answers)
    # Emptied or ticked, it goes on.
    assert client.post(address, LIST | {"allergies": ""}).status_code == 302
    assert client.post(address, LIST | {"agreed": "on"}).status_code == 302
    assert "arachides" in str(Draft.objects.get().answers)


def test_nobody_has_to_write_one(answering, client):
    page, shown = walked(answering, client, {"skip": "1"})
    assert "Vous le direz vous-même" in shown
    client.post(page, {"consent": "on"})
    assert not ShoppingList.objects.exists()


def test_only_where_groceries_are_needed(answering, client):
    page = answering(
        answers={"for": {"whom": "me"}, "what": {"kinds": ["pharmacy"]}, "details": {"pharmacy": ""}}, stop=""
    )
    assert "/where/" in page


@pytest.mark.parametrize(
    ("budget", "said"), [("30 $", "en euros"), ("12,345", "deux chiffres"), ("45", "au plus")]
)
def test_a_budget_that_cannot_be_meant(answering, client, budget, said):
    address = answering(stop="where", answers={**ANSWERS, "list": LIST | {"allergies": ""}, "where": {}})
    address = address.replace("/where/", "/list/")
    page = client.post(address, LIST | {"budget": budget})
    assert page.status_code == 200
    assert said in page.content.decode()
    assert "arachides" in page.content.decode()
    assert budget in page.content.decode()

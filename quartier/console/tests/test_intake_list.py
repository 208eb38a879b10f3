"""The list during a call: written beside what is asked; allergies with a yes to what is read out."""

import pytest

from quartier.cases.models import Case
from quartier.console.tests.test_intake import MARIE, begin, typed
from quartier.intake.models import Draft
from quartier.shopping.models import Household, ShoppingList

pytestmark = pytest.mark.django_db
LIST = {"lines": "2 loaves\nmilk", "shop": "Chez Rosa", "never": "wine", "budget": "20", "allergies": "nuts"}


@pytest.fixture
def desk(signed_in, lotte, places, tuesday):
    return signed_in(lotte)


def test_it_becomes_the_list_of_the_request(desk, lotte):
    address = begin(desk)
    assert "Puis-je les noter" in desk.get(address).content.decode()
    desk.post(address, typed(desk, address, **MARIE, **LIST, agreed="on"))
    made = ShoppingList.objects.get()
    # What stood beside the kind is not lost.
    assert [each.words for each in made.items.all()] == ["2 loaves", "milk", "bread, milk"]
    assert (made.shop, made.substitutions, made.budget_cents) == ("Chez Rosa", "ask", 2000)
    row = Household.objects.get()
    assert (row.allergies, row.consent, row.consent_by) == ("nuts", "oral", lotte)
    # The next call for the same household says nothing of them: they stay.
    address = begin(desk)
    sent = typed(desk, address, **MARIE, lines="eggs", case=str(Case.objects.get().pk))
    desk.post(address, sent)
    row.refresh_from_db()
    assert (row.allergies, row.never) == ("nuts", "wine")
    assert ShoppingList.objects.count() == 2


def test_without_the_yes_they_are_kept_nowhere_and_that_is_said(desk):
    address = begin(desk)
    save = address + "save/"
    sent = typed(desk, address, **MARIE, **LIST)
    assert desk.post(save, sent).status_code == 200
    assert "nuts" not in str(Draft.objects.get().answers)
    assert Draft.objects.get().answers["never"] == "wine"
    # What is wrong elsewhere does not take the words off the page.
    wrong = desk.post(address, typed(desk, address, **MARIE, **LIST) | {"budget": "a lot"})
    assert wrong.status_code == 422
    assert "nuts" in wrong.content.decode()
    done = desk.post(address, typed(desk, address, **MARIE, **LIST), follow=True)
    assert "The allergies were not kept" in done.content.decode()
    row = Household.objects.get()
    assert (row.allergies, row.consent, row.never) == ("", "", "wine")


def test_a_call_about_something_else_has_no_list(desk):
    address = begin(desk)
    sent = typed(desk, address, **MARIE | {"kinds": ["pharmacy"]}, **LIST, agreed="on")
    desk.post(address, sent)
    assert Case.objects.exists()
    assert not ShoppingList.objects.exists()
    assert not Household.objects.exists()

"""The page behind the link after a visit, through HTTP, in its languages."""

# ruff: noqa: F401, F811 (fixtures of another room)

import pytest

from quartier.cases.models import Request
from quartier.followup import access
from quartier.followup.models import FollowUp
from quartier.followup.tests.conftest import ask, helped
from quartier.lib import clock
from quartier.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(helped, ask, thomas):
    helped()
    return ask()[0]


def url(row, language="fr"):
    return f"/{language}/after/{access.token_of(row)}/"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Avez-vous vu Youssef"),
        ("nl", "Is Youssef bij u geweest"),
        ("de", "War Youssef"),
        ("en", "Did Youssef"),
    ],
)
def test_three_calm_questions(client, row, language, words, django_assert_max_num_queries):
    client.get(url(row, language))
    with django_assert_max_num_queries(3):
        page = client.get(url(row, language))
    assert words in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert FollowUp.objects.get().state == "asked"


def test_a_good_answer(client, row):
    page = client.post(
        url(row), {"happened": "yes", "how": "3", "need": "no", "words": "Un ange"}, follow=True
    )
    assert "c’est bon à savoir" in page.content.decode()
    kept = FollowUp.objects.get()
    assert (kept.happened, kept.how, kept.words, kept.by, kept.is_bad) == (True, 3, "Un ange", "web", False)
    assert Request.objects.get().state == "closed"
    again = client.get(f"{url(row)}?change=1").content.decode()
    assert "Un ange" in again


def test_a_bad_answer_is_looked_after(client, row):
    page = client.post(url(row), {"happened": "no"}, follow=True).content.decode()
    assert "vous appelle" in page
    assert Request.objects.get().why_human == "asked"


def test_nothing_chosen_is_said_kindly_and_words_are_kept(client, row):
    page = client.post(url(row), {}, follow=True).content.decode()
    assert "Choisissez une réponse" in page
    page = client.post(url(row), {"how": "9", "words": "Mes mots"}, follow=True).content.decode()
    assert "Mes mots" in page
    assert FollowUp.objects.get().state == "asked"


def test_a_link_that_opens_nothing(client, row, elsewhere):
    assert client.get("/fr/after/xxxxxxxxxxxxxxxxxxxxxx/").status_code == 404
    assert client.get(url(row), headers={"host": "gent.example.org"}).status_code in {400, 404}
    Person.objects.update(died_at=clock.now())
    assert client.get(url(row)).status_code == 404

"""Are you well: the page behind the link, and the list on one's own page."""

# ruff: noqa: F401, F811 (fixtures of another room)

import pytest

from quartier.followup import access, actions
from quartier.followup.models import Member
from quartier.followup.tests.conftest import agreed
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(tuesday, agreed, thomas):
    agreed(1)
    return actions.start(actor=of_account(thomas), plan=actions.Plan("heat")).check_ins.get()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Allez-vous bien"),
        ("nl", "Gaat het goed met u"),
        ("de", "Geht es Ihnen gut"),
        ("en", "Are you OK"),
    ],
)
def test_two_large_buttons(client, row, language, words, django_assert_max_num_queries):
    where = f"/{language}/check/{access.check_token_of(row)}/"
    client.get(where)
    with django_assert_max_num_queries(3):
        page = client.get(where)
    assert words in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert "Voisine" not in page.content.decode()


def test_well_and_then_not(client, row):
    where = f"/fr/check/{access.check_token_of(row)}/"
    assert "contents" in client.post(where, {"do": "fine"}, follow=True).content.decode()
    assert "Nous vous appelons" in client.post(where, {"do": "help"}, follow=True).content.decode()
    assert "Nous vous appelons" in client.post(where, {"do": "fine"}, follow=True).content.decode()
    assert client.get("/fr/check/xxxxxxxxxxxxxxxxxxxxxx/").status_code == 404


def test_she_decides_on_her_own_page(client, asked, tuesday):
    opened = asked("groceries")
    where = f"/fr/status/{opened.token}/check-ins/"
    assert "check-ins" in client.get(f"/fr/status/{opened.token}/").content.decode()
    page = client.post(where, {}, follow=True)
    assert "Cochez au moins une case" in page.content.decode()
    page = client.post(where, {"do": "agree", "occasions": ["heat"], "notes": "Oxygène"}, follow=True)
    assert "Vous êtes sur la liste" in page.content.decode()
    row = Member.objects.get()
    assert (row.consent, row.case, row.notes, row.noted_by) == ("form", opened.case, "Oxygène", None)
    client.post(where, {"do": "leave"})
    assert Member.objects.get().left_at is not None

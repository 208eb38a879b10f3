"""The head of the group says who runs the line; nobody else does."""

import pytest
from django.http import Http404
from django.urls import reverse

from quartier.team import actions
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db

DETAILS = {
    "legal_name": "Entraide asbl",
    "postal_address": "Rue du Page 1, 1050 Ixelles",
    "contact_email": "bonjour@example.org",
}


def test_the_head_says_who_runs_the_line(client, sara):
    client.force_login(sara)
    assert client.post(reverse("group_details"), DETAILS).status_code == 302
    sara.organisation.refresh_from_db()
    assert {name: getattr(sara.organisation, name) for name in DETAILS} == DETAILS
    page = client.get(reverse("group_details")).content.decode()
    assert all(f'value="{words}"' in page for words in DETAILS.values())


@pytest.mark.parametrize("wrong", [{"contact_email": "bonjour"}, {"legal_name": "x" * 161}])
def test_what_is_wrong_changes_nothing(client, sara, wrong):
    client.force_login(sara)
    answer = client.post(reverse("group_details"), DETAILS | wrong)
    assert answer.status_code == 422
    sara.organisation.refresh_from_db()
    assert sara.organisation.legal_name == ""


def test_nobody_else_does(client, thomas):
    client.force_login(thomas)
    assert client.get(reverse("group_details")).status_code == 403
    with pytest.raises(Http404):
        actions.change_details(actor=of_account(thomas), **DETAILS)

"""After a visit the volunteer says how it was, in two taps; and never hears what was said of them."""

# ruff: noqa: F401, F811 (fixtures of another room)

import pytest

from quartier.followup import actions
from quartier.followup.models import HelperSays
from quartier.followup.rules import NOT_FINE
from quartier.followup.tests.conftest import ask, helped
from quartier.matching import actions as matching
from quartier.team.access import link

pytestmark = pytest.mark.django_db


def test_two_taps(client, helped):
    visit = helped()
    from django.urls import reverse
    from django.utils import translation

    with translation.override("fr"):
        where = reverse("offer_link", args=[matching.token_of(visit.offer)])
    page = client.get(where).content.decode()
    assert "Et pour vous" in page
    client.post(where, {"do": "how", "how": "hard"})
    client.post(where, {"do": "how", "how": "hard", "words": "Beaucoup de marches"})
    kept = HelperSays.objects.get()
    assert (kept.how, kept.words) == ("hard", "Beaucoup de marches")
    client.post(where, {"do": "how", "how": "awful"})
    assert HelperSays.objects.get().how == "hard"


def test_what_was_said_of_them_is_not_shown(client, helped, ask):
    from django.urls import reverse

    visit = helped()
    (row,) = ask()
    where = reverse("offer_link", args=[matching.token_of(visit.offer)])
    before = client.get(where).content
    actions.answer(actor=link(row.organisation, row.person_id), follow_up=row, said=NOT_FINE, by="web")
    strip = lambda page: page.split(b"<main")[1]  # noqa: E731
    import re

    def plain(page):
        return re.sub(rb'value="[\w-]{40,}"', b"", strip(page))

    assert plain(client.get(where).content) == plain(before)

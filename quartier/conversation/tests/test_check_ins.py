"""A check-in answered by text or by a key: well, or somebody calls."""

import pytest

from quartier.conversation.tests.conftest import MARIE
from quartier.followup import actions
from quartier.followup.models import CheckIn
from quartier.lib import cells, clock
from quartier.messaging.models import Code
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(tuesday, organisation, thomas, post):
    person = people.record_person(
        organisation=organisation, who=Who("Marie Peeters", phone=MARIE, channel="text")
    )
    agreed = actions.Agreed(
        ("heat",), "call", clock.now().date(), postcode="1050", cell=cells.cell_at(50.8275, 4.3722)
    )
    actions.agree(actor=of_account(thomas), person=person, agreed=agreed)
    campaign = actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))
    actions.climb(clock.now())
    post()
    return campaign.check_ins.get()


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("OUI {}", "fine"),
        ("oui", "fine"),
        ("1", "fine"),
        ("NON {}", "needs_help"),
        ("non", "needs_help"),
        ("2", "needs_help"),
    ],
)
def test_answers(row, text, post, words, state):
    text(MARIE, words.format(Code.objects.get(about=row.pk).number))
    row.refresh_from_db()
    assert (row.state, row.by) == (state, "text")
    last = post(MARIE)[-1]
    assert ("vous appelle" in last) == (state == "needs_help")


def test_a_key_on_the_phone(row, text):
    text(MARIE, f"NON {Code.objects.get(about=row.pk).number}", channel="voice")
    row.refresh_from_db()
    assert (row.state, row.by) == ("needs_help", "voice")


def test_words_are_kept(row, text):
    text(MARIE, f"NON {Code.objects.get(about=row.pk).number} je suis tombée")
    assert "tombée" in CheckIn.objects.get().words

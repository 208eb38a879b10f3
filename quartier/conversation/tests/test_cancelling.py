"""“Annuler tout”, from whoever waits: they hear that nothing is cancelled yet, and where to say what."""

import pytest

from quartier.cases.models import Request
from quartier.conversation.models import ToRead
from quartier.conversation.tests.conftest import MARIE, YOUSSEF
from quartier.conversation.withdrawal_words import says_cancel

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "said",
    [
        "Annuler tout", "tout annuler svp", "je voudrais annuler ma demande", "je n’ai plus besoin d’aide merci",
        "alles annuleren", "ik wil alles annuleren aub", "niet meer nodig, dank u", "Alles absagen",
        "bitte alles absagen", "ich brauche nichts mehr danke", "cancel everything",
        "please cancel my request", "No longer needed, thanks",
    ],
)  # fmt: skip
def test_that_help_is_not_needed_any_more(said):
    assert says_cancel(said)


@pytest.mark.parametrize(
    "said",
    [
        "annuler mardi", "n’annulez pas", "il a annulé le train, que faire", "ich habe den Arzt absagen müssen",
        "cancel the ambulance", "merci", "ik heb melk nodig", "nichts", "plus tard",
    ],
)  # fmt: skip
def test_what_says_more_or_something_else(said):
    assert not says_cancel(said)


@pytest.mark.parametrize("said", ["Annuler tout", "alles absagen"])
def test_they_hear_that_nothing_is_cancelled_yet(street, text, post, on_phone, said):
    request = street.offer()
    on_phone(request.case.person, MARIE)
    row = text(MARIE, said)
    assert row.answer.template == "reply_cancel"
    body = row.answer.body.replace("\u00a0", " ")
    assert "Rien n'est encore annul" in body.replace("’", "'")
    assert "courses" in body
    assert "/status/" in body
    request.refresh_from_db()
    assert request.state == Request.State.OPEN
    assert ToRead.objects.get(read_at=None).received_id == row.pk


def test_whoever_is_expected_hears_it_too(street, text, post, on_phone):
    request = street.offer()
    post()
    text(YOUSSEF, f"oui {street.number(request)}")
    on_phone(request.case.person, MARIE)
    row = text(MARIE, "Tout annuler")
    assert row.meaning == "relayed"
    assert any("Rien n" in body for body in post(MARIE))
    assert ToRead.objects.filter(read_at=None).exists()


def test_of_somebody_who_waits_for_nothing_it_is_words(street, text, post):
    assert text(YOUSSEF, "annuler tout").answer.template == "heard"

"""“Plus besoin” answers whether it is still needed; who answers hears one thing, and always something."""

from datetime import timedelta

import pytest

from quartier.conversation.models import ToRead
from quartier.conversation.tests.conftest import MARIE, YOUSSEF
from quartier.conversation.tests.test_still_needed import over as over
from quartier.conversation.tests.test_visit_words import visit as visit
from quartier.followup import actions as followup
from quartier.lib import clock, rhythm
from quartier.messaging.models import Code, Message
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.mark.parametrize(
    "words",
    ["plus besoin", "Plus besoin {}", "niet meer nodig {}", "{} niet meer nodig, dank u", "annuler {}"],
)
def test_not_needed_any_more_is_a_no(over, text, words):
    row = text(MARIE, words.format(Code.objects.get(about=over.pk).number))
    over.refresh_from_db()
    assert (row.meaning, row.answer) == ("no", None)
    assert Message.objects.filter(template="after_thanks").count() == 0
    assert (over.state, over.closure) == ("closed", "withdrawn")


def test_without_a_number_it_is_to_no_other_question(street, text, post, on_phone):
    request = street.offer()
    on_phone(request.case.person, MARIE)
    assert text(MARIE, "plus besoin").answer.template == "reply_cancel"
    assert text(MARIE, "plus besoin 99").answer.template == "heard"
    request.refresh_from_db()
    assert request.state == "open"


@pytest.mark.parametrize("words", ["oui {}, mais il n’est pas venu", "ja {}, maar hij is niet gekomen"])
def test_a_yes_that_is_none_is_answered_however_lately_they_wrote(visit, text, post, words):
    actor = of_account(visit.volunteer.person.account)
    visits.done(actor=actor, assignment=visit)
    clock.advance(timedelta(hours=2))
    followup.plan(clock.now())
    clock.advance(timedelta(hours=4))
    followup.ask_due(clock.now())
    post()
    number = Code.objects.get(person=visit.request.case.person).number
    assert text(MARIE, "bonjour").answer.template == "heard"
    row = text(MARIE, words.format(number))
    assert row.answer.template == "heard"
    assert ToRead.objects.filter(received=row).exists()


@pytest.mark.parametrize("words", ["Absagen", "annuler"])
def test_in_a_series_whoever_cancels_hears_one_thing(visit, text, post, words):
    wish = rhythm.simple("week", visit.comes_from.astimezone(visit.organisation.zone).date())
    visits.begin_again(actor=system(visit.organisation), request=visit.request, wish=wish)
    before = len(post(MARIE))
    row = text(MARIE, words)
    said = post(MARIE)[before:]
    assert row.meaning == "relayed"
    assert len(said) == 1
    assert "Rien n" in said[0]
    assert words in post(YOUSSEF)[-1]
    assert ToRead.objects.filter(received=row).exists()

"""After a visit, by text and by a key: everything is fine, or somebody calls."""

from datetime import timedelta

import pytest

from quartier.cases.models import Request
from quartier.conversation.models import ToRead
from quartier.conversation.tests.conftest import MARIE, NADIA, YOUSSEF
from quartier.followup import actions as followup
from quartier.followup.models import FollowUp
from quartier.lib import clock
from quartier.messaging import aloud
from quartier.messaging.models import Code
from quartier.team.access import of_account
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(street, on_phone, thomas, text, post):
    """Youssef has been to Marie; hours later she is asked."""
    request = street.offer()
    on_phone(request.case.person, MARIE)
    text(YOUSSEF, f"OUI {street.number(request)}")
    visit = Assignment.objects.get()
    visits.done(actor=of_account(street.youssef.person.account), assignment=visit)
    followup.plan(clock.now())
    clock.advance(timedelta(hours=3))
    followup.ask_due(clock.now())
    post()
    return FollowUp.objects.get()


def number(row):
    return Code.objects.get(about=row.pk).number


def test_the_question_is_short_and_says_how_to_answer(row, post):
    last = post(MARIE)[-1]
    assert f"OUI {number(row)}" in last
    assert f"NON {number(row)}" in last
    assert "Youssef" in last
    assert len(last) <= 160


@pytest.mark.parametrize("words", ["OUI {}", "Oui {} merci", "oui"])
def test_yes_is_fine(row, text, post, words):
    came = text(MARIE, words.format(number(row)))
    row.refresh_from_db()
    assert (row.state, row.happened, row.is_bad, row.by) == ("answered", True, False, "text")
    assert came.meaning == "yes"
    assert "bon à savoir" in post(MARIE)[-1].replace("\u00a0", " ")
    assert not ToRead.objects.exists()


def test_what_it_says_of_somebody_of_the_team_stands_at_its_alert_alone(row, text):
    text(MARIE, f"NON {number(row)} Thomas me frappe")
    row.refresh_from_db()
    assert (row.is_bad, row.words) == (True, "")
    assert ToRead.objects.get().received.danger.alert.around.count() == 1


@pytest.mark.parametrize("words", ["NON {}", "non"])
def test_no_has_somebody_call(row, text, post, words):
    text(MARIE, words.format(number(row)))
    row.refresh_from_db()
    assert (row.wants_call, row.is_bad) == (True, True)
    request = Request.objects.get()
    assert (request.state, request.why_human) == ("human", "asked")
    assert "vous appelle" in post(MARIE)[-1]
    # Said again, it is the same.
    text(MARIE, words.format(number(row)))
    assert Request.objects.get().reopened == 1


def test_words_beside_the_answer_are_kept_and_read(row, text):
    text(MARIE, f"NON {number(row)} le lait a tourné")
    row.refresh_from_db()
    assert "lait" in row.words
    assert ToRead.objects.count() == 1


def test_a_key_on_the_phone_is_an_answer(row, text):
    text(MARIE, f"NON {number(row)}", channel="voice")
    row.refresh_from_db()
    assert (row.by, row.is_bad) == ("voice", True)


def test_the_number_is_nobody_elses(row, text):
    text(NADIA, f"NON {number(row)}")
    row.refresh_from_db()
    assert row.state == "asked"


def test_whoever_is_in_danger_is_not_asked_how_it_was(street, on_phone, thomas, text, post):
    request = street.offer()
    on_phone(request.case.person, MARIE)
    text(YOUSSEF, f"OUI {street.number(request)}")
    visits.done(actor=of_account(street.youssef.person.account), assignment=Assignment.objects.get())
    followup.plan(clock.now())
    text(MARIE, "Je ne veux plus vivre")
    clock.advance(timedelta(hours=3))
    followup.ask_due(clock.now())
    assert FollowUp.objects.get(person=request.case.person).state == FollowUp.State.SKIPPED


def test_what_is_read_has_no_link():
    from quartier.messaging.words import TEMPLATES

    assert {"after_visit", "after_call", "after_failed"} <= aloud.READ
    for name in ("after_visit", "after_failed"):
        assert "?" in aloud.words(str(TEMPLATES[name].text))

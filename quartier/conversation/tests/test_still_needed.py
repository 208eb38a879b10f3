"""Whether it is still needed, answered by text: the same as on their page."""

from datetime import timedelta

import pytest

from quartier.cases.models import Request
from quartier.conversation.tests.conftest import MARIE
from quartier.followup import actions as followup
from quartier.intake.models import Contact
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Code, Message
from quartier.team.access import of_account
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def over(asked, on_phone, post, tuesday):
    """Marie is asked by text whether her shopping is still needed."""
    opened = asked("groceries", urgency="day")
    on_phone(opened.case.person, MARIE)
    request = opened.requests[0]
    clock.set_time(request.window_until + timedelta(hours=1))
    assert followup.ask_overdue(clock.now()) == 1
    post()
    return request


@pytest.mark.parametrize(
    ("words", "state", "closure", "answer"),
    [
        ("OUI {}", "open", "", "Nous cherchons"),
        ("oui", "open", "", "Nous cherchons"),
        ("NON {}", "closed", "withdrawn", "C'est noté, nous ne cherchons plus"),
        ("non merci", "closed", "withdrawn", "C'est noté, nous ne cherchons plus"),
    ],
)
def test_yes_is_still_needed(over, text, post, words, state, closure, answer):
    asked = post(MARIE)[-1]
    number = Code.objects.get(about=over.pk).number
    assert f"OUI {number}" in asked
    assert "NON" in asked
    # Their answer is what is waited for, and a phone without the web can give it.
    assert "http" not in asked
    text(MARIE, words.format(number))
    over.refresh_from_db()
    assert (over.state, over.closure) == (state, closure)
    assert post(MARIE)[-1].startswith(answer)
    # Whoever answers hears one thing.
    assert not Message.objects.filter(template="after_thanks").exists()


@pytest.mark.parametrize(
    ("words", "closure", "answer"),
    [
        ("C’est fait, merci", "fulfilled", "Merci"),
        ("Plus besoin, merci", "withdrawn", "C'est noté, nous ne cherchons plus"),
    ],
)
def test_that_it_is_done_answers_it_too(over, text, post, words, closure, answer):
    post()
    text(MARIE, words)
    over.refresh_from_db()
    assert (over.state, over.closure) == ("closed", closure)
    assert post(MARIE)[-1].startswith(answer)


@pytest.mark.parametrize("words", ["Oui annulez svp", "yes please cancel {}", "ja {}, graag annuleren"])
def test_a_yes_that_cancels_looks_for_nobody(over, text, post, words):
    number = Code.objects.get(about=over.pk).number
    post()
    row = text(MARIE, words.format(number))
    assert (row.meaning, row.answer.template) == ("words", "heard")
    over.refresh_from_db()
    assert over.asked_over_at is not None


def test_whoever_wrote_does_not_hear_that_they_did_not(over, text, post):
    post()
    text(MARIE, "Il n’y avait personne hier")
    clock.advance(timedelta(days=2))
    assert followup.close_overdue(clock.now()) == 0
    clock.advance(timedelta(days=2))
    assert followup.close_overdue(clock.now()) == 1


def test_nor_where_somebody_else_at_the_number_stands_first(over, asked, on_phone, text, post):
    clock.advance(timedelta(seconds=1))
    on_phone(asked("meal", name="Marie Claes").case.person, MARIE)
    post()
    row = text(MARIE, "Il n’y avait personne hier")
    assert row.person_id != over.case.person_id
    clock.advance(timedelta(days=2))
    assert followup.close_overdue(clock.now()) == 0


def test_yes_after_it_was_closed_opens_it_again(over, text, post):
    number = Code.objects.get(about=over.pk).number
    clock.advance(timedelta(days=3))
    assert followup.close_overdue(clock.now()) == 1
    clock.advance(timedelta(hours=-2))
    text(MARIE, f"OUI {number}")
    over.refresh_from_db()
    assert over.state == "open"


def test_no_after_yes_is_read_by_one_of_us_and_not_only_thanked_for(over, text, post):
    number = Code.objects.get(about=over.pk).number
    text(MARIE, f"OUI {number}")
    clock.advance(timedelta(minutes=30))
    text(MARIE, f"NON {number}")
    over.refresh_from_db()
    assert over.state == "open"
    contact = Contact.objects.get(case_contact__case=over.case, channel="text")
    assert contact.words == f"NON {number}"
    assert "le lit" in post(MARIE)[-1]


@pytest.mark.parametrize(
    ("changed", "state", "why"),
    [
        ({"closure": "neglected"}, "human", "words"),
        ({"closure": "expired", "kind": "other"}, "human", "words"),
        ({"closure": "expired"}, "open", ""),
    ],
)
def test_words_that_nobody_has_read_go_to_no_neighbour(over, text, changed, state, why):
    number = Code.objects.get(about=over.pk).number
    Request.objects.filter(pk=over.pk).update(state="closed", closed_at=clock.now(), **changed)
    text(MARIE, f"OUI {number}")
    over.refresh_from_db()
    assert (over.state, over.why_human) == (state, why)


def test_who_goes_to_others_too_says_by_its_number_that_it_is_done(over, youssef, on_phone, text):
    on_phone(youssef.person, MARIE)
    text(MARIE, f"c’est fait {Code.objects.get(about=over.pk).number}")
    over.refresh_from_db()
    assert (over.state, over.closure) == ("closed", "fulfilled")


@pytest.mark.parametrize("words", ["oui", "non"])
def test_without_a_number_it_is_to_neither_where_two_are_asked_about(over, asked, on_phone, text, words):
    """The bare word may be to the first question as well: nothing is ended by guessing."""
    other = asked("meal", urgency="day").requests[0]
    on_phone(other.case.person, MARIE)
    Request.objects.filter(pk=other.pk).update(
        asked_over_at=over.window_until, window_until=over.window_until, window_from=over.window_from
    )
    text(MARIE, words)
    for request in (over, other):
        request.refresh_from_db()
        assert request.asked_over_at is not None
        assert request.state != "closed"
    assert words in {each.words for each in Contact.objects.all()}


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("OUI {}", "closed"),
        ("NON {}", "open"),
        ("no longer needed", "closed"),
        ("No longer needed {}", "closed"),
        ("Non {}, plus besoin", "closed"),
        ("Nee, niet meer nodig {}", "closed"),
    ],
)
def test_yes_is_done_where_somebody_is_named(asked, on_phone, youssef, text, post, tuesday, words, state):
    opened = asked("meal", urgency="day")
    on_phone(opened.case.person, MARIE)
    (offer,) = matching.send_wave(request_id=opened.requests[0].pk)
    actor = of_account(youssef.person.account)
    visit = visits.accept_offer(actor=actor, offer=offer).assignment
    visits.on_my_way(actor=actor, assignment=visit)
    clock.set_time(visit.comes_until + timedelta(hours=14))
    visits.end_unsaid(clock.now())
    clock.advance(timedelta(hours=12))
    assert followup.ask_overdue(clock.now()) == 1
    post()
    request = opened.requests[0]
    text(MARIE, words.format(Code.objects.get(about=request.pk).number))
    request.refresh_from_db()
    assert request.state == state

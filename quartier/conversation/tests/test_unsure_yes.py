"""A yes to an offer beside words that may take it back is asked about, once, and is none before it is answered."""

from datetime import timedelta

import pytest

from quartier.conversation.models import ToRead
from quartier.conversation.tests.conftest import YOUSSEF
from quartier.conversation.understanding import Meaning, understand
from quartier.lib import clock
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.people.models import Volunteer
from quartier.team.access import link
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

pytestmark = [pytest.mark.django_db, pytest.mark.either]

TAKEN_BACK = [
    "JA {} ik heb corona", "OUI {} je suis malade", "ja {} te ver", "oui {} je me désiste", "yes {} but I am ill",
    "ja {} aber erst übermorgen", "ja {}, das sind 20 km", "oui {} demain seulement", "oui je suis malade",
    "oui mais je suis malade", "oui {} je suis occupé", "ja {} ich muss weg",
]  # fmt: skip


def test_to_be_busy_is_a_no_and_to_see_to_it_a_yes():
    assert understand("je suis occupé 42").meaning == Meaning.NO
    assert understand("je m’en occupe 42").meaning == Meaning.YES


@pytest.fixture
def offered(street, post):
    request = street.offer()
    post()
    clock.advance(timedelta(minutes=1))
    return request


@pytest.mark.parametrize("said", TAKEN_BACK)
def test_words_that_may_take_a_yes_back_are_asked_about(street, text, post, offered, said):
    number = street.number(offered)
    row = text(YOUSSEF, said.format(number))
    assert not Assignment.objects.exists()
    assert (row.meaning, row.answer.template) == ("words", "reply_sure")
    assert f"OUI {number} ou NON {number}" in row.answer.body
    assert "Courses" in row.answer.body
    assert len(row.answer.body) <= 160
    assert ToRead.objects.get(read_at=None).received_id == row.pk
    assert not Message.objects.filter(person=offered.case.person, template__contains="comes").exists()
    assert Offer.objects.get(request=offered, volunteer=street.youssef).state in Offer.LIVE


@pytest.mark.parametrize("again", ["oui {}", "OUI", "oui merci, j'arrive"])
def test_the_answer_to_that_counts(street, text, post, offered, again):
    number = street.number(offered)
    text(YOUSSEF, f"oui {number} je suis malade")
    post()
    clock.advance(timedelta(minutes=1))
    assert text(YOUSSEF, again.format(number)).answer.template == "accepted"
    assert Assignment.objects.get().volunteer_id == street.youssef.pk
    # What they wrote besides may say what somebody has to know.
    assert ToRead.objects.filter(read_at=None).exists()


def test_after_a_no_to_that_a_person_still_reads_what_was_written(street, text, post, offered):
    text(YOUSSEF, f"oui {street.number(offered)} je suis malade")
    post()
    clock.advance(timedelta(minutes=1))
    assert text(YOUSSEF, "non").answer.template == "reply_no"
    assert Offer.objects.get(request=offered, volunteer=street.youssef).state == Offer.State.DECLINED
    assert ToRead.objects.filter(read_at=None).exists()


def test_it_is_asked_once_then_a_person_reads_it(street, text, post, offered):
    number = street.number(offered)
    text(YOUSSEF, f"oui {number} je suis malade")
    post()
    clock.advance(timedelta(minutes=1))
    assert text(YOUSSEF, f"oui {number} je tousse").answer.template == "heard"
    assert ToRead.objects.filter(read_at=None).count() == 2
    assert not Assignment.objects.exists()


def test_of_two_offers_the_question_is_about_one(street, text, post, offered):
    other = street.offer("pharmacy", name="Jeanne")
    post()
    clock.advance(timedelta(minutes=1))
    text(YOUSSEF, f"oui {street.number(offered)} je suis loin")
    post()
    clock.advance(timedelta(minutes=1))
    text(YOUSSEF, "oui")
    assert Assignment.objects.get().request_id == offered.pk != other.pk


def test_a_yes_to_what_is_over_meanwhile_is_none_to_another(street, text, post, offered):
    street.offer("pharmacy", name="Jeanne")
    post()
    clock.advance(timedelta(minutes=1))
    text(YOUSSEF, f"oui {street.number(offered)} je suis loin")
    post()
    clock.advance(timedelta(minutes=1))
    theirs = Offer.objects.get(request=offered, volunteer=street.nadia)
    visits.accept_offer(actor=link(offered.organisation, street.nadia.person_id), offer=theirs)
    assert text(YOUSSEF, "oui").answer.template == "reply_covered"
    assert not Assignment.objects.filter(volunteer=street.youssef).exists()


def test_of_two_yeses_it_is_asked_which(street, text, post, offered):
    other = street.offer("pharmacy", name="Jeanne")
    post()
    row = text(YOUSSEF, f"oui {street.number(offered)} oui {street.number(other)} je suis malade")
    assert row.answer.template == "reply_which"
    assert not Assignment.objects.exists()


def test_whoever_goes_already_and_is_ill_hears_where_to_say_it(street, text, post, offered):
    number = street.number(offered)
    text(YOUSSEF, f"oui {number}")
    post()
    row = text(YOUSSEF, f"oui {number} je suis malade")
    assert row.answer.template == "reply_said_yes"
    assert ToRead.objects.get(read_at=None).received_id == row.pk


def test_whoever_is_too_late_hears_that_first(street, text, post, offered):
    theirs = Offer.objects.get(request=offered, volunteer=street.nadia)
    visits.accept_offer(actor=link(offered.organisation, street.nadia.person_id), offer=theirs)
    assert text(YOUSSEF, f"oui {street.number(offered)} je suis malade").answer.template == "reply_covered"


@pytest.mark.parametrize(
    "said",
    [
        "oui {} merci beaucoup, bonne journée", "Ja {} groetjes Fatima", "ja {} 🌸😊", "yes {} on my way",
        "oui {} Youssef", "ja {} ich wohne gleich nebenan", "oui {} ouiii", "oui {} je viens avec mon mari",
    ],
)  # fmt: skip
def test_a_small_remark_changes_nothing(street, text, post, offered, said):
    person = Volunteer.objects.get(pk=street.youssef.pk).person
    assert person.name.split()[0] == "Youssef"
    assert text(YOUSSEF, said.format(street.number(offered))).answer.template == "accepted"

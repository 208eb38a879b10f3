"""A number stands in the files of others too: anybody can write it into a form."""

from datetime import timedelta

import pytest

from quartier.conversation.models import ToRead
from quartier.conversation.tests.conftest import MARIE, YOUSSEF
from quartier.lib import clock
from quartier.people import queries as people
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(organisation, tuesday):
    """A file as a form makes it, a moment later than all before it: `file("Mallory", YOUSSEF)`."""
    from quartier.people import actions
    from quartier.people.actions import Who

    def make(name, number, **more):
        clock.advance(timedelta(seconds=1))
        return actions.record_person(organisation=organisation, who=Who(name, phone=number, **more))

    return make


def test_many_forms_with_a_volunteers_number_take_no_yes_from_them(street, text, file):
    request = street.offer()
    for count in range(7):
        file(f"Stranger {count}", YOUSSEF)
    assert text(YOUSSEF, f"oui {street.number(request)}").meaning == "yes"
    assert Assignment.objects.get().volunteer == street.youssef


def test_who_can_sign_in_comes_first_then_who_has_shown_it_then_the_newest(street, organisation, file):
    first = file("Anna", YOUSSEF, email="s@example.org")
    proven = file("Bert", YOUSSEF, email="s@example.org")
    proven.proven_phone_index = proven.phone_index
    proven.save()
    last = [file(f"Stranger {count}", YOUSSEF, email="s@example.org") for count in range(4)]
    mine = street.youssef.person
    assert people.by_phone(organisation, YOUSSEF) == [mine, proven, *last[:0:-1]]
    assert people.by_phone(organisation, YOUSSEF, limit=9) == [mine, proven, *last[::-1], first]
    assert people.by_email(organisation, "S@example.org ", limit=2) == [proven, last[-1]]
    # An account that was closed signs in no more.
    mine.account.is_active = False
    mine.account.save()
    assert people.by_phone(organisation, YOUSSEF)[0] == proven
    assert people.by_phone(organisation, "") == []


@pytest.fixture
def visit(street, text, post, on_phone):
    """Youssef goes to somebody whose form has Marie's number, which nobody has proven."""
    request = street.offer(name="Mallory Dupont")
    on_phone(request.case.person, MARIE)
    post()
    text(YOUSSEF, f"oui {street.number(request)}")
    post()
    clock.advance(timedelta(minutes=20))
    return Assignment.objects.select_related("request__case__person").get()


@pytest.fixture
def hers(asked, on_phone):
    """Marie's own file, at her own address: `hers("Rue Haute 1")`."""

    def make(address, name="Marie Claes"):
        case = asked("pharmacy", name=name).case
        case.address = address
        case.save()
        on_phone(case.person, MARIE)
        return case

    return make


def test_private_words_do_not_go_to_the_visitor_of_who_only_wrote_the_number(visit, hers, text, post):
    hers("Rue Haute 1")
    before = post(YOUSSEF)
    row = text(MARIE, "La clé est sous le pot, mon mari n’est pas là")
    assert (row.meaning, row.answer.template) == ("words", "relay_call")
    assert ToRead.objects.filter(received=row).exists()
    assert post(YOUSSEF) == before


def prove(person):
    person.refresh_from_db()
    person.proven_phone_index = person.phone_index
    person.save()


def test_who_has_shown_that_the_number_is_theirs_is_passed_on(visit, hers, text, post):
    hers("Rue Haute 1")
    prove(visit.request.case.person)
    assert text(MARIE, "À quelle heure venez-vous ?").meaning == "relayed"
    assert post(YOUSSEF)[-1] == "Mallory vous écrit : A quelle heure venez-vous ?"


def test_two_files_of_one_home_with_one_phone_have_no_price(visit, hers, text):
    hers("rue du page, 42")
    assert text(MARIE, "À quelle heure venez-vous ?").meaning == "relayed"


@pytest.mark.parametrize("address", ["42 Rue du Page", "Rue du Pâge 42"])
def test_one_home_may_be_written_in_two_ways(visit, hers, text, address):
    hers(address)
    assert text(MARIE, "À quelle heure venez-vous ?").meaning == "relayed"


def test_a_file_that_is_over_changes_nothing(visit, hers, text):
    hers("Rue Haute 1").requests.update(state="closed", closure="expired", closed_at=clock.now())
    assert text(MARIE, "À quelle heure venez-vous ?").meaning == "relayed"


def test_who_asked_for_the_other_is_of_the_household(visit, hers, text):
    case = hers("Rue Haute 1")
    case.asked_by = visit.request.case.person
    case.save()
    assert text(MARIE, "À quelle heure venez-vous ?").meaning == "relayed"


def test_somebody_at_the_number_who_has_no_file_changes_nothing(visit, file, text):
    file("Jean", MARIE)
    assert text(MARIE, "À quelle heure venez-vous ?").meaning == "relayed"


def test_a_proven_number_shows_nothing_of_a_mail_address(visit, hers, text, post):
    hers("Rue Haute 1", name="Mallory Claes")
    prove(visit.request.case.person)
    before = post(YOUSSEF)
    row = text("mallory@example.org", "La clé est sous le pot, mon mari n’est pas là", channel="email")
    assert row.meaning == "words"
    assert ToRead.objects.filter(received=row).exists()
    assert post(YOUSSEF) == before


def test_a_mail_address_of_one_home_is_passed_on(visit, text):
    row = text("mallory@example.org", "À quelle heure venez-vous ?", channel="email")
    assert row.meaning == "relayed"


@pytest.mark.parametrize("who", ["volunteer", "proven"])
def test_words_of_who_has_no_file_do_not_go_to_the_visitor_of_another(
    visit, street, on_phone, file, text, post, who
):
    if who == "volunteer":
        on_phone(street.nadia.person, MARIE)
    else:
        prove(file("Jean", MARIE))
    before = post(YOUSSEF)
    row = text(MARIE, "La clé est sous le pot, mon mari n’est pas là")
    assert row.meaning == "words"
    assert ToRead.objects.filter(received=row).exists()
    assert post(YOUSSEF) == before


def test_a_volunteer_who_lives_there_is_passed_on(visit, street, hers, on_phone, text):
    on_phone(street.nadia.person, MARIE)
    case = hers("Rue du Page 42")
    case.person = street.nadia.person
    case.save()
    assert text(MARIE, "À quelle heure venez-vous ?").meaning == "relayed"

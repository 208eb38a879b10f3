"""A call for company is noted only with a number to call: of who calls us, or of whom it is for."""

import pytest

from quartier.console.tests.test_intake import MARIE, begin, desk, typed
from quartier.people.models import Person

__all__ = ["desk"]
CALLED = MARIE | {"kinds": ["talk"], "channel": "email", "email": "marie@example.org"}
THEIRS = CALLED | {"for_other": "on", "person_name": "Paul Peeters"}


def wrong(client, address, /, **answers):
    answer = client.post(address, typed(client, address, **answers))
    return set(answer.context["form"].errors) if answer.status_code == 422 else set()


@pytest.mark.django_db
def test_who_is_to_be_called_has_a_number(desk):
    address = begin(desk)
    assert wrong(desk, address, **CALLED | {"phone": ""}) == {"phone"}
    assert wrong(desk, address, **CALLED | {"phone": "02 000 14 99"}) == set()


@pytest.mark.django_db
def test_somebody_else_who_is_to_be_called_has_a_number_of_their_own(desk):
    address = begin(desk)
    assert wrong(desk, address, **THEIRS) == {"person_phone"}
    assert wrong(desk, address, **THEIRS | {"person_phone": "02 000 14 27"}) == set()
    assert "+3220001427" in {person.phone for person in Person.objects.all()}


@pytest.mark.django_db
def test_the_number_is_written_into_the_file_that_had_none(desk, asked):
    case = asked("groceries").case
    case.person.phone = ""
    case.person.save()
    address = begin(desk)
    answers = MARIE | {
        "case": str(case.pk),
        "caller": str(case.person_id),
        "kinds": ["talk"],
        "phone": "02 000 14 99",
    }
    assert wrong(desk, address, **answers) == set()
    case.person.refresh_from_db()
    assert case.person.phone == "+3220001499"

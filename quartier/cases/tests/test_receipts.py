"""What somebody reads who asks for another: only what is true for them."""

from datetime import timedelta

import pytest

from quartier.cases import actions as cases
from quartier.cases.rules import Household, Wanted, Where
from quartier.intake import actions as intake
from quartier.lib import cells, choices
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.promises.models import Promise
from quartier.team.access import system

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(organisation, tuesday):
    def open_(kind="groceries", *, tell_asker):
        marie, sofie = (
            people.record_person(
                organisation=organisation,
                who=Who(name, email=f"{name}@example.org", channel="email", language="en"),
            )
            for name in ("Marie", "Sofie")
        )
        return cases.open_case(
            actor=system(organisation),
            contact=intake.record_contact(actor=system(organisation), person=sofie, channel="web"),
            person=marie,
            household=Household(
                where=Where(cells.cell_at(50.8275, 4.3725), "1050", "Ixelles"), tell_asker=tell_asker
            ),
            wanted=[Wanted(kind, choices.mask(choices.LANGUAGES, ["fr"]))],
        )

    return open_


@pytest.mark.parametrize("kind", ["groceries", "other"])
def test_news_that_go_to_somebody_else_are_not_promised_to_who_asked(opened, kind, tuesday):
    found = opened(kind, tell_asker=False)
    message = Message.objects.get(person=found.case.asked_by)
    assert message.template == "received_for"
    assert "hear from us" not in message.body
    promise = Promise.objects.get()
    # No hour was named to who needs help: none can be broken towards her.
    assert (promise.person, promise.told_by) == (found.case.person, "nobody")
    assert promise.due_at > tuesday + timedelta(minutes=30)


def test_who_asked_and_is_told_hears_until_when(opened):
    found = opened(tell_asker=True)
    message = Message.objects.get(person=found.case.asked_by)
    assert message.template == "received"
    assert "hear from us" in message.body
    assert "near Marie" in message.body
    assert "near you" not in message.subject + message.body
    assert Promise.objects.get().person == found.case.asked_by

"""Two people at one phone: each message says for whom it is, and what it is about."""

from datetime import timedelta

import pytest
from django.utils import translation

from quartier.cases.models import Request
from quartier.duty import actions
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.matching import actions as matching
from quartier.messaging import saying
from quartier.messaging.models import Message
from quartier.promises.models import Promise
from quartier.team.access import of_account, system
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db
MOBILE = "+32470001427"


@pytest.fixture
def at_one_phone(asked, organisation, tuesday, thomas):
    """Marie and Albert are told things at the same mobile phone; each has asked for something."""

    def ask(kind, name):
        opened = asked(kind, name=name, urgency="day")
        person = opened.case.person
        person.phone, person.phone_index = MOBILE, blind("phone", organisation.pk, MOBILE)
        person.email, person.email_index, person.channel = "", "", "text"
        person.save()
        return Request.objects.get(pk=opened.requests[0].pk)

    return ask("groceries", "Marie Peeters"), ask("meal", "Albert Janssens")


def words(template, person):
    message = Message.objects.filter(template=template, person=person).latest("created_at", "pk")
    return message.body.replace("\xa0", " ")


def watch(at):
    clock.set_time(at)
    while actions.watch_promises(clock.now()):
        pass


def test_who_comes_and_that_they_do_not_is_said_for_whom(at_one_phone, youssef):
    marie, albert = (each.case.person for each in at_one_phone)
    for request in at_one_phone:
        offer = matching.offer_by_hand(actor=system(request.organisation), request=request, volunteer=youssef)
        visits.accept_offer(actor=of_account(youssef.person.account), offer=offer)
    assert words("someone_comes", marie).endswith("Pour Marie : courses.")
    assert "Pour Albert : un repas chaud." in words("someone_comes", albert)
    visit = Assignment.objects.get(request=at_one_phone[0])
    visits.could_not(actor=of_account(youssef.person.account), assignment=visit, failure="cannot_go")
    assert "Pour Marie : courses." in words("looking_again", marie)


def test_so_is_the_end_of_a_search_and_each_broken_word(at_one_phone, thomas):
    marie, albert = (each.case.person for each in at_one_phone)
    for request in at_one_phone:
        matching.send_wave(request_id=request.pk)
    assert "Pour Marie : courses." in words("nobody_yet", marie)
    assert "Pour Albert : un repas chaud." in words("nobody_yet", albert)
    watch(max(Promise.objects.filter(outcome="").values_list("due_at", flat=True)) + timedelta(minutes=1))
    assert "Pour Marie : courses." in words("late_call", marie)
    assert "Pour Albert : un repas chaud." in words("late_call", albert)


def test_a_receipt_of_several_things_names_all_of_them_there_too(organisation, tuesday):
    values = {
        "kind": "groceries",
        "all_kinds": ["groceries", "meal"],
        "kinds": ["groceries"],
        "kinds_for": "Marie",
    }
    with translation.override("fr"):
        said = saying.ready(organisation, values, tuesday)["kinds"].replace("\xa0", " ")
    assert said == "Pour Marie : courses et un repas chaud."


def test_where_the_other_has_nothing_open_nobody_is_named(at_one_phone):
    marie = at_one_phone[0].case.person
    Request.objects.filter(pk=at_one_phone[1].pk).update(
        state="closed", closure="withdrawn", next_at=None, closed_at=clock.now()
    )
    matching.send_wave(request_id=at_one_phone[0].pk)
    assert "Marie" not in words("nobody_yet", marie)

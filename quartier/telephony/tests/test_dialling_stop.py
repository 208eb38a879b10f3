"""A call that the line did not make stops outgoing calls, until somebody who looks after the line lifts it."""

import pytest
from django.http import Http404

from quartier.audit.models import Entry
from quartier.lib import clock
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.team.access import of_account
from quartier.telephony import actions, queries
from quartier.telephony.models import LineSettings, Wish
from quartier.telephony.rules import MayNotDial
from quartier.telephony.tests.room import MOBILE

pytestmark = pytest.mark.django_db


@pytest.fixture
def marie(tuesday, organisation):
    return people.record_person(organisation=organisation, who=Who("Marie", phone=MOBILE))


def dial(organisation, account, person):
    wish = Wish(organisation=organisation, account=account, what="dial", to=person.pk, at=clock.now())
    return queries.number_to_dial(wish)


def entries(verb):
    return list(Entry.objects.filter(verb=verb).values_list("actor_kind", "details"))


def test_nobody_is_dialled_after_a_stop_and_it_is_said_why(organisation, lotte, marie):
    assert dial(organisation, lotte, marie).number == MOBILE
    assert actions.stop_dialling(2)
    with pytest.raises(MayNotDial) as refused:
        dial(organisation, lotte, marie)
    assert refused.value.reason == "stopped"
    assert queries.is_dialling_stopped(organisation)
    assert entries("line.stop_dialling") == [("system", {"calls": 2})]


def test_a_stop_that_is_said_again_began_when_it_began(organisation, tuesday):
    assert actions.stop_dialling(1)
    began = LineSettings.objects.get(organisation=organisation).dialling_stopped_at
    assert not actions.stop_dialling(5)
    assert LineSettings.objects.get(organisation=organisation).dialling_stopped_at == began
    assert [details["calls"] for _kind, details in entries("line.stop_dialling")] == [1, 5]


def test_who_looks_after_the_line_lifts_it_and_nobody_else(organisation, lotte, thomas, marie):
    actions.stop_dialling(1)
    with pytest.raises(Http404):
        actions.resume_dialling(actor=of_account(lotte))
    assert queries.is_dialling_stopped(organisation)
    assert actions.resume_dialling(actor=of_account(thomas))
    assert not actions.resume_dialling(actor=of_account(thomas))
    assert dial(organisation, lotte, marie).number == MOBILE
    assert len(entries("line.resume_dialling")) == 1

"""The page of a day of weekly help says what happened: whoever comes each time was not asked, and has answered
nothing."""

import pytest

from quartier.cases.actions.promising import CALL_OFF
from quartier.cases.models import Request
from quartier.people.models import Person
from quartier.promises.queries import open_about
from quartier.team.access import of_account
from quartier.visits import actions as visits
from quartier.visits.models import Assignment
from quartier.visits.tests.test_pauses import NEXT, open_next, weekly

__all__ = ["weekly"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def day(weekly, desk):
    open_next(NEXT)
    return Request.objects.get(day=NEXT)


def history_of(desk, request):
    text = desk.get(f"/en/console/requests/{request.pk}/").content.decode()
    return text[text.index('id="history"') :]


def test_a_standing_visit_is_neither_asked_nor_answered(desk, day):
    text = history_of(desk, day)
    assert "Youssef comes every time, and has this visit too" in text
    assert "neighbour asked" not in text
    assert "said yes" not in text
    assert "Who was asked" not in desk.get(f"/en/console/requests/{day.pk}/").content.decode()


def test_after_not_this_time_they_said_no_yes(desk, day, youssef):
    regular = youssef.regulars.get()
    me = of_account(youssef.person.account)
    visits.not_this_time(actor=me, regular=regular, day=NEXT)
    visits.this_time_after_all(actor=me, regular=regular, day=NEXT)
    assert "said yes" not in history_of(desk, day)


def test_who_can_only_be_called_is_owed_the_call_that_nobody_usual_comes(desk, day, youssef):
    visit = Assignment.objects.get(request=day)
    Person.objects.filter(pk=day.case.person_id).update(channel="call", email="")
    Assignment.objects.filter(pk=visit.pk).update(told_at=visit.accepted_at)
    visits.not_this_time(actor=of_account(youssef.person.account), regular=youssef.regulars.get(), day=NEXT)
    assert open_about(CALL_OFF, day.pk) is not None
    assert "Youssef is not coming" in desk.get(f"/en/console/requests/{day.pk}/").content.decode()

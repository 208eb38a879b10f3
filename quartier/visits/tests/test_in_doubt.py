"""Whoever comes again after they were missed is announced with that."""

from datetime import timedelta

import pytest

from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.team.access import system
from quartier.visits.actions import could_not, end_request
from quartier.visits.tests.test_rhythm import NEXT, actor, goes, open_next, regular, silent, weekly

__all__ = ["regular", "weekly"]
pytestmark = [pytest.mark.django_db, pytest.mark.either]


def test_whoever_was_missed_last_time_is_announced_with_that(regular, weekly):
    request = open_next()
    assert "préférez quelqu" not in Message.objects.filter(template="someone_comes").latest("created_at").body
    clock.set_time(request.window_until + timedelta(hours=3))
    silent(regular, NEXT)
    open_next(NEXT + timedelta(weeks=1))
    word = Message.objects.filter(template="someone_comes").latest("created_at")
    assert "La dernière fois n’a pas eu lieu, pardon. Si vous préférez quelqu’un d’autre" in word.body


@pytest.mark.parametrize("is_over", [False, True])
def test_what_nobody_came_for_is_taken_back_with_an_excuse(asked, tuesday, is_over):
    request = asked("papers").requests[0]
    if is_over:
        clock.set_time(request.window_until + timedelta(minutes=5))
    end_request(actor=system(request.organisation), request=request, closure="withdrawn")
    word = Message.objects.get(template="withdrawn").body
    assert ("Pardon de ne pas avoir pu vous aider" in word) == is_over
    assert ("C’est annulé" in word) != is_over


@pytest.mark.parametrize(("name", "is_namesake"), [("Youssef Janssens", True), ("Nadia", False)])
def test_another_one_of_the_same_first_name_is_said_to_be_another(
    asked, tuesday, youssef, volunteer, name, is_namesake
):
    request = asked("groceries").requests[0]
    could_not(actor=actor(youssef), assignment=goes(request, youssef), failure="cannot_go")
    assert not Message.objects.filter(template="someone_comes", body__contains="même prénom").exists()
    goes(request, volunteer(name))
    word = Message.objects.filter(template="someone_comes").latest("created_at", "pk").body
    assert ("une autre personne, qui porte le même prénom." in word) == is_namesake

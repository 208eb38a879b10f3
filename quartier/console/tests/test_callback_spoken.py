"""Whoever was spoken with since they were missed is late no more, stands last, and leaves the list with one press; a
machine that answered changes nothing, nor does a talk that may have been another's."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.console.tests.line_scene import Line
from quartier.lib import clock
from quartier.people.actions import Who, record_person
from quartier.team.access import of_account
from quartier.telephony import actions, queries
from quartier.telephony.models import Callback

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://line.example.org"
    return Line(organisation)


@pytest.fixture
def missed(line):
    def miss(number, why="missed", ago=0):
        call = line.calls(number, waited=timedelta(0))
        line.ends(call, outcome="abandoned", ring_back=True, why=why)
        row = Callback.objects.get(call_id=call)
        at = clock.now() - timedelta(minutes=ago)
        Callback.objects.filter(pk=row.pk).update(wanted_at=at, due_at=at)
        return row

    return miss


@pytest.fixture
def listed(signed_in, lotte):
    def read():
        said = signed_in(lotte).get(reverse("line_callbacks")).content.decode().replace("\u00a0", " ")
        return said.split('id="due"', 1)[1]

    return read


def speaks(line, account, number, noted=""):
    clock.advance(timedelta(minutes=1))
    call = line.calls(number, waited=timedelta(0))
    line.talks(call, account)
    found = line.ends(call, account)
    type(found).objects.filter(pk=call).update(noted=noted)


def test_the_order_is_late_then_asked_then_age_and_it_is_said(missed, listed, line, thomas):
    missed("+3220001401", ago=50)
    speaks(line, thomas, "+3220001401")
    missed("+3220001402", ago=5)
    missed("+3220001403", why="asked", ago=2)
    missed("+3220001404", ago=30)
    missed("+3220001405", ago=40)
    said = listed()
    places = [said.index(f"14 0{digit}") for digit in (5, 4, 3, 2, 1)]
    assert places == sorted(places)
    assert "People who have waited too long come first" in said


def test_whoever_was_spoken_with_is_late_no_more_and_leaves_with_one_press(
    missed, listed, line, lotte, thomas, signed_in
):
    row = missed("+3220001401", ago=50)
    assert "clock-late" in listed()
    assert "Settled: take it off the list" not in listed()
    speaks(line, thomas, "+3220001401", noted="request")
    said = listed()
    assert "clock-late" not in said
    assert "Thomas has spoken to them since" in said
    assert "a request was written down then" in said
    signed_in(lotte).post(reverse("line_callback_act", args=[row.pk]), {"do": "settled"})
    row.refresh_from_db()
    assert (row.state, row.ended_at is None) == (Callback.State.DONE, False)


def test_nobody_is_cleared_whom_nobody_has_spoken_with(missed, lotte, signed_in):
    row = missed("+3220001401", ago=50)
    signed_in(lotte).post(reverse("line_callback_act", args=[row.pk]), {"do": "settled"})
    row.refresh_from_db()
    assert row.state == Callback.State.WAITING


def test_a_machine_that_answered_leaves_them_late_and_in_their_place(
    missed, listed, line, lotte, signed_in, organisation
):
    row = missed("+3220001401", ago=50)
    missed("+3220001402", ago=5)
    actions.claim(actor=of_account(lotte), callback_id=row.pk)
    speaks(line, lotte, "+3220001401")
    clock.advance(timedelta(minutes=1))
    # "Nobody answered", says whoever heard the machine.
    actions.tried(actor=of_account(lotte), callback_id=row.pk)
    clock.advance(timedelta(minutes=1))
    Callback.objects.filter(pk=row.pk).update(due_at=clock.now() - timedelta(minutes=50))
    said = listed()
    assert said.index("14 01") < said.index("14 02")
    assert "clock-late" in said
    assert "has spoken to them since" not in said
    signed_in(lotte).post(reverse("line_callback_act", args=[row.pk]), {"do": "settled"})
    row.refresh_from_db()
    assert row.state == Callback.State.WAITING
    # A talk after that counts.
    speaks(line, lotte, "+3220001401")
    said = listed()
    assert said.index("14 02") < said.index("14 01")
    assert "Lotte has spoken to them since" in said


@pytest.mark.parametrize("case", ["promised", "shared"])
def test_a_promise_and_a_shared_phone_stay_late_and_in_their_place(
    missed, listed, line, lotte, thomas, signed_in, organisation, case
):
    row = missed("+3220001401", ago=50)
    missed("+3220001402", ago=40)
    speaks(line, thomas, "+3220001401")
    if case == "promised":
        Callback.objects.filter(pk=row.pk).update(why=Callback.Why.PROMISED)
    else:
        who = Who("Marie", phone="+3220001401", phone_is_shared=True, noted_by_team=True)
        record_person(organisation=organisation, who=who)
    said = listed()
    assert said.index("14 01") < said.index("14 02")
    first = said[: said.index("14 02")]
    assert "clock-late" in first
    # That somebody has spoken with them is said, and not more.
    assert "Thomas has spoken to them since" in first
    assert "Settled: take it off the list" not in said
    signed_in(lotte).post(reverse("line_callback_act", args=[row.pk]), {"do": "settled"})
    row.refresh_from_db()
    assert row.state == Callback.State.WAITING
    assert queries.wallboard(organisation, clock.now()).not_called_back == 2


def test_the_wallboard_does_not_count_whoever_was_spoken_with(missed, line, thomas, organisation):
    missed("+3220001401", ago=50)
    other = missed("+3220001402", ago=40)
    assert queries.wallboard(organisation, clock.now()).not_called_back == 2
    speaks(line, thomas, "+3220001401")
    assert queries.wallboard(organisation, clock.now()).not_called_back == 1
    assert queries.not_called_back(organisation, clock.now(), [], 5) == [other]

"""The board and the page of calls say the same of whom we call; nothing is called calm while somebody stands there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from quartier.cases.models import Request
from quartier.companions.tests import scene
from quartier.followup import actions as followup
from quartier.followup.models import CheckIn, FollowUp
from quartier.followup.tests.conftest import agreed
from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.promises.models import Promise
from quartier.team.access import of_account, system
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

__all__ = ["agreed"]
pytestmark = pytest.mark.django_db
BOARD, CALLS = "/en/console/", "/en/console/calls/"
CALM = "Nothing is waiting for a person."


def words(client, address):
    return " ".join(strip_tags(client.get(address).content.decode()).split())


@pytest.fixture
def check_in(agreed, thomas):
    agreed(1)
    followup.start(actor=of_account(thomas), plan=followup.Plan("heat"))

    def stands(state):
        next_at = clock.now() + timedelta(hours=2) if state == "calling" else None
        CheckIn.objects.update(state=state, since=clock.now() - timedelta(minutes=5), next_at=next_at)
        return CheckIn.objects.get()

    return stands


@pytest.mark.parametrize("state", ["calling", "alerted", "needs_help"])
def test_whom_nobody_reached_stays_on_the_list_until_called_again(desk, check_in, tuesday, state):
    row = check_in(state)
    where = reverse("check_call", args=[row.pk])
    desk.post(where, {"do": "claim"})
    said = strip_tags(desk.post(where, {"do": "nobody"}, follow=True).content.decode())
    name = row.member.person.name
    assert name in words(desk, CALLS)
    assert "to be called again at 11.20" in words(desk, CALLS)
    assert "1 person to call again at 11.20" in words(desk, BOARD)
    assert "to call: are they OK?" not in words(desk, BOARD)
    assert CALM not in words(desk, BOARD)
    assert ("To be called again at 11.20" in said) == (state != "calling")
    with clock.stopped_at(tuesday + timedelta(minutes=21)):
        assert "1 person to call: are they OK?" in words(desk, BOARD)
        assert "again at" not in words(desk, BOARD) + words(desk, CALLS)


def test_who_is_to_be_called_now_stands_before_whoever_rests(desk, agreed, thomas, tuesday):
    for number in (1, 2):
        agreed(number)
    followup.start(actor=of_account(thomas), plan=followup.Plan("heat"))
    first, second = CheckIn.objects.order_by("pk")
    CheckIn.objects.update(state="alerted", next_at=None, since=tuesday - timedelta(hours=3))
    CheckIn.objects.filter(pk=first.pk).update(claimed_until=tuesday + timedelta(minutes=20))
    shown = desk.get(CALLS).context["checks"]
    assert [row.pk for row, *_rest in shown] == [second.pk, first.pk]
    assert "1 person to call: are they OK? 1 late 1 person to call again" in words(desk, BOARD)


def test_whom_we_failed_stands_on_the_board_until_somebody_calls(desk, asked, organisation):
    request = asked("groceries", name="Anna").requests[0]
    assert CALM in words(desk, BOARD)
    visits.end_request(actor=system(organisation), request=request, closure="neglected")
    assert "We failed these people 1" in words(desk, CALLS)
    assert "1 person we failed, and have not called" in words(desk, BOARD)
    assert CALM not in words(desk, BOARD)
    for _twice in range(2):
        desk.post(CALLS, {"called": request.pk})
    assert "We failed these people" not in words(desk, CALLS)
    assert CALM in words(desk, BOARD)
    page = words(desk, reverse("request_page", args=[request.pk]))
    assert page.count("They were called, or written to, by") == 1


def test_that_they_were_called_can_be_undone_for_a_while(desk, asked, organisation, tuesday):
    request = asked("groceries", name="Anna").requests[0]
    visits.end_request(actor=system(organisation), request=request, closure="neglected")
    clock.advance(timedelta(minutes=1))
    desk.post(CALLS, {"called": request.pk})
    assert "Called a moment ago Anna" in words(desk, CALLS)
    clock.advance(timedelta(minutes=9))
    for _twice in range(2):
        desk.post(CALLS, {"not_called": request.pk})
    assert "We failed these people 1" in words(desk, CALLS)
    assert "Called a moment ago" not in words(desk, CALLS)
    assert CALM not in words(desk, BOARD)
    page = words(desk, reverse("request_page", args=[request.pk]))
    assert page.count("Not called yet after all: undone, by") == 1
    clock.advance(timedelta(minutes=1))
    desk.post(CALLS, {"called": request.pk})
    clock.advance(timedelta(minutes=10))
    assert "Called a moment ago" not in words(desk, CALLS)
    desk.post(CALLS, {"not_called": request.pk})
    assert "We failed these people" not in words(desk, CALLS)


def test_calls_whose_time_comes_by_itself_stand_on_open_pages(desk, agreed, thomas, tuesday, monkeypatch):
    told = []
    monkeypatch.setattr("quartier.live.actions.touch", lambda group, *topics: told.append((group, topics)))
    agreed(1)
    followup.start(actor=of_account(thomas), plan=followup.Plan("heat"))
    CheckIn.objects.update(
        state="alerted", next_at=None, since=tuesday, claimed_until=tuesday + timedelta(minutes=20)
    )
    told.clear()
    shown = []
    for minute in range(130):
        clock.set_time(tuesday + timedelta(minutes=minute))
        if followup.show_due_calls(clock.now()):
            shown.append(minute)
    # When they are to be called again, and when they have waited too long.
    assert (shown[0], next(each for each in shown if each > 30)) == (20, 120)
    assert len(shown) <= 6
    assert set(told) == {(thomas.organisation_id, ("followup",))}


def test_what_is_no_request_of_ours_is_not_found(desk):
    for key in ("x", uuid7()):
        assert desk.post(CALLS, {"not_called": key}).status_code == 404
        assert desk.post(CALLS, {"called": key}).status_code == 404


def test_who_expects_somebody_who_does_not_come_is_counted_after_it_is_closed_too(desk, asked, youssef):
    request = asked("groceries", name="Anna", channel="call").requests[0]
    act = reverse("request_act", args=[request.pk])
    desk.post(act, {"do": "accept", "volunteer": youssef.pk})
    visit = Assignment.objects.get()
    desk.post(act, {"do": "told", "assignment": visit.pk})
    desk.post(act, {"do": "could_not", "failure": "cannot_go", "assignment": visit.pk, "sure": "1"})
    for closed in (False, True):
        if closed:
            Request.objects.update(state="closed", closure="fulfilled", closed_at=clock.now())
        assert "They are still expecting someone 1" in words(desk, CALLS)
        assert "1 person is still expecting someone" in words(desk, BOARD)
        assert CALM not in words(desk, BOARD)
    desk.post(act, {"do": "called_off", "off": visit.pk})
    assert "still expecting someone" not in words(desk, BOARD) + words(desk, CALLS)


def test_what_we_could_not_write_is_counted(desk, account, lotte, asked):
    amina, case = account("Amina", "supervisor"), asked("talk", name="Anna", channel="call").case
    hadija = scene.trained(amina, account("Hadija"))
    running = scene.agree(amina, hadija, scene.propose(amina, scene.wished(lotte, case), hadija))
    scene.begin(hadija, running)
    assert "To tell them by phone 1" in words(desk, CALLS)
    assert "1 person to tell by phone" in words(desk, BOARD)
    assert CALM not in words(desk, BOARD)


def late_count(client):
    return next(one["count"] for one in client.get(BOARD).context["shows"] if one["name"] == "Late")


def red_clocks(client):
    return client.get(CALLS).content.decode().count("clock clock-late")


def test_the_board_counts_whom_the_calls_call_late(desk, asked, youssef, account, lotte, tuesday):
    request = asked("groceries", name="Anna", channel="call").requests[0]
    act = reverse("request_act", args=[request.pk])
    desk.post(act, {"do": "accept", "volunteer": youssef.pk})
    visit = Assignment.objects.get()
    desk.post(act, {"do": "told", "assignment": visit.pk})
    desk.post(act, {"do": "could_not", "failure": "cannot_go", "assignment": visit.pk, "sure": "1"})
    amina, case = account("Amina", "supervisor"), asked("talk", name="Berta", channel="call").case
    hadija = scene.trained(amina, account("Hadija"))
    scene.begin(hadija, scene.agree(amina, hadija, scene.propose(amina, scene.wished(lotte, case), hadija)))
    assert (late_count(desk), red_clocks(desk)) == (0, 0)
    hour = tuesday - timedelta(minutes=5)
    Request.objects.filter(pk=request.pk).update(promised_at=hour, waiting_since=hour - timedelta(hours=1))
    for closed in (False, True):
        if closed:
            over = {"state": "closed", "closure": "fulfilled", "closed_at": clock.now()}
            Request.objects.filter(pk=request.pk).update(**over)
        assert "1 person is still expecting someone 1 late" in words(desk, BOARD)
        assert (late_count(desk), red_clocks(desk)) == (1, 1)
    Promise.objects.filter(subject_kind="pairing").update(
        due_at=hour, made_at=hour - timedelta(hours=1), waiting_since=hour - timedelta(hours=1)
    )
    assert "1 person to tell by phone 1 late" in words(desk, BOARD)
    assert (late_count(desk), red_clocks(desk)) == (2, 2)


def test_whoever_is_asked_about_a_visit_too_late_is_counted_too(desk, asked, youssef, tuesday):
    request = asked("groceries", name="Anna", channel="call").requests[0]
    act = reverse("request_act", args=[request.pk])
    desk.post(act, {"do": "accept", "volunteer": youssef.pk})
    visit = Assignment.objects.get()
    desk.post(act, {"do": "told", "assignment": visit.pk})
    FollowUp.objects.create(
        organisation=visit.organisation, assignment=visit, person=visit.request.case.person,
        state="to_call", token_hash="x",
        due_at=tuesday - timedelta(hours=23), expires_at=tuesday + timedelta(days=2),
    )  # fmt: skip
    assert late_count(desk) == red_clocks(desk) == 0
    FollowUp.objects.update(due_at=tuesday - timedelta(hours=25))
    assert "how was the visit? 1 late" in words(desk, BOARD)
    assert late_count(desk) == red_clocks(desk) == 1


def test_whoever_waits_longer_than_help_was_needed_is_late_whatever_was_promised_since(desk, asked, tuesday):
    row = asked("groceries", name="Anna", urgency="now").requests[0]
    later = {"window_until": tuesday - timedelta(hours=1), "promised_at": tuesday + timedelta(hours=2)}
    Request.objects.filter(pk=row.pk).update(**later)
    assert late_count(desk) == 1
    shown = desk.get(f"{BOARD}?show=late").context["board"].lanes.values()
    (card,) = [card for lane in shown for card in lane.cards]
    assert (card.request.pk, card.wait.late) == (row.pk, True)

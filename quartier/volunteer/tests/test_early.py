"""What is pressed long before the time is asked once more, and "it is done" can be taken back for a while."""

from datetime import timedelta

import pytest

from quartier.cases.models import Request
from quartier.followup import actions as followup
from quartier.followup.models import FollowUp
from quartier.lib import clock
from quartier.matching.models import Acquaintance
from quartier.messaging.models import Message
from quartier.visits.models import Assignment
from quartier.volunteer.tests.planted import PLANTED, state

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def visit(client, opened, links):
    """Youssef goes tomorrow afternoon."""
    start = int((clock.now() + timedelta(hours=26)).timestamp())
    client.post(links["Youssef"], {"do": "yes", "when": f"{start}-{start + 3600}"})
    return Assignment.objects.get()


def step(client, links, do, **more):
    return client.post(links["Youssef"], {"do": do, **more})


@pytest.mark.parametrize(
    ("do", "language", "question"),
    [
        ("on_way", "fr", "Vous partez déjà maintenant"),
        ("done", "fr", "C’est déjà fait"),
        ("done", "nl", "Is het al gedaan"),
        ("done", "de", "Ist es schon erledigt"),
        ("on_way", "en", "Are you leaving now already"),
    ],
)
def test_long_before_the_time_it_is_asked_once_more(client, links, visit, do, language, question):
    before = Message.objects.count()
    url = links["Youssef"].replace("/fr/", f"/{language}/")
    page = client.post(url, {"do": do}, follow=True)
    assert page.redirect_chain
    words = page.content.decode()
    assert question in words
    assert not [planted for planted in PLANTED if planted in words]
    visit.refresh_from_db()
    assert (visit.state, Message.objects.count()) == ("accepted", before)


@pytest.mark.parametrize(("do", "becomes"), [("on_way", "on_way"), ("done", "done")])
def test_whoever_is_sure_is_believed(client, links, visit, do, becomes):
    step(client, links, do, sure="1")
    visit.refresh_from_db()
    assert visit.state == becomes


def test_near_the_time_nothing_is_asked(client, links, visit):
    with clock.stopped_at(visit.comes_from - timedelta(hours=2)):
        step(client, links, "on_way")
        visit.refresh_from_db()
        assert visit.state == "on_way"
        # Whoever left the question open comes back to the page of the visit.
        assert "Rue du Page 42" in client.get(links["Youssef"] + "?early=done").content.decode()


def at_the_door(client, links, visit):
    step(client, links, "on_way")
    step(client, links, "done")


def test_done_can_be_taken_back_and_is_told_once(client, links, visit, opened, youssef):
    when = visit.comes_from + timedelta(minutes=10)
    with clock.stopped_at(when):
        at_the_door(client, links, visit)
        followup.plan(clock.now())
        (told,) = Message.objects.filter(template="helped")
        assert told.not_before == when + timedelta(minutes=30)
        assert "Ce n’est pas encore fait" in client.get(links["Youssef"]).content.decode()
    with clock.stopped_at(when + timedelta(minutes=29)):
        page = client.post(links["Youssef"], {"do": "undo_done"}, follow=True).content.decode()
        assert "Rue du Page 42" in page
    visit.refresh_from_db()
    youssef.refresh_from_db()
    assert (visit.state, visit.ended_at) == ("on_way", None)
    assert state(opened) == (Request.State.COVERED, 1)
    assert (youssef.done_total, youssef.doors, youssef.open_count) == (0, 0, 1)
    assert not Acquaintance.objects.exists()
    assert not FollowUp.objects.exists()
    assert Message.objects.get(template="helped").state == Message.State.CANCELLED
    with clock.stopped_at(when + timedelta(hours=1)):
        step(client, links, "done")
    told = Message.objects.filter(template="helped").exclude(state=Message.State.CANCELLED)
    assert told.get().not_before == when + timedelta(hours=1, minutes=30)
    youssef.refresh_from_db()
    assert (youssef.done_total, youssef.open_count) == (1, 0)
    assert state(opened) == (Request.State.CLOSED, 1)


def test_after_half_an_hour_it_stays_done(client, links, visit, opened):
    when = visit.comes_from
    with clock.stopped_at(when):
        at_the_door(client, links, visit)
    with clock.stopped_at(when + timedelta(minutes=30)):
        assert "Ce n’est pas encore fait" not in client.get(links["Youssef"]).content.decode()
        page = client.post(links["Youssef"], {"do": "undo_done"}, follow=True).content.decode()
        assert "trop tard" in page
    visit.refresh_from_db()
    assert visit.state == "done"
    assert state(opened) == (Request.State.CLOSED, 1)


def test_nobody_takes_back_what_the_team_has_closed(client, links, visit, opened, organisation, youssef):
    from quartier.team.access import system
    from quartier.visits import actions

    actions.end_request(actor=system(organisation), request=opened, closure="fulfilled")
    client.post(links["Youssef"], {"do": "undo_done"})
    visit.refresh_from_db()
    assert visit.state == "done"
    youssef.refresh_from_db()
    assert youssef.done_total == 1


def test_nobody_takes_back_what_neighbours_are_asked_for_again(
    client, links, visit, opened, organisation, youssef
):
    from quartier.cases import actions as cases
    from quartier.team.access import system

    with clock.stopped_at(visit.comes_from):
        at_the_door(client, links, visit)
        cases.reopen_request(actor=system(organisation), request=opened)
        client.post(links["Youssef"], {"do": "undo_done"})
    visit.refresh_from_db()
    assert visit.state == "done"
    assert state(opened) == (Request.State.OPEN, 0)


@pytest.mark.parametrize(("minutes", "becomes"), [(0, "accepted"), (10, "done")])
def test_what_a_phone_without_a_network_has_kept_is_not_asked_again(client, links, visit, minutes, becomes):
    pressed = clock.now() - timedelta(minutes=minutes)
    step(client, links, "done", at=str(int(pressed.timestamp() * 1000)))
    visit.refresh_from_db()
    assert visit.state == becomes

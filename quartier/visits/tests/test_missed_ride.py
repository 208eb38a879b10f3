"""A lift for which nobody came: whoever is asked next reads for which hour it was, and that a new one is agreed."""

from datetime import timedelta

import pytest

from quartier.cases import actions as cases
from quartier.cases import rides
from quartier.cases.models import Request
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.team.access import of_account, system
from quartier.visits import actions
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def ride(asked, tuesday, organisation, volunteer):
    """A lift to the hospital, in three hours; one neighbour goes, and another one can be asked."""
    for name in ("Youssef", "Nele"):
        volunteer(name)
    at = (tuesday + timedelta(hours=3)).astimezone(organisation.zone)
    window = rides.fetch_window(at.date(), at.time(), organisation.zone)
    details = rides.ride_in_words(start="", end="Hôpital", at=at.time())
    opened = asked("transport", urgency="now", window_from=window[0], window_until=window[1], details=details)
    return opened.requests[0]


def offers_since(count):
    rows = Message.objects.filter(template="offer").order_by("created_at", "pk")[count:]
    return [f"{each.subject} {each.body}".replace("\xa0", " ") for each in rows]


def test_after_a_missed_lift_neighbours_read_for_which_hour_it_was(ride):
    offers = matching.send_wave(request_id=ride.pk)
    assert all("convenez" not in each for each in offers_since(0))
    visit = actions.accept_offer(
        actor=of_account(offers[0].volunteer.person.account), offer=offers[0]
    ).assignment
    clock.set_time(ride.window_until + timedelta(hours=1, minutes=45))
    failure = Assignment.Failure.NO_SHOW
    actions.could_not(actor=system(ride.organisation), assignment=visit, failure=failure)
    before = Message.objects.filter(template="offer").count()
    request = Request.objects.get(pk=ride.pk)
    while request.next_at is not None and not offers_since(before):
        clock.set_time(max(clock.now(), request.next_at))
        matching.send_wave(request_id=ride.pk)
        request.refresh_from_db()
    later = offers_since(before)
    assert later
    assert all("C’était pour 14 h" in each and "nouvelle heure" in each for each in later)


def test_where_the_hour_was_changed_with_the_window_nothing_is_said_of_another(ride):
    request = Request.objects.get(pk=ride.pk)
    window = (request.window_from + timedelta(hours=2), request.window_until + timedelta(hours=2))
    cases.change_request(actor=system(ride.organisation), request=request, window=window)
    Request.objects.filter(pk=ride.pk).update(priority=1)
    matching.send_wave(request_id=ride.pk)
    assert offers_since(0)
    assert all("C’était pour" not in each for each in offers_since(0))

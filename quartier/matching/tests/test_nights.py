"""What is urgent and comes at night is looked for in the morning, in a window that begins then; and each search that
finds nobody ends with its own true reason."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import TUESDAY
from quartier.cases import rules
from quartier.cases.models import Request
from quartier.lib import choices, clock, hours
from quartier.matching import actions
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.people import wishes
from quartier.people.models import Volunteer
from quartier.people.rules import Quiet
from quartier.people.wishes import Said
from quartier.promises.models import Promise
from quartier.team.access import system
from quartier.team.models import Organisation

db = pytest.mark.django_db
# In Brussels: a quarter past eleven at night, half past nine in the evening, and eight the next morning.
NIGHT = datetime(2027, 1, 11, 22, 14, tzinfo=UTC)
EVENING = datetime(2027, 1, 11, 20, 30, tzinfo=UTC)
MORNING = datetime(2027, 1, 12, 7, 0, tzinfo=UTC)
ORGANISATION = Organisation(name="x", created_at=TUESDAY)


@given(
    minutes=st.integers(0, 14 * 24 * 60),
    quiet_from=st.integers(20, 23),
    quiet_until=st.integers(5, 9),
    urgency=st.sampled_from(list(Request.Urgency)),
)
def test_every_window_leaves_time_by_day(minutes, quiet_from, quiet_until, urgency):
    organisation = Organisation(
        name="x", created_at=TUESDAY, quiet_from=time(quiet_from), quiet_until=time(quiet_until)
    )
    now = TUESDAY + timedelta(minutes=minutes)
    wanted = rules.Wanted("groceries", 1, urgency)
    start, end = rules.window(now, wanted, organisation)
    quiet = (organisation.quiet_from, organisation.quiet_until, organisation.zone)
    assert now <= start < end
    if urgency == Request.Urgency.NOW:
        assert not hours.is_within(start, *quiet)
        # Asked in the evening, it is looked for now, and once more in the morning.
        request = Request(urgency=urgency, window_from=start, window_until=end, organisation=organisation)
        night = hours.next_time(start, organisation.quiet_from, organisation.zone)
        anew = rules.window_after_night(request, hours.after_quiet(night, *quiet))
        start, end = anew or (start, end)
    assert hours.outside(start, end, *quiet) >= timedelta(hours=1)


@db
def test_asked_at_night_it_is_looked_for_in_the_morning(asked, youssef):
    with clock.stopped_at(NIGHT):
        request = asked("groceries", urgency="now").requests[0]
        letter = Message.objects.get(person=request.case.person)
        assert letter.template == "received_night"
        assert letter.not_before in {None, NIGHT}
        assert actions.send_wave(request_id=request.pk) == []
    assert (request.window_from, request.window_until) == (MORNING, MORNING + timedelta(hours=4))
    assert request.promised_at == MORNING + timedelta(hours=1)
    with clock.stopped_at(MORNING):
        assert [offer.volunteer_id for offer in actions.send_wave(request_id=request.pk)] == [youssef.pk]
    # The one who waits is told once, not twice.
    assert Message.objects.filter(person=request.case.person).count() == 1


@db
def test_a_search_of_the_evening_goes_on_in_the_morning_and_says_so(asked, volunteer):
    with clock.stopped_at(EVENING):
        request = asked("groceries", urgency="now").requests[0]
        assert request.window_from == EVENING
    with clock.stopped_at(NIGHT):
        actions.send_wave(request_id=request.pk)
        request.refresh_from_db()
        assert (request.window_from, request.next_at) == (MORNING, MORNING)
        assert request.promised_at > MORNING
        promise = Promise.objects.get(outcome="")
        assert (promise.due_at, promise.needs_team) == (request.promised_at, False)
        letter = Message.objects.get(template="night_search")
        assert letter.not_before in {None, NIGHT}
        assert "112" in letter.body
    volunteer("Youssef")
    with clock.stopped_at(MORNING):
        assert len(actions.send_wave(request_id=request.pk)) == 1


@db
def test_an_hour_that_somebody_named_stays_and_its_end_is_called_by_its_name(asked, youssef):
    with clock.stopped_at(EVENING):
        request = asked(
            "groceries", urgency="now", window_until=EVENING + timedelta(hours=3, minutes=30)
        ).requests[0]
        Request.objects.update(next_at=NIGHT)
    with clock.stopped_at(NIGHT):
        actions.send_wave(request_id=request.pk)
    with clock.stopped_at(MORNING):
        actions.send_wave(request_id=request.pk)
    request.refresh_from_db()
    assert (request.state, request.why_human) == ("human", "time_over")
    # Nobody was asked, so nothing says that nobody was found.
    assert not Message.objects.filter(template__in=["night_search", "nobody_yet"]).exists()


@pytest.fixture
def ended(asked, tuesday):
    """How a search ends, its steps taken one after the other."""

    def end(kind="groceries", **wanted):
        request = asked(kind, **wanted).requests[0]
        while request.state == Request.State.OPEN:
            with clock.stopped_at(max(request.next_at, tuesday)):
                actions.send_wave(request_id=request.pk)
                actions.expire_offers(clock.now())
            request.refresh_from_db()
        return request.why_human

    return end


@db
def test_each_end_of_a_search_has_its_own_reason(ended, volunteer, tuesday):
    assert ended() == "none_near"
    far = volunteer("Griet", at=(51.05, 3.72))
    assert ended() == "none_near"
    Volunteer.objects.filter(pk=far.pk).update(state="left")
    nadia = volunteer("Nadia", kinds=["dog"])
    assert ended() == "none_kind"
    Volunteer.objects.filter(pk=nadia.pk).update(kinds=choices.kind("groceries").mask, languages=1 << 20)
    assert ended() == "none_fit"
    Volunteer.objects.filter(pk=nadia.pk).update(
        languages=nadia.languages, asked_on=tuesday.date(), asked_count=2
    )
    assert ended() == "budget"
    Volunteer.objects.update(asked_count=0)
    wishes.wish(
        actor=system(nadia.organisation), person=nadia.person, said=Said(quiet=Quiet(time(9), time(23)))
    )
    assert ended() == "asleep"
    wishes.wish(actor=system(nadia.organisation), person=nadia.person, said=Said(quiet=None))
    assert ended() == "nobody"
    assert Offer.made.count() == 1


@db
def test_a_knock_at_a_door_writes_to_nobody(asked, tuesday):
    request = asked("groceries", urgency="now").requests[0]
    request.unasked = True
    before = Message.objects.count()
    assert not actions.tell_who_waits(request, "still_looking", "x")
    assert Message.objects.count() == before

"""What is urgent and comes at night is looked for in the morning, in a window that begins then; and each search that
finds nobody ends with its own true reason."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from conftest import TUESDAY
from quartier.cases import actions as cases
from quartier.cases import rules
from quartier.cases.models import Request
from quartier.intake import actions as intake
from quartier.lib import choices, clock, hours
from quartier.matching import actions
from quartier.matching.models import Offer
from quartier.messaging.delivery import deliver
from quartier.messaging.models import Message
from quartier.people import wishes
from quartier.people.models import Person, Volunteer
from quartier.people.rules import Quiet
from quartier.people.wishes import Said
from quartier.promises.models import Promise
from quartier.team.access import of_account, system
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
@pytest.mark.parametrize("urgency", ["day", "week"])
def test_at_night_nothing_says_that_somebody_is_looked_for(asked, youssef, urgency, client):
    with clock.stopped_at(NIGHT):
        opened = asked("groceries", urgency=urgency)
        letter = Message.objects.get(person=opened.case.person)
        assert letter.template == "received_night"
        assert "demain à 8\u00a0h" in letter.body
        assert rules.waits_for_morning(opened.requests[0], NIGHT)
        page = "/fr" + reverse("status", args=[opened.token])[3:]
        assert "demain à 8" in client.get(page).content.decode()
    # In the next night it is looked for, though nobody is woken.
    later = NIGHT + timedelta(days=1)
    assert not rules.waits_for_morning(opened.requests[0], later)


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


@db
@pytest.mark.parametrize(
    ("urgency", "hours_left", "asks"), [("week", 60, 0), ("day", 13, 1), ("now", 13, 1), ("day", 20, 0)]
)
def test_late_in_the_evening_nobody_is_asked_for_what_has_time(asked, youssef, urgency, hours_left, asks):
    late = EVENING + timedelta(minutes=5)
    with clock.stopped_at(late):
        opened = asked("groceries", urgency=urgency, window_until=late + timedelta(hours=hours_left))
        request = opened.requests[0]
        assert len(actions.send_wave(request_id=request.pk)) == asks
        letter = Message.objects.get(person=opened.case.person)
        # What is said of it is true at this hour.
        assert letter.template == ("received" if asks else "received_night")
    with clock.stopped_at(MORNING):
        assert len(actions.send_wave(request_id=request.pk)) == 1 - asks


@db
@pytest.mark.parametrize(("begins", "asks"), [(9, 1), (10, 0), (11, 0)])
def test_for_an_hour_early_in_the_morning_somebody_is_asked_in_the_evening(asked, youssef, begins, asks):
    late = EVENING + timedelta(minutes=5)
    with clock.stopped_at(late):
        start = MORNING + timedelta(hours=begins - 8)
        request = asked(
            "groceries", urgency="day", window_from=start, window_until=start + timedelta(hours=4)
        ).requests[0]
        assert len(actions.send_wave(request_id=request.pk)) == asks


@db
def test_quiet_hours_at_midday_make_no_evening_of_the_morning(asked, youssef, organisation):
    organisation.quiet_from, organisation.quiet_until = time(13), time(15)
    organisation.save(update_fields=["quiet_from", "quiet_until"])
    with clock.stopped_at(MORNING + timedelta(hours=2)):
        request = asked("groceries", urgency="week").requests[0]
        assert rules.asks_from(request, clock.now()) == clock.now()
        assert len(actions.send_wave(request_id=request.pk)) == 1


@pytest.fixture
def three(asked, organisation, tuesday):
    """Three things that Marie asked for, for which nobody is found."""
    opened = asked("groceries")
    actor, case = system(organisation), opened.case
    contact = intake.record_contact(actor=actor, person=case.person, channel="web")
    wanted = [rules.Wanted(kind, choices.mask(choices.LANGUAGES, ["fr"])) for kind in ("groceries", "meal")]
    more = cases.add_requests(actor=actor, case=case, contact=contact, wanted=wanted)
    requests = [*opened.requests, *more]
    for request in requests:
        actions.send_wave(request_id=request.pk)
    return requests


def told_nobody_yet():
    return list(Message.objects.filter(template="nobody_yet", state__in=Message.GONE_OUT))


@db
def test_of_three_things_that_one_person_asked_for_they_hear_once(three):
    clock.advance(timedelta(minutes=11))
    while deliver():
        pass
    assert len(told_nobody_yet()) == 1
    # Each hour was said to them, so none of it is broken in silence.
    told = Promise.objects.filter(outcome="", kind="call").values_list("told_by", flat=True)
    assert list(told) == ["message"] * 3


@db
def test_of_the_other_things_they_hear_where_the_first_is_found_meanwhile(three, thomas):
    cases.record_contact_made(actor=of_account(thomas), request=three[0])
    clock.advance(timedelta(minutes=11))
    while deliver():
        pass
    assert len(told_nobody_yet()) == 1
    assert str(three[0].pk) not in told_nobody_yet()[0].key


@db
def test_of_a_later_hour_they_know_nothing_where_it_is_not_said_again(asked, tuesday):
    first, second = asked("groceries").requests[0], asked("groceries").requests[0]
    clock.set_time(second.promised_at - timedelta(minutes=25))
    actions.send_wave(request_id=first.pk)
    clock.advance(timedelta(minutes=11))
    while deliver():
        pass
    actions.send_wave(request_id=second.pk)
    assert len(told_nobody_yet()) == 1
    promise = Promise.objects.get(subject_id=second.pk, outcome="")
    assert promise.due_at > second.promised_at
    assert promise.told_by == Promise.ToldBy.NOBODY


@db
def test_who_asked_for_two_people_hears_of_each(three, asked):
    """The same words about another household are no news of this one."""
    (other,) = asked("meal", name="Jos Peeters").requests
    other.case.tell_asker, other.case.asked_by = True, three[0].case.person
    other.case.save()
    actions.send_wave(request_id=other.pk)
    clock.advance(timedelta(minutes=11))
    while deliver():
        pass
    assert len(told_nobody_yet()) == 2


def morning_of(request, asked_at):
    """What the search does from this moment of the evening until ten in the morning, every five minutes."""
    moment = asked_at
    while moment < MORNING + timedelta(hours=2):
        with clock.stopped_at(moment):
            actions.expire_offers(moment)
            actions.resume_searches()
            request.refresh_from_db()
            if request.state == Request.State.OPEN and request.next_at <= moment:
                actions.send_wave(request_id=request.pk)
        moment += timedelta(minutes=5)
    request.refresh_from_db()
    return Offer.made.filter(request=request, created_at__gte=MORNING)


@db
@pytest.mark.parametrize("minutes", [-90, -20, 10])
def test_who_did_not_answer_in_the_evening_is_asked_about_the_morning(asked, youssef, nadia, minutes):
    """Given up at eight, with nobody asked, because both had been asked late in the evening before."""
    asked_at = EVENING + timedelta(minutes=minutes)
    with clock.stopped_at(asked_at):
        request = asked("groceries", urgency="now").requests[0]
    asked_again = morning_of(request, asked_at)
    assert {offer.volunteer_id for offer in asked_again} == {youssef.pk, nadia.pk}
    assert request.window_from >= MORNING
    assert asked_again.latest("created_at").expires_at > MORNING
    # They are asked once in the evening and once in the morning.
    assert Message.objects.filter(template="offer").count() == 4


@db
def test_who_can_only_be_written_to_does_not_hear_the_same_in_the_morning(asked):
    """ "Nobody yet, one of us writes before nine", at eight in the evening and at eight in the morning."""
    with clock.stopped_at(EVENING - timedelta(minutes=75)):
        opened = asked("groceries", urgency="now")
        Person.objects.update(phone="", phone_index="")
        actions.send_wave(request_id=opened.requests[0].pk)
    Request.objects.update(why_human=Request.Why.NOBODY)
    morning_of(opened.requests[0], MORNING - timedelta(minutes=5))
    opened.requests[0].refresh_from_db()
    assert opened.requests[0].reopened == 1
    assert Message.objects.filter(template="nobody_yet_write").count() == 1


@db
def test_nothing_begins_anew_of_which_they_were_asked_or_that_has_its_own_hour(asked, youssef, thomas):
    asked_at = EVENING - timedelta(minutes=90)
    with clock.stopped_at(asked_at):
        named = asked(
            "groceries", urgency="now", window_until=EVENING + timedelta(hours=3, minutes=30)
        ).requests[0]
        taken, over = (asked("groceries", name=name, urgency="now").requests[0] for name in ("A B", "C D"))
    late = {"state": "human", "why_human": "nobody", "next_at": None, "search_ended_on": EVENING.date()}
    Request.objects.update(**late)
    Request.objects.filter(pk=taken.pk).update(taken_by=thomas)
    Request.objects.filter(pk=over.pk).update(asked_over_at=NIGHT)
    with clock.stopped_at(MORNING):
        assert actions.resume_searches() == 0
    Request.objects.filter(pk=over.pk).update(asked_over_at=None)
    with clock.stopped_at(MORNING - timedelta(minutes=1)):
        assert actions.resume_searches() == 0
    with clock.stopped_at(MORNING + timedelta(days=1)):
        assert actions.resume_searches() == 0
    with clock.stopped_at(MORNING):
        assert actions.resume_searches() == 1
    named.refresh_from_db()
    assert named.state == Request.State.HUMAN

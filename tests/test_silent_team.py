"""Days with a team that looks at nothing: whoever waits hears the truth, and the team hears of it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.conversation.actions.saying import say
from quartier.duty import actions, jobs
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.promises.models import Promise, PromiseNotice
from quartier.team.access import of_account
from quartier.telephony.actions import callbacks
from quartier.telephony.actions.listing import Need, put
from quartier.telephony.models import Callback, LineSettings
from quartier.visits import actions as visits

pytestmark = [pytest.mark.django_db, pytest.mark.either]
TEAM = ["team_waiting", "team_urgent", "team_soon", "team_broken"]


def watch():
    while jobs.promises():
        pass


def live_until(end, minutes=10):
    """The clock goes on, and what is due is done."""
    while clock.now() < end:
        clock.set_time(min(clock.now() + timedelta(minutes=minutes), end))
        watch()


def to(who):
    """Templates written to somebody, in order."""
    person = who if isinstance(who, Person) else who.person
    return list(
        Message.objects.filter(person=person).order_by("created_at", "pk").values_list("template", flat=True)
    )


def given_up(asked, **wanted):
    """A request for which nobody is left to ask."""
    opened = asked("groceries", **wanted)
    matching.send_wave(request_id=opened.requests[0].pk)
    return opened


def test_a_request_that_nobody_takes(asked, thomas, sara, tuesday):
    opened = given_up(asked)
    marie, request = opened.case.person, opened.requests[0]
    promise = Promise.objects.get(subject_id=request.pk, outcome="")
    assert (promise.kind, promise.needs_team, promise.person) == ("call", True, marie)
    watch()
    assert to(thomas) == ["team_waiting"]
    told = Message.objects.get(template="team_waiting")
    assert "Marie" in told.body
    assert "Peeters" not in told.body
    assert str(request.pk) in told.body
    live_until(promise.due_at - timedelta(minutes=20))
    assert to(thomas) == ["team_waiting", "team_soon"]
    live_until(promise.due_at + timedelta(minutes=20))
    assert to(marie) == ["received", "nobody_yet", "late_call"]
    assert to(thomas) == ["team_waiting", "team_soon", "team_broken"]
    # The next one hears of it too.
    assert to(sara) == ["team_broken"]
    promise.refresh_from_db()
    renewal = promise.renewal
    assert (promise.outcome, renewal.kind, renewal.times_broken) == ("broken", "call", 1)
    assert promise.due_at < renewal.due_at
    assert 8 <= renewal.due_at.astimezone(request.organisation.zone).hour <= 20
    assert PromiseNotice.objects.filter(promise=promise).count() == 2


def test_it_goes_on_for_a_week_calmly_and_nobody_is_forgotten(asked, thomas, sara, tuesday, organisation):
    opened = given_up(asked)
    # It is wanted all the time; of what is over they are asked whether it is still needed.
    Request.objects.update(window_until=tuesday + timedelta(days=14))
    marie = opened.case.person
    live_until(tuesday + timedelta(days=7), minutes=30)
    for day in range(1, 7):
        start = tuesday + timedelta(days=day)
        words = Message.objects.filter(
            person=marie, created_at__gt=start - timedelta(hours=24), created_at__lte=start
        ).exclude(template__in=["received", "nobody_yet"])
        weekend = start.astimezone(organisation.zone).weekday() in {5, 6, 0}
        assert words.count() >= (0 if weekend else 1)
        assert words.count() <= 2
    for who in (thomas, sara):
        quiet = [
            each.not_before
            for each in Message.objects.filter(person=who.person, template__in=TEAM)
            if not 8 <= each.not_before.astimezone(organisation.zone).hour < 22
        ]
        assert not quiet
    assert Promise.objects.filter(outcome="").count() == 1
    assert not Promise.objects.filter(outcome="broken", notices=None).exists()
    for late in Promise.objects.filter(outcome="broken"):
        assert Message.objects.filter(key=f"late:{late.renewal.pk}").exists()


def test_what_was_promised_is_kept_by_who_takes_it_and_calls(asked, thomas, sara, tuesday):
    opened = given_up(asked)
    request, actor = opened.requests[0], of_account(thomas)
    cases.take(actor=actor, request=request)
    watch()
    # Whoever has taken it knows.
    assert to(thomas) == []
    promise = Promise.objects.get(outcome="")
    assert promise.owner == thomas
    live_until(promise.due_at - timedelta(minutes=20))
    assert to(thomas) == ["team_soon"]
    cases.record_contact_made(actor=actor, request=request)
    promise.refresh_from_db()
    assert promise.outcome == "kept"
    live_until(promise.due_at + timedelta(hours=1))
    assert "late_call" not in to(opened.case.person)
    # The request is not over: they hear from us again.
    assert Promise.objects.get(outcome="").kind == "care"
    visits.end_request(actor=actor, request=request, closure="withdrawn")
    assert not Promise.objects.filter(outcome="").exists()


def test_somebody_is_found_and_says_so(asked, youssef, thomas, tuesday):
    opened = asked("groceries")
    (offer,) = matching.send_wave(request_id=opened.requests[0].pk)
    assert Promise.objects.get().needs_team is False
    visits.accept_offer(actor=of_account(thomas), offer=offer)
    assert Promise.objects.get().outcome == "kept"
    live_until(tuesday + timedelta(hours=6))
    assert not Message.objects.filter(template__in=TEAM).exists()


def test_the_search_that_goes_on_says_so_by_itself_in_time(asked, youssef, thomas, tuesday):
    opened = asked("groceries")
    request = opened.requests[0]
    matching.send_wave(request_id=request.pk)
    first = Promise.objects.get()
    live_until(first.due_at, minutes=1)
    first.refresh_from_db()
    assert first.outcome == "kept"
    assert to(opened.case.person) == ["received", "still_looking"]
    assert to(thomas) == []


def test_whoever_waits_for_days_hears_at_the_promised_hour_and_once_a_day(asked, volunteer, thomas, tuesday):
    for number in range(13):
        volunteer(f"V{number}")
    opened = asked("groceries", urgency="week")
    request = opened.requests[0]
    matching.send_wave(request_id=request.pk)
    live_until(request.promised_at, minutes=5)
    before = request.promised_at
    request.refresh_from_db()
    assert request.promised_at >= before + timedelta(hours=23)
    # The board and the row say the same hour.
    assert Promise.objects.get(outcome="").due_at == request.promised_at
    assert to(opened.case.person) == ["received", "still_looking"]
    assert to(thomas) == []


def test_by_night_nobody_is_woken_to_hear_that_there_is_nothing_new(asked, youssef, tuesday):
    evening = tuesday + timedelta(hours=9)
    with clock.stopped_at(evening):
        opened = asked("groceries", urgency="now", window_until=evening + timedelta(hours=20))
        matching.send_wave(request_id=opened.requests[0].pk)
    Promise.objects.update(due_at=tuesday + timedelta(hours=13), next_at=tuesday + timedelta(hours=12))
    live_until(tuesday + timedelta(hours=20), minutes=30)
    assert to(opened.case.person) == ["received"]
    live_until(tuesday + timedelta(hours=21, minutes=10))
    # An hour of the night was promised: in the morning they hear that it was late.
    assert to(opened.case.person) == ["received", "late_news"]
    assert Promise.objects.get(outcome="").due_at > clock.now()


def test_who_gave_no_number_is_not_told_that_we_call(asked, organisation, thomas, tuesday):
    opened = asked("groceries")
    Person.objects.filter(pk=opened.case.person.pk).update(phone="", phone_index="")
    matching.send_wave(request_id=opened.requests[0].pk)
    marie = opened.case.person
    live_until(tuesday + timedelta(days=1), minutes=30)
    assert to(marie)[:3] == ["received", "nobody_yet_write", "late_news"]
    assert not {"nobody_yet", "late_call"} & set(to(marie))


def test_read_first_is_said_so_and_the_team_reads_it(asked, thomas, tuesday):
    opened = asked("other")
    assert to(opened.case.person) == ["received_read"]
    watch()
    assert to(thomas) == ["team_waiting"]


def test_what_is_urgent_comes_at_once_also_by_night_but_not_for_ever(asked, thomas, sara, tuesday):
    night = tuesday + timedelta(hours=13)  # midnight in Brussels
    clock.set_time(night)
    for number in range(7):
        asked("other", name=f"P{number} X", urgency="now")
        watch()
        clock.set_time(clock.now() + timedelta(minutes=10))
    assert to(thomas) == ["team_urgent"] * 2
    assert to(sara) == ["team_urgent"] * 2
    asked("other", name="Calme X")
    live_until(night + timedelta(hours=8, minutes=30))
    # In the morning the others come together.
    for who in (thomas, sara):
        at_night = Message.objects.filter(person=who.person, not_before__lt=night + timedelta(hours=8))
        assert at_night.count() == 2
    known = set(PromiseNotice.objects.values_list("promise__subject_id", flat=True))
    assert set(Request.objects.values_list("pk", flat=True)) <= known


def test_what_is_not_urgent_is_gathered(asked, thomas, tuesday):
    asked("other", name="A X")
    watch()
    for name in ("B X", "C X", "D X"):
        clock.set_time(clock.now() + timedelta(minutes=5))
        asked("other", name=name)
        watch()
    assert to(thomas) == ["team_waiting"]
    live_until(tuesday + timedelta(minutes=31), minutes=1)
    assert to(thomas) == ["team_waiting"] * 2
    assert PromiseNotice.objects.filter(step="came").count() == 4


def test_who_cannot_be_written_to_is_passed_over(asked, thomas, sara, tuesday):
    Person.objects.filter(account=thomas).update(channel="call")
    given_up(asked)
    watch()
    assert to(sara) == ["team_waiting"]
    assert set(PromiseNotice.objects.values_list("person__account", "unreachable")) == {
        (thomas.pk, True), (sara.pk, False)
    }  # fmt: skip


def test_an_old_request_that_is_looked_for_again_gets_an_hour_to_come(asked, thomas, tuesday):
    opened = given_up(asked)
    request = opened.requests[0]
    clock.set_time(tuesday + timedelta(days=2))
    cases.look_again(actor=of_account(thomas), request=request)
    matching.send_wave(request_id=request.pk)
    promise = Promise.objects.get(outcome="")
    assert promise.due_at > clock.now()
    request.refresh_from_db()
    assert request.promised_at == promise.due_at


def test_two_workers_tell_once(asked, thomas, tuesday):
    given_up(asked)
    assert actions.watch_promises(clock.now())
    assert not actions.watch_promises(clock.now())
    assert len(to(thomas)) == 1


def test_a_worker_that_was_away_for_a_night_promises_nothing_past(asked, thomas, tuesday):
    opened = given_up(asked)
    clock.set_time(tuesday + timedelta(hours=24))
    watch()
    assert to(opened.case.person)[-1] == "late_call"
    assert Promise.objects.get(outcome="").due_at > clock.now()


def test_somebody_of_the_team_has_written_meanwhile(asked, thomas, tuesday):
    opened = asked("other")
    say(actor=of_account(thomas), person=opened.case.person, words="Bonjour Marie", once=uuid4())
    first = Promise.objects.get()
    clock.set_time(tuesday + timedelta(minutes=5))
    say(actor=of_account(thomas), person=opened.case.person, words="Nous lisons", once=uuid4())
    live_until(first.due_at + timedelta(hours=1))
    first.refresh_from_db()
    assert first.outcome == "kept"
    assert "late_news" not in to(opened.case.person)


def test_a_caller_who_asked_is_rung_back_or_the_team_hears_of_it(organisation, lotte, thomas, tuesday):
    need = Need("+32470123456", "index", None, "fr", Callback.Why.ASKED)
    row = put(organisation=organisation, need=need, at=clock.now())
    promise = Promise.objects.get(subject_kind="callback", subject_id=row.pk)
    live_until(promise.due_at + timedelta(minutes=10))
    assert to(thomas) == ["team_waiting", "team_soon", "team_broken"]
    callbacks.claim(actor=of_account(lotte), callback_id=row.pk)
    callbacks.done(actor=of_account(lotte), callback_id=row.pk)
    assert not Promise.objects.filter(outcome="").exists()


def test_nobody_hears_of_what_was_opened_without_asking_them(asked, organisation, thomas, tuesday):
    """A neighbour is to knock: the person has asked for nothing, and the team alone owes it."""
    opened = asked("groceries")
    request = opened.requests[0]
    Promise.objects.all().delete()
    Message.objects.all().delete()
    Request.objects.filter(pk=request.pk).update(unasked=True)
    request.refresh_from_db()
    cases.promise_about(request)
    matching.send_wave(request_id=request.pk)
    live_until(tuesday + timedelta(days=1), minutes=30)
    assert to(opened.case.person) == []
    assert "team_overdue" in to(thomas)


def test_the_page_of_the_request_says_what_is_owed_and_who_was_told(asked, client, thomas, sara, tuesday):
    opened = given_up(asked)
    watch()
    client.force_login(thomas)
    with translation.override("fr"):
        where = reverse("request_page", args=[opened.requests[0].pk])
    page = client.get(where).content.decode()
    assert "un appel aujourd’hui avant" in page
    assert "Thomas, aujourd’hui à" in page
    client.post(reverse("request_act", args=[opened.requests[0].pk]), {"do": "contact", "sure": "1"})
    assert Promise.objects.filter(outcome="kept", kind="call").count() == 1
    assert Promise.objects.get(outcome="").owner == thomas


@pytest.mark.parametrize("kind", ["groceries", "other"])
def test_the_private_page_says_the_same_hour_as_the_message(
    asked, client, thomas, tuesday, kind, organisation
):
    opened = asked(kind)
    matching.send_wave(request_id=opened.requests[0].pk)
    with translation.override("fr"):
        where = reverse("status", args=[opened.token])
    promise = Promise.objects.get(outcome="")
    live_until(promise.due_at + timedelta(minutes=20))
    renewal = Promise.objects.get(outcome="")
    page = client.get(where).content.decode()
    assert "Nous sommes en retard" in page
    hour = renewal.due_at.astimezone(organisation.zone).hour
    assert f"avant {hour}\N{NO-BREAK SPACE}h" in page
    late = Message.objects.get(key=f"late:{renewal.pk}")
    assert f"avant {hour}\N{NO-BREAK SPACE}h" in late.body


def test_the_day_of_easter_monday(asked, organisation, thomas, tuesday):
    """A line that is closed on holidays names no hour of one, and is not late before the day after."""
    LineSettings.objects.create(organisation=organisation, open_on_holidays=False)
    clock.set_time(
        datetime(2027, 3, 27, 9, 0, tzinfo=UTC)
    )  # Saturday morning, and the clocks change on Sunday
    opened = given_up(asked)
    promise = Promise.objects.get(outcome="")
    live_until(promise.due_at + timedelta(minutes=5))
    renewal = Promise.objects.get(outcome="")
    local = renewal.due_at.astimezone(organisation.zone)
    assert (local.day, local.month, local.minute) == (30, 3, 0)
    live_until(datetime(2027, 3, 30, 5, 0, tzinfo=UTC), minutes=30)
    assert to(opened.case.person) == ["received", "nobody_yet", "late_call"]
    # Why it is so far away, and when the line answers.
    word = Message.objects.get(template="late_call").body
    assert "Fermé dimanche 28 mars, lundi 29 mars (fériés)." in word
    assert "Un voisin ou un magasin" in word


def test_somebody_who_has_died_hears_nothing_more(asked, thomas, tuesday):
    opened = given_up(asked)
    visits.person_died(actor=of_account(thomas), case=opened.case)
    assert not Promise.objects.filter(outcome="").exists()
    live_until(tuesday + timedelta(days=1), minutes=30)
    assert "late_call" not in to(opened.case.person)


def test_three_times_in_one_night(asked, thomas, sara, tuesday):
    """The team has two messages each at most, and knows of all in the morning."""
    clock.set_time(tuesday + timedelta(hours=12, minutes=30))
    for _ in range(3):
        asked("other", urgency="now")
        live_until(clock.now() + timedelta(hours=1))
    live_until(tuesday + timedelta(hours=23))
    for who in (thomas, sara):
        night = Message.objects.filter(
            person=who.person, template__in=TEAM, not_before__lt=tuesday + timedelta(hours=21)
        )
        assert night.count() <= 2
    assert PromiseNotice.objects.values("promise__subject_id").distinct().count() == 3


def test_the_clock_is_set_back_by_an_hour(asked, thomas, tuesday):
    given_up(asked)
    promise = Promise.objects.get(outcome="")
    live_until(promise.due_at + timedelta(minutes=10))
    before = Message.objects.count()
    clock.set_time(clock.now() - timedelta(hours=1))
    watch()
    assert Message.objects.count() == before

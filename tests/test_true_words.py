"""What is said of a promise is true: of a call that was made in vain, to who was told no hour, at night."""

from datetime import time, timedelta
from uuid import uuid4

import pytest

from quartier.cases import actions as cases
from quartier.cases.models import Case
from quartier.cases.rules import Wanted
from quartier.conversation.actions.saying import say
from quartier.duty import actions, jobs
from quartier.duty.team_messages import TOLD_AGAIN
from quartier.intake import actions as intake
from quartier.lib import choices, clock
from quartier.matching import actions as matching
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.promises.models import Promise, PromiseNotice
from quartier.team.access import of_account, system
from quartier.telephony.actions import callbacks
from quartier.telephony.actions.listing import Need, put
from quartier.telephony.models import Call, Callback
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db


def watch():
    while jobs.promises():
        pass


def live(until, minutes=10):
    while clock.now() < until:
        clock.set_time(min(clock.now() + timedelta(minutes=minutes), until))
        watch()


def told(person, *templates):
    rows = Message.objects.filter(person=person).order_by("created_at", "pk")
    rows = rows.filter(template__in=templates) if templates else rows
    return list(rows.values_list("template", flat=True))


@pytest.fixture
def given_up(asked, thomas, tuesday):
    """Nobody near was found, and a call was promised."""
    opened = asked("groceries")
    matching.send_wave(request_id=opened.requests[0].pk)
    return opened


@pytest.fixture
def callback(asked, organisation, thomas, tuesday):
    need = Need("+32470123456", "index", asked().case.person, "fr", Callback.Why.ASKED)
    return put(organisation=organisation, need=need, at=clock.now())


def test_who_was_rung_back_in_vain_never_reads_that_nobody_called(callback, lotte, thomas, tuesday):
    for minutes in (10, 40, 110):
        live(tuesday + timedelta(minutes=minutes))
        callbacks.claim(actor=of_account(lotte), callback_id=callback.pk)
        callbacks.tried(actor=of_account(lotte), callback_id=callback.pk)
    callback.refresh_from_db()
    assert callback.state == Callback.State.GIVEN_UP
    assert Promise.objects.get(subject_kind="callback").outcome == "kept"
    live(tuesday + timedelta(days=2), 60)
    assert told(callback.person, "late_call") == []
    callbacks.try_again(actor=of_account(thomas), callback_id=callback.pk)
    promise = Promise.objects.get(subject_kind="callback", outcome="")
    assert (promise.kind, promise.told_by) == ("call", "nobody")


def test_who_was_tried_once_waits_for_the_next_try_without_that_word(callback, lotte, tuesday):
    clock.set_time(tuesday + timedelta(minutes=10))
    callbacks.claim(actor=of_account(lotte), callback_id=callback.pk)
    callbacks.tried(actor=of_account(lotte), callback_id=callback.pk)
    first = Promise.objects.get(subject_kind="callback")
    live(first.due_at + timedelta(minutes=10))
    assert told(callback.person, "late_call") == []
    following = Promise.objects.get(subject_kind="callback", outcome="")
    assert (following.kind, following.renewed_from_id) == ("call", first.pk)
    assert following.waiting_since == first.waiting_since


@pytest.mark.parametrize("is_called", [True, False])
def test_of_a_call_to_who_waits_only_what_is_true_is_said(given_up, thomas, organisation, tuesday, is_called):
    person, promise = given_up.case.person, Promise.objects.get(outcome="")
    begins = tuesday + timedelta(minutes=20)
    if is_called:
        Call.objects.create(
            id=uuid4(),
            organisation=organisation,
            direction="out",
            number=person.phone,
            number_index=person.phone_index,
            person=person,
            operator=thomas,
            began_at=begins,
            ended_at=begins + timedelta(seconds=40),
            state="ended",
            outcome="no_answer",
        )
    live(promise.due_at + timedelta(minutes=10))
    assert told(person, "late_call") == ([] if is_called else ["late_call"])
    promise.refresh_from_db()
    assert promise.outcome == ("kept" if is_called else "broken")
    assert Promise.objects.filter(outcome="", kind="call", needs_team=True).count() == 1


def test_who_was_told_no_hour_hears_of_none_that_was_broken(given_up, thomas, tuesday):
    person, request = given_up.case.person, given_up.requests[0]
    cases.record_contact_made(actor=of_account(thomas), request=request)
    promise = Promise.objects.get(outcome="")
    assert (promise.told_by, promise.person) == ("nobody", person)
    live(promise.due_at + timedelta(minutes=10), 60)
    assert told(person, "late_news", "late_call") == []
    assert told(thomas.person, "team_overdue", "team_broken") == ["team_overdue"]


@pytest.mark.parametrize("is_taken", [True, False])
def test_only_whoever_takes_a_call_reads_the_hour_aloud(asked, lotte, organisation, tuesday, is_taken):
    case = asked("groceries").case
    actor = of_account(lotte) if is_taken else system(organisation)
    contact = intake.record_contact(actor=actor, person=case.person, channel="phone")
    wanted = Wanted("other", choices.mask(choices.LANGUAGES, ["fr"]))
    (request,) = cases.add_requests(actor=actor, case=case, contact=contact, wanted=[wanted])
    assert Promise.objects.get(subject_id=request.pk).told_by == ("voice" if is_taken else "nobody")


def test_a_message_that_names_the_hour_tells_it(given_up, thomas, organisation):
    person = given_up.case.person
    cases.record_contact_made(actor=of_account(thomas), request=given_up.requests[0])
    promise = Promise.objects.get(outcome="")
    Promise.objects.filter(pk=promise.pk).update(kind="news")
    promise.refresh_from_db()
    letter = Letter(person, "late_news", "once", promise=promise)
    messaging.write(organisation=organisation, letter=letter)
    promise.refresh_from_db()
    assert promise.told_by == "message"


def test_an_error_at_one_promise_keeps_no_other_waiting(asked, elsewhere, bram, thomas, tuesday, monkeypatch):
    bad = asked("other").requests[0]
    good = asked("other", name="Anna Maes").requests[0]
    asked("other", name="Jan Claes", org=elsewhere)
    look = actions._Round._look

    def failing(self, row):
        if row.subject_id == bad.pk:
            raise RuntimeError("one bad row")
        look(self, row)

    monkeypatch.setattr(actions._Round, "_look", failing)
    watch()
    assert told(bram.person) == ["team_waiting"]
    assert told(thomas.person) == ["team_waiting"]
    assert Promise.objects.get(subject_id=good.pk).team_told_at == tuesday
    late = Promise.objects.get(subject_id=bad.pk)
    assert (late.team_told_at, late.next_at) == (None, tuesday + actions.TRIED_AGAIN)
    monkeypatch.undo()
    live(tuesday + timedelta(minutes=40))
    assert told(thomas.person) == ["team_waiting", "team_waiting"]


def test_nobody_is_told_to_call_who_has_died(callback, asked, thomas, tuesday):
    person = callback.person
    case = Case.objects.get(person=person)
    other = asked("other", name="Anna Maes").requests[0]
    # She had asked for her neighbour too: that is still needed.
    Promise.objects.filter(subject_id=other.pk).update(person=person)
    visits.person_died(actor=of_account(thomas), case=case)
    callback.refresh_from_db()
    assert (callback.state, callback.ended_at) == ("given_up", tuesday)
    assert Promise.objects.get(subject_kind="callback").outcome == "withdrawn"
    promise = Promise.objects.get(outcome="")
    assert (promise.subject_id, promise.person, promise.told_by) == (
        other.pk,
        other.case.person,
        "nobody",
    )
    live(tuesday + timedelta(hours=8), 60)
    bodies = Message.objects.filter(person__account=thomas).values_list("body", flat=True)
    assert bodies
    assert not [body for body in bodies if "Marie" in body]


@pytest.fixture
def texted(thomas, organisation, tuesday):
    """The coordinator gets texts, which keep silent at night; the line is open at any hour."""
    organisation.opens = organisation.closes = time(0)
    organisation.save()
    person = Person.objects.get(account=thomas)
    person.phone, person.channel, person.email = "+32470111222", "text", ""
    person.save()
    return person


def sent(person, template):
    rows = Message.objects.filter(person=person, template=template).order_by("created_at", "pk")
    return [(row.not_before, row.state) for row in rows]


def test_what_is_urgent_is_said_at_night_while_it_is_true(texted, asked, organisation, tuesday):
    clock.set_time(tuesday + timedelta(hours=10, minutes=50))
    asked("other", urgency="now", org=organisation)
    promise = Promise.objects.get(outcome="")
    assert promise.due_at == tuesday + timedelta(hours=12)
    clock.set_time(tuesday + timedelta(hours=10, minutes=55))
    watch()
    live(promise.due_at + timedelta(minutes=1), 5)
    assert told(texted) == ["team_urgent", "team_soon", "team_broken"]
    assert sent(texted, "team_soon") == [(promise.due_at - timedelta(minutes=30), "due")]
    assert sent(texted, "team_broken") == [(promise.due_at, "due")]


def test_a_warning_that_comes_too_late_is_not_sent(texted, asked, organisation, tuesday):
    asked("other", org=organisation)
    promise = Promise.objects.get(outcome="")
    clock.set_time(promise.due_at - timedelta(hours=2))
    watch()
    clock.set_time(promise.due_at - timedelta(minutes=20))
    watch()
    (message,) = Message.objects.filter(person=texted, template="team_soon")
    assert message.not_after == promise.due_at


def test_nobody_who_can_be_written_to_does_not_count_as_told(asked, thomas, tuesday):
    Person.objects.filter(account=thomas).update(channel="call")
    asked("other")
    watch()
    promise = Promise.objects.get(outcome="")
    assert (promise.team_told_at, promise.next_at) == (None, tuesday + TOLD_AGAIN)
    assert PromiseNotice.objects.get().unreachable
    clock.set_time(tuesday + timedelta(minutes=5))
    assert not jobs.promises()
    Person.objects.filter(account=thomas).update(channel="email")
    live(tuesday + timedelta(minutes=20), 5)
    promise.refresh_from_db()
    assert promise.team_told_at == tuesday + TOLD_AGAIN
    assert told(thomas.person) == ["team_waiting"]


def test_where_there_is_no_team_yet_the_first_one_hears_of_it(asked, account, tuesday):
    asked("other")
    watch()
    promise = Promise.objects.get(outcome="")
    live(promise.due_at + timedelta(minutes=5), 30)
    assert Promise.objects.get(outcome="").team_told_at is None
    first = account("Thomas", "coordinator")
    live(clock.now() + timedelta(minutes=15), 5)
    assert told(first.person) == ["team_waiting"]


@pytest.mark.parametrize("state", ["sent", "failed"])
def test_words_that_never_came_keep_nothing(given_up, thomas, tuesday, state):
    promise = Promise.objects.get(outcome="")
    Promise.objects.filter(pk=promise.pk).update(kind="news")
    clock.set_time(tuesday + timedelta(minutes=5))
    say(actor=of_account(thomas), person=given_up.case.person, words="Bonjour", once=uuid4())
    Message.objects.filter(template="said").update(state=state)
    live(promise.due_at + timedelta(minutes=10))
    promise.refresh_from_db()
    assert promise.outcome == ("kept" if state == "sent" else "broken")

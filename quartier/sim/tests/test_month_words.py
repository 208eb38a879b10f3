"""What the examiner of a month holds against its messages: words that were not so when they were said."""

from datetime import timedelta

import pytest

from quartier.alerts import actions as alerts
from quartier.alerts.models import Alert, Told
from quartier.audit import actions as audit
from quartier.cases import actions as cases
from quartier.followup.models import CheckIn, FollowUp
from quartier.lib import clock
from quartier.lib.ids import token_hash, uuid7
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.promises.rules import PromiseSpec
from quartier.rota import actions as rota
from quartier.sim.month import ladder_words
from quartier.sim.month.events import EVENT_OF_TEMPLATE, is_true
from quartier.sim.month.record import MonthRecord
from quartier.team.access import of_account, system
from quartier.telephony.models import Call
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def is_so(organisation):
    """Whether a message of this template, written now to this person, would be true."""

    def check(template, key, person):
        message = Message(
            organisation=organisation, person=person, template=template, key=key, created_at=clock.now()
        )
        return is_true(MonthRecord(organisation), message)

    return check


@pytest.mark.parametrize(
    ("hours_after", "ended_after", "expected"),
    [(1, None, True), (1, 12, True), (13, 12, False), (-1, None, False)],
)
def test_a_visit_is_asked_about_while_it_is_under_way_after_its_time(
    asked, youssef, organisation, tuesday, is_so, hours_after, ended_after, expected
):
    opened = asked("meal", urgency="day")
    (offer,) = matching.send_wave(request_id=opened.requests[0].pk)
    actor = of_account(youssef.person.account)
    visit = visits.accept_offer(actor=actor, offer=offer).assignment
    clock.set_time(visit.comes_from)
    visits.on_my_way(actor=actor, assignment=visit)
    over = visit.comes_until
    if ended_after is not None:
        Assignment.objects.filter(pk=visit.pk).update(
            state="cancelled", failure="unsaid", ended_at=over + timedelta(hours=ended_after)
        )
    row = FollowUp.objects.create(
        organisation=organisation,
        assignment=visit,
        person=opened.case.person,
        due_at=over,
        expires_at=over + timedelta(days=3),
        token_hash=token_hash("x"),
    )
    with clock.stopped_at(over + timedelta(hours=hours_after)):
        assert is_so("after_visit", f"after:{row.pk}", row.person) is expected


def test_several_dangers_are_told_to_who_reads_them_and_had_not_been_taken(
    organisation, thomas, sara, tuesday, is_so
):
    rows = [alerts.open_alert(actor=system(organisation), kind="visit") for _ in range(2)]
    for row in rows:
        Told.objects.create(
            organisation=organisation, alert=row, person=thomas.person, step=1, at=clock.now()
        )
    key = f"alerts:{rows[0].pk}:1"
    assert is_so("dangers", key, thomas.person)
    assert not is_so("dangers", key, sara.person)
    Alert.objects.filter(pk=rows[1].pk).update(taken_at=clock.now() - timedelta(minutes=1))
    assert not is_so("dangers", key, thomas.person)


@pytest.mark.parametrize("is_alone", [True, False])
def test_without_shifts_nobody_is_there_on_days_on_which_all_of_the_team_are_away(
    organisation, thomas, sara, tuesday, is_so, is_alone
):
    day = tuesday.date() + timedelta(days=1)
    for account in (sara,) if is_alone else (sara, thomas):
        rota.add_absence(actor=of_account(account), account=account, starts_on=day, ends_on=day)
    organisation.refresh_from_db()
    assert is_so("duty_gap", f"duty_gap:{day}:{sara.pk}:0800", sara.person) is not is_alone
    assert not is_so("duty_gap", f"duty_gap:{day + timedelta(days=1)}:{sara.pk}:0800", sara.person)


@pytest.mark.parametrize(("is_called", "expected"), [(False, True), (True, False)])
def test_nobody_is_told_that_we_did_not_call_whom_we_called(
    asked, organisation, lotte, tuesday, is_so, is_called, expected
):
    opened = asked("groceries")
    person = opened.case.person
    spec = PromiseSpec(
        kind=Promise.Kind.CALL,
        subject_kind="request",
        subject_id=opened.requests[0].pk,
        person=person,
        due_at=tuesday + timedelta(hours=2),
        told_by=Promise.ToldBy.MESSAGE,
        needs_team=True,
    )
    promise = promises.make_promise(organisation=organisation, spec=spec)
    if is_called:
        at = tuesday + timedelta(hours=1)
        Call.objects.create(
            id=uuid7(),
            organisation=organisation,
            direction="out",
            number_index=person.phone_index,
            operator=lotte,
            state="ended",
            outcome="no_answer",
            began_at=at,
            ended_at=at,
        )
    clock.set_time(promise.due_at)
    renewal = promises.break_promise(promise=promise, due_at=clock.now() + timedelta(hours=2), kind="call")
    assert is_so("late_call", f"late:{renewal.pk}", person) is expected


@pytest.mark.parametrize(
    ("outcome", "expected"), [("", False), ("kept", True), ("broken", False), ("withdrawn", True)]
)
def test_nobody_is_told_that_they_did_not_answer_us_who_did_not_answer_them(
    asked, organisation, tuesday, is_so, outcome, expected
):
    opened = asked("groceries", urgency="day")
    (request,) = opened.requests
    spec = PromiseSpec(
        kind=Promise.Kind.CALL,
        subject_kind="request",
        subject_id=request.pk,
        person=opened.case.person,
        due_at=tuesday + timedelta(hours=2),
        told_by=Promise.ToldBy.MESSAGE,
        needs_team=True,
    )
    promise = promises.make_promise(organisation=organisation, spec=spec)
    clock.set_time(promise.due_at)
    actor = system(organisation)
    match outcome:
        case "kept":
            promises.keep_promises(subject_kind="request", subject_id=request.pk)
        case "broken":
            promises.break_promises(subject_kind="request", subject_id=request.pk)
        case "withdrawn":
            promises.withdraw_promises(subject_kind="request", subject_id=request.pk)
    clock.set_time(request.window_until + timedelta(hours=2))
    cases.mark_overdue(actor=actor, request=request)
    key = f"closed_unanswered:{request.pk}:0"
    assert not is_so("closed_unanswered", key, promise.person), "it is not closed yet"
    clock.advance(timedelta(days=1))
    cases.close_request(actor=actor, request=request, closure="expired")
    if not outcome:
        # As if closing had not ended it.
        Promise.objects.filter(pk=promise.pk).update(
            outcome="", ended_at=None, next_at=clock.now() + timedelta(hours=1)
        )
    assert is_so("closed_unanswered", key, promise.person) is expected


def test_nobody_writes_to_who_has_died(asked, organisation, tuesday, is_so):
    person = asked("groceries").case.person
    assert is_so("sign_in_code", "code:1", person)
    Person.objects.filter(pk=person.pk).update(died_at=clock.now() - timedelta(minutes=1))
    assert not is_so("sign_in_code", "code:1", person)


# Of these only the moment, or a draft that is gone by then, is known.
EVENTS_WITHOUT_A_ROW = {"received_night", "not_joined"}


@pytest.mark.parametrize("template", sorted(set(EVENT_OF_TEMPLATE) - EVENTS_WITHOUT_A_ROW))
def test_no_template_is_taken_at_its_word(organisation, thomas, tuesday, is_so, template):
    """By day, about rows that are not there."""
    about = "2027-01-13" if template.startswith("duty_gap") else uuid7()
    assert not is_so(template, f"{template}:{about}:{uuid7()}", thomas.person)


@pytest.mark.parametrize(("days", "expected"), [(1, True), (6, False)])
def test_a_letter_may_name_a_complaint_that_nobody_answered(
    organisation, thomas, tuesday, is_so, days, expected
):
    audit.record(
        organisation_id=organisation.pk,
        actor_kind="system",
        actor_id=None,
        verb="follow_up.give_up",
        subject_kind="follow_up",
        subject_id=uuid7(),
    )
    clock.set_time(tuesday + timedelta(days=days))
    assert is_so("duty_begin", f"duty_begin:{tuesday.date()}:{thomas.person.pk}", thomas.person) is expected


def test_a_neighbour_who_is_asked_again_was_asked_before(asked, youssef, organisation, tuesday):
    """An offer that is made again has the moment of the last time."""
    request = asked("lookin").requests[0]
    row = CheckIn(pk=uuid7(), request=request)
    (offer,) = matching.send_wave(request_id=request.pk)
    until = clock.now() + timedelta(minutes=5)
    Offer.objects.filter(pk=offer.pk).update(created_at=until + timedelta(hours=1), round=1)
    assert ladder_words._history(MonthRecord(organisation), row, until).asked == 1
    before = tuesday - timedelta(minutes=5)
    assert ladder_words._history(MonthRecord(organisation), row, before).asked == 0

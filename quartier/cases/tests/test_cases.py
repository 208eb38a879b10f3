"""Files and requests: promises, links, merging, and changes that come twice or too late."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import TUESDAY
from quartier.cases import access, actions, rules
from quartier.cases.models import Case, Request
from quartier.cases.rules import NotPossible, Wanted
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people import queries as known
from quartier.people.models import Exclusion
from quartier.team.access import of_account, system
from quartier.team.models import Organisation

OPEN_8_TO_20 = Organisation(name="x", created_at=TUESDAY)


def brussels(moment):
    return moment.astimezone(OPEN_8_TO_20.zone)


@given(
    st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2032, 1, 1)),
    st.sampled_from(list(Request.Urgency)),
)
def test_a_promise_is_a_full_hour_while_somebody_is_there_to_keep_it(moment, urgency):
    now = moment.replace(tzinfo=UTC)
    due = rules.promise(now, urgency, OPEN_8_TO_20)
    assert due > now
    local = brussels(due)
    assert (local.minute, local.second) == (0, 0)
    assert 8 <= local.hour <= 20
    assert due - now <= timedelta(hours=42)


def test_a_line_that_never_closes_keeps_urgent_promises_at_night():
    always = Organisation(name="x", created_at=TUESDAY, opens=OPEN_8_TO_20.opens, closes=OPEN_8_TO_20.opens)
    assert rules.promise(TUESDAY + timedelta(hours=12), "now", always) == TUESDAY + timedelta(hours=13)


def test_a_window_in_the_past_is_refused_and_one_that_began_starts_now():
    late = Wanted(
        "groceries", 1, window_from=TUESDAY - timedelta(days=2), window_until=TUESDAY - timedelta(days=1)
    )
    with pytest.raises(NotPossible):
        rules.window(TUESDAY, late, OPEN_8_TO_20)
    begun = Wanted(
        "groceries", 1, window_from=TUESDAY - timedelta(hours=1), window_until=TUESDAY + timedelta(hours=2)
    )
    assert rules.window(TUESDAY, begun, OPEN_8_TO_20) == (TUESDAY, TUESDAY + timedelta(hours=2))


@given(
    st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2032, 1, 1)),
    st.sampled_from(list(Request.Urgency)),
)
def test_nobody_is_expected_in_the_night_unless_it_is_urgent(moment, urgency):
    now = moment.replace(tzinfo=UTC)
    start, end = rules.window(now, Wanted("groceries", 1, urgency=urgency), OPEN_8_TO_20)
    assert start + timedelta(minutes=30) <= end
    local = brussels(end)
    by_day = 8 <= local.hour <= 20 and (local.hour, local.minute) <= (20, 0)
    assert by_day or urgency == Request.Urgency.NOW


@given(
    st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2032, 1, 1)),
    st.sampled_from(list(Request.Urgency)),
)
def test_what_was_over_and_is_needed_still_does_not_run_into_the_night(moment, urgency):
    now = moment.replace(tzinfo=UTC)
    request = Request(kind="talk", urgency=urgency, organisation=OPEN_8_TO_20, asked_over_at=now)
    start, end = rules.window_anew(request, now)
    assert now <= start <= end - timedelta(hours=1)
    local = brussels(end)
    assert 8 <= local.hour <= 20
    assert (local.hour, local.minute) <= (20, 0)
    # A bed for the night is for the night.
    request.kind = "shelter"
    assert rules.window_anew(request, now)[0] == rules.search_begins(now, urgency, OPEN_8_TO_20)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "massage"},
        {"languages": 0},
        {"needed": 0},
        {"needed": 99},
        {"window_from": TUESDAY, "window_until": TUESDAY},
    ],
)
def test_a_wish_that_makes_no_sense_is_an_error(wrong):
    with pytest.raises((ValueError, KeyError)):
        Wanted(**{"kind": "groceries", "languages": 1, **wrong})


@pytest.mark.django_db
def test_opening_a_case_tells_who_asked_what_happens_next(asked, tuesday, organisation):
    opened = asked("groceries")
    (message,) = Message.objects.all()
    assert message.template == "received"
    assert opened.token in message.body
    assert len(opened.case.reference) == 6
    assert access.by_token(opened.token).case == opened.case
    actor = system(organisation)
    assert actions.issue_link(case=opened.case, person=opened.case.person) == opened.token
    assert actions.revoke_links(actor=actor, case=opened.case) == 1
    with pytest.raises(access.Http404):
        access.by_token(opened.token)
    assert actions.issue_link(case=opened.case, person=opened.case.person) != opened.token


@pytest.mark.django_db
def test_free_words_and_unproved_forms_start_with_a_human(asked, tuesday):
    assert asked("other").requests[0].why_human == "words"
    unproved = asked("groceries", name="Paul", moderated=True).requests[0]
    assert (unproved.state, unproved.why_human, unproved.next_at) == ("human", "moderation", None)


@pytest.mark.django_db
def test_two_files_of_one_household_become_one(asked, thomas, tuesday, elsewhere):
    keep, other = asked("groceries").case, asked("pharmacy")
    actor = of_account(thomas)
    actions.write_note(actor=actor, case=other.case, words="La sonnette ne marche pas.")
    for _ in range(2):
        actions.merge_cases(actor=actor, keep=keep, other=other.case)
    assert Request.objects.filter(case=keep).count() == 2
    assert keep.notes.get().words == "La sonnette ne marche pas."
    assert access.by_token(other.token).case == keep
    with pytest.raises(NotPossible):
        actions.merge_cases(actor=actor, keep=keep, other=keep)
    with pytest.raises(NotPossible):
        actions.merge_cases(actor=actor, keep=other.case, other=keep)
    foreign = asked("groceries", org=elsewhere).case
    with pytest.raises(NotPossible):
        actions.merge_cases(actor=actor, keep=keep, other=foreign)
    assert Case.objects.filter(merged_into=keep).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("kept_apart_in", ["keep", "other", "both"])
def test_whoever_is_kept_apart_in_one_of_two_files_is_so_in_the_one_of_both(
    asked, thomas, youssef, nadia, tuesday, kept_apart_in
):
    keep, other = asked("groceries").case, asked("pharmacy", name="Anna Claes").case
    actor = of_account(thomas)
    for name, case in {"keep": keep, "other": other}.items():
        if kept_apart_in in {name, "both"}:
            people.exclude(actor=actor, volunteer=youssef, person=case.person, reason=name)
    merged = actions.merge_cases(actor=actor, keep=keep, other=other, is_spoken_with=True)
    merged.refresh_from_db()
    rows = Exclusion.objects.order_by("pk").values_list("volunteer", "person")
    assert set(rows) == {(youssef.pk, keep.person_id), (youssef.pk, other.person_id)}
    assert len(rows) == 2
    assert known.are_kept_apart(youssef, merged.person_id)
    assert not known.are_kept_apart(nadia, merged.person_id)


@pytest.mark.django_db
def test_changes_that_come_twice_or_too_late(asked, thomas, tuesday):
    actor = of_account(thomas)
    request = asked("groceries").requests[0]
    closed = actions.close_request(actor=actor, request=request, closure="referred", note="CPAS")
    again = actions.close_request(actor=actor, request=request, closure="impossible")
    assert (again.closure, again.closed_at) == ("referred", closed.closed_at)
    for late in (actions.look_again, actions.take):
        with pytest.raises(NotPossible):
            late(actor=actor, request=request)
    with clock.stopped_at(tuesday + timedelta(days=3)):
        reopened = actions.reopen_request(actor=actor, request=request)
        assert (reopened.state, reopened.closure, reopened.priority) == ("open", "", 1)
        assert reopened.window_until > clock.now()
    with pytest.raises(NotPossible):
        actions.change_request(actor=actor, request=request, window=(tuesday, tuesday - timedelta(hours=1)))


@pytest.mark.django_db
@pytest.mark.parametrize("again", [actions.reopen_request, actions.look_again])
def test_a_yes_in_the_evening_is_a_yes_for_the_next_day(asked, thomas, tuesday, again):
    request = asked("talk", urgency="now").requests[0]
    Request.objects.filter(pk=request.pk).update(asked_over_at=request.window_until)
    evening = tuesday.replace(hour=20, minute=47)
    with clock.stopped_at(evening):
        found = again(actor=of_account(thomas), request=request)
    ends = brussels(found.window_until)
    assert (ends.date(), ends.hour) == (brussels(evening).date() + timedelta(days=1), 12)
    assert found.asked_over_at is None


@pytest.mark.django_db
def test_only_the_team_of_the_organisation_reads_a_file(asked, thomas, bram, youssef, elsewhere, tuesday):
    case = asked("groceries").case
    assert access.case_for(of_account(thomas), case.id) == case
    for stranger in (bram, youssef.person.account):
        with pytest.raises(access.Http404):
            access.case_for(of_account(stranger), case.id)


@pytest.mark.django_db
def test_a_note_that_is_pressed_again_is_one_note(asked, thomas, lotte, tuesday):
    case = asked("groceries").case
    for _ in range(4):
        actions.write_note(actor=of_account(thomas), case=case, words="La sonnette ne marche pas.")
    assert case.notes.count() == 1
    actions.write_note(actor=of_account(lotte), case=case, words="La sonnette ne marche pas.")
    with clock.stopped_at(tuesday + timedelta(minutes=61)):
        actions.write_note(actor=of_account(thomas), case=case, words="La sonnette ne marche pas.")
    assert case.notes.count() == 3

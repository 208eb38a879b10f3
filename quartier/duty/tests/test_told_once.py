"""What is not right is told to the team once, by whoever finds it out, and the promise has an owner all the same."""

from datetime import timedelta

import pytest

from quartier.duty import jobs
from quartier.followup import actions
from quartier.followup.actions import climbing
from quartier.followup.models import CheckIn
from quartier.followup.rules import NOT_FINE
from quartier.followup.tests.conftest import agreed, ask, helped
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.promises import actions as promises
from quartier.promises.models import Promise, PromiseNotice
from quartier.team.access import link, of_account

__all__ = ["agreed", "ask", "helped"]
pytestmark = pytest.mark.django_db


def watch():
    while jobs.promises():
        pass


def told(account):
    rows = Message.objects.filter(person__account=account).order_by("created_at", "pk")
    return list(rows.values_list("template", flat=True))


def test_a_bad_answer_is_told_once_and_then_before_the_word_breaks(helped, ask, thomas):
    helped()
    row = ask()[0]
    actions.answer(actor=link(row.organisation, row.person_id), follow_up=row, said=NOT_FINE, by="web")
    watch()
    assert told(thomas) == ["after_bad"]
    promise = Promise.objects.get(outcome="")
    assert (promise.needs_team, promise.team_told_at) == (True, clock.now())
    clock.set_time(promise.due_at - timedelta(minutes=20))
    watch()
    assert told(thomas) == ["after_bad", "team_soon"]


@pytest.fixture
def check_in(agreed, thomas, tuesday):
    agreed(1)
    actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))
    return CheckIn.objects.select_related(
        "organisation", "campaign", "member__person", "member__case__person", "request"
    ).get()


def test_of_a_knock_the_team_alone_hears(check_in, thomas):
    climbing.knock(check_in, clock.now())
    promise = Promise.objects.get(outcome="")
    assert (promise.kind, promise.person, promise.told_by) == ("care", None, "nobody")
    person = check_in.member.person
    clock.set_time(promise.due_at + timedelta(minutes=1))
    watch()
    assert not Message.objects.filter(person=person).exists()


@pytest.mark.parametrize("is_knock", [True, False])
def test_whoever_needs_help_is_owed_it_and_the_team_hears_once(check_in, thomas, is_knock):
    if is_knock:
        climbing.knock(check_in, clock.now())
        watch()
    before = told(thomas)
    person = check_in.member.person
    actions.check_answer(
        actor=link(check_in.organisation, person.pk), check_in=check_in, fine=False, by="web"
    )
    watch()
    assert told(thomas) == [*before, "check_help"]
    check_in.refresh_from_db()
    assert not check_in.request.unasked
    promise = Promise.objects.get(outcome="")
    assert (promise.person, promise.needs_team) == (person, True)
    clock.set_time(promise.due_at + timedelta(minutes=1))
    watch()
    # Their page named no hour: the team alone hears that it is past.
    assert promise.told_by == "nobody"
    assert not Message.objects.filter(person=person, template="late_news").exists()
    assert told(thomas)[-1] == "team_overdue"


def test_what_comes_back_to_the_team_is_told_again_and_noted_again(asked, thomas, tuesday):
    request = asked("papers").requests[0]
    about = {"subject_kind": "request", "subject_id": request.pk}
    for _ in range(2):
        promises.give_to_team(**about)
        watch()
        promises.give_to_search(**about)
        clock.set_time(clock.now() + timedelta(minutes=30))
    rows = Message.objects.filter(person__account=thomas, template="team_waiting").order_by("pk")
    batches = PromiseNotice.objects.filter(promise__subject_id=request.pk).values_list("batch", flat=True)
    assert [row.key.split(":")[1] for row in rows] == [str(batch) for batch in batches.order_by("at")]
    assert len(rows) == 2


def test_whoever_asked_twice_for_the_same_reads_once_that_it_is_late(asked, thomas, tuesday):
    for _ in range(2):
        matching.send_wave(request_id=asked("groceries", urgency="now").requests[0].pk)
    Promise.objects.filter(outcome="").update(
        due_at=tuesday + timedelta(hours=1), next_at=tuesday + timedelta(hours=1)
    )
    clock.set_time(tuesday + timedelta(hours=1, minutes=1))
    watch()
    assert Promise.objects.filter(outcome="broken").count() == 2
    assert Message.objects.filter(template="late_call").count() == 1

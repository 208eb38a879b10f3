"""Who leaves the team owes nothing: what they had taken on comes back to it at once."""

from datetime import timedelta

import pytest

from quartier.alerts.queries import team_on_duty
from quartier.cases import actions as cases
from quartier.duty import jobs
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people.models import Person, Volunteer
from quartier.promises.models import Promise
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db


def inactive(account):
    account.is_active = False
    account.save()


def without_role(account):
    account.roles.all().delete()


def suspended(account):
    person = Person.objects.get(account=account)
    mate = Volunteer.objects.exclude(person=person).get()
    Volunteer.objects.filter(pk=mate.pk).update(person=person, state=Volunteer.State.SUSPENDED)


@pytest.fixture
def taken(asked, thomas, sara, youssef, tuesday):
    opened = asked("groceries", window_until=tuesday + timedelta(days=3))
    Volunteer.objects.update(state=Volunteer.State.PAUSED)
    request = opened.requests[0]
    matching.send_wave(request_id=request.pk)
    request.refresh_from_db()
    return cases.take(actor=of_account(thomas), request=request)


@pytest.mark.parametrize("leaves", [inactive, without_role, suspended])
def test_it_comes_back_to_the_team(taken, thomas, sara, leaves):
    assert Promise.objects.get(outcome="").owner == thomas
    assert jobs.leavers() == 0
    leaves(thomas)
    assert jobs.leavers() == 2
    taken.refresh_from_db()
    promise = Promise.objects.get(outcome="")
    assert (taken.taken_by, promise.owner, promise.team_told_at) == (None, None, None)
    assert [each.account for each in team_on_duty(taken.organisation, clock.now())] == [sara]
    while jobs.promises():
        pass
    assert Message.objects.get(template="team_waiting").person.account == sara
    assert jobs.leavers() == 0


def test_the_search_begins_again(taken, thomas, tuesday):
    type(taken).objects.filter(pk=taken.pk).update(why_human="nobody")
    inactive(thomas)
    clock.set_time(tuesday + timedelta(days=1))
    assert matching.resume_searches() == 0
    jobs.leavers()
    assert matching.resume_searches() == 1


@pytest.mark.parametrize("leaves", [inactive, without_role])
def test_letters_that_wait_for_them_are_not_sent(taken, thomas, sara, leaves):
    def letter(template, to):
        return Message.objects.create(
            organisation=taken.organisation,
            person=Person.objects.get(account=to),
            key=f"{template}:{to.pk}",
            template=template,
            channel="email",
            language="fr",
            to="x@example.org",
            body="…",
            state="due",
            not_before=clock.now() + timedelta(hours=8),
            created_at=clock.now(),
        )

    rows = [letter("team_broken", thomas), letter("team_soon", thomas), letter("said", thomas)]
    rows.append(letter("team_broken", sara))
    leaves(thomas)
    jobs.leavers()
    states = [Message.objects.get(pk=row.pk).state for row in rows]
    assert states == ["cancelled", "cancelled", "due", "due"]

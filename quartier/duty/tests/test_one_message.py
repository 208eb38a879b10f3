"""Whoever is of the team gets one message for what comes in one minute; and nobody falls out of their letters."""

from datetime import timedelta

import pytest

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.duty import actions, jobs
from quartier.followup.models import Campaign, CheckIn, Member
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.promises.models import Promise, PromiseNotice
from quartier.team.access import system

pytestmark = pytest.mark.django_db


def watch():
    while jobs.promises():
        pass


def to(person):
    return list(Message.objects.filter(person=person).order_by("created_at", "pk"))


def owed(asked, name, hours, **wanted):
    """A request with the team, and what is promised about it by an hour."""
    request = asked("groceries", name=name, moderated=True, **wanted).requests[0]
    Promise.objects.filter(subject_id=request.pk).update(due_at=clock.now() + timedelta(hours=hours))
    return Promise.objects.get(subject_id=request.pk, outcome="")


def test_a_broken_word_and_one_that_is_nearly_due_are_one_message(asked, thomas, tuesday):
    early, late = owed(asked, "Marie Peeters", 2), owed(asked, "Jeanne Dubois", 2)
    watch()
    Message.objects.all().delete()
    now = tuesday + timedelta(hours=2)
    Promise.objects.filter(pk=late.pk).update(due_at=now + timedelta(minutes=20), next_at=now, warned_at=None)
    Promise.objects.filter(pk=early.pk).update(due_at=now, next_at=now)
    clock.set_time(now)
    watch()
    (message,) = to(thomas.person)
    assert message.template == "team_together"
    assert "Nous n’avons pas tenu parole" in message.body
    assert "À tenir dans la demi-heure" in message.body
    assert {"Marie", "Jeanne"} <= set(message.body.replace(",", " ").split())
    # Each is noted as told at its own step.
    assert set(PromiseNotice.objects.filter(at=now).values_list("step", flat=True)) == {"broken", "soon"}


def test_urgent_or_not_what_is_broken_is_one_message(asked, thomas, tuesday):
    first, second = owed(asked, "Marie Peeters", 2), owed(asked, "Jeanne Dubois", 2)
    Promise.objects.filter(pk=second.pk).update(urgent=True)
    watch()
    Message.objects.all().delete()
    Promise.objects.filter(pk__in=[first.pk, second.pk]).update(
        due_at=tuesday + timedelta(hours=2), next_at=tuesday + timedelta(hours=2), warned_at=tuesday
    )
    clock.set_time(tuesday + timedelta(hours=2))
    watch()
    assert [each.template for each in to(thomas.person)] == ["team_broken"]


def test_a_letter_of_this_minute_says_what_was_broken(asked, thomas, tuesday):
    promise = owed(asked, "Marie Peeters", 2)
    watch()
    evening = tuesday + timedelta(hours=7)
    Promise.objects.filter(pk=promise.pk).update(due_at=evening, next_at=evening, warned_at=tuesday)
    Message.objects.all().delete()
    clock.set_time(evening)
    watch()
    (letter,) = to(thomas.person)
    assert letter.template == "duty_end"
    assert "parole non tenue avant" in letter.body
    assert PromiseNotice.objects.filter(at=evening, step="broken").exists()


def test_a_letter_waits_a_few_minutes_after_another_message(asked, organisation, thomas, tuesday):
    owed(asked, "Marie Peeters", 30)
    evening = tuesday + timedelta(hours=7)
    clock.set_time(evening)
    Message.objects.all().delete()
    Promise.objects.update(team_told_at=tuesday, warned_at=None)
    Message.objects.create(
        organisation=organisation, person=thomas.person, key="t", template="team_waiting", channel="email",
        language="fr", to="x", body="x", not_before=evening, created_at=evening,
    )  # fmt: skip
    actions.write_letters(clock.now())
    assert [each.template for each in to(thomas.person)] == ["team_waiting"]
    clock.advance(timedelta(minutes=5))
    actions.write_letters(clock.now())
    assert [each.template for each in to(thomas.person)] == ["team_waiting", "duty_end"]


def test_whoever_was_not_reached_stays_in_the_letters_until_somebody_closes_it(
    asked, organisation, thomas, tuesday
):
    case = asked("groceries").case
    Promise.objects.all().delete()
    campaign = Campaign.objects.create(
        organisation=organisation, occasion="blackout", state="ended", started_at=tuesday, ended_at=tuesday
    )
    member = Member.objects.create(
        organisation=organisation, person=case.person, occasions=1, consent="call",
        consented_on=tuesday.date(), created_at=tuesday, postcode="1050", place_name="Ixelles",
    )  # fmt: skip
    row = CheckIn.objects.create(
        organisation=organisation, campaign=campaign, member=member, token_hash="t", state="alerted",
        told_state="alerted", since=tuesday,
    )  # fmt: skip
    for day in range(1, 4):
        clock.set_time(tuesday + timedelta(days=day, hours=-2))
        Message.objects.all().delete()
        actions.write_letters(clock.now())
        letter = Message.objects.get(template="duty_begin")
        assert "Marie" in letter.body
        assert "sans nouvelles (personne n’a appelé" in letter.body
    row.state = "fine"
    row.save()
    clock.set_time(tuesday + timedelta(days=4, hours=-2))
    Message.objects.all().delete()
    actions.write_letters(clock.now())
    assert not Message.objects.filter(template="duty_begin").exists()


def test_no_call_is_promised_for_after_it_is_over(asked, thomas, tuesday):
    """Asked at eleven for this afternoon: four hours later it would be too late."""
    opened = asked("groceries", window_until=tuesday + timedelta(hours=3))
    matching.send_wave(request_id=opened.requests[0].pk)
    promise = Promise.objects.get(outcome="")
    assert promise.kind == "call"
    assert promise.due_at <= tuesday + timedelta(hours=3)


def test_nor_when_a_word_is_broken(asked, thomas, tuesday):
    opened = asked("groceries", window_until=tuesday + timedelta(hours=7))
    matching.send_wave(request_id=opened.requests[0].pk)
    first = Promise.objects.get(outcome="")
    clock.set_time(first.due_at)
    watch()
    renewal = Promise.objects.get(outcome="")
    assert first.due_at < renewal.due_at <= tuesday + timedelta(hours=7)


def test_a_search_that_ends_once_more_moves_no_hour_unseen(asked, thomas, tuesday, organisation):
    """They were told an hour of tomorrow, and hear "late" no sooner."""
    opened = asked("meal", window_until=tuesday + timedelta(days=3))
    person, request = opened.case.person, opened.requests[0]
    person.phone = person.phone_index = ""
    person.save()
    matching.send_wave(request_id=request.pk)
    told = Promise.objects.get(outcome="")
    clock.set_time(told.due_at)
    watch()
    told = Promise.objects.get(outcome="")
    assert told.due_at > clock.now()
    clock.set_time(told.due_at - timedelta(hours=1, minutes=30))
    cases.resume_search(actor=system(organisation), request=request)
    Request.objects.update(next_at=clock.now())
    matching.send_wave(request_id=request.pk)
    assert Promise.objects.get(outcome="").due_at == told.due_at


def test_an_hour_that_is_moved_is_told(asked, thomas, tuesday, organisation):
    opened = asked("groceries", urgency="week", window_until=tuesday + timedelta(days=4))
    matching.send_wave(request_id=opened.requests[0].pk)
    before = Promise.objects.get(outcome="")
    clock.advance(timedelta(minutes=30))
    cases.change_request(actor=system(organisation), request=opened.requests[0], urgency="now")
    after = Promise.objects.get(outcome="")
    assert after.due_at < before.due_at
    word = Message.objects.get(key=f"waits:{after.pk}")
    assert word.person == opened.case.person


def test_how_many_neighbours_were_asked_is_said_where_it_is_more_than_one(
    asked, youssef, nadia, thomas, tuesday
):
    opened = asked("groceries", window_until=tuesday + timedelta(days=4))
    request = opened.requests[0]
    matching.tell_who_waits(request, "still_looking", "none")
    matching.send_wave(request_id=request.pk)
    matching.tell_who_waits(request, "still_looking", "two")
    assert "contactés" not in Message.objects.get(key__endswith=":none").body
    assert "2 bénévoles ont été contactés." in Message.objects.get(key__endswith=":two").body

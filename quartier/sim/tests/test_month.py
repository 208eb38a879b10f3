"""A month of a group: what an examiner finds in it; and that each of his questions finds what is wrong."""

import json
import subprocess
import sys
from datetime import date, timedelta

import pytest

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.duty import jobs
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.messaging.words import TEMPLATES
from quartier.promises.models import Promise, PromiseNotice
from quartier.sim.due import _PULLERS
from quartier.sim.month import examiner
from quartier.sim.month.events import EVENT_OF_TEMPLATE, TEMPLATES_WITHOUT_EVENT
from quartier.sim.month.plan import MonthSpec, plan_month
from quartier.sim.month.record import MonthRecord
from quartier.sim.month.run import play_month
from quartier.team.access import system

NOTHING_WRONG = {
    "unowned": 0, "broken_without_word": 0, "untrue": 0, "open_past_time": 0, "asked_of_nobody": 0,
    "without_daily_word": 0,
}  # fmt: skip
MAX_NIGHT_MESSAGES = 2


def test_every_template_names_the_event_that_it_speaks_of_or_states_none():
    assert set(EVENT_OF_TEMPLATE) | TEMPLATES_WITHOUT_EVENT == set(TEMPLATES)
    assert not set(EVENT_OF_TEMPLATE) & TEMPLATES_WITHOUT_EVENT


def test_what_is_due_has_its_puller():
    from quartier.lib import background

    assert set(_PULLERS) <= set(background.PULLERS)


def test_one_seed_is_one_month():
    assert plan_month(MonthSpec(3)) == plan_month(MonthSpec(3))
    assert plan_month(MonthSpec(3)) != plan_month(MonthSpec(4))
    leap = plan_month(MonthSpec(begins=date(2028, 2, 20)))
    assert any(each.at.date() == date(2028, 2, 29) for each in leap.happenings)
    # On the evening before Easter somebody asks for something urgent.
    (eve,) = [each for each in plan_month(MonthSpec()).happenings if f"{each.at:%H:%M}" == "19:59"]
    assert eve.at.date() == date(2027, 3, 27)


@pytest.mark.parametrize("wrong", [{"seed": -1}, {"days": 0}, {"days": 61}, {"size": 2}])
def test_a_month_that_cannot_be_lived(wrong):
    with pytest.raises(ValueError, match="a "):
        MonthSpec(**wrong)


@pytest.mark.either
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("team", "begins", "days"),
    # Over the change of clocks and Easter; and over a 29 February.
    [("silent", date(2027, 3, 25), 5), ("awake", date(2028, 2, 28), 3)],
)
def test_nobody_is_forgotten(team, begins, days):
    found = play_month(MonthSpec(7, begins=begins, days=days), team=team)
    assert not found.lines()
    figures = found.figures()
    assert NOTHING_WRONG.items() <= figures.items()
    assert figures["promises"] > days
    assert figures["night_messages_max"] <= MAX_NIGHT_MESSAGES
    assert found.requests > days
    assert clock.now().year < 2027


# ---- each question finds what is wrong ----


@pytest.fixture
def record(organisation, thomas, sara):
    def read():
        return MonthRecord(organisation)

    return read


def given_up(asked, **wanted):
    """A request for which nobody is left to ask."""
    request = asked("groceries", **wanted).requests[0]
    matching.send_wave(request_id=request.pk)
    return request


def live(length, minutes=10):
    end = clock.now() + length
    while clock.now() < end:
        clock.set_time(clock.now() + timedelta(minutes=minutes))
        while jobs.promises():
            pass


@pytest.mark.django_db
def test_a_promise_of_which_nobody_was_told(asked, record, tuesday):
    given_up(asked)
    live(timedelta(days=1))
    assert not examiner.unowned(record())
    PromiseNotice.objects.all().delete()
    assert examiner.unowned(record())


@pytest.mark.django_db
def test_a_team_that_hears_of_it_only_when_it_is_broken(asked, record, tuesday):
    given_up(asked)
    live(timedelta(days=1))
    PromiseNotice.objects.exclude(step="broken").delete()
    PromiseNotice.objects.update(at=clock.now())
    assert examiner.unowned(record())


@pytest.mark.django_db
def test_the_worker_was_away(asked, record, tuesday):
    given_up(asked)
    clock.set_time(tuesday + timedelta(hours=20))
    live(timedelta(hours=1))
    assert examiner.unowned(record())
    assert not examiner.unowned(record(), [(tuesday, tuesday + timedelta(hours=20, minutes=10))])


@pytest.mark.django_db
def test_a_word_that_was_broken_in_silence(asked, record, tuesday):
    given_up(asked)
    live(timedelta(days=1))
    Message.objects.update(state=Message.State.SENT)
    assert Promise.objects.filter(outcome="broken").exists()
    assert not examiner.broken_without_word(record())
    Message.objects.filter(template__startswith="late_").delete()
    assert examiner.broken_without_word(record())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "hears", "wrong"), [("news", True, 0), ("news", False, 1), ("call", True, 1)]
)
def test_a_request_that_is_closed_by_silence(asked, record, said, tuesday, kind, hears, wrong):
    request = given_up(asked)
    Promise.objects.update(kind=kind)
    request.refresh_from_db()
    cases.close_request(actor=system(request.organisation), request=request, closure="expired")
    if hears:
        said("closed_unanswered", f"closed_unanswered:{request.pk}:0", person=request.case.person)
    assert len(examiner.broken_without_word(record())) == wrong


@pytest.fixture
def said(organisation, thomas):
    """A message that was sent: `said("helped", key, body)`."""

    def say(template, key, body="", at=None, person=None):
        return Message.objects.create(
            organisation=organisation,
            person=person or thomas.person,
            key=key,
            template=template,
            channel=Message.Channel.EMAIL,
            language="fr",
            to="thomas@example.org",
            body=body or "…",
            state=Message.State.SENT,
            not_before=at or clock.now(),
            created_at=at or clock.now(),
            sent_at=at or clock.now(),
        )

    return say


@pytest.mark.either
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("template", "key"),
    [
        ("helped", "helped:{visit}:"),
        ("on_way", "on_way:{visit}:"),
        ("looking_again", "looking_again:{visit}:"),
        ("not_heard", "not_heard:{visit}:"),
        ("not_met", "not_met:{visit}:"),
        ("visit_cancelled", "visit_cancelled:{visit}:"),
        ("visit_reminder", "visit_reminder:{visit}:"),
        ("someone_comes", "someone_comes:{request}:"),
        ("nobody_yet", "nobody:{request}:0"),
        ("still_needed", "still_needed:{request}:0"),
        ("still_needed_named", "still_needed_named:{request}:0"),
        ("closed_unanswered", "closed_unanswered:{request}:0"),
        ("withdrawn", "withdrawn:{request}:0"),
        ("late_call", "late:{promise}"),
        ("team_waiting", "team_waiting:{promise}:{request}"),
        ("team_broken", "team_broken:{promise}:{request}"),
        ("check_help", "check_help:{request}:{visit}"),
        ("campaign_over", "campaign_over:{request}:{visit}"),
        ("after_bad", "after_bad:{request}"),
        ("companion_check", "alert:{request}:1"),
        ("concern_danger", "alert:{request}:1"),
        ("person_died", "person_died:{request}:{visit}"),
    ],
)
def test_words_about_what_has_not_happened(asked, youssef, record, said, tuesday, template, key):
    from quartier.team.access import link
    from quartier.visits import actions as visits

    request = asked("groceries").requests[0]
    (offer,) = matching.send_wave(request_id=request.pk)
    visit = visits.accept_offer(actor=link(request.organisation, youssef.person_id), offer=offer).assignment
    promise = Promise.objects.get()
    Message.objects.all().delete()
    said(template, key.format(visit=visit.pk, request=request.pk, promise=promise.pk))
    assert len(examiner.untrue(record())) == 1


@pytest.mark.django_db
def test_nobody_is_looked_for_at_night(asked, record, said, tuesday):
    with clock.stopped_at(tuesday + timedelta(hours=14)):
        request = asked("groceries", urgency="now").requests[0]
        Message.objects.all().delete()
        said("received", f"received:{request.case_id}")
        assert len(examiner.untrue(record())) == 1
        Request.objects.filter(pk=request.pk).update(urgency="day")
        assert len(examiner.untrue(record())) == 1


@pytest.mark.django_db
def test_words_about_what_has_happened(asked, youssef, record, tuesday):
    from quartier.team.access import link
    from quartier.visits import actions as visits

    request = asked("groceries").requests[0]
    (offer,) = matching.send_wave(request_id=request.pk)
    actor = link(request.organisation, youssef.person_id)
    visit = visits.accept_offer(actor=actor, offer=offer).assignment
    visits.on_my_way(actor=actor, assignment=visit)
    visits.could_not(actor=actor, assignment=visit, failure="nobody_home")
    Message.objects.update(state=Message.State.SENT)
    assert Message.objects.filter(template="not_met").exists()
    assert not examiner.untrue(record())


@pytest.mark.django_db
@pytest.mark.parametrize(("wrong", "said_instead"), [(False, ""), (True, "appelée 2 fois par Lotte")])
def test_what_is_said_to_have_been_done(
    organisation, lotte, thomas, record, tuesday, volunteer, wrong, said_instead
):
    """The sentence on which somebody decides whether to break a door."""
    from quartier.followup import actions as followup
    from quartier.followup.models import CheckIn, Member
    from quartier.people import actions as people
    from quartier.people.actions import Who
    from quartier.team.access import of_account

    person = people.record_person(
        organisation=organisation, who=Who("Rosa Claes", "+3220000001", language="fr", channel="call")
    )
    agreed = followup.Agreed(("blackout",), Member.Consent.CALL, tuesday.date())
    followup.agree(actor=of_account(lotte), person=person, agreed=agreed)
    followup.start(actor=of_account(thomas), plan=followup.Plan("blackout"))
    for _minutes in range(40):
        clock.set_time(clock.now() + timedelta(minutes=10))
        while followup.climb(clock.now()) or followup.tell_ladder_news(clock.now()):
            pass
    assert CheckIn.objects.get().state == CheckIn.State.ALERTED
    Message.objects.update(state=Message.State.SENT)
    told = Message.objects.get(template="check_unreached")
    assert "personne n’a appelé" in told.body
    if wrong:
        told.body = told.body.replace("personne n’a appelé", said_instead)
        told.save()
    assert len(examiner.untrue(record())) == wrong


@pytest.mark.django_db
def test_too_many_messages_in_a_night(record, said, tuesday):
    night = tuesday + timedelta(hours=15)
    for number in range(3):
        said("team_urgent", f"team_urgent:{number}", at=night + timedelta(minutes=number))
    # Neither a danger nor an answer to what they did counts, nor what comes by day.
    said("concern_danger", "alert:1", at=night)
    said("received", "received:1", at=night)
    said("team_urgent", "team_urgent:day", at=tuesday)
    assert examiner.night_messages_max(record()) == 3


@pytest.mark.django_db
def test_what_stays_open_for_ever(asked, record, tuesday):
    request = given_up(asked)
    assert not examiner.open_past_time(record())
    Request.objects.filter(pk=request.pk).update(window_until=tuesday - timedelta(days=5))
    # One of us still owes them a call.
    assert not examiner.open_past_time(record())
    cases.record_contact_made(actor=system(request.organisation), request=request)
    assert examiner.open_past_time(record())


@pytest.mark.django_db
def test_not_even_what_one_of_us_owes_stays_open_for_ever(asked, record, tuesday):
    request = given_up(asked)
    Request.objects.filter(pk=request.pk).update(window_until=tuesday - timedelta(days=8))
    assert not examiner.open_past_time(record())
    Request.objects.filter(pk=request.pk).update(window_until=tuesday - timedelta(days=10))
    assert examiner.open_past_time(record())


@pytest.mark.django_db
@pytest.mark.parametrize(("hears", "wrong"), [(True, 0), (False, 1)])
def test_whoever_we_failed_hears_it(asked, record, said, tuesday, hears, wrong):
    request = given_up(asked)
    Promise.objects.update(kind="news")
    request.refresh_from_db()
    cases.close_request(actor=system(request.organisation), request=request, closure="neglected")
    if hears:
        said("given_up", f"given_up:{request.pk}:0", person=request.case.person)
    assert len(examiner.broken_without_word(record())) == wrong


@pytest.mark.django_db
def test_nobody_says_yes_who_was_never_asked(asked, youssef, record, tuesday, organisation):
    request = asked("groceries").requests[0]
    cases.ask_human(actor=system(organisation), request=request, why=Request.Why.NOBODY)
    assert examiner.asked_of_nobody(record())


@pytest.mark.django_db
def test_who_is_served_by_day_and_by_night(asked, youssef, record, tuesday, thomas):
    from quartier.team.access import of_account
    from quartier.visits import actions as visits

    request = asked("groceries").requests[0]
    (offer,) = matching.send_wave(request_id=request.pk)
    visits.accept_offer(actor=of_account(thomas), offer=offer)
    clock.set_time(tuesday + timedelta(hours=14))
    asked("other", name="Omer X")
    clock.set_time(tuesday + timedelta(days=3))
    assert examiner.served(record()) == (1.0, 0.0)


def test_the_command_ends_with_one_object(tmp_path):
    """In a home of its own, as a process."""
    command = [sys.executable, "-m", "quartier", "replay", "month", "--json", "--days", "1", "--seed", "5"]
    command += ["--trace", "month.json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert set(json.loads(done.stdout)) == {
        "promises", "unowned", "broken_without_word", "untrue", "night_messages_max", "open_past_time",
        "asked_of_nobody", "without_daily_word", "served_24h", "served_24h_night",
    }  # fmt: skip
    (trace,) = tmp_path.iterdir()
    kept = json.loads(trace.read_text(encoding="utf-8"))
    assert kept["findings"] == []
    assert {each["reader"] for each in kept["messages"]} == {"person", "volunteer", "team"}
    assert all(each["body"] for each in kept["messages"])

"""What was said to somebody is kept as it was said, or called broken: whoever asks neighbours meanwhile."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.cases.rules import Household, Wanted, Where
from quartier.duty import jobs
from quartier.followup.actions import overdue
from quartier.intake import actions as intake
from quartier.lib import cells, choices, clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.promises.models import Promise
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db


def live_until(end, minutes=10):
    while clock.now() < end:
        clock.set_time(min(clock.now() + timedelta(minutes=minutes), end))
        while jobs.promises():
            pass


def to(person):
    rows = Message.objects.filter(person=person).order_by("created_at", "pk")
    return list(rows.values_list("template", flat=True))


@pytest.fixture
def call(asked, tuesday):
    """Nobody is left to ask, and one of us calls by this hour."""
    opened = asked("groceries")
    matching.send_wave(request_id=opened.requests[0].pk)
    promise = Promise.objects.get(outcome="")
    assert promise.kind == "call"
    return opened, promise


def test_a_call_stays_the_teams_though_neighbours_are_asked_again(call, volunteer, thomas):
    opened, promise = call
    volunteer("Youssef")
    cases.look_again(actor=of_account(thomas), request=opened.requests[0], from_start=True)
    matching.send_wave(request_id=opened.requests[0].pk)
    live_until(promise.due_at + timedelta(minutes=10))
    promise.refresh_from_db()
    assert promise.outcome == "broken"
    assert to(opened.case.person) == ["received", "nobody_yet", "late_call"]
    assert to(thomas.person) == ["team_waiting", "team_soon", "team_broken"]


def test_a_word_broken_twice_is_not_excused_in_the_same_words(asked, thomas, tuesday):
    opened = asked("pharmacy")
    matching.send_wave(request_id=opened.requests[0].pk)
    # It is wanted all the time; of what is over they are asked whether it is still needed.
    Request.objects.update(window_until=tuesday + timedelta(days=14))
    for _ in range(2):
        promise = Promise.objects.get(outcome="")
        clock.set_time(promise.due_at - timedelta(minutes=5))
        live_until(promise.due_at + timedelta(minutes=5), minutes=5)
    assert to(opened.case.person)[-2:] == ["late_call", "late_call_again"]
    letter = Message.objects.get(template="late_call_again")
    # Medicines cannot wait for us, and there is another way to them.
    assert "Votre pharmacie ou votre médecin" in letter.body


def test_whoever_waits_for_two_things_reads_which_of_them_is_late(asked, thomas, tuesday):
    opened = asked("pharmacy")
    wanted = Wanted("dog", choices.mask(choices.LANGUAGES, ["fr"]))
    actor = system(opened.case.organisation)
    contact = intake.record_contact(actor=actor, person=opened.case.person, channel="web")
    (dog,) = cases.add_requests(actor=actor, case=opened.case, contact=contact, wanted=[wanted])
    for request in (*opened.requests, dog):
        matching.send_wave(request_id=request.pk)
    told = [each.body for each in Message.objects.filter(template="nobody_yet")]
    both = "médicaments de la pharmacie, promenade du chien."
    assert told
    assert all(each.endswith(both) for each in told)
    promise = Promise.objects.filter(outcome="").earliest("due_at")
    clock.set_time(promise.due_at - timedelta(minutes=5))
    live_until(promise.due_at + timedelta(minutes=5), minutes=5)
    late = [
        each.body.split(chr(160) + ": ")[-1] for each in Message.objects.filter(template__startswith="late_")
    ]
    assert set(late) <= {"médicaments de la pharmacie.", "promenade du chien."}
    assert late


def test_a_call_stays_promised_though_it_is_still_needed(asked, thomas, tuesday):
    opened = asked("groceries", window_until=tuesday + timedelta(minutes=40))
    request = opened.requests[0]
    matching.send_wave(request_id=request.pk)
    call = Promise.objects.get(outcome="")
    clock.set_time(tuesday + timedelta(hours=1, minutes=40))
    # One of us calls them: nobody asks meanwhile whether we may stop looking.
    assert overdue.ask_overdue(clock.now()) == 0
    assert to(opened.case.person) == ["received", "nobody_yet"]
    request.refresh_from_db()
    overdue.answer_overdue(actor=system(request.organisation), request=request, said="needed")
    kept = Promise.objects.get(outcome="")
    assert (kept.pk, kept.kind, kept.due_at, kept.needs_team) == (call.pk, "call", call.due_at, True)
    # The board and the row say the same hour.
    request.refresh_from_db()
    assert request.promised_at == call.due_at


def test_of_what_is_over_they_are_asked_instead_of_promised_a_call_for_another_day(asked, thomas, tuesday):
    opened = asked("groceries", window_until=tuesday + timedelta(minutes=40))
    request, person = opened.requests[0], opened.case.person
    matching.send_wave(request_id=request.pk)
    call = Promise.objects.get(outcome="")
    assert call.due_at > tuesday + timedelta(hours=1)
    live_until(call.due_at + timedelta(minutes=10))
    call.refresh_from_db()
    assert call.outcome == "broken"
    assert to(person) == ["received", "nobody_yet", "still_needed_uncalled"]
    assert not Promise.objects.filter(outcome="", person=person).exists()
    # Nothing stays open for ever; and who was not called is not blamed for it.
    clock.set_time(clock.now() + timedelta(days=2))
    assert overdue.close_overdue(clock.now()) == 1
    assert to(person)[-1] == "given_up_unread"
    request.refresh_from_db()
    assert request.closure == "neglected"


def test_what_we_missed_before_it_was_opened_again_is_no_fault_of_this_time(asked, thomas, tuesday):
    opened = asked("groceries", window_until=tuesday + timedelta(minutes=40))
    request, actor = opened.requests[0], of_account(thomas)
    matching.send_wave(request_id=request.pk)
    call = Promise.objects.get(outcome="")
    live_until(call.due_at + timedelta(minutes=10))
    assert overdue.did_we_fail(Request.objects.get(pk=request.pk))
    reopened = cases.reopen_request(actor=actor, request=request)
    assert not overdue.did_we_fail(reopened)


def test_a_call_that_is_due_when_the_need_ends_is_not_promised_once_more(asked, thomas, tuesday):
    opened = asked("groceries", window_until=tuesday + timedelta(hours=7))
    matching.send_wave(request_id=opened.requests[0].pk)
    for _ in range(2):
        call = Promise.objects.get(outcome="")
        live_until(call.due_at)
    assert call.due_at <= opened.requests[0].window_until
    said = to(opened.case.person)
    assert (said[-1], said.count("late_call")) == ("still_needed_uncalled", 1)
    assert not Promise.objects.filter(outcome="").exists()


def test_news_of_the_team_that_are_due_when_the_need_ends_are_not_promised_once_more(asked, thomas, tuesday):
    opened = asked("groceries", window_until=tuesday + timedelta(hours=5))
    matching.send_wave(request_id=opened.requests[0].pk)
    news = Promise.objects.get(outcome="")
    Promise.objects.filter(outcome="").update(
        kind="news", due_at=opened.requests[0].window_until, next_at=clock.now()
    )
    live_until(opened.requests[0].window_until)
    news.refresh_from_db()
    assert news.outcome == "broken"
    # No call was promised, so none is spoken of.
    assert to(opened.case.person) == ["received", "nobody_yet", "still_needed"]


def test_where_the_next_hour_comes_after_the_need_they_are_told_not_to_wait(asked, thomas, tuesday):
    opened = asked("pharmacy", window_until=tuesday + timedelta(hours=4, minutes=30))
    matching.send_wave(request_id=opened.requests[0].pk)
    call = Promise.objects.get(outcome="")
    live_until(call.due_at)
    following = Promise.objects.get(outcome="")
    assert call.due_at < opened.requests[0].window_until < following.due_at
    assert to(opened.case.person)[-1] == "late_call"
    assert "pharmacie" in Message.objects.get(template="late_call").body


def test_a_call_is_neither_put_off_nor_made_less_by_later_words(call):
    opened, promise = call
    live_until(promise.due_at + timedelta(minutes=5), minutes=30)
    said = Promise.objects.get(outcome="")
    assert (said.kind, said.times_broken) == ("call", 1)
    request = opened.requests[0]
    request.refresh_from_db()
    for kind in ("news", "care", "call"):
        assert cases.promise_about(request, kind, person=opened.case.person).pk == said.pk
    # Past its hour, it is a call again.
    clock.set_time(said.due_at + timedelta(minutes=5))
    late = cases.promise_about(request)
    assert (late.kind, late.needs_team) == ("call", True)
    assert late.due_at > clock.now()


def test_who_can_only_be_called_is_given_to_the_team_in_time(asked, youssef, thomas, tuesday):
    opened = asked("groceries", channel="call")
    matching.send_wave(request_id=opened.requests[0].pk)
    promise = Promise.objects.get(outcome="")
    live_until(promise.due_at - timedelta(minutes=50))
    promise.refresh_from_db()
    told_at = promise.due_at - timedelta(hours=1)
    assert (promise.outcome, promise.needs_team, promise.team_told_at) == ("", True, told_at)
    assert to(thomas.person) == ["team_waiting"]
    live_until(promise.due_at + timedelta(minutes=10))
    promise.refresh_from_db()
    assert promise.outcome == "broken"
    assert to(thomas.person) == ["team_waiting", "team_soon", "team_broken"]


def test_with_no_time_left_the_word_to_who_can_only_be_called_is_broken(asked, youssef, thomas, tuesday):
    opened = asked("groceries", channel="call")
    matching.send_wave(request_id=opened.requests[0].pk)
    promise = Promise.objects.get(outcome="")
    clock.set_time(promise.due_at + timedelta(minutes=30))
    live_until(promise.due_at + timedelta(minutes=40))
    promise.refresh_from_db()
    assert (promise.outcome, promise.renewal.needs_team) == ("broken", True)
    assert to(thomas.person) == ["team_broken"]


def test_who_was_spoken_with_hears_again_while_neighbours_are_asked(asked, youssef, thomas, tuesday):
    opened = asked("groceries", urgency="week")
    request = opened.requests[0]
    matching.send_wave(request_id=request.pk)
    clock.set_time(tuesday + timedelta(hours=2))
    cases.record_contact_made(actor=of_account(thomas), request=request)
    promise = Promise.objects.get(outcome="")
    assert (promise.kind, promise.needs_team) == ("news", False)
    assert promise.due_at <= clock.now() + timedelta(hours=25)
    live_until(promise.due_at)
    assert to(opened.case.person) == ["received", "still_looking"]


def test_who_knows_the_first_of_two_hears_of_the_other(asked, volunteer, thomas, tuesday):
    for number in range(3):
        volunteer(f"V{number}")
    opened = asked("groceries", urgency="week", needed=2)
    offers = matching.send_wave(request_id=opened.requests[0].pk)
    visits.accept_offer(actor=of_account(thomas), offer=offers[0])
    promise = Promise.objects.get(outcome="")
    assert (promise.kind, promise.needs_team, promise.person) == ("news", False, opened.case.person)
    visits.accept_offer(actor=of_account(thomas), offer=offers[1])
    assert not Promise.objects.filter(outcome="").exists()


def test_the_search_that_is_late_says_so_and_goes_on(asked, youssef, thomas, tuesday):
    opened = asked("groceries", window_until=tuesday + timedelta(hours=60))
    matching.send_wave(request_id=opened.requests[0].pk)
    promise = Promise.objects.get(outcome="")
    clock.set_time(tuesday + timedelta(hours=22))
    live_until(tuesday + timedelta(hours=23))
    promise.refresh_from_db()
    assert (promise.outcome, promise.renewal.needs_team, promise.renewal.times_broken) == ("broken", False, 1)
    assert to(opened.case.person) == ["received", "late_news"]
    # The team hears of each word that was broken.
    assert to(thomas.person).count("team_broken") == 1
    # The next one is kept in time.
    live_until(promise.renewal.due_at, minutes=5)
    assert to(opened.case.person)[2] == "still_looking"


def test_a_call_that_comes_late_was_broken(call, thomas):
    opened, promise = call
    clock.set_time(promise.due_at + timedelta(minutes=5))
    cases.record_contact_made(actor=of_account(thomas), request=opened.requests[0])
    promise.refresh_from_db()
    assert (promise.outcome, promise.broken_at, promise.kept_at) == ("broken", clock.now(), None)


def test_where_the_line_is_open_at_night_the_search_promises_no_hour_of_it(
    asked, organisation, youssef, tuesday
):
    organisation.opens = organisation.closes = time(0)
    organisation.save()
    clock.set_time(tuesday + timedelta(hours=9, minutes=30))
    opened = asked("groceries", window_until=tuesday + timedelta(hours=60), org=organisation)
    matching.send_wave(request_id=opened.requests[0].pk)
    promise = Promise.objects.get(outcome="")
    assert promise.due_at.astimezone(organisation.zone).time() == time(9)
    live_until(promise.due_at)
    promise.refresh_from_db()
    assert promise.outcome == "kept"
    assert to(opened.case.person) == ["received_night", "still_looking"]


def test_it_is_promised_to_who_hears_it(organisation, youssef, tuesday):
    actor, languages = system(organisation), choices.mask(choices.LANGUAGES, ["fr"])
    marie, sofie = (
        people.record_person(
            organisation=organisation, who=Who(name, email=f"{name}@example.org", channel="email")
        )
        for name in ("Marie", "Sofie")
    )
    opened = cases.open_case(
        actor=actor,
        contact=intake.record_contact(actor=actor, person=sofie, channel="web"),
        person=marie,
        household=Household(where=Where(cells.cell_at(50.8275, 4.3725), "1050", "Ixelles"), tell_asker=False),
        wanted=[Wanted("groceries", languages)],
    )
    matching.send_wave(request_id=opened.requests[0].pk)
    promise = Promise.objects.get(outcome="")
    assert promise.person == marie
    live_until(promise.due_at)
    assert to(marie) == ["still_looking"]


@pytest.mark.parametrize(("before", "after"), [("week", "now"), ("now", "week")])
def test_who_is_told_hears_how_urgent_it_is_now(asked, thomas, tuesday, before, after):
    opened = asked("other", urgency=before)
    # Nobody has looked yet.
    cases.change_request(actor=of_account(thomas), request=opened.requests[0], urgency=after)
    assert Promise.objects.get(outcome="").urgent == (after == "now")
    live_until(tuesday + timedelta(minutes=1))
    assert to(thomas.person) == ["team_urgent" if after == "now" else "team_waiting"]


def test_what_was_told_already_becomes_urgent_too(asked, thomas, tuesday):
    opened = asked("other", urgency="week")
    promise = Promise.objects.get(outcome="")
    clock.set_time(promise.due_at - timedelta(minutes=50))
    cases.change_request(actor=of_account(thomas), request=opened.requests[0], urgency="now")
    said = Promise.objects.get(outcome="")
    assert (said.due_at, said.urgent) == (promise.due_at, True)


def test_broken_twice_a_day_it_is_not_promised_again_for_each_hour_that_is_left(asked, thomas, tuesday):
    opened = asked("groceries", window_until=tuesday + timedelta(hours=9))
    matching.send_wave(request_id=opened.requests[0].pk)
    live_until(tuesday + timedelta(hours=9))
    assert sum(each.startswith("late_call") for each in to(opened.case.person)) <= 2


def test_nobody_is_told_twice_that_a_call_comes_though_a_search_ends_again(call, thomas):
    """Said six minutes before its hour, the call that they know of already was broken six minutes later."""
    opened, promise = call
    clock.set_time(promise.due_at - timedelta(minutes=16))
    request = cases.look_again(actor=of_account(thomas), request=opened.requests[0], from_start=True)
    Request.objects.filter(pk=request.pk).update(reopened=1)
    matching.send_wave(request_id=request.pk)
    request.refresh_from_db()
    assert (request.state, request.promised_at) == ("human", promise.due_at)
    assert to(opened.case.person) == ["received", "nobody_yet"]


def test_one_of_us_has_an_hour_at_least_for_what_is_promised(asked, thomas, tuesday):
    opened = asked("groceries", urgency="day")
    request = opened.requests[0]
    promised = Promise.objects.get(outcome="").due_at
    clock.set_time(promised - timedelta(minutes=50))
    matching.send_wave(request_id=request.pk)
    assert Promise.objects.get(outcome="").due_at >= clock.now() + timedelta(hours=1)


@pytest.mark.parametrize("is_read", [True, False])
def test_who_is_visited_need_not_wait_for_our_call(call, thomas, youssef, is_read):
    opened, promise = call
    clock.advance(timedelta(minutes=20))
    if is_read:
        Message.objects.filter(template="nobody_yet").update(state="sent", sent_at=clock.now())
    offer = matching.offer_by_hand(actor=of_account(thomas), request=opened.requests[0], volunteer=youssef)
    visits.accept_offer(actor=of_account(youssef.person.account), offer=offer)
    body = Message.objects.get(template="someone_comes").body
    assert ("Vous n’avez plus besoin d’attendre notre appel." in body) == is_read
    promise.refresh_from_db()
    assert promise.outcome == "kept"


def test_what_nobody_has_read_is_asked_about_when_its_time_is_over(asked, thomas, tuesday, client):
    opened = asked("pharmacy", moderated=True, window_until=tuesday + timedelta(hours=5))
    request, person = opened.requests[0], opened.case.person
    live_until(request.window_until + timedelta(days=1))
    said = to(person)
    assert said[-1] == "still_needed"
    assert "late_news_again" not in said
    page = "/fr" + reverse("status", args=[opened.token])[3:]
    assert "Le moment prévu est passé" in client.get(page).content.decode()
    # Needed after all, it is still read before a neighbour sees it.
    overdue.answer_overdue(actor=system(request.organisation), request=request, said="needed")
    request.refresh_from_db()
    assert (request.state, request.why_human) == ("human", "moderation")


def test_whoever_asked_for_one_of_us_is_not_asked_whether_it_is_over(asked, thomas, tuesday):
    opened = asked("groceries", window_until=tuesday + timedelta(hours=5))
    cases.ask_human(actor=of_account(thomas), request=opened.requests[0], why="asked")
    live_until(opened.requests[0].window_until + timedelta(hours=12))
    assert not [each for each in to(opened.case.person) if each.startswith("still_needed")]

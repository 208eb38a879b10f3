"""The demonstration: what it begins with, and people who go on through the pages."""

import urllib.error
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from quartier.alerts.models import Alert
from quartier.cases import actions as cases
from quartier.cases.models import Request, Series
from quartier.companions import hsds
from quartier.companions.models import CallWish, Pairing, Service
from quartier.companions.queries import listed_services
from quartier.concerns.models import Concern
from quartier.followup.models import CheckIn, FollowUp, HelperSays
from quartier.incidents.models import Incident
from quartier.lib import background, clock
from quartier.lib.choices import ALL_SLOTS
from quartier.matching import queries
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.people import actions as joins
from quartier.people.models import Volunteer
from quartier.places import actions as places
from quartier.promises.models import Promise
from quartier.sim import filling, online, people
from quartier.sim.behaviour import Chance
from quartier.sim.country import Country
from quartier.sim.life import Life
from quartier.sim.showing.directory import SERVICES
from quartier.sim.showing.listening import LISTENERS
from quartier.team.models import Account, Role
from quartier.visits.models import Assignment

A_DAY = timedelta(days=1)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.either]


@pytest.fixture
def demo():
    places.load_shipped(country="BE")
    return filling.found(clock.now())


@pytest.fixture
def life(demo, live_server):
    with_people(demo, 40)
    return Life(demo, 1, live_server.url)


def with_people(organisation, count):
    """Volunteers who live all in one street, so that each can be asked."""
    country, chance = Country(), Chance(1)
    youssef = Volunteer.objects.get()
    joining = [people.volunteer(country, chance, number) for number in range(count)]
    near = [
        (
            who,
            replace(
                ready, cell=youssef.cell, kinds=255, travel="car", languages=3, slots=ALL_SLOTS, capacity=3
            ),
        )
        for who, ready in joining
    ]
    joins.join_many(organisation=organisation, joining=near)


def work():
    while any([puller.function() for puller in background.PULLERS.values()]):  # noqa: C419
        pass


def test_the_team_can_sign_in(demo):
    for role in (Role.Name.ADMIN, Role.Name.COORDINATOR, Role.Name.OPERATOR, Role.Name.VOLUNTEER):
        assert Account.objects.filter(roles__name=role, organisation=demo)
    # At any hour of the day, neighbours are asked.
    assert demo.quiet_from == demo.quiet_until


def test_it_begins_with_a_past_that_is_over_and_a_present_that_is_not(demo, monkeypatch):
    small = {"VOLUNTEERS": 300, "PAST": 12, "OPEN": 7, "JUST_NOW": 3, "PAST_DAYS": 3, "HOUSEHOLDS": 3}
    for name, value in small.items():
        monkeypatch.setattr(filling, name, value)
    said = []
    before = clock.now()
    shares = []
    filling.fill(demo, 1, said.append, reached=shares.append)
    # A page says how far it is.
    assert len(shares) > 2
    assert shares == sorted(set(shares))
    assert 0 < shares[0] < shares[-1] < 1
    assert Volunteer.objects.count() == 301 + len(LISTENERS)
    still_open = Request.objects.exclude(state=Request.State.CLOSED).filter(series=None)
    assert still_open.count() >= 7
    assert all(request.created_at >= before - filling.RECENT or request.reopened for request in still_open)
    begins = before - timedelta(days=filling.PAST_DAYS + 1)
    past = Request.objects.filter(
        series=None, created_at__gt=begins, created_at__lt=before - timedelta(hours=20)
    )
    assert past.count() == 12
    over = [request for request in past if request.state == Request.State.CLOSED]
    # The one of which somebody says today that it was not good is open again.
    assert all(request.reopened for request in past if request not in over)
    assert all(request.closed_at and request.closed_at <= clock.now() for request in over)
    assert said
    # The clock runs again.
    assert clock.now() > before
    # Whoever looks around finds nothing empty.
    assert Series.objects.count() == 3
    assert HelperSays.objects.exists()
    assert FollowUp.objects.filter(how=3).exists()
    assert FollowUp.objects.filter(is_bad=True, looked_after_at=None).exists()
    pairings = Pairing.objects.filter(state=Pairing.State.RUNNING)
    assert [each.moods.count() >= 4 for each in pairings] == [True] * 3
    assert CallWish.objects.filter(state=CallWish.State.OPEN).count() == 1
    assert {CheckIn.State.FINE, CheckIn.State.ASKED} & set(CheckIn.objects.values_list("state", flat=True))
    assert Concern.objects.get().alert.state == Alert.State.TAKEN
    assert Incident.objects.filter(ended_at=None).count() == 1
    assert Service.objects.count() == len(SERVICES)
    assert len(hsds.written(listed_services(demo))["contents"]) == len(SERVICES)


@contextmanager
def in_the_present():
    """The clock as it is for whoever looks at the demonstration while it fills."""
    past = clock.now()
    clock.set_time(None)
    try:
        yield
    finally:
        clock.set_time(past)


def test_what_a_visitor_asks_while_it_fills_is_not_played_in_the_past(demo, live_server, monkeypatch):
    small = {"VOLUNTEERS": 60, "PAST": 3, "OPEN": 3, "JUST_NOW": 1, "PAST_DAYS": 3, "HOUSEHOLDS": 0}
    for name, value in small.items():
        monkeypatch.setattr(filling, name, value)
    country, chance = Country(), Chance(1)
    visitors = (people.asking(country, chance, number) for number in range(3000))
    visitors = (
        each
        for each in visitors
        if not each.by_phone and each.person == each.asker and each.wanted.kind == "pharmacy"
    )
    theirs = []

    def visit(words):
        if "past requests" in words and len(theirs) < 2:
            with in_the_present():
                known = set(Request.objects.values_list("pk", flat=True))
                online.ask(live_server.url, next(visitors))
                request = Request.objects.exclude(pk__in=known).get()
                if not theirs:
                    # Neighbours are asked for the first one; the other one waits for the team to read it.
                    actor = filling.actor_of(demo, Role.Name.COORDINATOR)
                    request = cases.look_again(actor=actor, request=request)
                theirs.append(request)

    before = clock.now()
    filling.fill(demo, 1, visit)
    after = clock.now()
    asked, looked_after = (Request.objects.get(pk=each.pk) for each in theirs)
    assert (asked.state, asked.wave, asked.next_at) == (Request.State.OPEN, 0, theirs[0].next_at)
    assert looked_after.state == Request.State.HUMAN
    for request in (asked, looked_after):
        assert before <= request.created_at <= after
        assert not request.offers.exists()
        letters = Message.objects.filter(person=request.case.person_id)
        assert letters.exists()
        assert all(before <= letter.created_at and letter.sent_at is None for letter in letters)
        promises = Promise.objects.filter(subject_id=request.pk)
        assert all(before <= each.made_at and not each.team_told_at for each in promises)
    # From now on the worker plays it, by the clock of the day.
    work()
    letters = Message.objects.filter(person=asked.case.person_id, sent_at__isnull=False)
    assert letters.exists()
    assert all(letter.sent_at >= after for letter in letters)
    assert all(offer.created_at >= after for offer in asked.offers.all())
    # It is answered like any other, and once.
    work()
    for request in (asked, looked_after):
        told = Message.objects.filter(person=request.case.person_id).values_list("template", flat=True)
        assert sorted(told) == sorted(set(told))
        assert request.offers.count() == request.offers.values("volunteer").distinct().count()


def test_who_joins_while_it_fills_is_asked_for_nothing_of_the_past(demo, monkeypatch):
    small = {"VOLUNTEERS": 60, "PAST": 6, "OPEN": 3, "JUST_NOW": 1, "PAST_DAYS": 3, "HOUSEHOLDS": 3}
    for name, value in small.items():
        monkeypatch.setattr(filling, name, value)
    country, chance = Country(), Chance(1)
    joined = []

    def visit(words):
        # Early, so that all of the past comes after; and beside each who asks, so that each would find them.
        if "volunteers" in words:
            with in_the_present():
                for number in range(6):
                    needed = people.asking(country, chance, number).household.where
                    who, ready = people.volunteer(country, chance, 9000 + number)
                    ready = replace(
                        ready, cell=needed.cell, kinds=255, travel="car", languages=255, slots=ALL_SLOTS,
                        radius_m=20_000,
                    )  # fmt: skip
                    joined.append(joins.join(organisation=demo, who=who, ready=ready)[0].pk)

    filling.fill(demo, 1, visit)
    theirs = Volunteer.objects.filter(pk__in=joined)
    assert theirs.count() == 6
    assert Offer.objects.exists()
    assert not Offer.objects.filter(volunteer__in=joined).exists()
    assert not Message.objects.filter(
        person__volunteer__in=joined, created_at__lt=clock.now() - A_DAY
    ).exists()
    assert all(each.asked_total == 0 for each in theirs)
    # Later they are asked like anybody else.
    request = Request.objects.filter(series=None).exclude(state=Request.State.CLOSED).first()
    Request.objects.filter(pk=request.pk).update(kind="groceries")
    found = queries.nearest(Request.objects.get(pk=request.pk), limit=300, radius_m=400_000, budget=None)
    assert {each.volunteer_id for each in found} & set(joined)


def test_volunteers_answer_on_their_pages_and_go(life):
    number = next(
        n for n in range(500) if people.asking(life.country, life.chance, n).wanted.kind == "groceries"
    )
    youssef = Volunteer.objects.select_related("person").order_by("created_at", "pk").first()
    life.ask(number)
    Request.objects.update(
        cell=youssef.cell, area=youssef.area, lat=youssef.lat, lon=youssef.lon, languages=1
    )
    work()
    offers = list(Offer.objects.all())
    assert 12 <= len(offers) <= 30
    from quartier.matching.actions import token_of

    life.answer(token_of(offers[0]), "no")
    offers[0].refresh_from_db()
    assert offers[0].state == Offer.State.DECLINED
    life.answer(token_of(offers[1]), "yes")
    assignment = Assignment.objects.get()
    assert assignment.offer_id == offers[1].pk
    # The one who comes second reads that somebody goes already.
    life.answer(token_of(offers[2]), "yes")
    assert Assignment.objects.count() == 1
    life.leave(assignment, life.coordinator)
    assignment.refresh_from_db()
    assert assignment.state == Assignment.State.ON_WAY
    life.done(assignment, life.coordinator)
    assignment.refresh_from_db()
    assert assignment.state == Assignment.State.DONE
    assert Request.objects.get().closure == Request.Closure.FULFILLED
    # Said again, nothing happens, and nothing breaks.
    life.fail(assignment, life.coordinator, "cannot_go")


def test_messages_are_read_and_answers_planned(life):
    life.ask(1)
    youssef = Volunteer.objects.order_by("created_at", "pk").first()
    Request.objects.update(
        kind="groceries", state="open", next_at=clock.now(), remote=False, why_human="", languages=1,
        cell=youssef.cell, area=youssef.area, lat=youssef.lat, lon=youssef.lon,
    )  # fmt: skip
    work()
    planned = len(life._events)
    life.read_messages()
    assert len(life._events) > planned
    again = len(life._events)
    life.read_messages()
    assert len(life._events) == again


def test_what_was_under_way_goes_on_after_a_new_start(life, live_server):
    life.ask(1)
    youssef = Volunteer.objects.order_by("created_at", "pk").first()
    Request.objects.update(
        kind="groceries", state="open", next_at=clock.now(), remote=False, why_human="", languages=1,
        cell=youssef.cell, area=youssef.area, lat=youssef.lat, lon=youssef.lon,
    )  # fmt: skip
    work()
    assert len(Life(life.organisation, 1, live_server.url)._events) > 1


@pytest.mark.parametrize("another", [False, True])
def test_somebody_asks_on_the_public_pages(life, live_server, another):
    asking = next(
        each
        for number in range(3000)
        if not (each := people.asking(life.country, life.chance, number)).by_phone
        and (each.person != each.asker) == another
    )
    address = online.ask(live_server.url, asking)
    assert "/ask/done/" in address
    request = Request.objects.select_related("case__person", "case__asked_by").get()
    assert request.kind == asking.wanted.kind
    assert request.case.person.name == asking.person.name
    assert request.case.asked_by.name == asking.asker.name


def test_a_page_that_says_no_ends_nothing(life, live_server):
    life.at(clock.now(), ("nowhere",), lambda: online.Visitor().get(f"{live_server.url}/fr/nowhere/"))
    with pytest.raises(urllib.error.HTTPError):
        online.Visitor().get(f"{live_server.url}/fr/nowhere/")
    life._happen()

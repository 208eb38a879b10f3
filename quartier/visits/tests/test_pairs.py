"""A first visit is made in two, where the group wants that; whoever comes, goes or is late."""

import contextlib
from datetime import timedelta

import pytest
from django.http import Http404
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.cases.rules import NotPossible
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.people.models import Volunteer
from quartier.team.access import of_account, system
from quartier.team.models import Organisation
from quartier.visits import actions, jobs
from quartier.visits.actions.accept import Result
from quartier.visits.models import Assignment

DOORS = {"Nora": 0, "Noé": 0, "Milan": 1, "Elif": 3, "Emil": 7}


def make(volunteer, **more):
    found = {}
    for name, doors in DOORS.items():
        found[name] = volunteer(name, capacity=3, budget=9, **more)
        Volunteer.objects.filter(pk=found[name].pk).update(doors=doors)
        found[name].refresh_from_db()
    return found


@pytest.fixture
def group(organisation, volunteer):
    Organisation.objects.filter(pk=organisation.pk).update(pairs_first=True)
    organisation.refresh_from_db()
    return make(volunteer)


@pytest.fixture
def scene(tuesday, group, asked):
    return Scene(group, asked("groceries").requests[0])


class Scene:
    """A request and those who may go: `scene.yes("Nora")`."""

    def __init__(self, group, request):
        self.group, self.request = group, request
        self.system = system(request.organisation)

    def offer(self, name):
        known = Offer.objects.filter(request=self.request, volunteer=self.group[name]).first()
        return known or matching.offer_by_hand(
            actor=self.system, request=self.request, volunteer=self.group[name]
        )

    def yes(self, name, offer=None):
        return actions.accept_offer(
            actor=of_account(self.group[name].person.account), offer=offer or self.offer(name)
        )

    def visit(self, name):
        return Assignment.objects.filter(volunteer=self.group[name]).order_by("-accepted_at", "-id").first()

    def cannot(self, name):
        return actions.could_not(actor=self.system, assignment=self.visit(name), failure="cannot_go")

    @property
    def now(self):
        return Request.objects.select_related("organisation").get(pk=self.request.pk)

    def stands(self):
        row = self.now
        return row.state, row.accepted, row.needed, row.for_experienced


def said(template):
    return [each.person.name for each in Message.objects.filter(template=template).select_related("person")]


@pytest.mark.django_db
def test_somebody_experienced_is_looked_for_and_both_are_told(scene):
    offers = {name: scene.offer(name) for name in DOORS}
    assert scene.yes("Nora").result == Result.YOURS
    assert scene.stands() == ("open", 1, 2, True)
    assert said("accepted_first") == ["Nora"]
    assert len(said("first_comes")) == 1
    assert not said("accepted")
    assert scene.yes("Noé", offers["Noé"]).result == Result.COVERED, (
        "two newcomers: the second hears it at once"
    )
    assert scene.yes("Milan", offers["Milan"]).result == Result.COVERED
    assert scene.yes("Elif", offers["Elif"]).result == Result.YOURS
    assert scene.stands() == ("covered", 2, 2, False)
    assert sorted(said("pair_found")) == ["Elif", "Nora"]
    new, old = scene.visit("Nora"), scene.visit("Elif")
    assert (new.code_word, new.comes_from, new.comes_until) == (
        old.code_word,
        old.comes_from,
        old.comes_until,
    )
    assert (actions.partner_of(new), actions.partner_of(old)) == (old, new)
    told = Message.objects.get(template="pair_comes")
    assert "Elif" in told.body
    assert "Nora" in told.body


@pytest.mark.django_db
def test_another_one_of_the_same_first_name_is_said_to_be_another(scene, volunteer):
    offers = {name: scene.offer(name) for name in DOORS}
    scene.yes("Nora", offers["Nora"])
    scene.yes("Elif", offers["Elif"])
    assert not Message.objects.filter(body__contains="même prénom").exists()
    scene.cannot("Nora")
    scene.cannot("Elif")
    scene.group["Nora Janssens"] = volunteer("Nora Janssens", capacity=3, budget=9)
    scene.yes("Nora Janssens")
    first = Message.objects.filter(template="first_comes").latest("created_at", "pk")
    assert "une autre personne, qui porte le même prénom" in first.body
    scene.yes("Emil", offers["Emil"])
    pair = Message.objects.filter(template="pair_comes").latest("created_at", "pk")
    assert "même prénom" not in pair.body


@pytest.mark.django_db
def test_the_matcher_asks_only_the_experienced(scene):
    matching.send_wave(request_id=scene.request.pk)
    scene.yes("Nora")
    live = Offer.objects.filter(request=scene.request, state="sent")
    assert set(live.values_list("volunteer", flat=True)) <= {
        scene.group[name].pk for name in ("Elif", "Emil")
    }
    Request.objects.filter(pk=scene.request.pk).update(next_at=clock.now())
    for offer in matching.send_wave(request_id=scene.request.pk):
        assert offer.volunteer.person.name in {"Elif", "Emil"}
    with pytest.raises(NotPossible):
        matching.offer_by_hand(actor=scene.system, request=scene.now, volunteer=scene.group["Milan"])


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Milan", "Elif"])
def test_who_has_been_there_goes_alone_as_always(scene, name):
    scene.yes(name)
    assert scene.stands() == ("covered", 1, 1, False)
    assert said("accepted") == [name]


@pytest.mark.django_db
def test_off_by_default(tuesday, volunteer, asked):
    scene = Scene(make(volunteer), asked("groceries").requests[0])
    scene.yes("Nora")
    assert scene.stands() == ("covered", 1, 1, False)


@pytest.mark.django_db
def test_a_call_is_no_door(group, asked):
    scene = Scene(group, asked("talk").requests[0])
    scene.yes("Nora")
    assert scene.stands() == ("covered", 1, 1, False)


@pytest.mark.django_db
def test_where_two_are_asked_one_of_them_is_experienced(group, asked):
    scene = Scene(group, asked("groceries", needed=2).requests[0])
    late = scene.offer("Noé")
    scene.yes("Nora")
    assert scene.stands() == ("open", 1, 2, True)
    assert scene.yes("Noé", late).result == Result.COVERED
    scene.yes("Emil")
    assert scene.stands() == ("covered", 2, 2, False)


@pytest.mark.django_db
def test_the_newcomer_cannot_the_other_goes_without(scene):
    scene.yes("Nora"), scene.yes("Elif")
    scene.cannot("Nora")
    assert scene.stands() == ("covered", 1, 1, False)
    assert said("pair_without") == ["Elif"]
    assert len(said("someone_comes")) == 1
    assert not said("looking_again")


@pytest.mark.django_db
def test_the_experienced_one_cannot_another_is_looked_for(scene):
    scene.yes("Nora"), scene.yes("Elif")
    scene.cannot("Elif")
    assert scene.stands() == ("open", 1, 2, True)
    assert said("pair_lost") == ["Nora"]
    scene.yes("Emil")
    assert scene.stands() == ("covered", 2, 2, False)
    assert said("pair_found").count("Nora") == 2


@pytest.mark.django_db
def test_the_newcomer_cannot_before_anybody_was_found(scene):
    scene.yes("Nora")
    scene.cannot("Nora")
    assert scene.stands() == ("open", 0, 1, False)
    scene.yes("Milan")
    assert scene.stands() == ("covered", 1, 1, False)


@pytest.mark.django_db
def test_they_wait_for_each_other_and_the_request_ends_when_both_were_there(scene):
    scene.yes("Nora")
    visit = actions.on_my_way(actor=scene.system, assignment=scene.visit("Nora"))
    assert visit.state == "accepted", "not alone"
    scene.yes("Elif")
    assert actions.on_my_way(actor=scene.system, assignment=scene.visit("Nora")).state == "on_way"
    for name in ("Elif", "Nora"):
        actions.done(actor=scene.system, assignment=scene.visit(name))
    assert scene.now.closure == "fulfilled"
    assert Volunteer.objects.get(pk=scene.group["Nora"].pk).doors == 1
    assert Volunteer.objects.get(pk=scene.group["Elif"].pk).doors == 4


@pytest.mark.django_db
def test_who_went_alone_all_the_same_has_done_it(scene):
    scene.yes("Nora")
    actions.done(actor=scene.system, assignment=scene.visit("Nora"))
    assert (scene.now.state, scene.now.closure) == ("closed", "fulfilled")


@pytest.mark.django_db
def test_one_says_when_and_the_other_is_taken_along(scene, tuesday):
    scene.yes("Nora"), scene.yes("Elif")
    start = tuesday + timedelta(hours=3)
    actions.set_time(
        actor=scene.system, assignment=scene.visit("Elif"), start=start, end=start + timedelta(hours=1)
    )
    assert scene.visit("Nora").comes_from == start
    assert said("visit_moved") == ["Nora"]


@pytest.mark.django_db
def test_nobody_is_found_and_a_coordinator_decides(scene, thomas, lotte):
    scene.yes("Nora")
    assert not jobs.pairs(), "neighbours have an hour to say yes"
    with clock.stopped_at(scene.visit("Nora").comes_from + timedelta(hours=1)):
        assert jobs.pairs()
        assert not jobs.pairs()
        assert (scene.now.state, scene.now.why_human) == ("human", "pair")
        with pytest.raises(Http404):
            actions.let_go_alone(actor=of_account(lotte), request=scene.now)
        actions.let_go_alone(actor=of_account(thomas), request=scene.now)
        assert scene.stands() == ("covered", 1, 1, False)
        assert said("pair_alone") == ["Nora"]
        assert len(said("someone_comes")) == 1
        with pytest.raises(NotPossible):
            actions.let_go_alone(actor=of_account(thomas), request=scene.now)
        assert actions.on_my_way(actor=scene.system, assignment=scene.visit("Nora")).state == "on_way"


@pytest.mark.django_db
def test_the_matcher_that_finds_nobody_tells_the_team_and_not_the_person_helped(scene):
    scene.yes("Nora")
    Volunteer.objects.filter(doors__gte=3).update(state="paused")
    for _again in range(20):
        Request.objects.filter(pk=scene.request.pk, state="open").update(next_at=clock.now())
        matching.send_wave(request_id=scene.request.pk)
    assert (scene.now.state, scene.now.why_human) == ("human", "pair")
    assert not said("nobody_yet")


@pytest.mark.django_db
def test_who_waited_in_vain_has_missed_nothing(scene):
    scene.yes("Nora")
    with clock.stopped_at(scene.visit("Nora").comes_until + timedelta(hours=4)):
        jobs.watch()
    assert (scene.visit("Nora").state, scene.visit("Nora").failure) == ("failed", "cannot_go")
    assert not said("visit_reminder")


class Pairs(RuleBasedStateMachine):
    """One request, five who may go, and a coordinator; in any order."""

    world: dict

    @initialize(needed=st.integers(1, 2))
    def begin(self, needed):
        Organisation.objects.update(pairs_first=True)
        self.asked = needed
        group = make(self.world["volunteer"])
        self.scene = Scene(group, self.world["asked"]("groceries", needed=needed).requests[0])
        self.coordinator = of_account(self.world["thomas"])
        self.past = set()

    @rule(name=st.sampled_from(list(DOORS)))
    def yes(self, name):
        with contextlib.suppress(NotPossible):
            self.scene.yes(name)

    @rule(name=st.sampled_from(list(DOORS)), what=st.sampled_from(["cannot", "way", "done"]))
    def step(self, name, what):
        visit = self.scene.visit(name)
        if visit is None:
            return
        if what == "cannot":
            self.scene.cannot(name)
        elif what == "way":
            actions.on_my_way(actor=self.scene.system, assignment=visit)
        else:
            actions.done(actor=self.scene.system, assignment=visit)

    @rule()
    def alone(self):
        with contextlib.suppress(NotPossible):
            actions.let_go_alone(actor=self.coordinator, request=self.scene.now)

    @rule()
    def wave(self):
        matching.send_wave(request_id=self.scene.request.pk)

    @rule()
    def look_again(self):
        with contextlib.suppress(NotPossible):
            cases.look_again(actor=self.scene.system, request=self.scene.now)

    @rule(closure=st.sampled_from(["withdrawn", "fulfilled"]))
    def end_and_open_again(self, closure):
        actions.end_request(actor=self.scene.system, request=self.scene.now, closure=closure)
        self.past = set(Assignment.objects.values_list("id", flat=True))
        cases.reopen_request(actor=self.scene.system, request=self.scene.now)

    @invariant()
    def all_of_it_fits(self):
        if not hasattr(self, "scene"):
            return
        row = self.scene.now
        visits = list(
            Assignment.objects.filter(request=row).exclude(pk__in=self.past).select_related("volunteer")
        )
        active = [each for each in visits if each.state in Assignment.ACTIVE]
        done = [each for each in visits if each.state == "done"]
        assert row.needed == self.asked + (row.pair == "place")
        if row.state == Request.State.CLOSED:
            return
        assert row.accepted == len(active) + len(done)
        assert (row.state == Request.State.COVERED) == (row.accepted == row.needed)
        new = [each for each in active if each.volunteer.doors == 0]
        guides = [each for each in [*active, *done] if each.volunteer.doors >= 3]
        if row.state == Request.State.COVERED and new and row.pair != "waived":
            assert guides, "somebody new would go alone"
        assert not row.for_experienced or (new and row.accepted < row.needed)
        if row.for_experienced:
            sent = Offer.objects.filter(request=row, state="sent", volunteer__doors__lt=3)
            assert not sent.exists()
            assert all(each.state == "accepted" for each in new if each.on_way_at is None)


@pytest.mark.django_db
def test_whatever_they_do(tuesday, organisation, volunteer, asked, thomas):
    from django.db import transaction

    class Here(Pairs):
        world = {"volunteer": volunteer, "asked": asked, "thomas": thomas}

        def __init__(self):
            super().__init__()
            self.block = transaction.atomic()
            self.block.__enter__()

        def teardown(self):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=6,
            stateful_step_count=12,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )

"""Becoming a volunteer, being found again, signing in with a code."""

import base64
from datetime import timedelta

import pytest

from quartier.lib import choices, clock
from quartier.people import actions, codes, queries
from quartier.people.actions import Readiness, Who
from quartier.people.getting_around import set_travel
from quartier.people.models import Person, SignInCode, Volunteer
from quartier.team.access import of_account, system

pytestmark = pytest.mark.django_db

MARIE = Who("Marie Peeters", phone="+3220001427", language="fr")


def test_somebody_who_calls_again_is_the_same_person(organisation, tuesday):
    first = actions.record_person(organisation=organisation, who=MARIE)
    again = actions.record_person(organisation=organisation, who=Who("marie peeters", phone="+3220001427"))
    husband = actions.record_person(organisation=organisation, who=Who("Jean Peeters", phone="+3220001427"))
    assert again == first
    assert husband != first
    assert queries.by_phone(organisation, "+3220001427") == [husband, first]


def test_a_form_with_somebody_elses_name_and_number_changes_nothing_of_theirs(organisation, tuesday):
    marie = actions.record_person(organisation=organisation, who=MARIE)
    stranger = actions.record_person(
        organisation=organisation,
        who=Who("Marie Peeters", phone="+3220001427", email="stranger@example.org", channel="email"),
    )
    marie.refresh_from_db()
    assert stranger != marie
    assert (marie.email, marie.channel) == ("", "call")


def test_the_team_can_correct_what_somebody_says_of_themselves(organisation, tuesday, thomas, youssef):
    marie = actions.record_person(organisation=organisation, who=MARIE)
    who = Who("Marie Peeters", phone="+3220001499", email="marie@example.org", channel="email")
    actions.correct_person(actor=of_account(thomas), person=marie, who=who)
    assert queries.by_phone(organisation, "+3220001499") == [marie]
    actions.correct_person(actor=of_account(thomas), person=youssef.person, who=who)
    youssef.person.refresh_from_db()
    assert youssef.person.email == "youssef@example.org"


def test_two_organisations_do_not_know_each_others_people(organisation, elsewhere, tuesday):
    actions.record_person(organisation=organisation, who=MARIE)
    assert queries.by_phone(elsewhere, "+3220001427") == []
    there = actions.record_person(organisation=elsewhere, who=MARIE)
    assert Person.objects.filter(phone_index=there.phone_index).count() == 1


def test_joining_twice_makes_one_volunteer_and_changes_nothing(youssef, organisation):
    ready = Readiness(1, 1, 1, "foot", 1000, 1, 1, cell=youssef.cell)
    again, new = actions.join(
        organisation=organisation, who=Who("Mallory", email="YOUSSEF@example.org"), ready=ready
    )
    assert (again, new) == (youssef, False)
    assert again.person.name == "Youssef"
    assert again.kinds != 1


def test_a_form_anybody_can_fill_in_does_not_change_who_has_an_account(youssef, organisation):
    who = Who("Youssef", email="youssef@example.org", phone="+32400001111")
    assert actions.record_person(organisation=organisation, who=who) != youssef.person
    own = Who("Youssef", email="youssef@example.org", channel="call")
    assert actions.record_person(organisation=organisation, who=own) == youssef.person
    youssef.person.refresh_from_db()
    assert youssef.person.channel == "email"
    assert youssef.person.phone == ""


@pytest.mark.parametrize(
    "wrong", [{"kinds": 0}, {"languages": 0}, {"slots": 0}, {"radius_m": 10}, {"capacity": 0}, {"budget": 99}]
)
def test_a_volunteer_who_can_do_nothing_is_an_error(wrong, tuesday):
    right = {"kinds": 1, "languages": 1, "slots": 1, "radius_m": 1000, "capacity": 1, "budget": 1}
    with pytest.raises(ValueError, match=r"volunteer needs|out of bounds"):
        Readiness(**{**right, **wrong}, travel="foot", cell=1)


@pytest.mark.parametrize("travel", ["", "foot", "bike", "bus"])
def test_a_lift_is_given_by_who_drives(youssef, travel):
    with pytest.raises(ValueError, match="car"):
        Readiness(choices.LIFT | 1, 1, 1, travel, 1000, 1, 1, cell=1)
    assert Readiness(choices.LIFT, 1, 1, "car", 1000, 1, 1, cell=1)
    actor = of_account(youssef.person.account)
    set_travel(actor=actor, volunteer=youssef, travel=travel or "bus")
    youssef.refresh_from_db()
    assert not youssef.kinds & choices.LIFT
    actions.change_readiness(actor=actor, volunteer=youssef, add=choices.LIFT)
    youssef.refresh_from_db()
    assert not youssef.kinds & choices.LIFT


def test_editing_keeps_one_account_for_one_address(youssef, nadia, organisation):
    actor = of_account(youssef.person.account)
    ready = Readiness(1, 1, 1, "foot", 1000, 1, 1, cell=nadia.cell)
    with pytest.raises(actions.AlreadyInUse):
        actions.edit_volunteer(
            actor=actor, volunteer=youssef, who=Who("Youssef", email="nadia@example.org"), ready=ready
        )
    actions.edit_volunteer(
        actor=actor, volunteer=youssef, who=Who("Youssef B.", email="y@example.org"), ready=ready
    )
    youssef.refresh_from_db()
    assert (youssef.area, youssef.kinds) == (nadia.area, 1)
    assert queries.to_sign_in(organisation, email="y@example.org") == [youssef.person]
    assert queries.to_sign_in(organisation, email="youssef@example.org") == []


def test_a_pause_ends_by_itself_and_a_suspension_does_not(youssef, nadia, organisation, tuesday):
    actor = system(organisation)
    actions.pause(actor=actor, volunteer=youssef, until=tuesday.date() + timedelta(days=1))
    actions.suspend(actor=actor, volunteer=nadia)
    actions.resume(actor=actor, volunteer=nadia)
    assert actions.wake_paused(tuesday.date()) == 0
    assert actions.wake_paused(tuesday.date() + timedelta(days=1)) == 1
    states = dict(Volunteer.objects.values_list("pk", "state"))
    assert (states[youssef.pk], states[nadia.pk]) == ("active", "suspended")


def test_a_code_opens_once_for_a_while_and_not_after_five_tries(youssef, tuesday):
    person = youssef.person

    def opens(made, typed=None, asked_here=None):
        here = [made.id] if asked_here is None else asked_here
        return codes.use_code(person=person, code=typed or made.digits, asked_here=here)

    first = codes.new_code(person=person)
    wrong = f"{(int(first.digits) + 1) % 1_000_000:06}"
    assert not opens(first, wrong)
    assert opens(first)
    assert not opens(first)

    second = codes.new_code(person=person)
    for _ in range(5):
        assert not opens(second, "abcdef")
    assert not opens(second)

    # Two are open at once, each where it was asked for; nobody else's tries end them.
    old, newer = codes.new_code(person=person), codes.new_code(person=person)
    for _ in range(6):
        assert not opens(old, asked_here=[])
    assert old.digits == newer.digits or not opens(old, asked_here=[newer.id])
    assert opens(old)
    with clock.stopped_at(tuesday + timedelta(minutes=16)):
        assert not opens(newer)


def test_a_long_code_opens_anywhere_once_for_a_day(youssef, nadia, tuesday):
    person, made = youssef.person, codes.new_long_code(person=youssef.person)
    assert len(made.digits) == 12
    for _ in range(6):
        assert not codes.use_code(person=person, code="0" * 12)
    assert not codes.use_code(person=nadia.person, code=made.digits)
    with clock.stopped_at(tuesday + timedelta(hours=25)):
        assert not codes.use_code(person=person, code=made.digits)
    with clock.stopped_at(tuesday + timedelta(hours=23)):
        assert codes.use_code(person=person, code=made.digits)
        assert not codes.use_code(person=person, code=made.digits)


def test_a_code_is_kept_as_a_hash_that_nobody_finds_without_the_key(youssef, settings):
    made = codes.new_code(person=youssef.person)
    kept = SignInCode.objects.get().code_hash
    assert made.digits not in kept
    settings.INDEX_KEY = base64.b64encode(b"x" * 32).decode()
    assert not codes.use_code(person=youssef.person, code=made.digits, asked_here=[made.id])

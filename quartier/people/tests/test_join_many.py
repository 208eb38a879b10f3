"""An association brings its members: many join with few statements, each as if alone."""

import pytest

from quartier.audit.models import Entry, Unsealed
from quartier.lib import cells, choices
from quartier.people import actions, queries
from quartier.people.actions import Readiness, Who
from quartier.people.models import Person, Volunteer
from quartier.team.access import of_account
from quartier.team.models import Account

pytestmark = pytest.mark.django_db


def ready(radius_m=3000):
    return Readiness(
        kinds=1, languages=3, slots=choices.ALL_SLOTS, travel="foot", radius_m=radius_m, capacity=1, budget=2,
        cell=cells.cell_at(50.8275, 4.3722), postcode="1050", place_name="Ixelles",
    )  # fmt: skip


def who(number, **more):
    return Who(f"Member {number}", phone=f"+3240000{number:04}", email=f"m{number}@example.org", **more)


def test_each_is_as_if_they_had_joined_alone(organisation, tuesday):
    alone, _new = actions.join(organisation=organisation, who=who(1), ready=ready())
    (together,) = actions.join_many(organisation=organisation, joining=[(who(2), ready())])
    same = [
        field.attname for field in Volunteer._meta.concrete_fields if field.attname not in {"id", "person_id"}
    ]
    stored = Volunteer.objects.get(pk=together.pk)
    assert [getattr(stored, name) for name in same] == [getattr(alone, name) for name in same]
    (found,) = queries.to_sign_in(organisation, email="M2@example.org")
    assert found == stored.person
    assert found.name == found.account.name == "Member 2"
    assert of_account(found.account).roles == {"volunteer"}
    entries = list(Entry.objects.filter(verb="volunteer.join").order_by("id"))
    assert [(each.subject_id, each.actor_id) for each in entries] == [
        (alone.id, alone.person.account_id),
        (together.id, together.person.account_id),
    ]
    assert Unsealed.objects.filter(entry__in=entries).count() == 2


def test_who_is_known_keeps_the_file_and_nobody_comes_twice(organisation, elsewhere, tuesday):
    actions.join(organisation=organisation, who=who(1), ready=ready(radius_m=1000))
    actions.join(organisation=elsewhere, who=who(3), ready=ready())
    joining = [
        (who(1), ready()),
        (Who("Same number", phone="+32400000001"), ready()),
        (who(2), ready()),
        (Who("Member 2", email="M2@EXAMPLE.org"), ready()),
        (Who("Their daughter", phone="+32400000044", email="m2@example.org"), ready()),
        (Who("The same daughter", phone="+32400000044"), ready()),
        (who(3), ready()),
        (Who("No address at all"), ready()),
        (Who("Nor this one"), ready()),
    ]
    made = actions.join_many(organisation=organisation, joining=joining)
    assert [each.person.name for each in made] == [
        "Member 2",
        "Their daughter",
        "Member 3",
        "No address at all",
        "Nor this one",
    ]
    assert Volunteer.objects.get(organisation=organisation, radius_m=1000).person.name == "Member 1"
    assert Person.objects.filter(organisation=organisation).count() == 6


def test_the_number_of_statements_does_not_grow(organisation, tuesday, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        made = actions.join_many(organisation=organisation, joining=[(who(n), ready()) for n in range(200)])
    assert len(made) == Volunteer.objects.count() == Account.objects.count() == 200
    assert [each.pk for each in made] == list(Volunteer.objects.order_by("pk").values_list("pk", flat=True))


def test_nobody_joins_for_nothing(organisation):
    assert actions.join_many(organisation=organisation, joining=[]) == []

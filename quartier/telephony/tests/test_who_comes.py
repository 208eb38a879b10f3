"""The person helped who calls hears who comes, and when; nobody else does."""

from datetime import timedelta
from uuid import uuid4

import pytest

from quartier.lib import clock
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.telephony import actions, queries
from quartier.telephony.models import Masked
from quartier.telephony.prompts.coming import WORD
from quartier.telephony.tests.room import LANDLINE, MOBILE, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


@pytest.fixture
def visit(line):
    """Sofia comes to Marie tomorrow: `visit(remote=True)`."""
    now, about = clock.now(), uuid4()

    def made(*, shared=False, hours=24, coming=True, **more):
        def person(name, phone, **how):
            return people.record_person(
                organisation=line.organisation, who=Who(name, phone=phone, language="fr", **how)
            )

        start = now + timedelta(hours=hours)
        told = actions.Coming("Sofia", start, start + timedelta(hours=1), **more)
        actions.open_masked(
            organisation=line.organisation,
            helper=person("Sofia Lambert", MOBILE),
            helped=person("Marie", LANDLINE, phone_is_shared=shared),
            about=about,
            at=now,
            until=start + timedelta(hours=3),
            coming=told if coming else None,
        )

    return made


def heard(line, number=LANDLINE):
    return queries.known(line.organisation, number, clock.now()).coming


def test_the_person_helped_hears_it_in_her_language(line, visit):
    visit()
    said = heard(line)
    assert said.startswith("Sofia vient chez vous demain entre ")
    assert said.endswith(WORD.fr)
    assert "Lambert" not in said


def test_no_code_word_is_kept_for_whoever_calls_from_the_number(line, visit):
    visit()
    assert set(Masked.objects.get().coming) == {"name", "from", "until", "remote"}


def test_who_helps_does_not(line, visit):
    visit()
    assert heard(line, MOBILE) == ""
    assert queries.known(line.organisation, MOBILE, clock.now()).masked


def test_not_on_a_phone_that_others_use(line, visit):
    visit(shared=True)
    assert heard(line) == ""


def test_a_call_is_a_call(line, visit):
    visit(remote=True)
    assert heard(line).startswith("Sofia vous appelle demain")


def test_moved_it_is_the_new_time_and_over_it_is_nothing(line, visit):
    visit()
    before = heard(line)
    visit(hours=30)
    assert Masked.objects.count() == 1
    assert heard(line) != before
    actions.close_masked(about=Masked.objects.get().about, at=clock.now())
    assert heard(line) == ""


def test_of_a_visit_from_before_nothing_is_said(line, visit):
    visit(coming=False)
    assert heard(line) == ""

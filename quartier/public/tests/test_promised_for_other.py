"""Whoever asked for somebody else reads whom we call, and that they see here how things stand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from quartier.cases.models import Case, StatusLink
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.promises.models import Promise

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def page(client, asked, organisation):
    """The page of Sophie, who asked for Marie: nobody was found, and one of us is to do something."""
    opened = asked("groceries")
    matching.send_wave(request_id=opened.requests[0].pk)
    sophie = people.record_person(organisation=organisation, who=Who("Sophie", phone="+3220001431"))
    Case.objects.update(asked_by=sophie)
    StatusLink.objects.update(person=sophie)

    def read(**promise):
        Promise.objects.update(due_at=clock.now() + timedelta(hours=2), **promise)
        where = "/en" + reverse("status", args=[opened.token])[3:]
        return " ".join(strip_tags(client.get(where).content.decode()).split())

    return read


def test_a_call_is_to_whom_it_is_for(page):
    text = page(kind="call")
    assert "Someone from our team will call Marie before 1 pm today. You can see here" in text
    assert "will call you" not in text
    late = page(kind="call", times_broken=1)
    assert "We are later than we said, and we are sorry. Someone from our team will call Marie" in late
    assert "You will hear from us" not in late


def test_news_go_to_whom_they_are_for(page):
    text = page(kind="news")
    assert "Marie will hear from us before 1 pm today. You can see here how things stand." in text
    assert "You will hear from us" not in text


def test_who_is_told_themselves_is_spoken_to(page):
    sophie = StatusLink.objects.get().person
    Case.objects.update(tell_asker=True)
    assert "Someone from our team will call you before" in page(kind="call", person=sophie)
    assert "You will hear from us before" in page(kind="news", person=sophie)

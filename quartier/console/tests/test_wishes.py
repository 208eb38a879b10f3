"""How a volunteer wants to be told things, written down by the team: seen, changed, and written in the record."""

from datetime import time

import pytest
from django.test import Client

from quartier.audit.models import Entry
from quartier.people.models import Away, Person, Wishes

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(tuesday, youssef, lotte):
    youssef.person.phone = "+32400001001"
    youssef.person.save()
    client = Client()
    client.force_login(lotte)
    return client


def page_of(volunteer, more="wishes/"):
    return f"/en/console/volunteers/{volunteer.pk}/{more}"


SAID = {
    "do": "save", "quiet_from": "21:00", "quiet_until": "06:00", "urgent": "on", "rhythm": "few", "daily_at": "18:00",
    "language": "de", "budget": "1",
}  # fmt: skip


def test_what_they_say_on_the_phone(desk, youssef, lotte):
    assert desk.post(page_of(youssef), SAID).status_code == 302
    wish = Wishes.objects.get()
    assert (wish.quiet_from, wish.urgent, wish.rhythm) == (time(21), True, "few")
    youssef.refresh_from_db()
    assert (Person.objects.get(pk=youssef.person.pk).language, youssef.budget) == ("de", 1)
    noted = Entry.objects.filter(verb="person.wish", actor_id=lotte.pk, subject_id=youssef.person.pk)
    assert noted.count() == 2
    assert noted.first().details["changed"]
    page = desk.get(page_of(youssef, "")).content.decode()
    for words in ("from 9\u00a0pm to 6\u00a0am", "together, at 8\u00a0am, 1\u00a0pm, 6\u00a0pm", "Deutsch"):
        assert words in page
    # Said again, nothing has changed and nothing is noted.
    desk.post(page_of(youssef), SAID)
    assert noted.count() == 2


def test_the_order_and_days_away(desk, youssef):
    desk.post(page_of(youssef), {"do": "up:text"})
    assert Wishes.objects.get().order == ["text", "email"]
    assert (
        desk.post(page_of(youssef), {"do": "away", "first": "2027-01-20", "last": "2027-01-22"}).status_code
        == 302
    )
    away = Away.objects.get()
    assert "From Wednesday 20 January to Friday 22 January" in desk.get(page_of(youssef, "")).content.decode()
    desk.post(page_of(youssef), {"do": f"stay:{away.pk}"})
    assert not Away.objects.exists()
    assert desk.post(page_of(youssef), {"do": "stay:x"}).status_code == 404


@pytest.mark.parametrize(
    "days",
    [("", ""), ("2027-01-20", ""), ("2027-01-22", "2027-01-20"), ("2026-01-01", "2026-01-02"), ("x", "y")],
)
def test_days_that_are_none_are_said(desk, youssef, days):
    response = desk.post(page_of(youssef), {"do": "away", "first": days[0], "last": days[1]})
    assert response.status_code == 422
    assert 'id="away-wrong"' in response.content.decode()
    assert not Away.objects.exists()


def test_what_is_wrong_keeps_what_was_typed(desk, youssef):
    response = desk.post(page_of(youssef), SAID | {"quiet_until": ""})
    assert response.status_code == 422
    assert '<option value="21:00" selected>' in response.content.decode()
    assert not Wishes.objects.exists()


def test_who_wants_calls_is_said_so(desk, youssef):
    Person.objects.filter(pk=youssef.person.pk).update(channel="call")
    assert "Wants a call." in desk.get(page_of(youssef, "")).content.decode()
    assert "Wants a call." in desk.get(page_of(youssef)).content.decode()


def test_nobody_of_another_organisation(youssef, bram, tuesday):
    client = Client()
    client.force_login(bram)
    client.defaults["SERVER_NAME"] = bram.organisation.host
    assert client.post(page_of(youssef), SAID).status_code == 404
    assert not Wishes.objects.exists()


def test_who_sleeps_can_be_asked_by_hand_and_one_reads_when(desk, youssef, asked, organisation):
    from quartier.people import wishes
    from quartier.people.rules import Quiet
    from quartier.people.wishes import Said
    from quartier.team.access import system

    request = asked("groceries").requests[0]
    said = Said(quiet=Quiet(time(10), time(14)))
    wishes.wish(actor=system(organisation), person=youssef.person, said=said)
    where = f"/en/console/requests/{request.pk}/"
    page = desk.get(f"{where}candidates/")
    assert [one.why for one in page.context["not_asked"]] == ["does not want to be disturbed at this hour"]
    assert page.context["ranked"] == []
    page = desk.post(f"{where}do/", {"do": "ask", "volunteer": youssef.pk}, follow=True).content.decode()
    assert "does not want to be disturbed at this hour, and is asked today at 2\u00a0pm" in page

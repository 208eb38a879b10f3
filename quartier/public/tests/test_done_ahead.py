"""“Done”, said ahead of its time: whoever waits is told after half an hour, and until then their page says what was."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.public.tests.test_status import coming as coming
from quartier.public.tests.test_status import opened as opened
from quartier.public.tests.test_status import text, url
from quartier.team.access import of_account
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def done_ahead(coming):
    """Youssef goes tomorrow, and says this evening that it is done."""
    start = clock.now() + timedelta(hours=24)
    Assignment.objects.filter(pk=coming.pk).update(comes_from=start, comes_until=start + timedelta(hours=1))
    actor = of_account(coming.volunteer.person.account)
    return visits.done(actor=actor, assignment=Assignment.objects.get(pk=coming.pk))


def test_until_they_are_told_the_page_says_what_was(client, opened, done_ahead):
    cancel = reverse("status_cancel", args=[opened.token, opened.requests[0].pk])
    page = text(client.get(url(opened)))
    assert "Youssef vient" in page
    assert done_ahead.code_word in page
    assert "dit que c’est fait" not in page
    assert cancel[3:] in page
    assert client.get(cancel).status_code == 200
    clock.advance(timedelta(minutes=31))
    page = text(client.get(url(opened)))
    assert "C’est fait" in page
    assert done_ahead.code_word not in page
    assert "over" in client.get(cancel)["Location"]


def test_who_cancels_cancels_it(client, opened, done_ahead):
    """It stood in nobody's way: they were told of nothing else."""
    client.post(reverse("status_cancel", args=[opened.token, opened.requests[0].pk]))
    done_ahead.refresh_from_db()
    request = opened.requests[0]
    request.refresh_from_db()
    assert (done_ahead.state, request.closure) == ("cancelled", "withdrawn")
    assert Message.objects.get(template="helped").state == Message.State.CANCELLED
    done_ahead.volunteer.refresh_from_db()
    assert done_ahead.volunteer.done_total == 0


def test_who_changes_the_time_is_heard(client, opened, done_ahead):
    page = reverse("status_time", args=[opened.token, opened.requests[0].pk])
    assert client.get(page).status_code == 200
    client.post(page, {"urgency": "week"})
    done_ahead.refresh_from_db()
    assert done_ahead.state != "done"
    request = opened.requests[0]
    request.refresh_from_db()
    assert request.state != "closed"


def test_near_its_time_it_is_done_at_once(client, opened, coming):
    actor = of_account(coming.volunteer.person.account)
    visits.on_my_way(actor=actor, assignment=coming)
    visits.done(actor=actor, assignment=coming)
    assert "C’est fait" in text(client.get(url(opened)))

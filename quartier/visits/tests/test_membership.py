"""What the team decides about a volunteer is written to them: a break, the end for now, and a new beginning."""

from datetime import date

import pytest
from django.utils.html import strip_tags

from quartier.audit.models import Entry
from quartier.messaging.models import Message, PushSubscription
from quartier.people import actions as people
from quartier.promises.queries import open_about
from quartier.team.access import of_account
from quartier.team.models import Role
from quartier.telephony.models import Operator, Wish
from quartier.visits import actions

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def told(volunteer):
    rows = Message.objects.filter(person=volunteer.person, template__startswith="membership_")
    return list(rows.exclude(state="cancelled").order_by("created_at", "pk"))


def test_a_break_that_the_team_notes(client, thomas, youssef, tuesday):
    client.force_login(thomas)
    address = f"/fr/console/volunteers/{youssef.pk}/"
    client.post(f"{address}do/", {"do": "pause", "until": "2027-02-01"})
    (word,) = told(youssef)
    assert word.template == "membership_rests"
    assert "dimanche 31 janvier" in word.body
    client.post(f"{address}do/", {"do": "resume"})
    youssef.refresh_from_db()
    assert youssef.state == "active"
    # The first one had not gone out: both would only confuse.
    assert [each.template for each in told(youssef)] == ["membership_again"]


def test_whoever_is_suspended_is_told_and_thanked(thomas, youssef, asked, tuesday):
    actions.volunteer_suspended(actor=of_account(thomas), volunteer=youssef, words="Trois plaintes")
    (word,) = told(youssef)
    assert word.template == "membership_over"
    assert "Merci" in word.body
    assert "Trois plaintes" not in word.body
    youssef.refresh_from_db()
    actions.resume_by_team(actor=of_account(thomas), volunteer=youssef)
    youssef.refresh_from_db()
    assert youssef.state == "active"
    assert [each.template for each in told(youssef)] == ["membership_again"]


def test_ones_own_break_is_no_news(youssef, tuesday):
    people.pause(actor=of_account(youssef.person.account), volunteer=youssef, until=date(2027, 2, 1))
    assert told(youssef) == []


def test_whoever_is_suspended_is_out_from_that_moment(client, thomas, youssef, organisation, tuesday):
    account = youssef.person.account
    Role.objects.create(organisation=organisation, account=account, name="operator")
    Operator.objects.create(organisation=organisation, account=account, standing="available", since=tuesday)
    client.force_login(account)
    PushSubscription.objects.create(
        organisation=organisation, person=youssef.person, endpoint="x", endpoint_index="x", keys={},
        created_at=tuesday,
    )  # fmt: skip
    assert client.get("/fr/console/").status_code == 200
    actions.volunteer_suspended(actor=of_account(thomas), volunteer=youssef)
    assert not account.browser_sessions.exists()
    assert not PushSubscription.objects.exists()
    assert Wish.objects.get().what == "off"  # no call rings with them any more
    assert of_account(account).roles == frozenset()
    assert client.get("/fr/console/").status_code == 302
    client.force_login(account)
    assert client.get("/fr/console/").status_code == 403


def test_whoever_can_only_be_called_is_called_about_it(client, thomas, youssef, organisation, tuesday):
    person = youssef.person
    person.channel, person.phone, person.email = "call", "+3220000002", ""
    person.save()
    actor, calls = of_account(thomas), "/en/console/calls/"
    client.force_login(thomas)
    actions.rest_by_team(actor=actor, volunteer=youssef, until=date(2027, 2, 1))
    assert told(youssef) == []
    owed = open_about("volunteer", youssef.pk)
    assert (owed.kind, owed.person, owed.needs_team) == ("call", person, True)
    text = strip_tags(client.get(calls).content.decode())
    assert "Youssef" in text
    assert "Say that we have noted a break for them until Sunday 31 January." in text
    youssef.refresh_from_db()
    actions.volunteer_suspended(actor=actor, volunteer=youssef)
    # One call, whatever is decided meanwhile.
    assert open_about("volunteer", youssef.pk).pk == owed.pk
    text = strip_tags(client.get(calls).content.decode())
    assert "no longer a volunteer for now" in text
    text = client.post(calls, {"told": owed.pk}, follow=True).content.decode()
    assert "Say, with thanks" not in text
    assert open_about("volunteer", youssef.pk) is None
    assert Entry.objects.filter(verb="volunteer.told", actor_id=thomas.pk).count() == 1
    client.post(calls, {"told": owed.pk})
    assert Entry.objects.filter(verb="volunteer.told").count() == 1
    assert client.post(calls, {"told": "x"}).status_code == 404
    youssef.refresh_from_db()
    actions.resume_by_team(actor=actor, volunteer=youssef)
    assert "we can ask them for help again" in strip_tags(client.get(calls).content.decode())
    youssef.refresh_from_db()
    actions.volunteer_leaves(actor=actor, volunteer=youssef)
    assert open_about("volunteer", youssef.pk) is None

"""Words of danger that name somebody of the team do not exist for them, nor what is written next, nor our answers."""

from datetime import timedelta

import pytest
from django.http import Http404

from quartier.alerts import actions as alerts
from quartier.alerts.models import Alert, Told
from quartier.concerns import actions as concerns
from quartier.concerns.models import Concern
from quartier.conversation import actions, queries
from quartier.conversation.access import to_read_for
from quartier.conversation.models import ToRead
from quartier.conversation.tests.conftest import MARIE, YOUSSEF
from quartier.intake.models import Contact
from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.matching.models import Offer
from quartier.people.actions import Who
from quartier.team.access import of_account
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db
HIT, NEXT = "Thomas me frappe", "il revient demain à dix heures"


@pytest.fixture
def marie(street, on_phone, thomas, sara):
    request = street.offer()
    return on_phone(request.case.person, MARIE)


def seen(account, marie):
    """What this account reads of her: in her file, and of what waits to be read."""
    actor = of_account(account)
    file = [line.words for line in queries.thread(actor, case_id=marie.cases.get().pk)]
    return file, [each.received.body for each in queries.unread(actor)]


def test_it_is_read_by_others_alone(marie, text, thomas, sara):
    row = text(MARIE, HIT)
    theirs, waiting = seen(sara, marie)
    assert HIT in theirs
    assert waiting == [HIT]
    assert row.answer.body in theirs
    his, waiting = seen(thomas, marie)
    assert HIT not in his
    assert row.answer.body not in his
    assert waiting == []
    to_read = ToRead.objects.get()
    assert to_read_for(of_account(sara), to_read.pk) == to_read
    with pytest.raises(Http404):
        to_read_for(of_account(thomas), to_read.pk)


def test_its_words_are_in_no_file(marie, text):
    text(MARIE, HIT)
    contact = ToRead.objects.get().contact
    assert contact.words == ""
    assert HIT not in [each.words for each in Contact.objects.all()]


def test_what_is_written_next_goes_around_too(street, marie, text, post, thomas, sara):
    offer = Offer.objects.filter(volunteer=street.youssef).get()
    visits.accept_offer(actor=of_account(street.youssef.person.account), offer=offer)
    text(MARIE, HIT)
    text(MARIE, NEXT)
    assert NEXT in seen(sara, marie)[0]
    assert NEXT not in seen(thomas, marie)[0]
    assert seen(thomas, marie)[1] == []
    assert NEXT not in [each.words for each in Contact.objects.all()]
    # Nor is it passed on to the other one of the visit.
    assert not any("revient" in body for body in post(YOUSSEF))
    alert = Alert.objects.get(kind="written")
    assert [each.received.body for each in queries.in_danger(alert)] == [HIT, NEXT]


def test_once_it_is_over_she_is_heard_as_before(marie, text, thomas, sara, tuesday):
    text(MARIE, HIT)
    alert = Alert.objects.get()
    alerts.take(actor=of_account(sara), alert_id=alert.pk)
    alerts.close(actor=of_account(sara), alert_id=alert.pk, words="Elle est chez sa sœur.")
    # Thanks are no alarm, and are not for him either.
    text(MARIE, "merci beaucoup")
    alert.refresh_from_db()
    assert alert.state == "closed"
    assert "merci beaucoup" not in seen(thomas, marie)[0]
    assert seen(sara, marie)[1] == [HIT, "merci beaucoup"]
    clock.advance(timedelta(hours=2))
    text(MARIE, "et le pain ?")
    assert "et le pain ?" in seen(thomas, marie)[0]
    assert HIT not in seen(thomas, marie)[0]


def test_our_answer_to_her_is_not_there_for_him(marie, text, thomas, sara):
    text(MARIE, HIT)
    to_read = ToRead.objects.get()
    said = "Sara vous appelle tout de suite."
    actions.say(actor=of_account(sara), person=marie, words=said, once=uuid7(), to_read=to_read)
    assert any(said in words for words in seen(sara, marie)[0])
    assert not any(said in words for words in seen(thomas, marie)[0])


def test_named_later_what_came_before_is_gone_for_him(marie, text, thomas, sara):
    text(MARIE, "il me frappe")
    assert seen(thomas, marie)[1] == ["il me frappe"]
    text(MARIE, HIT)
    assert seen(thomas, marie)[1] == []
    assert seen(sara, marie)[1] == ["il me frappe", HIT]


def test_with_nobody_left_it_goes_out_of_the_team(marie, text, thomas, sara, lotte):
    concerns.trust(actor=of_account(sara), who=Who("Odile", email="odile@example.org"))
    text(MARIE, "Thomas et Sara me frappent")
    assert not Told.objects.filter(alert__kind="written").exists()
    concern = Concern.objects.get()
    assert (concern.by, concern.words, concern.contact) == ("writer", "Thomas et Sara me frappent", MARIE)
    assert set(concern.alert.around.values_list("account", flat=True)) == {thomas.pk, sara.pk}
    assert [each.person.name for each in Told.objects.all()] == ["Odile"]
    # Nobody else sees what is written next: none of it may be lost.
    text(MARIE, NEXT)
    assert [(each.words, each.alert.degree) for each in Concern.objects.order_by("raised_at", "pk")] == [
        ("Thomas et Sara me frappent", "danger"),
        (NEXT, "calm"),
    ]
    assert Told.objects.count() == 2

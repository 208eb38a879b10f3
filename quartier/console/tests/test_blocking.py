"""Suspended at once, in words; kept from joining by a mark that cannot be read back; objections decided by another."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import Http404
from django.urls import reverse

from quartier.audit.models import Entry
from quartier.cases.models import Request
from quartier.incidents.actions import Opening, open_incident
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people.models import Volunteer
from quartier.team.access import of_account
from quartier.trust import actions, queries
from quartier.trust.models import Block, Objection, Suspension
from quartier.visits import actions as visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
PHONE, MAIL = "+32470123456", "Youssef@example.org"


@pytest.fixture
def blocked(thomas, organisation):
    return actions.block(actor=of_account(thomas), phone=PHONE, email=MAIL, words="A gardé l’argent.")


def is_blocked(organisation, *marks):
    return queries.is_blocked(organisation, list(marks), clock.now().date())


def test_only_marks_are_kept_and_they_are_another_groups_never(blocked, organisation, elsewhere):
    from quartier.trust.actions.blocking import marks

    assert len(blocked) == 2
    row = Block.objects.values_list("mark", flat=True)
    assert not [mark for mark in row if "0470" in mark or "@" in mark]
    assert is_blocked(organisation, *marks(organisation, "", MAIL.lower()))
    assert not is_blocked(elsewhere, *marks(elsewhere, PHONE, MAIL))


def test_blocked_twice_is_once_and_until_its_day(thomas, organisation, tuesday):
    until = (tuesday + timedelta(days=3)).date()
    for _twice in range(2):
        actions.block(actor=of_account(thomas), phone=PHONE, words="Pause.", until=until)
    mark = Block.objects.get().mark
    assert is_blocked(organisation, mark)
    with clock.stopped_at(tuesday + timedelta(days=4)):
        assert not is_blocked(organisation, mark)


def test_not_without_a_reason_and_not_by_everybody(thomas, lotte):
    with pytest.raises(actions.NothingSaid):
        actions.block(actor=of_account(thomas), phone=PHONE, words=" ")
    with pytest.raises(Http404):
        actions.block(actor=of_account(lotte), phone=PHONE, words="x")


def test_who_blocked_does_not_decide_on_the_objection(blocked, organisation, thomas, sara):
    row = actions.appeal(organisation=organisation, phone=PHONE, words="Je l’ai rendu.")
    assert row.block in blocked
    with pytest.raises(actions.NotYours):
        actions.decide(actor=of_account(thomas), appeal_id=row.pk, words="Non.", lifts=False)
    with pytest.raises(actions.NothingSaid):
        actions.decide(actor=of_account(sara), appeal_id=row.pk, words="", lifts=True)
    actions.decide(actor=of_account(sara), appeal_id=row.pk, words="C’est vrai.", lifts=True)
    actions.decide(actor=of_account(sara), appeal_id=row.pk, words="Autrement.", lifts=False)
    row.refresh_from_db()
    assert (row.lifts, row.decision) == (True, "C’est vrai.")
    assert not is_blocked(organisation, row.block.mark)
    assert Entry.objects.filter(verb="block.decide").count() == 1


def test_the_page_to_object_is_the_same_for_everybody(client, blocked, organisation):
    answers = []
    for number in ("0470 12 34 56", "0470 99 99 99"):
        answer = client.post(
            "/fr/objection/", {"phone": number, "words": "Je ne comprends pas."}, follow=True
        )
        answers.append(answer.content.decode())
    assert answers[0] == answers[1]
    assert Objection.objects.filter(block=None).count() == 1
    assert client.post("/fr/objection/", {"words": "x"}, follow=True).status_code == 200
    assert Objection.objects.count() == 2


def test_at_the_desk(client, blocked, organisation, sara, thomas):
    row = actions.appeal(organisation=organisation, email=MAIL, words="Je l’ai rendu.")
    client.force_login(thomas)
    page = client.get(reverse("blocks")).content.decode()
    assert "someone else decides" in page
    assert PHONE not in page
    client.force_login(sara)
    assert "Je l’ai rendu." in client.get(reverse("blocks")).content.decode()
    client.post(reverse("blocks_act"), {"do": "agree", "appeal": str(row.pk), "words": "Oui."})
    assert not queries.appeals(organisation).exists()
    client.post(reverse("blocks_act"), {"do": "lift", "block": str(blocked[0].pk)})
    assert not queries.blocks(organisation, clock.now().date()).exists()
    assert client.post(reverse("blocks_act"), {"do": "lift", "block": "x"}).status_code == 404


def test_suspended_in_the_middle_of_a_visit(client, asked, youssef, nadia, thomas):
    request = asked("groceries").requests[0]
    offers = {offer.volunteer_id: offer for offer in matching.send_wave(request_id=request.pk)}
    me = of_account(youssef.person.account)
    visit = visits.accept_offer(actor=me, offer=offers[youssef.pk]).assignment
    visits.on_my_way(actor=me, assignment=visit)
    link = reverse("offer_link", args=[matching.token_of(offers[youssef.pk])])
    assert "Rue du Page" in client.get(link).content.decode()
    desk = reverse("volunteer_act", args=[youssef.pk])
    client.force_login(thomas)
    client.post(desk, {"do": "suspend", "words": "  "})
    assert Volunteer.objects.get(pk=youssef.pk).state == "active"
    client.post(desk, {"do": "suspend", "words": "Des plaintes."})
    assert client.get(link).status_code == 404
    assert Message.objects.filter(template="looking_again").exists()
    assert Request.objects.get(pk=request.pk).state == "open"
    assert not youssef.offers.filter(state__in=["sent", "seen", "draft"]).exists()
    page = reverse("volunteer_page", args=[youssef.pk])
    assert "Des plaintes." in client.get(page).content.decode()
    client.post(desk, {"do": "block", "words": "Des plaintes."})
    assert Block.objects.count() == 1
    client.post(desk, {"do": "lift", "words": ""})
    assert Volunteer.objects.get(pk=youssef.pk).state == "suspended"
    client.post(desk, {"do": "lift", "words": "Un malentendu."})
    assert Volunteer.objects.get(pk=youssef.pk).state == "active"
    row = Suspension.objects.get()
    assert (row.words, row.lifted_words, row.by) == ("Des plaintes.", "Un malentendu.", thomas)


def test_what_is_promised_at_the_door_follows_what_is_going_on(client, asked, youssef, sara, thomas):
    client.force_login(sara)
    opening = Opening("pandemic", ["groceries"])
    open_incident(actor=of_account(sara), incident_id=uuid4(), opening=opening)
    assert "a metre and a half" in client.get(reverse("levels")).content.decode()
    request = asked("groceries").requests[0]
    offer = matching.send_wave(request_id=request.pk)[0]
    visits.accept_offer(actor=of_account(youssef.person.account), offer=offer)
    page = client.get(reverse("offer_link", args=[matching.token_of(offer)])).content.decode()
    assert "a metre and a half" in page

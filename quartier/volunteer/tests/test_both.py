"""One neighbour takes two needs of the same person in one yes."""

from datetime import timedelta

import pytest

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.cases.rules import Wanted
from quartier.intake import actions as intake
from quartier.lib import choices, clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.team.access import of_account, system
from quartier.visits import actions
from quartier.visits.models import Assignment

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def both(opened):
    """Marie needs her medicines too: a request beside the groceries."""
    return also(opened, "pharmacy")


def also(opened, kind, **more):
    actor = system(opened.organisation)
    contact = intake.record_contact(actor=actor, person=opened.case.person, channel="web", moderated=False)
    wanted = Wanted(kind, choices.mask(choices.LANGUAGES, ["fr"]), **more)
    return cases.add_requests(actor=actor, case=opened.case, contact=contact, wanted=[wanted])[0]


def test_both_in_one_yes(client, opened, both, links, youssef):
    page = client.get(links["Youssef"]).content.decode()
    assert "La même personne a aussi besoin de ceci" in page
    page = client.post(links["Youssef"], {"do": "yes", "also": [str(both.pk)]}, follow=True).content.decode()
    assert "En même temps, pour la même personne" in page
    first, second = Assignment.objects.order_by("accepted_at", "pk")
    assert {first.request_id, second.request_id} == {opened.pk, both.pk}
    assert (first.comes_from, first.comes_until) == (second.comes_from, second.comes_until)
    assert first.code_word == second.code_word
    assert second.told_at is not None
    # Each side reads of one visit, once; she reads for what.
    told = Message.objects.filter(template="someone_comes").exclude(state=Message.State.CANCELLED).get()
    assert "Pour : courses, médicaments de la pharmacie." in told.body.replace("\xa0", " ")
    assert Message.objects.filter(template="accepted").count() == 1
    both.refresh_from_db()
    assert both.state == Request.State.COVERED
    for each in (first, second):
        actions.done(actor=of_account(youssef.person.account), assignment=each)
    assert not Request.objects.exclude(state="closed").exists()


def test_what_is_not_ticked_is_left_to_others(client, opened, both, links):
    client.post(links["Youssef"], {"do": "yes"})
    assert Assignment.objects.count() == 1
    both.refresh_from_db()
    assert both.state == Request.State.OPEN


def test_somebody_was_quicker(client, opened, both, links, nadia):
    offer = matching.offer_by_hand(actor=system(both.organisation), request=both, volunteer=nadia)
    actions.accept_offer(actor=of_account(nadia.person.account), offer=offer)
    page = client.post(links["Youssef"], {"do": "yes", "also": [str(both.pk)]}, follow=True).content.decode()
    assert "Quelqu’un d’autre s’occupe déjà" in page
    assert Assignment.objects.filter(volunteer__doors=0).count() == 2


@pytest.mark.parametrize("other", ["another day", "what they cannot do", "by phone", "somebody else's"])
def test_what_is_not_offered_beside(client, opened, links, asked, youssef, other):
    if other == "another day":
        start = clock.now() + timedelta(days=9)
        beside = also(opened, "pharmacy", window_from=start, window_until=start + timedelta(hours=2))
    elif other == "what they cannot do":
        beside = also(opened, "dog")
        youssef.kinds = choices.mask(choices.KINDS, ["groceries"])
        youssef.save()
    elif other == "by phone":
        beside = also(opened, "talk")
    else:
        beside = asked("pharmacy", name="Paul Maes").requests[0]
    assert str(beside.pk) not in client.get(links["Youssef"]).content.decode()
    client.post(links["Youssef"], {"do": "yes", "also": [str(beside.pk), "x", "-" * 36]})
    assert Assignment.objects.count() == 1


def yes_at(client, links, start, hours, beside):
    begins = int(start.timestamp())
    more = {"when": f"{begins}-{begins + hours * 3600}", "also": [str(beside.pk)]}
    return client.post(links["Youssef"], {"do": "yes"} | more, follow=True).content.decode()


def test_what_is_needed_at_another_hour_is_left_to_others(client, opened, links):
    start = opened.window_from + timedelta(minutes=30)
    beside = also(opened, "pharmacy", window_from=start, window_until=start + timedelta(hours=2))
    page = yes_at(client, links, start + timedelta(hours=3), 1, beside)
    assert "L’autre demande est pour une autre heure" in page
    beside.refresh_from_db()
    assert beside.state == Request.State.OPEN
    assert Assignment.objects.count() == 1


def test_who_has_enough_visits_reads_so_and_is_asked_no_more(client, both, links, youssef):
    type(youssef).objects.filter(pk=youssef.pk).update(capacity=1)
    page = client.post(links["Youssef"], {"do": "yes", "also": [str(both.pk)]}, follow=True).content.decode()
    assert "autant de visites que vous le souhaitiez" in page
    assert not both.offers.filter(volunteer=youssef, state__in=["sent", "seen"]).exists()


def test_what_is_taken_along_moves_with_the_visit_and_is_told_once(client, opened, both, links, youssef):
    client.post(links["Youssef"], {"do": "yes", "also": [str(both.pk)]})
    first = Assignment.objects.get(request=opened)
    before = Message.objects.filter(template="someone_comes").count()
    start = clock.now() + timedelta(hours=1)
    actions.set_time(
        actor=of_account(youssef.person.account),
        assignment=first,
        start=start,
        end=start + timedelta(minutes=30),
    )
    second = Assignment.objects.get(request=both)
    assert (second.comes_from, second.comes_until) == (start, start + timedelta(minutes=30))
    assert Message.objects.filter(template="someone_comes").count() == before + 1
    said = [each.body for each in Message.objects.filter(template="someone_comes")]
    assert sum("pharmacie" in body for body in said) == 2


def test_what_they_gave_back_is_not_offered_beside(client, opened, both, links, youssef):
    offer = matching.offer_by_hand(actor=system(both.organisation), request=both, volunteer=youssef)
    me = of_account(youssef.person.account)
    taken = actions.accept_offer(actor=me, offer=offer).assignment
    assert "La même personne a aussi besoin" not in client.get(links["Youssef"]).content.decode()
    actions.could_not(actor=me, assignment=taken, failure="cannot_go")
    assert "La même personne a aussi besoin" not in client.get(links["Youssef"]).content.decode()

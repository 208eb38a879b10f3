"""Several kinds of help in one file: the receipt names all, and a change the one that was changed; and the pharmacy,
which is no shop."""

import pytest
from django.urls import reverse
from django.utils import translation

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.cases.rules import Household, Wanted, Where
from quartier.intake import actions as intake
from quartier.lib import choices, sms
from quartier.messaging import several
from quartier.messaging.models import Message
from quartier.shopping import actions as lists
from quartier.shopping import queries as shopping
from quartier.shopping.rules import Wishes
from quartier.team.access import system

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
EIGHT = ("groceries", "pharmacy", "meal", "transport", "dog", "papers", "talk", "cleanup")


def url(opened, name="status", *more):
    return "/fr" + reverse(name, args=[opened.token, *more])[3:]


def page_of(response):
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def receipt(opened, kinds, channel="email"):
    """The receipt of a second file of the same person, in which all this is asked for at once."""
    person, organisation = opened.case.person, opened.case.organisation
    person.channel = channel
    if channel == "text":
        person.phone = "+32470001427"
    person.save()
    contact = intake.record_contact(actor=system(organisation), person=person, channel="web")
    cases.open_case(
        actor=system(organisation),
        contact=contact,
        person=person,
        household=household_of(opened),
        wanted=[Wanted(kind, choices.mask(choices.LANGUAGES, ["fr"])) for kind in kinds],
    )
    return Message.objects.filter(person=person, template="received").order_by("-created_at", "-pk").first()


def household_of(opened):
    where = Where(opened.case.cell, opened.case.postcode, opened.case.place_name)
    return Household(where=where, address="Rue du Page 42", access_notes="")


def test_a_receipt_names_all_that_was_asked(asked):
    opened = asked("groceries", urgency="day")
    two = receipt(opened, ["groceries", "pharmacy"]).body
    assert "courses et médicaments" in two
    assert "Pour :" not in two.replace("\u00a0", " ")
    eight = receipt(opened, EIGHT).body.replace("\u00a0", " ")
    assert "8 choses : courses, médicaments de la pharmacie et 6 autres" in eight


def test_a_receipt_by_text_names_all_in_two_parts_at_most(asked):
    opened = asked("groceries", urgency="day")
    for kinds in (["groceries", "pharmacy"], EIGHT):
        body = receipt(opened, kinds, "text").body
        assert "courses" in body
        assert sms.size(body).segments <= 2


def test_of_one_thing_nothing_more_is_said(asked):
    opened = asked("groceries", urgency="day")
    message = Message.objects.get(person=opened.case.person, template="received")
    assert "Pour :" not in message.body.replace("\u00a0", " ")
    assert several.named(["a"]) == "a"
    with translation.override("en"):
        assert several.named(list("abbc")) == "a, b and c"


def test_a_note_for_the_pharmacy_asks_no_shopping_questions(client, asked):
    opened = asked("pharmacy", urgency="day", details="Deux boîtes")
    form = page_of(client.get(url(opened, "status_list", opened.requests[0].pk)))
    assert 'name="lines"' in form
    for name in ("substitutions", "never", "budget", "agreed", "allergies"):
        assert f'name="{name}"' not in form


def test_a_note_for_the_pharmacy_keeps_what_it_does_not_ask(client, asked):
    opened = asked("pharmacy", urgency="day", details="Deux boîtes")
    one, case = opened.requests[0], opened.case
    wishes = Wishes("Deux boîtes", "", "no", "noix", "bœuf", 1500, agreed=True)
    actor = system(case.organisation)
    lists.write(actor=actor, request=one, wishes=wishes)
    bought = asked("groceries", details="Du pain").requests[0]
    Request.objects.filter(pk=bought.pk).update(case=case)
    bought.refresh_from_db()
    lists.write(actor=actor, request=bought, wishes=Wishes("Du pain", allergies=None, never="bœuf"))
    client.post(url(opened, "status_list", one.pk), {"lines": "Trois boîtes", "shop": "Pharmacie du Parvis"})
    shown = shopping.of_request(one)
    assert shown.shop == "Pharmacie du Parvis"
    assert "Trois boîtes" in {each.words for each in shown.things}
    assert (shown.allergies, shown.budget_cents) == ("noix", 1500)
    assert (shown.never, shopping.of_request(bought).never) == ("", "bœuf")


def test_after_a_change_the_page_names_what_was_changed(client, asked):
    opened = asked("groceries", urgency="day")
    contact = intake.record_contact(
        actor=system(opened.case.organisation), person=opened.case.person, channel="phone"
    )
    wanted = [Wanted("pharmacy", choices.mask(choices.LANGUAGES, ["fr"]), details="Deux boîtes")]
    actor = system(opened.case.organisation)
    second = cases.add_requests(actor=actor, case=opened.case, contact=contact, wanted=wanted)[0]
    changed = client.post(url(opened, "status_list", second.pk), {"lines": "Trois boîtes", "shop": ""})
    assert changed["Location"].endswith(f"?done=list_alone&of={second.pk}")
    shown = page_of(client.get(changed["Location"]))
    assert "<b>La pharmacie, " in shown
    alone = client.get(url(opened) + "?done=list_alone&of=nothing")
    assert "<b>La pharmacie, " not in page_of(alone)

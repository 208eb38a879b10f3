"""A list: written on the private page, on the telephone or on paper; ticked off in the shop."""

import re

import pytest
from django.urls import reverse

from quartier.look.printing import Sheet
from quartier.matching import actions as matching
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.people.models import Person
from quartier.shopping import queries
from quartier.shopping.models import Household, Item, ShoppingList
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def opened(asked):
    return asked("groceries", urgency="day", details="2 pains gris\nDu lait")


@pytest.fixture
def coming(opened, youssef):
    offer = next(iter(matching.send_wave(request_id=opened.requests[0].id)))
    return visits.accept_offer(actor=of_account(youssef.person.account), offer=offer).assignment


@pytest.fixture
def mine(coming):
    return f"/fr/volunteer/offer/{matching.token_of(coming.offer)}/"


def form(opened):
    return "/fr" + reverse("status_list", args=[opened.token, opened.requests[0].pk])[3:]


ANSWERS = {
    "lines": "2 pains gris\nDu beurre",
    "shop": "Le Delhaize de la place",
    "substitutions": "yes",
    "allergies": "arachides",
    "never": "du vin",
    "agreed": "on",
}


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


def keys(opened):
    return {each.what: each.key for each in queries.of_request(opened.requests[0]).things}


def test_who_is_helped_writes_it_and_who_goes_reads_it(client, opened, mine):
    page = text(client.get(form(opened)))
    assert "2 pains gris" in page
    assert client.post(form(opened), ANSWERS)["Location"].endswith("?done=list")
    request = opened.requests[0]
    request.refresh_from_db()
    assert request.details == "2 pains gris\nDu beurre"
    page = text(client.get(mine))
    for words in ("pains gris", "Du beurre", "arachides", "du vin", "Le Delhaize", "Prendre quelque chose"):
        assert words in page
    assert "Du lait" not in page


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Demander d’abord à %s"), ("nl", "Eerst vragen aan %s"), ("de", "Zuerst %s fragen")],
)
def test_who_goes_reads_whom_to_ask_first_and_how(client, opened, coming, mine, language, words):
    client.post(form(opened), {**ANSWERS, "substitutions": "ask"})
    case = opened.case
    name = case.person.name.split()[0]
    page = text(client.get(f"/{language}{mine[3:]}"))
    assert words % name in page
    assert f'<a href="tel:{case.person.phone}">' in page
    # Asked by a daughter for a mother without a phone: the daughter knows, and nobody gives her number away.
    case.person.phone, case.person.phone_index = "", ""
    case.person.save()
    who = Who("An Claes", phone="+32400001499")
    case.asked_by = people.record_person(organisation=case.organisation, who=who)
    case.save()
    page = text(client.get(f"/{language}{mine[3:]}"))
    assert words % "An" in page
    assert "400001499" not in page


def test_who_goes_reads_each_line_as_it_was_written(client, opened, mine):
    client.post(form(opened), ANSWERS | {"lines": "1 litre de lait\n2 pains gris (tranchés)"})
    page = text(client.get(mine))
    assert "<span>1 litre de lait</span>" in page
    assert "<span>2 pains gris (tranchés)</span>" in page


def test_the_households_own_limit_holds_everywhere(client, opened, coming, mine):
    her_page = "/fr" + reverse("status", args=[opened.token])[3:]
    assert "30\u00a0€ au maximum" in text(client.get(her_page))
    client.post(form(opened), ANSWERS | {"budget": "25"})
    assert "25\u00a0€ au maximum" in text(client.get(her_page))
    page = text(client.get(mine))
    assert "30\u00a0€" not in page
    assert page.count("25\u00a0€") >= 3
    # What was paid all the same is taken, and both read that it is more.
    client.post(mine, {"do": "paid", "amount": "24,90"})
    more = "La liste dit 25\u00a0€ au maximum, et c’est plus."
    assert more not in text(client.get(mine))
    client.post(mine, {"do": "paid", "amount": "27,40"})
    assert more in text(client.get(mine))
    client.post(mine, {"do": "paid_right"})
    expense = coming.expenses.get()
    assert more in text(client.get("/fr" + reverse("status_money", args=[opened.token, expense.pk])[3:]))


def test_what_is_wrong_is_said_and_what_was_typed_stays(client, opened):
    wrong = {**ANSWERS, "substitutions": "perhaps", "shop": "x" * 300}
    response = client.post(form(opened), wrong, follow=True)
    assert response.status_code == 200
    assert "Choisissez une réponse" in response.content.decode()
    assert "x" * 300 in response.content.decode()
    assert not ShoppingList.objects.exists()


def test_what_the_household_wishes_is_there_the_next_time(client, opened, asked):
    client.post(form(opened), ANSWERS)
    request = opened.requests[0]
    other = type(request).objects.get(pk=request.pk)
    other.pk, other._state.adding = None, True
    other.id = type(request)._meta.pk.default()
    other.details = "Du riz"
    other.save()
    wishes = queries.to_change(other)
    assert (wishes.lines, wishes.shop, wishes.allergies, wishes.never) == (
        "Du riz", "Le Delhaize de la place", "arachides", "du vin",
    )  # fmt: skip
    assert Household.objects.count() == 1
    # Help that comes again: who goes the next time reads it too, though nobody wrote a list.
    shown = queries.of_request(other)
    assert (shown.shop, shown.substitutions, shown.allergies) == (
        "Le Delhaize de la place",
        "yes",
        "arachides",
    )


def test_ticked_off_and_seen_by_who_is_helped(client, opened, mine):
    key = keys(opened)
    sent = {
        "do": "list",
        "shown": list(key.values()),
        "got": [key["pains gris"]],
        f"instead-{key['Du lait']}": "soja",
    }
    for _ in range(2):
        assert client.post(mine, sent).status_code == 302
    page = text(client.get(mine))
    assert f'value="{key["pains gris"]}" autocomplete="off" checked' in page
    assert "instead: soja" in text(client.get("/en" + reverse("status", args=[opened.token])[3:]))
    assert {each.state for each in Item.objects.all()} == {"bought", "replaced"}
    # From a script: no page.
    quiet = client.post(mine, {"do": "list", "shown": list(key.values())}, headers={"Quartier-Part": "list"})
    assert quiet.status_code == 204
    assert {each.state for each in Item.objects.all()} == {"wanted"}


def test_a_change_meanwhile_keeps_what_is_ticked(client, opened, mine):
    key = keys(opened)
    client.post(mine, {"do": "list", "shown": list(key.values()), "got": list(key.values())})
    client.post(form(opened), ANSWERS)
    states = {each.words: each.state for each in Item.objects.all()}
    assert states == {"2 pains gris": "bought", "Du beurre": "wanted"}
    # An old page ticks what is not on the list any more: nothing happens.
    client.post(mine, {"do": "list", "shown": list(key.values()), "got": [key["Du lait"]]})
    assert {each.words: each.state for each in Item.objects.all()} == {
        "2 pains gris": "wanted", "Du beurre": "wanted",
    }  # fmt: skip


def test_who_goes_next_begins_anew(client, opened, mine, coming, nadia):
    key = keys(opened)
    client.post(mine, {"do": "list", "shown": list(key.values()), "got": list(key.values())})
    visits.could_not(actor=system(coming.organisation), assignment=coming, failure="cannot_go")
    offer = matching.offer_by_hand(
        actor=system(coming.organisation), request=opened.requests[0], volunteer=nadia
    )
    visit = visits.accept_offer(actor=of_account(nadia.person.account), offer=offer).assignment
    hers = f"/fr/volunteer/offer/{matching.token_of(visit.offer)}/"
    assert not re.search(r'id="got-[^>]* checked', text(client.get(hers)))
    # And who does not go any more ticks nothing.
    client.post(mine, {"do": "list", "shown": list(key.values()), "got": []})
    assert {each.state for each in Item.objects.all()} == {"bought"}


def test_other_help_has_words_and_no_list(client, asked):
    opened = asked("papers", name="Ann Claes", details="Une lettre")
    assert "Une lettre" in text(client.get(form(opened)))
    client.post(form(opened), {"details": "Deux lettres"})
    opened.requests[0].refresh_from_db()
    assert opened.requests[0].details == "Deux lettres"


def test_the_team_writes_it_during_a_call(client, opened, lotte):
    client.force_login(lotte)
    address = reverse("request_list", args=[opened.requests[0].pk])
    assert "2 pains gris" in text(client.get(address))
    client.post(address, ANSWERS)
    page = text(client.get(reverse("request_page", args=[opened.requests[0].pk])))
    for words in ("Du beurre", "arachides", "du vin"):
        assert words in page
    # Another time is no other list.
    client.post(
        reverse("request_act", args=[opened.requests[0].pk]),
        {"do": "change", "urgency": "week", "details": ""},
    )
    opened.requests[0].refresh_from_db()
    assert "Du beurre" in opened.requests[0].details


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_paper_in_each_language(client, opened, coming, lotte, language):
    client.post(form(opened), {**ANSWERS, "lines": "2 pains gris (tranchés)\nŻurek — тест €"})
    Person.objects.update(language=language)
    own = client.get(reverse("status_sheet", args=[opened.token, opened.requests[0].pk]))
    empty = client.get(f"/{language}/list.pdf")
    client.force_login(lotte)
    for_volunteer = client.get(reverse("request_sheet", args=[opened.requests[0].pk]))
    for sheet in (own, empty, for_volunteer):
        assert sheet.status_code == 200
        assert sheet["Content-Type"] == "application/pdf"
        assert sheet.content.startswith(b"%PDF-")
        assert b"/ToUnicode" in sheet.content  # its text can be selected and read aloud
        assert len(sheet.content) < 300_000


def test_the_sheet_calls_the_town_as_its_reader_does(client, places, opened, coming, lotte, monkeypatch):
    client.post(form(opened), ANSWERS)
    Person.objects.update(language="nl")
    said = []
    monkeypatch.setattr(Sheet, "say", lambda sheet, text, *_size, **_look: said.append(text))
    client.force_login(lotte)
    client.get(reverse("request_sheet", args=[opened.requests[0].pk]))
    assert "1050 Elsene" in " ".join(said)


def test_the_private_sheet_opens_by_its_link_alone(client, opened):
    assert client.get(f"/fr/status/{'x' * 22}/{opened.requests[0].pk}/list.pdf").status_code == 404

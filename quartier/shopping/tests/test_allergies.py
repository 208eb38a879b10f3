"""Allergies are data about health: kept with a yes alone, read by who must, gone when the yes is taken back."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from quartier.audit.models import Entry
from quartier.cases.models import Request
from quartier.matching import actions as matching
from quartier.shopping import actions, queries
from quartier.shopping.actions import household
from quartier.shopping.models import Household
from quartier.shopping.rules import AGREE, AGREE_FOR, CONSENT, Wishes
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
ANSWERS = {"lines": "Du pain", "shop": "Chez Rosa", "never": "du vin", "allergies": "arachides"}


@pytest.fixture
def opened(asked):
    return asked("groceries", urgency="day", details="Du pain")


@pytest.fixture
def coming(opened, youssef):
    offer = next(iter(matching.send_wave(request_id=opened.requests[0].id)))
    return visits.accept_offer(actor=of_account(youssef.person.account), offer=offer).assignment


def hers(opened):
    return "/fr" + reverse("status_list", args=[opened.token, opened.requests[0].pk])[3:]


def kept():
    return Household.objects.get().allergies


def test_without_a_yes_none_is_kept_and_the_rest_is(client, opened):
    answer = client.post(hers(opened), ANSWERS)
    page = client.get(answer["Location"], follow=True).content.decode()
    assert "Les allergies ne sont pas gardées" in page
    row = Household.objects.get()
    assert (row.allergies, row.consent, row.consent_at, row.never) == ("", "", None, "du vin")
    shown = queries.of_request(opened.requests[0])
    assert (shown.shop, shown.never, shown.allergies) == ("Chez Rosa", "du vin", "")


def test_how_she_agreed_is_kept_with_the_words(client, opened, lotte, tuesday):
    answer = client.post(hers(opened), {**ANSWERS, "agreed": "on"})
    assert answer["Location"].endswith("?done=list_alone")
    row = Household.objects.get()
    assert (row.allergies, row.consent, row.consent_script) == ("arachides", "own", CONSENT)
    assert (row.consent_by, row.consent_at) == (None, tuesday)
    # Other words, said on the phone: the operator read the sentence out.
    client.force_login(lotte)
    address = reverse("request_list", args=[opened.requests[0].pk])
    page = client.get(address).content.decode()
    assert "Puis-je les noter" in page
    client.post(address, {**ANSWERS, "allergies": "noix", "agreed": "on"})
    row.refresh_from_db()
    assert (row.allergies, row.consent, row.consent_by) == ("noix", "oral", lotte)
    with connection.cursor() as cursor:
        cursor.execute("SELECT allergies FROM shopping_household")
        assert "noix" not in str(cursor.fetchall())
    agreed = Entry.objects.filter(verb="allergies.agree")
    assert [entry.details["oral"] for entry in agreed.order_by("at", "pk")] == [False, True]
    assert "noix" not in str(list(Entry.objects.values_list("details", flat=True)))


def test_taken_back_they_are_gone_everywhere(client, opened, coming, lotte):
    client.post(hers(opened), {**ANSWERS, "agreed": "on"})
    visit = f"/fr/volunteer/offer/{matching.token_of(coming.offer)}/"
    team = reverse("request_page", args=[opened.requests[0].pk])
    assert "arachides" in client.get(visit).content.decode()
    client.post(hers(opened), {**ANSWERS, "allergies": "arachides"})
    assert kept() == ""
    assert Household.objects.get().forgotten_at is not None
    assert "arachides" not in client.get(visit).content.decode()
    assert "arachides" not in client.get(hers(opened)).content.decode()
    client.force_login(lotte)
    page = client.get(team).content.decode()
    assert "arachides" not in page
    assert "imprimez-la de nouveau" in page
    assert Entry.objects.filter(verb="allergies.forget").count() == 1


def test_the_team_deletes_them_on_the_phone(opened, lotte, youssef):
    actor = of_account(lotte)
    wishes = Wishes("Du pain", allergies="noix", agreed=True, spoken=True)
    actions.write(actor=actor, request=opened.requests[0], wishes=wishes)
    # What is left out of a call about something else stays.
    actions.write(
        actor=actor, request=opened.requests[0], wishes=Wishes("Du riz", allergies=None, never=None)
    )
    assert kept() == "noix"
    assert household.forget_allergies(actor=actor, case=opened.case)
    assert kept() == ""
    assert not household.forget_allergies(actor=actor, case=opened.case)


def test_who_reads_them(opened, coming):
    wishes = Wishes("Du pain", allergies="noix", agreed=True, spoken=True)
    actor = system(opened.case.organisation)
    actions.write(actor=actor, request=opened.requests[0], wishes=wishes)
    request = Request.objects.get()
    assert queries.of_request(request, coming).allergies == "noix"
    assert queries.of_request(request).allergies == "noix"
    visits.done(actor=actor, assignment=coming)
    coming.refresh_from_db()
    request.refresh_from_db()
    # The address is shown for a day still; allergies are not.
    assert queries.of_request(request, coming).allergies == ""
    assert queries.of_request(request).allergies == ""
    assert kept() == "noix"


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_consent_is_said_to_whoever_asks_and_not_to_an_operator(language):
    with translation.override(language):
        said = f"{AGREE} {AGREE_FOR}"
    for words in ("your team", "votre équipe", "vous notiez", "uw team", "dat u ", "Ihr Team", "dass Sie"):
        assert words not in said

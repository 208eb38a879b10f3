"""The directory in and out, what is wrong with a file, search, and referrals."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from quartier.companions import actions, hsds, queries
from quartier.companions.models import Service
from quartier.companions.queries import Near, Wanted
from quartier.companions.tests import scene
from quartier.lib import cells, clock
from quartier.team.access import of_account

ONE = {
    "id": "s1",
    "name": "Écoute du deuil",
    "description": "Groupes de parole",
    "status": "active",
    "organization": {"id": "o1", "name": "Centre de santé mentale"},
    "phones": [{"id": "p1", "number": "+3220001427"}],
    "languages": [{"id": "l1", "code": "fr"}, {"id": "l2", "code": "ar"}],
    "schedules": [{"id": "h1", "byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"}],
    "eligibility_description": "Dès 18 ans",
    "fees_description": "Gratuit",
    "assured_date": "2026-10-01",
    "service_areas": [{"name": "1050", "extent": "1050", "extent_type": "text"}],
    "attributes": [{"taxonomy_term": {"code": "grief", "name": "Deuil", "taxonomy": "quartier"}}],
    "service_at_locations": [
        {"location": {"name": "Flagey", "addresses": [{"city": "Ixelles", "postal_code": "1050"}]}}
    ],
}


def test_what_is_written_reads_the_same():
    found = hsds.read([ONE])
    again = hsds.read(json.loads(json.dumps(hsds.written(found))))
    assert again == found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "“name”"),
        ({"organization": None}, "“organization.id”"),
        ({"status": "gone"}, "“status”"),
        ({"url": "javascript:alert(1)"}, "“url”"),
        ({"email": "nowhere"}, "“email”"),
        ({"phones": [{}]}, "“phones.number”"),
        ({"languages": [{"code": "français"}]}, "“languages.code”"),
        ({"assured_date": "hier"}, "“assured_date”"),
        ({"schedules": [{"opens_at": "neuf heures"}]}, "“schedules.opens_at”"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change, said):
    with pytest.raises(hsds.NotHSDS) as error:
        hsds.read([ONE, ONE | {"id": "s2"} | change])
    assert "2" in error.value.reasons[0]
    assert said in error.value.reasons[0]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [*ONE, "contents", "location", "addresses", "number", "code", "taxonomy_term", "extent"]
            ),
            inner,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_whatever_is_given_it_is_read_or_refused(given_):
    try:
        found = hsds.read(given_)
    except hsds.NotHSDS:
        return
    assert hsds.read(hsds.written(found)) == found


@pytest.mark.django_db
def test_taken_in_by_a_file_searched_and_given_away(amina, organisation):
    client = Client(headers={"accept-language": "fr"})
    client.force_login(amina)
    where = reverse("companion_services")
    for content in (b"{", b"3", json.dumps([ONE | {"name": ""}]).encode()):
        response = client.post(where, {"file": SimpleUploadedFile("a.json", content)})
        assert response.status_code == 422
    assert not Service.objects.exists()
    for _again in range(2):
        file = SimpleUploadedFile("a.json", json.dumps({"contents": [ONE]}).encode())
        assert client.post(where, {"file": file}).status_code == 302
    assert Service.objects.count() == 1
    assert queries.services(organisation, Wanted("deuil ecoute", "1050", "ar", "grief"))
    for other in ({"need": "dette"}, {"place": "4000"}, {"language": "pl"}, {"kind": "money"}, {"kind": "?"}):
        assert not queries.services(organisation, Wanted(**other))
    given_ = json.loads(client.get(reverse("companion_services_file")).content)
    assert hsds.read(given_) == hsds.read([ONE])


SAID = {
    "name": "Télé-Accueil",
    "about": "Parler avec quelqu'un",
    "kinds": ["mind", "company"],
    "phone": "107",
    "languages": ["fr", "nl"],
    "hours": "Jour et nuit",
    "postcodes": "1050, 1060;1050",
    "for_whom": "Pour tous",
    "cost": "Gratuit",
}


@pytest.mark.django_db
def test_written_by_hand_changed_checked_withdrawn_and_given_again(amina, organisation):
    client = Client(headers={"accept-language": "fr"})
    client.force_login(amina)
    made = client.post(reverse("companion_service_new"), SAID)
    row = Service.objects.get()
    assert made["Location"].endswith(f"{row.pk}/")
    assert (row.provider, row.postcodes, row.languages) == ("Télé-Accueil", ["1050", "1060"], ["fr", "nl"])
    assert row.schedules[0]["description"] == "Jour et nuit"
    assert row.checked_on == clock.now().date()
    where = reverse("companion_service", args=[row.pk])
    page = client.get(where).content.decode()
    assert "Jour et nuit" in page
    assert "1050 1060" in page
    clock.advance(timedelta(days=200))
    assert queries.to_check(organisation) == 1
    assert queries.services(organisation, Wanted(stale=True)) == [row]
    client.post(where, {"do": "check"})
    assert queries.to_check(organisation) == 0
    client.post(where, SAID | {"do": "save", "cost": "1 euro", "postcodes": ""})
    row.refresh_from_db()
    assert (row.cost, row.postcodes, row.key) == ("1 euro", [], Service.objects.get().key)
    client.post(where, {"do": "withdraw"})
    assert queries.services(organisation, Wanted()) == []
    assert queries.services(organisation, Wanted(withdrawn=True)) == [row]
    assert queries.to_check(organisation) == 0
    client.post(where, {"do": "give"})
    assert queries.services(organisation, Wanted()) == [row]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"phone": "appelez-nous"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"email": "nulle part"}, "email"),
        ({"postcodes": "1050 <b>"}, "postcodes"),
        ({"postcodes": " ".join(str(n) for n in range(1000, 1300))}, "postcodes"),
    ],
)
def test_what_is_wrong_in_the_form_is_said_and_the_words_stay(amina, change, field):
    client = Client(headers={"accept-language": "fr"})
    client.force_login(amina)
    response = client.post(reverse("companion_service_new"), SAID | change)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "Pour tous" in response.content.decode()
    assert not Service.objects.exists()


@pytest.mark.django_db
def test_what_came_with_a_file_and_is_not_in_the_form_stays(amina):
    two = {"number": "02 000 91 01"}
    given_ = hsds.read(
        [ONE | {"phones": [*ONE["phones"], two], "languages": [{"code": "fr"}, {"code": "xh"}]}]
    )
    actions.take_in(actor=of_account(amina), services=given_)
    row = Service.objects.get()
    client = Client()
    client.force_login(amina)
    client.post(reverse("companion_service", args=[row.pk]), SAID | {"do": "save", "languages": ["nl"]})
    row.refresh_from_db()
    assert [each["number"] for each in row.phones] == ["107", "02 000 91 01"]
    assert row.languages == ["nl", "xh"]
    assert [each["opens_at"] for each in row.schedules] == ["", "09:00"]


@pytest.mark.django_db
def test_a_file_that_says_no_day_takes_no_check_back(amina):
    actor = of_account(amina)
    actions.take_in(actor=actor, services=hsds.read([ONE]))
    actions.check_service(actor=actor, service=Service.objects.get())
    actions.take_in(actor=actor, services=hsds.read([ONE | {"assured_date": ""}]))
    assert Service.objects.get().checked_on == clock.now().date()


@pytest.mark.django_db
def test_near_her_the_nearest_come_first_and_those_for_others_not_at_all(amina, organisation):
    here = cells.area_at(50.8275, 4.3725)
    place = {"name": "", "address": "", "city": "", "postal_code": "", "country": "BE"}
    far = scene.service(amina, "A loin", places=[place | {"latitude": 50.5, "longitude": 4.8}])
    scene.service(amina, "B ailleurs", postcodes=["4000"])
    close = scene.service(amina, "C près", places=[place | {"latitude": 50.82, "longitude": 4.37}])
    hers = scene.service(amina, "D pour elle", postcodes=["1050"])
    anywhere = scene.service(amina, "E partout")
    found = queries.services(organisation, Wanted(near=Near(here, "1050")))
    assert found == [hers, close, far, anywhere]
    assert len(queries.services(organisation, Wanted(near=Near(None)))) == 5

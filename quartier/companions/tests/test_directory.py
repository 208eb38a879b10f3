"""The directory in and out, what is wrong with a file, search, and referrals."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from quartier.companions import actions, hsds, queries
from quartier.companions.models import Referral, Service
from quartier.companions.rules import NotPossible
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
            st.sampled_from([*ONE, "contents", "location", "addresses", "number", "code"]), inner
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
    assert queries.services(organisation, need="deuil ecoute", place="1050", language="ar")
    for other in ({"need": "dette"}, {"place": "4000"}, {"language": "pl"}):
        assert not queries.services(organisation, **other)
    given_ = json.loads(client.get(reverse("companion_services_file")).content)
    assert hsds.read(given_) == hsds.read([ONE])


@pytest.mark.django_db
def test_a_warm_referral_needs_her_yes(amina, running):
    actor = of_account(amina)
    actions.take_in(actor=actor, services=hsds.read([ONE]))
    service = Service.objects.get()
    with pytest.raises(NotPossible):
        actions.refer(actor=actor, pairing=running, service_id=service.pk, agreed=False)
    for _again in range(2):
        referral = actions.refer(actor=actor, pairing=running, service_id=service.pk, agreed=True)
    actions.note_outcome(actor=actor, pairing=running, referral_id=referral.pk, outcome="taken")
    assert Referral.objects.get().outcome == "taken"

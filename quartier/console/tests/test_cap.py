"""An alert is brought or followed; the strip shows what it proposes; the form is filled in, and opens nothing alone."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quartier.incidents.models import Feed, Incident, Proposal

pytestmark = pytest.mark.django_db
WHERE = "/en/console/incidents/alerts/"
HEAT = (Path(__file__).parents[2] / "incidents/tests/samples/heat.xml").read_text()


@pytest.fixture
def head(signed_in, sara, places, tuesday):
    return signed_in(sara)


def words(response):
    return response.content.decode()


def bring(client, text, language="en", **more):
    return client.post(
        f"/{language}/console/incidents/alerts/", {"do": "bring", "words": text, **more}, follow=True
    )


def test_from_the_alert_to_the_incident(head):
    assert "Look at what it proposes" in words(bring(head, HEAT))
    board = words(head.get("/fr/console/"))
    assert "Chaleur dans tout le pays" in board
    assert "Hitte in heel het land" in words(head.get("/nl/console/"))
    proposal = Proposal.objects.get()
    form = head.get(f"/en/console/incidents/new/heatwave/?proposal={proposal.pk}").context["form"]
    assert not Incident.objects.exists()
    sent = {name: form[name].value() or "" for name in form.fields}
    head.post("/en/console/incidents/new/heatwave/", sent)
    proposal.refresh_from_db()
    assert proposal.incident == Incident.objects.get()
    assert "Chaleur dans tout le pays" not in words(head.get("/fr/console/"))


def test_a_file_does_as_well(head):
    file = SimpleUploadedFile("alert.xml", HEAT.encode(), content_type="application/xml")
    assert "Look at what it proposes" in words(bring(head, "", file=file))


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("text", ["", "hello", "<alert/>", HEAT[:200]])
def test_what_is_no_alert_comes_back_with_the_words(head, language, text):
    refused = bring(head, text, language)
    assert refused.status_code == 422
    assert 'class="oops"' in words(refused)
    assert refused.context["form"]["words"].value() == text


@pytest.mark.parametrize(("change", "said"), [
    (("Actual", "Exercise"), "It proposes nothing"), (("2027-01-13T", "2027-01-11T"), "It proposes nothing"),
    (("Actual", "Actual"), "Look at what"),
])  # fmt: skip
def test_what_comes_of_it_is_said(head, change, said):
    assert said in words(bring(head, HEAT.replace(*change)))
    if said.startswith("Look"):
        assert "was read before" in words(bring(head, HEAT))


def test_set_aside(head):
    bring(head, HEAT)
    where = f"/en/console/incidents/proposals/{Proposal.objects.get().pk}/do/"
    assert head.post(where, {"do": "explode"}).status_code == 404
    assert "set aside" in words(head.post(where, {"do": "dismiss"}, follow=True))
    assert "Hitte" not in words(head.get("/nl/console/"))


def test_coordinators_see_it_and_operators_do_not(head, client, thomas, lotte):
    bring(head, HEAT)
    client.force_login(thomas)
    page = words(client.get("/fr/console/"))
    assert "Chaleur dans tout le pays" in page
    assert "Pas pour nous" not in page
    assert client.get(WHERE).status_code == 403
    client.force_login(lotte)
    assert "Chaleur dans tout le pays" not in words(client.get("/fr/console/"))


def test_feeds(head):
    address = "https://feeds.meteoalarm.org/feeds/belgium"
    refused = head.post(WHERE, {"do": "follow", "address": "http://example.org/"})
    assert refused.status_code == 422
    assert "Only https addresses" in words(refused)
    assert address in words(head.post(WHERE, {"do": "follow", "address": address}, follow=True))
    feed = Feed.objects.get()
    Feed.objects.update(problem="shape")
    assert "a warning or a list of warnings" in words(head.get(WHERE))
    head.post(WHERE, {"do": "drop", "feed": str(feed.pk)})
    assert not Feed.objects.exists()
    assert head.post(WHERE, {"do": "drop", "feed": "x"}).status_code == 404

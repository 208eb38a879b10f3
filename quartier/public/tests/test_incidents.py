"""What runs is on the first page; its kinds and its questions are those of asking; joining offers its kinds."""

from uuid import uuid4

import pytest
from django.utils.translation import override

from quartier.cases.models import Case, Request
from quartier.incidents import actions
from quartier.incidents.actions import Opening
from quartier.incidents.models import Incident
from quartier.intake.models import Contact, Draft
from quartier.lib import choices
from quartier.public.tests.conftest import ANSWERS
from quartier.public.tests.test_weight import FIRST_LOAD, weigh
from quartier.team.access import of_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

IN_A_FLOOD = {
    **{name: ANSWERS[name] for name in ("for",)},
    "what": {"kinds": ["cleanup", "talk"]},
    "details": {"cleanup": "La cave", "talk": ""},
    "situation": {"flood_water": "yes", "flood_power": "no", "flood_leave": "no"},
    **{name: ANSWERS[name] for name in ("where", "address", "when", "languages", "reach")},
}
TOLD = {
    "fr": ("Eau dans la maison\u00a0: oui", "Aide pour quitter la maison\u00a0: non"),
    "nl": ("Water in huis: ja", "Hulp om het huis te verlaten: nee"),
    "de": ("Wasser im Haus: ja", "Hilfe beim Verlassen des Hauses: nein"),
    "en": ("Water in the house: yes", "Help to leave the house: no"),
}


@pytest.fixture
def flood(sara):
    opening = Opening("flood", ["cleanup", "shelter", "talk", "other"], names={"fr": "La crue de la Vesdre"})
    return actions.open_incident(actor=of_account(sara), incident_id=uuid4(), opening=opening)


def text(response):
    return response.content.decode()


@pytest.mark.parametrize(("language", "name"), [
    ("fr", "La crue de la Vesdre"), ("nl", "Overstroming"), ("de", "Hochwasser"), ("en", "A flood"),
])  # fmt: skip
def test_the_first_page_says_what_is_going_on(client, flood, language, name):
    page = client.get(f"/{language}/")
    assert name in text(page)
    with override(language):
        assert str(choices.kind("cleanup").name) in text(page)
    # What runs stands on top, and its kinds of help are doors to the question.
    assert '<a href="#needs">' in text(page)
    assert f"/{language}/ask/?kind=cleanup" in text(page)
    assert f"/{language}/ask/?kind=groceries" not in text(page)
    first, _all = weigh(page.content)
    assert first <= FIRST_LOAD


def test_the_first_page_is_as_always_when_nothing_runs(client, organisation):
    page = text(client.get("/en/"))
    assert "Right now:" not in page
    assert "/en/ask/?kind=groceries" in page
    assert "/en/ask/?kind=cleanup" not in page


def test_a_name_is_only_text(client, sara):
    evil = "<script>alert(1)</script>"
    opening = Opening("flood", ["other"], names={"en": evil}, sentences={"en": evil})
    actions.open_incident(actor=of_account(sara), incident_id=uuid4(), opening=opening)
    assert evil not in text(client.get("/en/"))


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_asking_in_a_flood(answering, client, flood, language):
    check = answering(language, IN_A_FLOOD)
    page = text(client.get(check))
    neighbour, team = TOLD[language]
    assert neighbour in page
    assert team in page
    assert client.post(check, {"consent": "on"}).status_code == 302
    requests = {each.kind: each for each in Request.objects.all()}
    assert requests["cleanup"].incident == flood
    assert requests["cleanup"].details == "La cave"
    assert requests["cleanup"].situation.startswith(f"{neighbour}\n")
    assert team not in requests["cleanup"].situation
    # A friendly call is given from far: nobody needs to know there whether the house is wet.
    assert requests["talk"].situation == ""
    assert Contact.objects.get().words == team


def test_only_what_runs_can_be_asked(answering, client, flood):
    what = answering(stop="what")
    assert "groceries" not in [
        value for value, _name in client.get(what).context["form"].fields["kinds"].choices
    ]
    refused = client.post(what, {"kinds": ["groceries"]}, follow=True)
    assert refused.redirect_chain
    assert "id_kinds_error" in text(refused)


def test_what_was_ticked_before_the_end_is_still_asked(answering, client, flood, sara):
    check = answering("fr", IN_A_FLOOD)
    actions.end_incident(actor=of_account(sara), incident=flood)
    change = client.get(check.replace("/check/", "/what/") + "&change=1")
    offered = [value for value, _name in change.context["form"].fields["kinds"].choices]
    assert "cleanup" in offered
    assert "groceries" in offered
    client.post(check, {"consent": "on"})
    request = Request.objects.get(kind="cleanup")
    assert request.incident is None
    assert "Eau dans la maison" in request.situation


def test_questions_can_be_left_open_but_not_made_up(answering, client, flood):
    answers = {**IN_A_FLOOD, "situation": {}}
    situation = answering("fr", IN_A_FLOOD, stop="situation")
    wrong = client.post(situation, {"flood_water": "perhaps"}, follow=True)
    assert wrong.redirect_chain
    assert "id_flood_water_error" in text(wrong)
    check = answering("fr", answers)
    client.post(check, {"consent": "on"})
    assert Request.objects.get(kind="cleanup").situation == ""
    assert Contact.objects.get().words == ""


def test_i_do_not_know_is_read_again_as_it_was_answered(answering, client, flood):
    page = text(client.get(answering("fr", {**IN_A_FLOOD, "situation": {"flood_water": "unknown"}})))
    assert "je ne sais pas" in page
    assert "Non indiquée" not in page.split("Eau dans la maison")[1][:200]


def test_nothing_is_asked_beside_the_usual_when_nothing_runs(answering, client, organisation):
    check = answering()
    assert "situation" not in Draft.objects.get().answers
    client.post(check, {"consent": "on"})
    assert Case.objects.get().requests.filter(incident=None).count() == 2


def test_drafts_from_before_are_read(answering, client, organisation):
    """A draft whose kinds were ticked before there were incidents has no word about them."""
    check = answering()
    draft = Draft.objects.get()
    draft.answers = {**draft.answers, "what": {"kinds": ["groceries", "pharmacy"]}}
    draft.save()
    assert client.post(check, {"consent": "on"}).status_code == 302
    assert Case.objects.exists()


def test_joining_offers_what_runs(client, places, flood):
    first = client.post("/fr/join/", {"where": "1050"})
    form = client.get(first["Location"]).context["form"]
    assert [value for value, _name in form.fields["kinds"].choices] == ["cleanup", "shelter", "talk", "other"]
    assert "situation" not in text(client.get(first["Location"]))
    Incident.objects.update(ended_at=flood.opened_at)
    form = client.get(first["Location"]).context["form"]
    assert [value for value, _name in form.fields["kinds"].choices] == [
        kind.code for kind in choices.EVERYDAY
    ]

"""The head opens an incident, changes it, ends it; coordinators see it; calls and visits follow it."""

from uuid import uuid4

import pytest
from django.utils.translation import override

from quartier.audit.models import Entry
from quartier.cases.models import Request
from quartier.console.line import script
from quartier.incidents import actions, queries
from quartier.incidents.actions import Opening
from quartier.incidents.models import Incident
from quartier.incidents.shipped import TEMPLATES
from quartier.intake import actions as intake
from quartier.intake.models import Contact
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db
WHERE = "/en/console/incidents/"


@pytest.fixture
def head(signed_in, sara, tuesday):
    return signed_in(sara)


@pytest.fixture
def heat(sara):
    opening = Opening("heatwave", list(TEMPLATES["heatwave"].kinds))
    return actions.open_incident(actor=of_account(sara), incident_id=uuid4(), opening=opening)


def words(response):
    return response.content.decode()


def sent(form):
    """What a browser sends of a form that nobody has touched."""
    return {name: form[name].value() or "" for name in form.fields}


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("code", TEMPLATES)
def test_every_template_shows_all_that_it_brings(head, language, code):
    page = head.get(f"/{language}/console/incidents/new/{code}/")
    assert page.status_code == 200
    with override(language):
        for line in (*TEMPLATES[code].door, *TEMPLATES[code].script, TEMPLATES[code].announce):
            assert str(line) in words(page)


def test_an_unknown_template_is_not_found(head):
    assert head.get(f"{WHERE}new/war/").status_code == 404


def test_opened_as_it_is_nothing_of_ones_own_is_kept(head, organisation):
    form = head.get(f"{WHERE}new/flood/").context["form"]
    opened = head.post(f"{WHERE}new/flood/", sent(form), follow=True)
    assert "It is open" in words(opened)
    incident = Incident.objects.get()
    assert (incident.names, incident.sentences) == ({}, {})
    assert incident.kinds == list(TEMPLATES["flood"].kinds)
    # The same form again, from the back button.
    head.post(f"{WHERE}new/flood/", sent(form))
    assert Incident.objects.count() == 1


def test_own_words_and_kinds(head, organisation):
    form = head.get(f"{WHERE}new/flood/").context["form"]
    given = {
        **sent(form),
        "kinds": ["cleanup"],
        "name_fr": "La crue",
        "name_nl": "",
        "sentence_fr": "Courage",
    }
    head.post(f"{WHERE}new/flood/", given)
    incident = Incident.objects.get()
    assert incident.kinds == ["cleanup"]
    assert incident.names == {"fr": "La crue"}
    page = head.get(f"{WHERE}{incident.pk}/").context["form"]
    assert page["name_fr"].value() == "La crue"
    assert page["name_nl"].value() == "Overstroming"
    assert page["kinds"].value() == ["cleanup"]
    changed = head.post(f"{WHERE}{incident.pk}/", {**sent(page), "kinds": ["cleanup", "meal"]}, follow=True)
    assert "Saved." in words(changed)
    incident.refresh_from_db()
    assert incident.kinds == ["cleanup", "meal"]
    assert Entry.objects.filter(verb="incident.change", actor_id__isnull=False).count() == 1


@pytest.mark.parametrize("wrong", [{"kinds": []}, {"kinds": ["gold"]}, {"name_fr": "x" * 61}])
def test_what_is_wrong_is_said_and_nothing_is_opened(head, organisation, wrong):
    form = head.get(f"{WHERE}new/flood/").context["form"]
    refused = head.post(f"{WHERE}new/flood/", {**sent(form), **wrong})
    assert refused.status_code == 422
    assert 'class="oops"' in words(refused)
    assert not Incident.objects.exists()


def test_it_ends_kindly_and_twice_is_once(head, heat, asked):
    asked("lookin")
    page = head.get(f"{WHERE}{heat.pk}/end/")
    assert "1 request is not closed yet." in words(page)
    assert "It has ended." in words(head.post(f"{WHERE}{heat.pk}/end/", follow=True))
    assert "It had ended already." in words(head.post(f"{WHERE}{heat.pk}/end/", follow=True))
    overview = words(head.get(WHERE))
    assert "1 request" in overview
    assert "Nothing special" in overview
    assert head.get(f"{WHERE}{heat.pk}/end/").status_code == 302


def test_coordinators_look_and_do_not_touch(signed_in, thomas, heat):
    client = signed_in(thomas)
    assert client.get(WHERE).status_code == 200
    page = words(client.get(f"{WHERE}new/flood/"))
    assert "Only an administrator" in page
    assert client.post(f"{WHERE}new/flood/", {"kinds": ["meal"]}).status_code == 403
    assert client.post(f"{WHERE}{heat.pk}/end/").status_code == 403
    assert Incident.objects.filter(ended_at=None).count() == 1


def test_the_form_for_calls_offers_and_asks_what_runs(signed_in, lotte, thomas, heat, places, tuesday):
    client = signed_in(lotte)
    draft = intake.start_draft(organisation=lotte.organisation, form="intake", actor=of_account(lotte))
    where = f"/en/console/take/{draft.pk}/"
    page = words(client.get(where))
    assert 'value="lookin"' in page
    assert 'value="papers"' not in page
    assert "heatwave_cool" in page
    assert "flood_water" not in page
    answers = {
        "phone": "02 000 14 27", "caller_name": "Marie", "channel": "call", "language": "en", "place": "1050",
        "kinds": ["lookin"], "detail_lookin": "in the morning", "urgency": "day", "consent": "on",
        "heatwave_cool": "no", "heatwave_looked": "no", "words": "she is tired",
    }  # fmt: skip
    client.post(where, answers)
    request = Request.objects.get()
    assert request.incident == heat
    assert (request.details, request.situation) == ("in the morning", "A cool room: no")
    client.force_login(thomas)
    assert "A cool room: no" in words(client.get(f"/en/console/requests/{request.pk}/"))
    assert Contact.objects.get().words == "she is tired\nSomeone checks every day: no"


def test_what_is_ticked_stays_when_it_is_no_longer_offered(signed_in, lotte, organisation, places, tuesday):
    client = signed_in(lotte)
    draft = intake.start_draft(organisation=lotte.organisation, form="intake", actor=of_account(lotte))
    intake.save_draft(draft_id=draft.pk, answers={"kinds": ["cleanup"]})
    assert 'value="cleanup"' in words(client.get(f"/en/console/take/{draft.pk}/"))


def test_the_script_says_what_the_incident_says(heat, organisation):
    given = {"spoken": "fr", "speakers": script.Speakers("Quartier", "Lotte")}
    usual = script.steps(**given)
    now = script.steps(**given, running=queries.read(organisation))
    assert len(now) == len(usual) + 1
    assert now[-1].say == usual[-1].say
    assert "le 112" in now[-2].say
    assert now[-2].lang == "fr"


def test_the_board_can_show_those_of_one_incident(head, sara, heat, asked):
    asked("lookin")
    actions.end_incident(actor=of_account(sara), incident=heat)
    asked("dog")
    every = head.get("/en/console/")
    assert every.context["board"].open_count == 2
    narrowed = head.get(f"/en/console/?incident={heat.pk.hex}")
    assert narrowed.context["shows"][0]["count"] == 1
    assert "A heatwave" in words(narrowed)
    assert head.get("/en/console/?incident=nonsense").context["shows"][0]["count"] == 2

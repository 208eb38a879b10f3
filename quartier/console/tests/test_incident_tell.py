"""From an incident volunteers are asked, people told, check-ins begun; nothing of a template is without effect."""

# ruff: noqa: F401, F811 (fixtures of another room)

import html
from dataclasses import fields
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.translation import override

from quartier.appeals import actions as appeals
from quartier.appeals.models import Appeal, Invitation
from quartier.followup.models import Campaign, CheckIn, News
from quartier.followup.tests.conftest import agreed
from quartier.incidents import actions, paper
from quartier.incidents.actions import Opening
from quartier.incidents.paper import Notice
from quartier.incidents.shipped import BY_OCCASION, TEMPLATES, Template
from quartier.lib import choices
from quartier.look.templatetags.look_elements import icons
from quartier.messaging.models import Message
from quartier.people.models import Volunteer
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db


def opened(sara, code):
    opening = Opening(code, list(TEMPLATES[code].kinds))
    return actions.open_incident(actor=of_account(sara), incident_id=uuid4(), opening=opening)


@pytest.fixture
def heat(sara, tuesday):
    return opened(sara, "heatwave")


@pytest.fixture
def where(heat):
    with override("en"):
        return reverse("incident_tell", args=[heat.pk])


def plain(text):
    """With plain spaces and apostrophes, as a phone shows it."""
    for strange, usual in (("\u00a0", " "), ("\u202f", " "), ("’", "'")):
        text = text.replace(strange, usual)
    return text


def words(response):
    return plain(html.unescape(response.content.decode()))


# Of each field of a template: on which page somebody meets it, and what stands there.
EFFECTS = {
    "code": ("incidents", lambda one: f"/new/{one.code}/"),
    "icon": ("incidents", lambda one: icons()[one.icon]),
    "name": ("home", lambda one: one.name),
    "brings": ("incidents", lambda one: one.brings),
    "sentence": ("home", lambda one: one.sentence),
    "kinds": ("incident", lambda one: choices.kind(one.kinds[0]).name),
    "announce": ("incident_tell", lambda one: one.announce),
    "asks": ("incident_tell", lambda one: one.asks),
    "questions": ("incident", lambda one: one.questions[0].words),
    "script": ("incident", lambda one: one.script[0]),
    "door": ("incident", lambda one: one.door[0]),
    "occasion": ("incident_tell", lambda one: 'value="checks"'),
    "check_in": ("incident_tell", lambda one: one.check_in),
}


def test_each_field_of_a_template_has_an_effect_that_somebody_sees(signed_in, sara, agreed, asked, tuesday):
    """A field that is added must be shown somewhere, or it is not there."""
    assert set(EFFECTS) == {each.name for each in fields(Template)}
    for code in BY_OCCASION:
        agreed(list(BY_OCCASION).index(code), occasions=(code,))
    asked("groceries")
    client = signed_in(sara)
    for template in TEMPLATES.values():
        incident = opened(sara, template.code)
        with override("fr"):
            shown = {name: words(client.get(reverse(name))) for name in ("home", "incidents")}
            shown |= {
                name: words(client.get(reverse(name, args=[incident.pk])))
                for name in ("incident", "incident_tell")
            }
            for field, (page, said) in EFFECTS.items():
                if getattr(template, field):
                    text = plain(html.unescape(str(said(template))))
                    assert text in shown[page], (template.code, field)
        actions.end_incident(actor=of_account(sara), incident=incident)


def test_what_is_asked_in_a_check_in_has_an_occasion_and_the_other_way_round():
    for template in TEMPLATES.values():
        assert bool(template.occasion) == bool(template.check_in)
    assert len(BY_OCCASION) == sum(bool(each.occasion) for each in TEMPLATES.values())


def test_nothing_is_sent_before_a_press(signed_in, thomas, where, asked, youssef, nadia, agreed):
    asked("groceries")
    agreed(1)
    page = words(signed_in(thomas).get(where))
    assert "2</b> volunteers are asked first" in page
    assert "1</b> of 1 person gets a message." in page
    assert "1 person is being asked." in page
    assert not Message.objects.filter(template__in=["news", "appeal_event", "check_heat"]).exists()
    assert not any(model.objects.exists() for model in (Appeal, News, Campaign))


def test_volunteers_are_asked_by_an_appeal_and_a_yes_adds_what_anybody_can_do(
    signed_in, thomas, where, heat, volunteer, client
):
    one = volunteer("Youssef", kinds=["papers"])
    page = words(signed_in(thomas).post(where, {"do": "volunteers"}, follow=True))
    assert "A heatwave" in page
    signed_in(thomas).post(where, {"do": "volunteers"})
    appeal = Appeal.objects.get()
    assert (appeal.purpose, appeal.incident, appeal.idle_days) == ("event", heat, 0)
    appeals.send_wave(appeal_id=appeal.pk)
    invitation = Invitation.objects.get()
    assert "Il fait très chaud" in invitation.message.body
    link = f"/en/volunteer/asked/{appeals.token_of(invitation)}/"
    client.logout()
    assert "we can ask you for" in words(client.get(link))
    said = words(client.post(link, {"do": "yes"}, follow=True))
    assert "A lift" in said
    kinds = {each.code for each in choices.chosen(choices.KINDS, Volunteer.objects.get(pk=one.pk).kinds)}
    assert kinds == {"papers", "lookin", "groceries", "pharmacy", "dog"}
    client.post(link, {"do": "undo"})
    assert Volunteer.objects.get(pk=one.pk).kinds == choices.mask(choices.KINDS, ["papers"])


def test_people_are_told_and_it_can_be_stopped(signed_in, thomas, where, asked):
    asked("groceries")
    client = signed_in(thomas)
    assert "under way" in words(client.post(where, {"do": "people"}, follow=True))
    assert "stopped" in words(client.post(where, {"do": "stop"}, follow=True))
    assert News.objects.get().state == News.State.STOPPED


def test_check_ins_begin_with_one_press_and_ask_what_the_incident_asks(
    signed_in, thomas, where, heat, agreed, client
):
    agreed(1)
    signed_in(thomas).post(where, {"do": "checks"}, follow=True)
    campaign = Campaign.objects.get()
    assert (campaign.occasion, campaign.incident) == ("heat", heat)
    row = CheckIn.objects.get()
    with override("fr"):
        question = plain(str(TEMPLATES["heatwave"].check_in))
    with override("en"):
        call = words(client.get(reverse("check_call", args=[row.pk])))
    assert question in call
    from quartier.followup.access import check_token_of

    client.logout()
    assert question in words(client.get(f"/fr/check/{check_token_of(row)}/"))
    again = signed_in(thomas).post(where, {"do": "checks"}, follow=True)
    assert "is already running" in words(again)


def test_nobody_on_the_list_is_said(signed_in, thomas, where):
    client = signed_in(thomas)
    assert "No one has agreed to be called for this." in words(client.get(where))
    assert "No one has agreed" in words(client.post(where, {"do": "checks"}, follow=True))
    assert client.post(where, {"do": "everything"}).status_code == 404


def test_an_incident_that_is_over_tells_nobody(signed_in, sara, thomas, where, heat):
    actions.end_incident(actor=of_account(sara), incident=heat)
    assert signed_in(thomas).post(where, {"do": "people"}).status_code == 302
    assert not News.objects.exists()


def test_a_poster_says_what_is_announced(organisation, tuesday):
    for template in TEMPLATES.values():
        made = paper.poster(Notice(organisation, "en", "https://line.example.org/", template, template.kinds))
        assert made.startswith(b"%PDF")

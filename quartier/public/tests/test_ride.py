"""A ride says from where, where to and at what hour; without them nobody could say yes to it."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from quartier.cases import actions as cases
from quartier.cases import rides
from quartier.cases.models import Request
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.public.ask import ride
from quartier.public.tests.conftest import ANSWERS
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db

WAY = {
    "transport_from": "",
    "transport_to": "Hôpital d’Ixelles",
    "transport_at": "14h30",
    "transport": "Une chaise roulante",
}
ON_THURSDAY = {"urgency": "date", "day": "2027-01-14", "part": ""}


def answers(**other):
    known = {
        **ANSWERS,
        "what": {"kinds": ["transport"]},
        "details": WAY,
        "when": ON_THURSDAY,
        "again": {"again": "once"},
        **other,
    }
    order = ("for", "what", "details", "where", "address", "when", "again", "languages", "reach")
    return {name: known[name] for name in order}


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("14:30", time(14, 30)),
        ("14h30", time(14, 30)),
        ("14 h 30", time(14, 30)),
        ("9 h", time(9)),
        ("9", time(9)),
        ("14.30 uur", time(14, 30)),
        ("15 Uhr", time(15)),
        ("2.30 pm", time(14, 30)),
        ("12 am", time(0)),
        ("25:00", None),
        ("14:75", None),
        ("l’après-midi", None),
        ("entre 14 et 15", None),
        ("", None),
    ],
)
def test_an_hour_as_people_write_it(typed, at):
    assert ride.hour_in(typed) == at


@pytest.mark.parametrize(
    ("language", "typed", "at"),
    [
        ("de", "halb drei", time(2, 30)),
        ("de", "um halb drei Uhr", time(2, 30)),
        ("nl", "half drie", time(2, 30)),
        ("nl", "Om half 3", time(2, 30)),
        ("nl", "half één", time(12, 30)),
        ("nl", "kwart over drie", time(3, 15)),
        ("nl", "kwart voor elf", time(10, 45)),
        ("de", "viertel nach drei", time(3, 15)),
        ("de", "Viertel vor zwölf", time(11, 45)),
        ("de", "dreiviertel drei", time(2, 45)),
        ("fr", "3 heures", time(3)),
        ("fr", "à 15 heures", time(15)),
        ("fr", "15 heures 30", time(15, 30)),
        ("fr", "trois heures et quart", time(3, 15)),
        ("fr", "trois heures et demie", time(3, 30)),
        ("fr", "onze heures moins le quart", time(10, 45)),
        ("fr", "midi", time(12)),
        ("fr", "midi et demi", time(12, 30)),
        ("fr", "minuit", time(0)),
        ("nl", "15u30", time(15, 30)),
        ("fr", "15h", time(15)),
        ("en", "quarter past three", time(3, 15)),
        ("en", "half past two", time(2, 30)),
        ("en", "three o’clock", time(3)),
        # To two readers these are two hours.
        ("en", "half three", None),
        ("nl", "half three", None),
        ("en", "half 3", None),
        ("de", "viertel drei", None),
        ("fr", "25 heures", None),
        ("nl", "half twintig", None),
        ("fr", "trois quarts d’heure", None),
    ],
)
def test_an_hour_as_people_say_it(language, typed, at):
    with translation.override(language):
        assert ride.hour_in(typed) == at


def test_of_words_it_is_asked_whether_the_afternoon_is_meant():
    with translation.override("fr"):
        assert ride.may_be_afternoon("trois heures moins le quart")
        assert ride.may_be_afternoon("3 heures")
        assert not ride.may_be_afternoon("3 am")


@pytest.mark.parametrize("missing", [{"transport_to": ""}, {"transport_at": ""}, {"transport_at": "tantôt"}])
def test_where_to_and_when_are_asked_for(answering, client, tuesday, missing):
    details = answering("fr", answers(), stop="details")
    page = client.post(details, WAY | missing, follow=True)
    assert 'class="oops"' in page.content.decode()
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    ("typed", "unclear"),
    [
        ("3 uur", True),
        ("3:00", True),
        ("5 h 30", True),
        ("03:00", False),
        ("0:30", False),
        ("3 am", False),
        ("3 pm", False),
        ("15:00", False),
        ("6 h", False),
    ],
)
def test_an_hour_of_the_night_is_asked_about_where_the_afternoon_may_be_meant(
    answering, client, tuesday, typed, unclear
):
    details = answering("nl", answers(), stop="details")
    page = client.post(details, WAY | {"transport_at": typed}, follow=True).content.decode()
    assert ("Is dat ’s nachts?" in page) is unclear


def test_an_hour_that_is_over_before_it_is_sent_is_asked_for_again(answering, client, tuesday):
    """It was ahead when the day was chosen."""
    today = ON_THURSDAY | {"day": "2027-01-12"}
    check = answering("fr", answers(when=today))
    with clock.stopped_at(tuesday + timedelta(hours=5)):
        page = client.post(check, {"consent": "on"}, follow=True).content.decode()
    assert "Le moment que vous aviez choisi est passé" in page
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    ("typed", "at"),
    [("half tien", time(9, 30)), ("neuf heures moins le quart", time(8, 45)), ("3 pm", time(15))],
)
def test_an_hour_in_words_is_the_same_in_whatever_language_it_is_sent(answering, client, tuesday, typed, at):
    check = answering("nl", answers(details=WAY | {"transport_at": typed}))
    client.post(check.replace("/nl/", "/en/"), {"consent": "on"})
    asked = Request.objects.get()
    assert "Hôpital d’Ixelles" in asked.details
    assert asked.window_until.astimezone(asked.organisation.zone).time() == at


@pytest.mark.parametrize("urgency", ["now", "day", "week", "any"])
def test_an_hour_without_a_day_is_none(answering, client, tuesday, urgency):
    when = answering("fr", answers(), stop="when")
    page = client.post(when, {"urgency": urgency}, follow=True).content.decode()
    assert "Choisissez le jour" in page


def test_an_hour_that_is_over_is_said(answering, client, tuesday):
    when = answering("fr", answers(details=WAY | {"transport_at": "9 h"}), stop="when")
    page = client.post(when, ON_THURSDAY | {"day": "2027-01-12"}, follow=True).content.decode()
    assert 'class="oops"' in page


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_neighbour_reads_the_way_and_comes_in_the_hour_before(answering, client, tuesday, language):
    check = answering(language, answers())
    assert "Hôpital d’Ixelles" in client.get(check).content.decode()
    client.post(check, {"consent": "on"})
    asked = Request.objects.get()
    assert "Hôpital d’Ixelles" in asked.details
    assert "Une chaise roulante" in asked.details
    assert "30" in asked.details
    zone = asked.organisation.zone
    assert asked.window_from == datetime(2027, 1, 14, 13, 30, tzinfo=zone)
    assert asked.window_until == datetime(2027, 1, 14, 14, 30, tzinfo=zone)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("at", [time(14, 30), time(9), time(12), time(0), time(16, 5)])
def test_a_ride_is_read_again_as_it_was_written(language, at):
    with translation.override(language):
        for start in ("", "Rue du Page 42"):
            said = rides.ride_in_words(
                start=start, end="Hôpital St. Jean. Entrée B", at=at, more="Une\nchaise"
            )
            known = rides.read_ride(said)
            assert (known.start, known.end, known.at) == (start, "Hôpital St. Jean. Entrée B", at)
            assert (known.more, known.language) == ("Une\nchaise", language)
            assert rides.with_arrival(said, at) == said
    assert rides.read_ride("À l’hôpital, le matin") is None
    assert rides.read_ride(rides.with_arrival(said, time(10, 45))).at == time(10, 45)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_check_page_says_the_hour_in_which_somebody_is_at_the_door(answering, client, tuesday, language):
    check = answering(language, answers())
    page = strip_tags(client.get(check).content.decode()).replace("\xa0", " ")
    hours = {"fr": "entre 13 h 30 et 14 h 30", "nl": "tussen 13.30 en 14.30 uur"}
    hours |= {"de": "zwischen 13.30 und 14.30 Uhr", "en": "between 1.30 and 2.30 pm"}
    assert hours[language] in page
    assert "22" not in page.split(hours[language])[0][-40:]


def test_for_a_ride_the_day_alone_is_asked(answering, client, tuesday):
    when = answering("fr", answers(), stop="when")
    shown = client.get(when)
    assert [each.name for each in shown.context["form"].visible_fields()] == ["chip", "day"]
    assert "Cette semaine" not in shown.content.decode()


@pytest.fixture
def driven(answering, client, volunteer, organisation):
    """A ride on Thursday at half past two, which Youssef has said that he drives."""
    client.post(answering("fr", answers()), {"consent": "on"})
    request = Request.objects.get()
    youssef = volunteer("Youssef", kinds=["transport"])
    offer = matching.offer_by_hand(actor=system(organisation), request=request, volunteer=youssef)
    visit = visits.accept_offer(actor=of_account(youssef.person.account), offer=offer).assignment
    Message.objects.all().delete()
    token = cases.issue_link(case=request.case, person=request.case.person)
    return request, visit, token


def arrives(request, hour, minute=0, day=14):
    request.refresh_from_db()
    at = datetime(2027, 1, day, hour, minute, tzinfo=request.organisation.zone)
    assert (request.window_from, request.window_until) == (at - timedelta(hours=1), at)
    assert rides.read_ride(request.details).at == time(hour, minute)
    visit = request.assignments.get()
    assert (visit.comes_from, visit.comes_until) == (at - timedelta(hours=1), at)
    assert visit.state == "accepted"
    told = Message.objects.get(template="visit_moved")
    assert told.person == visit.volunteer.person
    assert f"{hour} h" in told.body.replace("\xa0", " ")


def test_the_hour_of_a_ride_can_be_changed_and_the_driver_hears_it(client, driven):
    request, _visit, token = driven
    page = reverse("status_time", args=[token, request.pk])
    form = client.get(page).context["form"]
    assert [each.name for each in form.visible_fields()] == ["chip", "day", "at"]
    assert (form["chip"].value(), form["at"].value()) == ("2027-01-14", "14:30")
    week = client.post(page, {"urgency": "week", "at": "16 h"}, follow=True)
    assert 'class="oops"' in week.content.decode()
    assert not Message.objects.exists()
    moved = client.post(page, {"urgency": "date", "chip": "2027-01-15", "at": "16 h"})
    assert moved["Location"].endswith("?done=time")
    arrives(request, 16, day=15)


@pytest.mark.parametrize("typed", ["", "tantôt", "3 uur"])
def test_an_hour_that_cannot_be_read_changes_nothing(client, driven, typed):
    request, _visit, token = driven
    for name in ("status_time", "status_list"):
        page = reverse(name, args=[token, request.pk])
        wrong = {"chip": "2027-01-15", "at": typed, "transport_to": "Namur", "transport_at": typed}
        assert 'class="oops"' in client.post(page, wrong, follow=True).content.decode()
    assert not Message.objects.exists()


def test_where_it_goes_and_its_hour_are_changed_together(client, driven):
    request, _visit, token = driven
    page = reverse("status_list", args=[token, request.pk])
    form = client.get(page).context["form"]
    assert form["transport_to"].value() == "Hôpital d’Ixelles"
    assert (form["transport_at"].value(), form["more"].value()) == ("14:30", "Une chaise roulante")
    client.post(page, {"transport_to": "Namur", "transport_from": "", "transport_at": "14:30", "more": ""})
    request.refresh_from_db()
    assert rides.read_ride(request.details).end == "Namur"
    assert {each.template for each in Message.objects.all()} == {"visit_changed"}
    client.post(page, {"transport_to": "Namur", "transport_from": "", "transport_at": "10:15", "more": ""})
    arrives(request, 10, 15)


def test_the_team_changes_the_hour_and_the_words_follow(driven):
    request, _visit, _token = driven
    end = request.window_until + timedelta(hours=2)
    actor = system(request.organisation)
    cases.change_request(actor=actor, request=request, window=(end - timedelta(hours=1), end))
    request.refresh_from_db()
    assert rides.read_ride(request.details).at == time(16, 30)


@pytest.mark.parametrize(("hour", "moved"), [("14 h 30", 0), ("16 h", 1)])
def test_the_driver_hears_that_it_goes_elsewhere(client, driven, hour, moved):
    request, visit, token = driven
    page = reverse("status_list", args=[token, request.pk])
    for _twice in range(2):
        # The same words again are told to nobody.
        client.post(page, {"transport_to": "Namur, citadelle", "transport_at": hour})
        letter = Message.objects.get(template="visit_changed")
    assert letter.person == visit.volunteer.person
    assert hour in letter.body.replace("\xa0", " ")
    assert "Namur" not in letter.body
    assert Message.objects.filter(template="visit_moved").count() == moved
    its_page = reverse("offer_link", args=[matching.token_of(visit.offer)])
    assert "Namur, citadelle" in client.get(its_page).content.decode()


def test_the_driver_hears_what_the_team_changes(driven, client, thomas):
    request, visit, _token = driven
    page = reverse("request_act", args=[request.pk])
    words = request.details.replace("Hôpital d’Ixelles", "Namur")
    form = {"do": "change", "urgency": request.urgency, "details": words}
    client.force_login(thomas)
    assert client.post(page, form).status_code == 302
    request.refresh_from_db()
    assert "Namur" in request.details
    assert Message.objects.get(template="visit_changed").person == visit.volunteer.person


@pytest.mark.parametrize(
    ("language", "theirs", "ours"),
    [
        (
            "fr",
            ("Où cette personne doit-elle aller", "aussi la ramener", "vient aider"),
            ("voulez", "partez-vous", "vous ramener", "vous aide"),
        ),
        ("nl", ("Waar moet deze persoon naartoe?", "bij deze persoon thuis"), ("of u ook teruggebracht",)),
        ("de", ("Wohin muss diese Person?", "ob sie auch zurück"), ("ob Sie auch", "Ihnen hilft")),
        ("en", ("Where does this person need to go?", "whether they need"), ("you need a lift", "helps you")),
    ],
)
def test_a_lift_for_someone_else_is_not_asked_of_the_one_who_asks(
    answering, client, tuesday, language, theirs, ours
):
    def asked(whom):
        given = {**ANSWERS, "for": {"whom": whom}, "what": {"kinds": ["transport"]}}
        page = client.get(
            answering(language, {name: given[name] for name in ("for", "what")}, stop="details")
        )
        return strip_tags(page.content.decode()).split("</h1>")[-1].replace("\u00a0", " ")

    of_other, own = asked("other"), asked("me")
    for words in theirs:
        assert words in of_other
        assert words not in own
    for words in ours:
        assert words not in of_other


def test_the_daughter_changes_the_lift_of_her_mother(client, driven, organisation):
    daughter = people.record_person(
        organisation=organisation, who=Who("Anne", email="anne@example.org", language="fr", channel="email")
    )
    one = Request.objects.get()
    token = cases.issue_link(case=one.case, person=daughter)
    page = client.get(f"/fr{reverse('status_list', args=[token, one.pk])[3:]}").content.decode()
    assert "Où cette personne doit-elle aller" in page
    assert "aussi la ramener" in page

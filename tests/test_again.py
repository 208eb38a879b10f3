"""Help that comes again, on the pages of the three who meet in it: the household, the neighbour and the team."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from quartier.cases import actions as cases
from quartier.cases.models import LeftOut, Request, Series
from quartier.lib import clock, rhythm
from quartier.lib.rhythm import LAST, Rhythm, Unit
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.visits import actions as visits
from quartier.visits.models import Assignment, Regular

pytestmark = [pytest.mark.django_db, pytest.mark.either]
FIRST, NEXT, THIRD = date(2027, 1, 12), date(2027, 1, 19), date(2027, 1, 26)


def at(day, hour):
    """A local hour in Brussels, in winter."""
    return datetime(day.year, day.month, day.day, hour - 1, tzinfo=UTC)


def text(response):
    return response.content.decode()


@pytest.fixture
def opened(tuesday, youssef, nadia, asked):
    return asked(
        "groceries",
        urgency="day",
        window_from=at(FIRST, 14),
        window_until=at(FIRST, 16),
        rhythm=rhythm.simple("week", FIRST),
    )


@pytest.fixture
def series(opened):
    return opened.requests[0].series


def here(name, *args):
    """The address in French."""
    with translation.override("fr"):
        return reverse(name, args=args)


def browser_of(account):
    client = Client(headers={"accept-language": "fr"})
    client.force_login(account)
    return client


@pytest.fixture
def phone(youssef):
    return browser_of(youssef.person.account)


@pytest.fixture
def desk(thomas):
    return browser_of(thomas)


@pytest.fixture
def regular(opened, phone, youssef):
    """Youssef says yes, and then that he comes each time, with two taps."""
    offers = {offer.volunteer: offer for offer in matching.send_wave(request_id=opened.requests[0].pk)}
    link = f"/fr/volunteer/offer/{matching.token_of(offers[youssef])}/"
    phone.post(link, {"do": "yes"})
    assert "chaque mardi. Pourriez-vous y aller chaque fois" in text(phone.get(link))
    phone.post(link, {"do": "each_time"})
    phone.post(link, {"do": "each_time"})
    assert "Vous y allez chaque mardi" in text(phone.get(link))
    return Regular.objects.get()


def open_next(day=NEXT):
    clock.set_time(at(day, 14) - timedelta(days=5))
    visits.open_due(clock.now())
    return Request.objects.get(day=day)


def test_the_neighbour_leaves_out_a_day_and_comes_after_all(regular, phone, youssef):
    page = text(phone.get("/fr/volunteer/"))
    address = f"/fr/volunteer/each-time/{regular.pk}/"
    assert address in page
    assert "Marie" not in page
    assert "19" in text(phone.get(address))
    said = phone.post(address, {"do": "not_then", "day": NEXT.isoformat()}, follow=True)
    assert "nous demandons à quelqu’un d’autre pour ce jour-là" in text(said)
    request = open_next()
    assert request.state == Request.State.OPEN
    said = phone.post(address, {"do": "after_all", "day": NEXT.isoformat()}, follow=True)
    assert "ce jour-là, c’est vous qui y allez" in text(said)
    assert Assignment.objects.get(request=request).volunteer == youssef
    said = phone.post(address, {"do": "stop"}, follow=True)
    assert address not in text(said)
    assert phone.get(address).status_code == 404
    assert open_next(THIRD).state == Request.State.OPEN


@pytest.mark.parametrize("bad", [{}, {"do": "x"}, {"do": "not_then"}, {"do": "not_then", "day": "\x00"}])
def test_what_makes_no_sense_is_not_found(regular, phone, bad):
    assert phone.post(f"/fr/volunteer/each-time/{regular.pk}/", bad).status_code == 404


def test_nobody_else_opens_it(regular, nadia, thomas):
    for account, status in ((nadia.person.account, 404), (thomas, 403)):
        assert browser_of(account).get(f"/fr/volunteer/each-time/{regular.pk}/").status_code == status


def test_the_household_sees_the_next_times_and_lets_it_rest(regular, opened, series, client):
    address = f"/fr/status/{opened.token}/again/{series.pk}/"
    assert address in text(client.get(f"/fr/status/{opened.token}/"))
    page = text(client.get(address))
    assert "Youssef vient chaque fois" in page
    assert "Rue du Page" not in page
    request = open_next()
    said = client.post(address, {"do": "leave_out", "day": NEXT.isoformat()}, follow=True)
    assert "Personne ne vient ce jour-là. Ce n’est pas un problème." in text(said)
    request.refresh_from_db()
    assert request.closure == Request.Closure.WITHDRAWN
    client.post(address, {"do": "leave_out", "day": THIRD.isoformat()})
    said = client.post(address, {"do": "take_in", "day": THIRD.isoformat()}, follow=True)
    assert "Quelqu’un vient finalement ce jour-là" in text(said)
    said = client.post(address, {"do": "pause"}, follow=True)
    assert "En pause, jusqu’à nouvel avis." in text(said)
    client.post(address, {"do": "resume"})
    said = client.post(address, {"do": "end"}, follow=True)
    assert "C’est arrêté. Vous pouvez refaire une demande" in text(said)
    assert Message.objects.filter(template="series_ended").count() == 1
    said = client.post(address, {"do": "pause"}, follow=True)
    assert "terminé" in text(said) or "passé" in text(said)


@pytest.mark.parametrize("day", ["9999-12-31", "2020-01-07", "2029-01-09"])
def test_a_day_that_nobody_can_mean_changes_nothing(regular, opened, series, client, phone, desk, day):
    address = f"/fr/status/{opened.token}/again/{series.pk}/"
    said = client.post(address, {"do": "leave_out", "day": day}, follow=True)
    assert "rien n’a changé" in text(said)
    said = phone.post(f"/fr/volunteer/each-time/{regular.pk}/", {"do": "not_then", "day": day}, follow=True)
    assert "trop loin" in text(said)
    for do in ("leave_out", "pause"):
        desk.post(here("series_act", series.pk), {"do": do, "day": day})
    series.refresh_from_db()
    assert series.state == Series.State.RUNNING
    assert not LeftOut.objects.exists()
    assert not regular.not_on.exists()


def test_another_households_link_opens_nothing(series, asked, client):
    other = asked("pharmacy", name="Paul Maes")
    assert client.get(f"/fr/status/{other.token}/again/{series.pk}/").status_code == 404
    assert client.post(f"/fr/status/{'x' * 43}/again/{series.pk}/", {"do": "end"}).status_code == 404


def test_the_team_makes_a_request_regular_and_changes_the_rhythm(asked, tuesday, desk, youssef):
    request = asked("dog", window_from=at(FIRST, 14), window_until=at(FIRST, 16)).requests[0]
    address = here("series_begin", request.pk)
    assert address in text(desk.get(here("request_page", request.pk)))
    wrong = desk.post(address, {"every": "0", "unit": "week"})
    assert wrong.status_code == 422
    assert "Écrivez un nombre" in text(wrong)
    desk.post(address, {"every": "2", "unit": "week", "days": ["1", "3"]})
    series = Series.objects.get()
    assert series.rhythm == Rhythm(Unit.WEEK, 2, (1, 3))
    page = text(desk.get(here("series", series.pk)))
    assert "toutes les 2 semaines (mardi et jeudi)" in page
    act = here("series_act", series.pk)
    wrong = desk.post(act, {"do": "change", "every": "1", "unit": "week", "start": "16:00", "end": "15:00"})
    assert wrong.status_code == 422
    assert 'value="16:00"' in text(wrong)
    desk.post(
        act, {"do": "change", "every": "1", "unit": "month", "which": str(LAST), "start": "9h", "end": "10h"}
    )
    series.refresh_from_db()
    assert (str(series.rhythm), series.starts.hour) == ("le dernier mardi du mois", 9)
    assert cases.days_ahead(series, 1) == [THIRD]
    again = desk.get(address)
    assert again["Location"] == here("series", series.pk)


def test_what_has_no_day_yet_needs_one_first(asked, tuesday, desk):
    request = asked("dog", urgency="week").requests[0]
    said = desk.post(here("series_begin", request.pk), {"every": "1", "unit": "week"})
    assert said.status_code == 422
    assert "Choisissez d’abord un jour" in text(said)
    assert not Series.objects.exists()


def test_the_team_pauses_ends_and_lets_somebody_off(regular, series, desk):
    act = here("series_act", series.pk)
    desk.post(act, {"do": "pause", "day": "2027-02-09"})
    series.refresh_from_db()
    assert (series.state, series.paused_until) == (Series.State.PAUSED, date(2027, 2, 9))
    desk.post(act, {"do": "resume"})
    desk.post(act, {"do": "not_each_time", "regular": str(regular.pk)})
    assert not Regular.objects.filter(ended_at=None).exists()
    desk.post(act, {"do": "end"})
    page = text(desk.get(here("series", series.pk)))
    assert "terminé" in page
    assert 'value="pause"' not in page
    for bad in ({"do": "x"}, {"do": "leave_out", "day": "x"}, {"do": "not_each_time", "regular": "x"}):
        assert desk.post(act, bad).status_code == 404


def test_a_person_who_died(regular, opened, desk, lotte, youssef):
    request = open_next()
    address = here("case_died", opened.case.pk)
    assert browser_of(lotte).post(address, {"do": "died"}).status_code == 403
    assert address in text(desk.get(here("case_page", opened.case.pk)))
    Message.objects.all().delete()
    desk.post(address, {"do": "died"})
    request.refresh_from_db()
    assert request.state == Request.State.CLOSED
    assert [(each.template, each.person) for each in Message.objects.all()] == [
        ("person_died", youssef.person)
    ]
    page = text(desk.get(here("case_page", opened.case.pk)))
    assert "décédée, nous l’avons appris" in page
    desk.post(address, {"do": "undo"})
    assert "décédée, nous" not in text(desk.get(here("case_page", opened.case.pk)))


def test_pages_take_few_statements(
    regular, series, opened, desk, phone, client, django_assert_max_num_queries
):
    open_next()
    for browser, address, most in (
        (desk, here("series", series.pk), 22),
        (phone, f"/fr/volunteer/each-time/{regular.pk}/", 16),
        (client, f"/fr/status/{opened.token}/again/{series.pk}/", 14),
    ):
        browser.get(address)
        with django_assert_max_num_queries(most):
            assert browser.get(address).status_code == 200


def test_the_offer_says_who_has_been_there(opened, series, nadia, youssef):
    matching.they_met(person=opened.case.person, volunteer=nadia, at=clock.now())
    first = matching.send_wave(request_id=opened.requests[0].pk)
    assert [offer.volunteer for offer in first] == [nadia]
    page = text(Client().get(f"/fr/volunteer/offer/{matching.token_of(first[0])}/"))
    assert "vous vous connaissez" in page
    assert Offer.objects.count() == 1

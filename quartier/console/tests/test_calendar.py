"""The calendar of the team: days as the clock on the wall has them, who comes, what comes again, where nobody does."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from quartier.console.queries.calendar import calendar
from quartier.lib import clock
from quartier.lib.rhythm import simple
from quartier.matching import actions as matching
from quartier.people.models import Away
from quartier.team.access import of_account
from quartier.visits import actions as visits
from quartier.visits.models import NotThisTime, Regular

pytestmark = pytest.mark.django_db
WHERE = "/en/console/calendar/"
BRUSSELS = ZoneInfo("Europe/Brussels")
MONDAY = date(2027, 1, 11)


def at(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BRUSSELS)


@pytest.fixture
def wished(asked):
    """Somebody who needs help on that day from ten to twelve: `wished(day)` gives the request."""

    def make(day, *, hour=10, kind="groceries", **more):
        return asked(kind, window_from=at(day, hour), window_until=at(day, hour + 2), **more).requests[0]

    return make


def goes(request, volunteer):
    offer = matching.offer_by_hand(
        actor=of_account(volunteer.person.account), request=request, volunteer=volunteer
    )
    return visits.accept_offer(actor=of_account(volunteer.person.account), offer=offer).assignment


def states(found):
    return {day: [one.state for one in entries] for day, entries in found.days if entries}


def test_a_visit_a_gap_and_a_time_to_come(organisation, wished, youssef, tuesday):
    goes(wished(date(2027, 1, 13)), youssef)
    wished(date(2027, 1, 14), name="Anna Claes")
    found = calendar(organisation, MONDAY, 7)
    assert states(found) == {date(2027, 1, 13): ["accepted"], date(2027, 1, 14): ["gap"]}
    assert found.gaps == 1
    (visit,) = found.days[2][1]
    assert (visit.name, visit.who[0][1], visit.is_gap) == ("Marie Peeters", "Youssef", False)


def test_a_deadline_is_no_appointment(desk, asked, wished):
    def until(day, hour, name):
        asked("groceries", name=name, window_from=at(MONDAY, 9), window_until=at(day, hour))

    thursday, friday = date(2027, 1, 14), date(2027, 1, 15)
    until(thursday, 2, "Anna Night")
    until(friday, 0, "Berta Midnight")
    wished(thursday, name="Clara Agreed")
    until(thursday, 18, "Dora Evening")
    page = desk.get(f"{WHERE}?day=2027-01-14")
    (_day, _href, entries) = page.context["days"][3]
    assert [one.name.split()[0] for one, *_tag in entries] == ["Anna", "Clara", "Dora", "Berta"]
    words = strip_tags(page.content.decode()).replace("\u00a0", " ")
    for said in ("2 am at the latest", "10 am –", "6 pm at the latest", "by the end of the day"):
        assert said in words


def test_who_asked_for_an_afternoon_is_shown_from_when(desk, asked, tuesday):
    day = date(2027, 1, 14)
    asked("groceries", name="Anna", window_from=at(day, 13), window_until=at(day, 18))

    def shown():
        page = desk.get(f"{WHERE}?day=2027-01-14").content.decode()
        return strip_tags(page).replace("\u00a0", " ")

    assert "1 pm – 6 pm" in shown()
    with clock.stopped_at(at(day, 14)):
        assert "6 pm at the latest" in shown()


def test_a_visit_that_is_over_says_how_it_went(organisation, wished, youssef, tuesday):
    visit = goes(wished(date(2027, 1, 13)), youssef)
    clock.set_time(visit.comes_until)
    visits.done(actor=of_account(youssef.person.account), assignment=visit)
    assert states(calendar(organisation, MONDAY, 7)) == {date(2027, 1, 13): ["done"]}


def test_what_comes_again_is_there_before_neighbours_are_asked(organisation, wished, youssef, tuesday):
    request = wished(date(2027, 1, 14), rhythm=simple("week", date(2027, 1, 14)))
    regular = Regular.objects.create(
        organisation=organisation, series=request.series, volunteer=youssef, since=tuesday
    )
    later = calendar(organisation, date(2027, 2, 1), 7)
    assert states(later) == {date(2027, 2, 4): ["planned"]}
    (one,) = later.days[3][1]
    assert (one.series, one.missing, [name for _pk, name in one.who]) == (request.series_id, 0, ["Youssef"])
    NotThisTime.objects.create(organisation=organisation, regular=regular, day=date(2027, 2, 4))
    Away.objects.create(
        organisation=organisation,
        volunteer=youssef,
        starts_on=date(2027, 2, 10),
        ends_on=date(2027, 2, 12),
        created_at=tuesday,
    )
    found = calendar(organisation, date(2027, 2, 1), 21)
    assert [one.missing for _day, entries in found.days for one in entries] == [1, 1, 0]
    assert (found.gaps, found.planned_alone) == (0, 2)
    # The first one has its request already: it stands there once.
    assert states(calendar(organisation, MONDAY, 7)) == {date(2027, 1, 14): ["gap"]}


def test_a_week_is_not_called_covered_while_a_regular_visit_has_nobody(desk, wished):
    wished(date(2027, 1, 14), rhythm=simple("week", date(2027, 1, 14)))
    page = strip_tags(desk.get(f"{WHERE}?day=2027-02-01").content.decode())
    assert "1 regular visit has no one yet: neighbours are asked five days before." in page
    assert "Every visit is covered" not in page


def test_a_week_in_which_clocks_change(organisation, wished, tuesday):
    """In Brussels, the 28th of March 2027 has 23 hours: what is early on Monday stays on Monday."""
    wished(date(2027, 3, 24), rhythm=simple("day", date(2027, 3, 24)), hour=0)
    found = calendar(organisation, date(2027, 3, 22), 8)
    assert [day for day, entries in found.days if entries] == [
        date(2027, 3, number) for number in range(24, 30)
    ]
    for day, entries in found.days[3:]:
        assert [one.start.astimezone(BRUSSELS) for one in entries] == [at(day, 0)]
    (last,) = calendar(organisation, date(2027, 3, 28), 1).days[0][1]
    assert last.start.astimezone(BRUSSELS).date() == date(2027, 3, 28)


def test_only_a_neighbourhood_or_a_volunteer(organisation, wished, youssef, nadia, tuesday):
    mine = wished(date(2027, 1, 13))
    goes(mine, youssef)
    goes(wished(date(2027, 1, 13), name="Anna Claes", at=(50.8355, 4.3106)), nadia)
    assert len(calendar(organisation, MONDAY, 7).volunteers) == 2
    (one,) = calendar(organisation, MONDAY, 7, area=mine.area).days[2][1]
    assert one.name == "Marie Peeters"
    (one,) = calendar(organisation, MONDAY, 7, volunteer=nadia.pk).days[2][1]
    assert one.name == "Anna Claes"


def test_another_organisation_sees_nothing(organisation, elsewhere, wished, tuesday):
    wished(date(2027, 1, 13))
    assert not states(calendar(elsewhere, MONDAY, 7))


def test_the_page_and_its_ways(desk, wished, youssef):
    goes(wished(date(2027, 1, 13)), youssef)
    page = desk.get(f"{WHERE}?day=2027-01-13")
    words = page.content.decode()
    assert "Marie Peeters" in words
    assert "day=2027-01-18" in words
    assert "day=2027-01-04" in words
    day = desk.get(f"{WHERE}?day=2027-01-13&view=day").content.decode()
    assert "Youssef" in day
    assert "day=2027-01-14" in day
    assert "Marie" not in desk.get(f"{WHERE}?day=2027-01-14&view=day").content.decode()
    for wrong in (
        "day=9999-12-31",
        "day=x",
        "view=year&area=x&volunteer=x",
        "day=%00",
        "area=99999999999999999999",
    ):
        assert desk.get(f"{WHERE}?{wrong}").status_code == 200
    assert "We cannot show this day" in desk.get(f"{WHERE}?day=9999-12-31").content.decode()


def test_the_number_of_queries_does_not_grow(desk, wished, volunteer):
    def fill(number):
        name = f"A{number} Peeters"
        goes(wished(date(2027, 1, 13), name=name), volunteer(f"V{number}"))
        wished(date(2027, 1, 14), name=name)
        wished(date(2027, 1, 15), name=name, rhythm=simple("day", date(2027, 1, 15)))

    fill(0)
    desk.get(WHERE)
    with CaptureQueriesContext(connection) as first:
        desk.get(WHERE)
    for number in range(1, 5):
        fill(number)
    with CaptureQueriesContext(connection) as second:
        desk.get(WHERE)
    assert len(second) <= len(first)
    assert len(first) <= 22


def test_what_was_shown_is_written_down(desk, wished, organisation):
    from quartier.audit.models import Entry

    wished(clock.now().date() + timedelta(days=1))
    desk.get(WHERE)
    assert Entry.objects.filter(verb="calendar.look").count() == 1


def test_neighbourhoods_and_volunteers_can_be_told_apart(organisation, wished, volunteer, places, tuesday):
    homes = ((50.8275, 4.3722), (50.8400, 4.3900), (50.8150, 4.3500))
    for number, home in enumerate(homes):
        request = wished(date(2027, 1, 13), at=home, name=f"P{number}")
        jean = volunteer(f"Jean {number}", at=home, capacity=9, budget=9)
        jean.person.name = "Jean Martin"
        jean.person.save()
        goes(request, jean)
    found = calendar(organisation, MONDAY, 7)
    names = [name for _area, name in found.places]
    assert len(set(names)) == len(names)
    people = [name for _pk, name in found.volunteers]
    assert len(people) == 3
    assert all(name.startswith("Jean Martin, ") for name in people)


def test_two_of_one_name_in_one_place_are_told_apart_by_the_end_of_their_number(
    organisation, wished, volunteer, places, tuesday
):
    known = [("+32400001234", ""), ("+32400005678", ""), ("", "marie@example.org"), ("", ""), ("", "")]
    for number, (phone, email) in enumerate(known):
        request = wished(date(2027, 1, 13), name=f"P{number}")
        marie = volunteer(f"Marie {number}", capacity=9, budget=9)
        marie.person.name, marie.person.phone, marie.person.email = "Marie Dupont", phone, email
        marie.person.save()
        goes(request, marie)
    people = [name for _pk, name in calendar(organisation, MONDAY, 7).volunteers]
    assert len(set(people)) == 5
    assert sum(name.endswith("(… 12 34)") for name in people) == 1
    assert sum(name.endswith("(ma…@example.org)") for name in people) == 1
    assert sum(name.endswith(("(1)", "(2)")) for name in people) == 2

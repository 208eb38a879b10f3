"""Volunteers around a place: the nearest first, with how far it is, page by page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db
WHERE = "/en/console/volunteers/"


def test_the_nearest_come_first_and_say_how_far(desk, volunteer, places):
    volunteer("Far", at=(50.8500, 4.3550))
    volunteer("Near", at=(50.8280, 4.3725))
    volunteer("Middle", at=(50.8350, 4.3700))
    volunteer("Elsewhere", at=(51.0543, 3.7174))
    seen = desk.get(f"{WHERE}?place=1050")
    assert [row[0].person.name for row in seen.context["rows"]] in (
        ["Near", "Middle", "Far"],
        ["Near", "Middle"],
    )
    assert all(row[3] for row in seen.context["rows"])
    assert "How far" in seen.content.decode()
    assert "How far" not in desk.get(WHERE).content.decode()


def test_pages_around_a_place_hold_everybody_once(desk, volunteer, places):
    for number in range(45):
        volunteer(f"V{number:02}", at=(50.8275 + number / 20_000, 4.3722))
    first = desk.get(f"{WHERE}?place=1050")
    with CaptureQueriesContext(connection) as queries:
        second = desk.get(first.context["more"])
    rows = [*first.context["rows"], *second.context["rows"]]
    assert len({row[0].pk for row in rows}) == len(rows) == 45
    assert not second.context["more"]
    assert sum('FROM "people_volunteer"' in q["sql"] for q in queries) == 2


def test_of_several_places_it_is_asked_which(desk, volunteer, places):
    volunteer("Near", at=(50.8280, 4.3725))
    volunteer("Verviers", at=(50.5891, 5.8624))
    seen = desk.get(f"{WHERE}?place=Ixelles+ou+Verviers")
    assert not seen.context["place"]
    assert seen.context["question"] in seen.content.decode()
    hrefs = [href for _name, href in seen.context["choices"]]
    assert len(hrefs) == 2
    found = [desk.get(f"{WHERE}{href}") for href in hrefs]
    assert {page.context["place"].split(" (")[0] for page in found} == {"Ixelles", "Verviers"}
    assert {row[0].person.name for page in found for row in page.context["rows"]} == {"Near", "Verviers"}
    # A choice for other words than those that stand there now counts no longer.
    other = desk.get(f"{WHERE}{hrefs[1].replace('Ixelles+ou+Verviers', '1050')}")
    assert other.context["place"].startswith("Ixelles")

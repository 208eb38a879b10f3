"""Search, the map, every language, and two organisations with identical data."""

import pytest

from quartier.matching import actions as matching
from quartier.team.access import of_account
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db


def page_of(request):
    return f"/en/console/requests/{request.pk}/"


def actor(volunteer):
    return of_account(volunteer.person.account)


def accepted(request, volunteer):
    offers = matching.send_wave(request_id=request.id)
    mine = next(offer for offer in offers if offer.volunteer_id == volunteer.id)
    return visits.accept_offer(actor=actor(volunteer), offer=mine).assignment


# ---- search and map ----


def test_search_by_number_mail_reference_and_place(desk, request_, youssef):
    find = lambda text: desk.post("/en/console/search/", {"q": text})  # noqa: E731
    assert "Marie Peeters" in find("02/000.14.27").content.decode()
    assert "Marie Peeters" in find("MARIE@example.org").content.decode()
    assert "Youssef" in find("youssef@example.org").content.decode()
    reference = request_.case.reference
    assert str(request_.case_id) in find(f" {reference[:3].lower()} {reference[3:]} ")["Location"]
    assert "Ixelles (1050)" in find("ixele").content.decode()
    for odd in ("Marie", "\x00", "a" * 5000, "++++", "@", ""):
        assert find(odd).status_code == 200
    assert "No one is known" in find("02 000 99 99").content.decode()


def test_the_map_shows_need_and_help_and_no_point(desk, request_, asked, youssef):
    asked("groceries", name="Hilde", at=(50.2513, 5.5752))
    data = desk.get("/en/console/map/areas/").json()
    by_area = {one["properties"]["area"]: one["properties"] for one in data["features"]}
    here = by_area[str(request_.area)]
    assert (here["waiting"], here["nobody"]) == (1, False)
    assert [one["waiting"] for one in by_area.values() if one["nobody"]] == [1]
    assert all(one["geometry"]["type"] == "Polygon" for one in data["features"])
    land = desk.get("/en/console/map/areas/?land=1")
    assert len(land.json()["features"]) > 9
    # The browser keeps the country, and never who waits where.
    assert land["Cache-Control"] == "private, max-age=86400"
    assert all(set(each["properties"]) == {"land"} for each in land.json()["features"])
    assert desk.get("/en/console/map/areas/")["Cache-Control"] == "no-store"
    text = desk.get("/en/console/map/").content.decode()
    assert "no one free in 1 neighbourhood" in text
    part = desk.get("/en/console/map/", headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith("<h2")


# ---- who may see what ----


def addresses(request, volunteer):
    return [
        page_of(request),
        f"/en/console/cases/{request.case_id}/",
        f"/en/console/cases/{request.case_id}/merge/?with={request.case_id}",
        f"/en/console/volunteers/{volunteer.pk}/",
    ]


def test_with_identical_data_in_two_organisations_nothing_of_the_other_is_seen(
    client, bram, asked, volunteer, elsewhere, youssef, nadia, places, tuesday
):
    ours = asked("groceries").requests[0]
    theirs = asked("groceries", org=elsewhere).requests[0]
    their_volunteer = volunteer("Youssef", org=elsewhere)
    matching.send_wave(request_id=ours.id)
    matching.send_wave(request_id=theirs.id)
    client.force_login(bram)
    client.defaults["SERVER_NAME"] = bram.organisation.host
    for address in addresses(ours, youssef):
        assert client.get(address).status_code == 404, address
    for address in addresses(theirs, their_volunteer)[:2]:
        assert client.get(address).status_code == 200, address
    seen = client.get(page_of(theirs)).content.decode()
    assert str(youssef.pk) not in seen
    assert str(their_volunteer.pk) in seen
    found = client.post("/en/console/search/", {"q": "02 000 14 27"}).content.decode()
    assert ours.case.reference not in found
    assert theirs.case.reference in found
    case = client.get(f"/en/console/cases/{theirs.case_id}/").content.decode()
    assert ours.case.reference not in case
    # Nor is anything done to it.
    assert client.post(f"{page_of(ours)}do/", {"do": "take"}).status_code == 404
    assert client.post(f"{page_of(ours)}close/", {"closure": "withdrawn"}).status_code == 404
    assert client.post(f"{page_of(theirs)}do/", {"do": "ask", "volunteer": youssef.pk}).status_code == 404
    merge = f"/en/console/cases/{theirs.case_id}/merge/"
    assert client.post(merge, {"with": ours.case_id, "keep": theirs.case_id}).status_code == 404
    data = client.get("/en/console/map/areas/").json()["features"]
    assert sum(one["properties"]["waiting"] for one in data) == 1
    assert sum(one["properties"]["free"] for one in data) == 1


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_every_page_speaks_every_language(client, desk, request_, youssef, asked, language):
    accepted(request_, youssef)
    second = asked("other", name="Jan").requests[0]
    draft = client.post("/en/console/take/", {"phone": "02 000 14 27"})["Location"].replace(
        "/en/", f"/{language}/"
    )
    for address in (
        "/en/console/",
        page_of(request_),
        page_of(second),
        f"/en/console/cases/{request_.case_id}/",
        f"/en/console/cases/{request_.case_id}/merge/?with={second.case_id}",
        "/en/console/take/",
        draft,
        "/en/console/volunteers/",
        f"/en/console/volunteers/{youssef.pk}/",
        "/en/console/search/",
        "/en/console/map/",
    ):
        answer = client.get(address.replace("/en/", f"/{language}/"))
        assert answer.status_code == 200, address
        assert f'<html lang="{language}"' in answer.content.decode()

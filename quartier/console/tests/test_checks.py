"""Check-ins on the team's pages: who agreed, a table, a campaign with what it costs, and the calls."""

# ruff: noqa: F401, F811 (fixtures of another room)

from datetime import timedelta
from io import BytesIO

import pytest

from quartier.followup import actions
from quartier.followup.models import Campaign, CheckIn, Member
from quartier.followup.tests.conftest import agreed, pass_time
from quartier.lib import cells, clock
from quartier.messaging.models import Message
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db
WHERE = "/en/console/checks/"
PLAN = {
    "occasion": "heat",
    "asks": "2",
    "answer_minutes": "60",
    "call_minutes": "60",
    "knock_minutes": "60",
    "per_minute": "60",
}
SOMEBODY = {
    "name": "Denise", "number": "0400 00 10 03", "language": "fr", "postcode": "1050", "street": "Rue du Page 42",
    "occasions": ["heat", "blackout"], "consent": "call", "notes": "4e étage, sans ascenseur",
}  # fmt: skip


def test_an_operator_notes_who_agreed(signed_in, lotte, places, tuesday):
    client = signed_in(lotte)
    page = client.post(f"{WHERE}people/add/", {**SOMEBODY, "consent": "", "postcode": "9999"})
    assert page.status_code == 422
    assert "Nobody is called without having agreed" in page.content.decode()
    assert "4e étage" in page.content.decode()
    page = client.post(f"{WHERE}people/add/", SOMEBODY, follow=True).content.decode()
    assert "Denise" in page
    row = Member.objects.get()
    assert (row.consent, row.noted_by, row.place_name, row.occasions) == ("call", lotte, "Ixelles", 3)
    page = client.post(f"{WHERE}people/{row.pk}/leave/", follow=True).content.decode()
    assert "Denise" not in page


def test_from_the_page_of_a_file(desk, asked):
    case = asked("groceries").case
    where = f"/en/console/cases/{case.pk}/"
    desk.post(f"{where}check-ins/", {"do": "agree", "occasions": ["heat"], "consent": "door"})
    assert Member.objects.get().case == case
    assert "Heatwave" in desk.get(where).content.decode()
    desk.post(f"{where}check-ins/", {"do": "leave"})
    assert Member.objects.get().left_at is not None


def test_a_table(desk):
    table = BytesIO(
        b"Naam;Telefoon;Postcode;Voor;Toestemming;Datum\n"
        b"Denise;0400 00 10 03;1050;hitte;mondeling;3/1/2027\nJan;;1050;hitte;;\n"
    )
    table.name = "lijst.csv"
    page = desk.post(f"{WHERE}people/import/", {"table": table})
    text = page.content.decode()
    assert "1 person is on the list." in text
    assert "Row 3" in text
    assert "neither a phone number nor a mail address; how they agreed" in text
    assert desk.post(f"{WHERE}people/import/", {}).status_code == 422


def test_what_it_costs_is_shown_before_anything_is_sent(desk, agreed):
    agreed(1)
    page = desk.post(f"{WHERE}new/", {**PLAN, "do": "look"})
    assert "1 person is asked." in page.content.decode()
    assert "At most 0.00 €" in page.content.decode()
    assert not Campaign.objects.exists()
    assert desk.post(f"{WHERE}new/", {**PLAN, "asks": "99"}).status_code == 422
    desk.post(f"{WHERE}new/", {**PLAN, "do": "start"})
    assert Campaign.objects.get().check_ins.count() == 1
    again = desk.post(f"{WHERE}new/", {**PLAN, "do": "start"})
    assert "runs already" in again.content.decode()
    assert not Message.objects.exists()


def test_a_campaign_is_followed_paused_and_ended(
    desk, agreed, pass_time, thomas, django_assert_max_num_queries
):
    for number in range(12):
        agreed(number)
    campaign = actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))
    pass_time(minutes=5)
    where = f"{WHERE}{campaign.pk}/"
    desk.get(where)
    with django_assert_max_num_queries(25):
        page = desk.get(where)
    assert page.context["found"].states["asked"] == 12
    for do, state in (
        ("pause", "paused"),
        ("pause", "paused"),
        ("resume", "running"),
        ("end", "ended"),
        ("end", "ended"),
    ):
        desk.post(f"{where}do/", {"do": do})
        campaign.refresh_from_db()
        assert campaign.state == state
    assert desk.get(WHERE).status_code == 200


def test_the_team_calls(signed_in, lotte, agreed, pass_time, thomas, tuesday):
    agreed(1, channel="call")
    agreed(2, channel="call")
    actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))
    pass_time(minutes=1)
    client = signed_in(lotte)
    assert "Voisine 1" in client.get("/en/console/calls/").content.decode()
    first, second = sorted(
        CheckIn.objects.select_related("member__person"), key=lambda row: row.member.person.name
    )
    call = f"/en/console/calls/check/{first.pk}/"
    assert "Has she drunk today" in client.post(call, {"do": "claim"}, follow=True).content.decode()
    client.post(call, {"do": "help", "words": "Des vertiges"})
    first.refresh_from_db()
    assert (first.state, first.words) == ("needs_help", "Des vertiges")
    page = client.get("/en/console/calls/").content.decode()
    assert page.index("Voisine 1") < page.index("Voisine 2")
    call = f"/en/console/calls/check/{second.pk}/"
    client.post(call, {"do": "claim"})
    client.post(call, {"do": "nobody"})
    assert "Voisine 2" not in client.get("/en/console/calls/").content.decode()
    clock.advance(timedelta(minutes=25))
    assert "Voisine 2" in client.get("/en/console/calls/").content.decode()
    client.post(call, {"do": "knock"})
    second.refresh_from_db()
    assert (second.state, second.request.state) == ("knocking", "open")
    client.post(call, {"do": "fine"})
    second.refresh_from_db()
    assert second.state == "fine"


def test_a_campaign_is_drawn_by_neighbourhood_and_small_places_are_told_to_who_coordinates(
    signed_in, thomas, lotte, places, agreed, tuesday
):
    for number in range(6):
        agreed(number)
    far = agreed(7)
    Member.objects.filter(pk=far.pk).update(postcode="1070", cell=cells.cell_at(50.8355, 4.3106))
    campaign = actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))
    CheckIn.objects.filter(member=far).update(state=CheckIn.State.ALERTED, next_at=None, since=tuesday)
    page = signed_in(thomas).get(f"{WHERE}{campaign.pk}/")
    assert [(one.people, one.silent) for _name, one in page.context["areas"]] == [(1, 1), (6, 0)]
    drawn = page.context["map_cells"]
    assert sorted(each["kind"] for each in drawn if each["kind"]) == ["1", "none"]
    assert [each["text"] for each in drawn if each["kind"] == "none"] == ["1"]
    # Never a point: each corner is that of a neighbourhood.
    corners = {corner for each in drawn for corner in each["boundary"]}
    area = cells.boundary_geojson(cells.area_of(far_cell()))["coordinates"][0]
    assert {(lat, lon) for lon, lat in area} <= corners
    page = signed_in(lotte).get(f"{WHERE}{campaign.pk}/")
    assert [one.key is None for _name, one in page.context["areas"]] == [False, True]
    assert len([each for each in page.context["map_cells"] if each["kind"]]) == 1
    assert "1070" not in page.content.decode()


def far_cell():
    return cells.cell_at(50.8355, 4.3106)

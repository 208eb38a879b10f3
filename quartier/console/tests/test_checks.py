"""Check-ins on the team's pages: who agreed, a table, a campaign with what it costs, and the calls."""

# ruff: noqa: F401, F811 (fixtures of another room)

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils.html import strip_tags

from quartier.followup import actions
from quartier.followup.models import Campaign, CheckIn, Member
from quartier.followup.tests.conftest import agreed, pass_time
from quartier.lib import cells, clock
from quartier.messaging.models import Message
from quartier.team.access import of_account
from quartier.team.models import Organisation

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
    assert "No one is called without having agreed" in page.content.decode()
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
    assert "neither a phone number nor an email address; how they agreed" in text
    assert desk.post(f"{WHERE}people/import/", {}).status_code == 422


@pytest.mark.parametrize(
    ("language", "ours", "companies"),
    [
        ("en", "our own line", "companies use"),
        ("fr", "notre propre ligne", "un numéro d’entreprise"),
        ("nl", "onze eigen lijn", "nummer van bedrijven"),
        ("de", "unserer eigenen Leitung", "Nummer von Unternehmen"),
    ],
)
def test_numbers_where_no_one_is_reached_are_left_out_of_a_table(desk, language, ours, companies):
    group = Organisation.objects.get()
    group.phone = "+3220000000"
    group.save(update_fields=["phone"])
    head, row = "Naam;Telefoon;Postcode;Voor;Toestemming;Datum", "1050;hitte;mondeling;3/1/2027"
    numbers = ("02 000 00 00", "0900 12 345", "0400 00 10 03")
    table = BytesIO("\n".join([head, *(f"Denise;{number};{row}" for number in numbers)]).encode())
    table.name = "lijst.csv"
    page = desk.post(f"/{language}/console/checks/people/import/", {"table": table}).content.decode()
    assert ours in page
    assert companies in page
    assert Member.objects.get().person.phone == "+32400001003"


def test_what_it_costs_is_shown_before_anything_is_sent(desk, agreed, youssef):
    agreed(1)
    agreed(2, place=False, occasions=("blackout",))
    page = desk.post(f"{WHERE}new/", {**PLAN, "do": "look"})
    said = page.content.decode()
    assert "called within 60 minutes by one of you who can: " in said
    assert "1 neighbour near them makes visits and could go to the door." in said
    assert "there is no one" not in said
    nobody = desk.post(f"{WHERE}new/", {**PLAN, "do": "look", "occasion": "blackout"}).content.decode()
    assert "0 neighbours near them make visits" in nobody
    assert "Near 1 person there is no one: unless one of you goes, no one does." in nobody
    assert "1 person is being asked." in page.content.decode()
    assert "At most €0.00" in page.content.decode()
    assert not Campaign.objects.exists()
    assert desk.post(f"{WHERE}new/", {**PLAN, "asks": "99"}).status_code == 422
    desk.post(f"{WHERE}new/", {**PLAN, "do": "start"})
    assert Campaign.objects.get().check_ins.count() == 1
    again = desk.post(f"{WHERE}new/", {**PLAN, "do": "start"})
    assert "is already running" in again.content.decode()
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
        ("end", "running"),
        ("end", "ended"),
        ("end", "ended"),
    ):
        sure = {"sure": "call"} if state == "ended" else {}
        desk.post(f"{where}do/", {"do": do, **sure})
        campaign.refresh_from_db()
        assert campaign.state == state
    assert desk.get(WHERE).status_code == 200


@pytest.mark.parametrize("sure", ["call", "end"])
def test_ending_asks_first_and_who_has_not_answered_is_never_shown_as_fine(
    desk, agreed, pass_time, thomas, sure
):
    for number in range(5):
        agreed(number)
    campaign = actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))
    pass_time(minutes=5)
    fine, gone, unasked, *silent = campaign.check_ins.order_by("pk")
    actions.check_answer(actor=of_account(thomas), check_in=fine, fine=True, by="call")
    actions.leave(actor=of_account(thomas), member=gone.member)
    CheckIn.objects.filter(pk=unasked.pk).update(state=CheckIn.State.WAITING, since=None)
    where = f"{WHERE}{campaign.pk}/"
    page = desk.post(f"{where}do/", {"do": "end"}, follow=True).content.decode()
    assert "3 people have not answered. End it all the same?" in page
    assert "1 of them has not been asked yet." in page
    assert Campaign.objects.get().state == Campaign.State.RUNNING
    page = desk.post(f"{where}do/", {"do": "end", "sure": sure}, follow=True)
    found = page.context["found"]
    assert (found.areas[0].silent, found.areas[0].well) == (3, 1)
    calls = strip_tags(desk.get("/en/console/calls/").content.decode())
    names = [row.member.person.name for row in (unasked, *silent)]
    assert [name in calls for name in names] == [sure == "call"] * 3
    if sure == "call":
        assert [row.pk for row in found.unreached] == [silent[0].pk, silent[1].pk, unasked.pk]
        assert not CheckIn.objects.filter(state=CheckIn.State.ALERTED, since=None).exists()
    else:
        assert ("had not answered when it ended", "none", 3) in page.context["bars"]
    assert ("no longer asked", "closed", 1) in page.context["bars"]


def test_whoever_is_called_in_vain_after_the_end_is_not_said_to_be_visited(
    desk, agreed, pass_time, thomas, tuesday
):
    agreed(1, channel="call")
    campaign = actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))
    pass_time(minutes=1)
    actions.end(actor=of_account(thomas), campaign=campaign, call=True)
    call = f"/en/console/calls/check/{CheckIn.objects.get().pk}/"
    desk.post(call, {"do": "claim"})
    page = desk.post(call, {"do": "nobody"}, follow=True).content.decode()
    assert "a neighbour goes to the door" not in page
    # Called a moment ago, they stay on the list with the time to call again.
    assert "Voisine 1" in page
    assert "to be called again at" in page
    clock.advance(timedelta(minutes=21))
    page = desk.get("/en/console/calls/").content.decode()
    assert "Voisine 1" in page
    assert "to be called again at" not in page


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
    assert (
        "Have they had enough water today" in client.post(call, {"do": "claim"}, follow=True).content.decode()
    )
    client.post(call, {"do": "help", "words": "Des vertiges"})
    first.refresh_from_db()
    assert (first.state, first.words) == ("needs_help", "Des vertiges")
    page = client.get("/en/console/calls/").content.decode()
    assert page.index("Voisine 1") < page.index("Voisine 2")
    call = f"/en/console/calls/check/{second.pk}/"
    client.post(call, {"do": "claim"})
    client.post(call, {"do": "nobody"})
    page = client.get("/en/console/calls/").content.decode()
    assert "to be called again at" in page.split("Voisine 2")[1]
    clock.advance(timedelta(minutes=25))
    page = client.get("/en/console/calls/").content.decode()
    assert "Voisine 2" in page
    assert "to be called again at" not in page
    client.post(call, {"do": "knock"})
    second.refresh_from_db()
    assert (second.state, second.request.state) == ("knocking", "open")
    client.post(call, {"do": "fine"})
    second.refresh_from_db()
    assert second.state == "fine"


def test_a_list_that_is_cut_says_so_and_leads_to_the_others(desk, agreed, pass_time, thomas, monkeypatch):
    monkeypatch.setattr("quartier.console.calls.SHOWN", 3)
    monkeypatch.setattr("quartier.console.checks.campaigns.PEOPLE_SHOWN", 3)
    for number in range(5):
        agreed(number, channel="call")
    campaign = actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))
    pass_time(minutes=1)
    for url, whole in (
        ("/en/console/calls/", "/en/console/calls/?all=check-ins#check-ins"),
        (f"{WHERE}{campaign.pk}/", f"{WHERE}{campaign.pk}/?all=all#all"),
    ):
        page = desk.get(url).content.decode()
        assert (page.count("<b>Voisine"), f'href="{whole}">and 2 more</a>' in page) == (3, True)
        assert '<span class="count soft">5</span>' in page
        page = desk.get(whole.split("#")[0]).content.decode()
        assert (page.count("<b>Voisine"), "more</a>" in page) == (5, False)
        assert f'hx-get="{whole.split("#")[0]}"' in page


def test_who_is_to_be_called_is_amber_nowhere_and_red_once_late(desk, agreed, pass_time, thomas, lotte):
    agreed(1, channel="call")
    campaign = actions.start(actor=of_account(thomas), plan=actions.Plan("heat", call_minutes=600))
    pass_time(minutes=1)
    pages = [f"{WHERE}{campaign.pk}/", "/en/console/calls/"]
    for url in pages:
        page = desk.get(url).content.decode()
        assert '<span class="tag">one of us is to call</span>' in page
    actions.claim_check(actor=of_account(lotte), check_in=CheckIn.objects.get())
    assert "Lotte calls, until" in strip_tags(desk.get(pages[0]).content.decode())
    pass_time(minutes=121)
    for url in pages:
        assert '<span class="tag tag-stop">one of us is to call</span>' in desk.get(url).content.decode()
    assert desk.get("/en/console/").context["to_call"].late == 1


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
    # Who is still to be asked was not asked, and their place is not one where everybody has answered.
    assert [(one.asked, one.unasked) for _name, one in page.context["areas"]] == [(1, 0), (0, 6)]
    drawn = page.context["map_cells"]
    assert sorted(each["kind"] for each in drawn if each["kind"]) == ["2", "none"]
    CheckIn.objects.filter(state=CheckIn.State.WAITING).update(state=CheckIn.State.FINE, next_at=None)
    calm = signed_in(thomas).get(f"{WHERE}{campaign.pk}/").context["map_cells"]
    assert sorted(each["kind"] for each in calm if each["kind"]) == ["1", "none"]
    assert [each["text"] for each in drawn if each["kind"] == "none"] == ["1"]
    # Never a point: each corner is that of a neighbourhood.
    corners = {corner for each in drawn for corner in each["boundary"]}
    area = cells.boundary_geojson(cells.area_of(far_cell()))["coordinates"][0]
    assert {(lat, lon) for lon, lat in area} <= corners
    page = signed_in(lotte).get(f"{WHERE}{campaign.pk}/")
    assert [one.key is None for _name, one in page.context["areas"]] == [False, True]
    assert len([each for each in page.context["map_cells"] if each["kind"]]) == 1
    assert "1070" not in strip_tags(page.content.decode())


def far_cell():
    return cells.cell_at(50.8355, 4.3106)


def test_whoever_needs_help_is_not_well_by_one_press(desk, agreed, thomas, tuesday):
    campaign = (
        actions.start(actor=of_account(thomas), plan=actions.Plan("heat", postcodes=()))
        if agreed(1)
        else None
    )
    row = CheckIn.objects.get(campaign=campaign)
    actions.check_answer(
        actor=of_account(thomas), check_in=row, fine=False, by="call", words="Plus rien à manger"
    )
    where = f"/en/console/calls/check/{row.pk}/"
    text = desk.post(where, {"do": "fine", "words": "Sa fille est là"}).content.decode()
    assert "Have you heard from them that they are OK now?" in text
    assert "Plus rien à manger" in text
    assert "Sa fille est là" in text
    row.refresh_from_db()
    assert row.state == CheckIn.State.NEEDS_HELP
    desk.post(where, {"do": "fine", "words": "Sa fille est là", "sure": "1"})
    row.refresh_from_db()
    assert row.state == CheckIn.State.FINE

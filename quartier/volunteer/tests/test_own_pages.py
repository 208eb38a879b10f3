"""A volunteer's own pages: who may open them, and what they change."""

from datetime import date, datetime

import pytest

from quartier.companions.tests import scene
from quartier.lib import choices, clock
from quartier.matching.models import Offer
from quartier.people.models import Away, Volunteer
from quartier.team.access import of_account
from quartier.visits import actions
from quartier.visits.models import Assignment
from quartier.volunteer.tests.planted import PLANTED

pytestmark = pytest.mark.django_db
PAGES = ("", "edit/", "pause/", "leave/")
EMPTY_HOME = {
    "fr": ("Dès que vous dites oui à quelqu’un", "Quand on a besoin de vous"),
    "nl": ("Zodra u ja zegt tegen iemand", "Wanneer iemand u nodig heeft"),
    "de": ("Sobald Sie jemandem zusagen", "Wenn jemand Sie braucht"),
    "en": ("As soon as you say yes to someone", "When someone needs you"),
}


@pytest.fixture
def at_home(signed_in, youssef):
    """Youssef's browser."""
    return signed_in(youssef.person.account)


def said(**changes):
    return {
        "name": "Youssef Amrani",
        "phone": "",
        "email": "youssef@example.org",
        "channel": "email",
        "language": "fr",
        "where": "Ixelles (1050)",
        "kinds": ["groceries"],
        "languages": ["fr"],
        "always": "on",
        "travel": "foot",
        "radius_m": "2000",
        "capacity": "1",
        "budget": "1",
    } | changes


def test_only_who_is_a_volunteer(client, signed_in, tuesday, youssef, thomas, lotte, sara, bram):
    for page in PAGES:
        url = f"/fr/volunteer/{page}"
        assert client.get(url).status_code == 302
        assert client.get(url).url.startswith("/fr/")
        for account in (thomas, lotte, sara, bram):
            assert signed_in(account).get(url).status_code == 403
    assert client.get("/fr/volunteer/resume/").status_code == 405


def test_the_page_of_one_shows_nothing_of_another(signed_in, links, youssef, nadia):
    mine, theirs = links["Youssef"], links["Nadia"]
    page = signed_in(youssef.person.account).get("/fr/volunteer/").content.decode()
    assert mine in page
    assert theirs not in page
    assert not [planted for planted in PLANTED if planted in page]


def test_what_to_do_in_danger_is_not_read_before_there_is_a_visit(at_home, youssef):
    words = "sans un mot et sans un bruit"
    assert words not in at_home.get("/fr/volunteer/").content.decode()
    Volunteer.objects.filter(pk=youssef.pk).update(done_total=1)
    assert words in at_home.get("/fr/volunteer/").content.decode()


def test_whoever_calls_others_reads_first_when_the_next_call_is(
    at_home, account, asked, lotte, youssef, tuesday
):
    amina = account("Amina", "supervisor")
    assert "Vos appels" not in at_home.get("/fr/volunteer/").content.decode()
    listener = scene.trained(amina, youssef.person.account)
    page = at_home.get("/fr/volunteer/").content.decode()
    assert "Rien de prévu" in page
    wish = scene.wished(lotte, asked("talk", name="Marie Peeters").case)
    scene.begin(listener, scene.agree(amina, listener, scene.propose(amina, wish, listener)))
    page = at_home.get("/fr/volunteer/").content.decode()
    assert "Le prochain\u00a0: aujourd’hui à 15\u00a0h" in page
    assert page.index("Le prochain") < page.index("Vos visites")
    # The phone keeps this page: whom, stands on another.
    assert "Marie" not in page


def test_a_volunteer_of_another_organisation_sees_nothing(signed_in, links, volunteer, elsewhere):
    griet = volunteer("Griet", org=elsewhere)
    page = signed_in(griet.person.account).get("/nl/volunteer/").content.decode()
    assert "/volunteer/offer/" not in page


def test_what_was_promised_stands_first_and_what_was_done_last(client, at_home, links):
    client.post(links["Youssef"], {"do": "yes"})
    page = at_home.get("/fr/volunteer/").content.decode()
    assert page.index('id="visits"') < page.index(links["Youssef"]) < page.index('id="offers"')
    client.post(links["Youssef"], {"do": "done"})
    page = at_home.get("/fr/volunteer/").content.decode()
    assert links["Youssef"] not in page


def test_the_page_takes_the_same_queries_for_one_and_for_many(
    at_home, asked, links, youssef, places, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from quartier.matching import actions as matching
    from quartier.team.access import system

    at_home.get("/fr/volunteer/")
    with CaptureQueriesContext(connection) as few:
        at_home.get("/fr/volunteer/")
    for n in range(4):
        request = asked("pharmacy", name=f"P{n}").requests[0]
        matching.offer_by_hand(actor=system(request.organisation), request=request, volunteer=youssef)
    with django_assert_num_queries(len(few)):
        at_home.get("/fr/volunteer/")
    assert len(few) <= 17


def test_what_is_changed_is_saved(at_home, youssef):
    response = at_home.post("/fr/volunteer/edit/", said(language="nl"))
    assert response.status_code == 302, response.context["form"].errors
    assert response.url == "/nl/volunteer/"
    youssef.refresh_from_db()
    assert (youssef.kinds, youssef.slots, youssef.travel) == (1, choices.ALL_SLOTS, "foot")
    assert youssef.person.name == "Youssef Amrani"


def test_what_is_wrong_keeps_every_word(at_home, youssef):
    page = at_home.post(
        "/fr/volunteer/edit/", said(name="Jousseph", email="no mail", where="Zzzzzzzz"), follow=True
    ).content.decode()
    for kept in ("Jousseph", "no mail", "Zzzzzzzz"):
        assert kept in page
    assert "<title>Erreur" in page
    youssef.refresh_from_db()
    assert youssef.person.name == "Youssef"


def test_an_address_of_somebody_else_is_explained(at_home, nadia):
    page = at_home.post("/fr/volunteer/edit/", said(email="nadia@example.org"), follow=True).content.decode()
    assert "Ce numéro ou cette adresse appartient déjà" in page
    assert "nadia@example.org" in page


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ({"length": "7"}, date(2027, 1, 19)),
        ({"length": "open"}, None),
        ({"length": "open", "until": "31/02/2027"}, None),
        ({"length": "day", "until": "2027-02-01"}, date(2027, 2, 1)),
        ({"length": "day", "until": "01/02/2027"}, date(2027, 2, 1)),
        ({"length": "day", "chip": "2027-01-15", "until": "x"}, date(2027, 1, 15)),
        ({"length": "day", "chip": "other", "until": "2027-02-01"}, date(2027, 2, 1)),
    ],
)
def test_a_break_and_back(tuesday, at_home, youssef, typed, until):
    assert at_home.post("/fr/volunteer/pause/", typed).status_code == 302
    youssef.refresh_from_db()
    assert (youssef.state, youssef.paused_until) == ("paused", until)
    assert at_home.post("/fr/volunteer/resume/").status_code == 302
    youssef.refresh_from_db()
    assert (youssef.state, youssef.paused_until) == ("active", None)


def test_over_christmas_it_is_one_choice(at_home, youssef):
    with clock.stopped_at(datetime(2027, 11, 30, 10, tzinfo=youssef.organisation.zone)):
        page = at_home.get("/fr/volunteer/pause/").content.decode()
        assert "Pour les fêtes" in page
        assert "Noël" in page
        assert at_home.post("/fr/volunteer/pause/", {"length": "christmas"}).status_code == 302
    away = Away.objects.get()
    assert (away.starts_on, away.ends_on) == (date(2027, 12, 24), date(2028, 1, 1))


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_where_nothing_is_there_it_says_what_happens_next(at_home, language):
    page = at_home.get(f"/{language}/volunteer/").content.decode()
    visits, offers = EMPTY_HOME[language]
    assert visits in page
    assert offers in page


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"length": "forever"},
        {"length": "day"},
        {"length": "day", "chip": "other"},
        {"length": "day", "chip": "2027-03-01"},
        {"length": "christmas"},
        {"length": "day", "until": "2027-01-12"},
        {"length": "day", "until": "2026-12-01"},
        {"length": "day", "until": "2099-12-01"},
        {"length": "day", "until": "31/02/2027"},
        {"length": "day", "until": "\x00"},
    ],
)
def test_a_break_that_is_none(tuesday, at_home, youssef, typed):
    response = at_home.post("/fr/volunteer/pause/", typed, follow=True)
    assert response.status_code == 200
    assert 'class="oops"' in response.content.decode()
    youssef.refresh_from_db()
    assert youssef.state == "active"


def test_leaving_gives_back_what_was_promised_and_closes_the_account(client, at_home, links, opened, youssef):
    client.post(links["Youssef"], {"do": "yes"})
    assert at_home.get("/fr/volunteer/leave/").status_code == 200
    assert Volunteer.objects.get(pk=youssef.pk).state == "active"
    assert at_home.post("/fr/volunteer/leave/", follow=True).status_code == 200
    opened.refresh_from_db()
    youssef.refresh_from_db()
    account = youssef.person.account
    account.refresh_from_db()
    assert (opened.state, opened.priority, youssef.state, youssef.open_count) == ("open", 1, "left", 0)
    assert not account.is_active
    assert at_home.get("/fr/volunteer/").status_code == 302
    # The link in an old message does not lead back in.
    page = client.post(links["Youssef"], {"do": "yes"}, follow=True).content.decode()
    assert not [planted for planted in PLANTED if planted in page]
    assert not Assignment.objects.filter(state__in=Assignment.ACTIVE).exists()
    assert not Offer.objects.filter(volunteer=youssef, state__in=Offer.LIVE).exists()


def test_who_has_another_role_keeps_the_account(at_home, youssef, organisation):
    from quartier.team.models import Role

    account = youssef.person.account
    Role.objects.create(organisation=organisation, account=account, name=Role.Name.OPERATOR)
    at_home.post("/fr/volunteer/leave/")
    account.refresh_from_db()
    assert account.is_active
    assert list(account.roles.values_list("name", flat=True)) == ["operator"]


def test_suspended_reads_whom_to_call_and_nothing_else(client, at_home, links, youssef, thomas):
    from quartier.team.models import Role

    account = youssef.person.account
    Role.objects.create(organisation=youssef.organisation, account=account, name=Role.Name.OPERATOR)
    client.post(links["Youssef"], {"do": "yes"})
    actions.volunteer_suspended(actor=of_account(thomas), volunteer=youssef)
    assert "/sign-in/" in at_home.get("/fr/volunteer/")["Location"]  # signed out at once
    at_home.force_login(account)
    for url in ("", "pause/", "resume/", "leave/", "edit/", "reach/", "impact/", "days/"):
        for answer in (at_home.get(f"/fr/volunteer/{url}"), at_home.post(f"/fr/volunteer/{url}", said())):
            page = answer.content.decode()
            assert answer.status_code in {403, 404, 405}, url
            assert answer.status_code != 403 or "Appelez-nous." in page
            assert not [planted for planted in PLANTED if planted in page]
    youssef.refresh_from_db()
    assert youssef.state == "suspended"
    assert youssef.person.name == "Youssef"
    actions.resume_by_team(actor=of_account(thomas), volunteer=youssef)
    assert at_home.get("/fr/volunteer/").status_code == 200


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_in_each_language(at_home, language, page):
    assert f'lang="{language}"' in at_home.get(f"/{language}/volunteer/{page}").content.decode()


@pytest.mark.parametrize(
    ("page", "words", "typed"),
    [
        ("edit", {"name": "Youssef Am", "phone": "04"}, "Youssef Am"),
        ("pause", {"length": "ahead", "first": "le trei"}, "le trei"),
        ("reach", {"do": "save", "quiet_from": "21:00"}, '21:00" selected'),
    ],
)
def test_a_form_goes_to_another_language_and_back_with_what_is_written(at_home, page, words, typed):
    url = f"/fr/volunteer/{page}/"
    assert 'name="leave" value="de"' in at_home.get(url).content.decode()
    answer = at_home.post(url, words | {"leave": "de"})
    shown = at_home.get(answer["Location"]).content.decode()
    assert '<html lang="de"' in shown
    assert typed in shown
    assert 'class="oops"' not in shown
    assert at_home.post(url, words | {"leave": "/fr/volunteer/"})["Location"] == "/fr/volunteer/"
    assert typed in at_home.get(url).content.decode()
    assert not Away.objects.exists()

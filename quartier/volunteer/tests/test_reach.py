"""How we reach you: the page, and what it changes; days away told ahead, and what was promised for them."""

from datetime import date, time, timedelta

import pytest

from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people import wishes
from quartier.people.models import Away, Person, Volunteer, Wishes
from quartier.team.access import system
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db
PAGE = "/fr/volunteer/reach/"


@pytest.fixture
def at_home(signed_in, youssef):
    """Youssef's browser; he has a mobile too."""
    youssef.person.phone = "+32400001001"
    youssef.person.save()
    return signed_in(youssef.person.account)


def said(**changes):
    return {
        "do": "save", "quiet_from": "20:30", "quiet_until": "07:00", "rhythm": "daily", "daily_at": "18:00",
        "language": "fr", "budget": "1",
    } | changes  # fmt: skip


def test_all_that_is_said_is_kept(tuesday, at_home, youssef):
    response = at_home.post(PAGE, said(urgent="on", language="nl"))
    assert (response.status_code, response.url) == (302, "/nl/volunteer/")
    wish = Wishes.objects.get()
    assert (wish.quiet_from, wish.quiet_until, wish.urgent) == (time(20, 30), time(7), True)
    assert (wish.rhythm, wish.daily_at) == ("daily", time(18))
    person = Person.objects.get(pk=youssef.person.pk)
    youssef.refresh_from_db()
    assert (person.language, youssef.budget) == ("nl", 1)
    page = at_home.get("/nl/volunteer/reach/").content.decode()
    assert '<option value="20:30" selected>20.30\u00a0uur</option>' in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"quiet_until": ""}, "Choisissez les deux heures, ou aucune."),
        ({"quiet_until": "20:30"}, "Choisissez deux heures différentes."),
        ({"quiet_from": "08:00", "quiet_until": "06:00"}, "Seize heures au plus."),
        ({"rhythm": ""}, "Choisissez combien d’e-mails."),
        ({"language": "xx"}, 'class="oops"'),
        ({"budget": "99"}, 'class="oops"'),
        ({"quiet_from": "25:99"}, 'class="oops"'),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(tuesday, at_home, wrong, words):
    page = at_home.post(PAGE, said(**wrong), follow=True).content.decode()
    assert words in page
    assert '<option value="18:00" selected>' in page
    assert not Wishes.objects.exists()


def test_mails_together_need_an_address(tuesday, at_home, youssef):
    Person.objects.filter(pk=youssef.person.pk).update(email="", email_index="")
    youssef.person.refresh_from_db()
    youssef.person.email = ""
    youssef.person.save()
    page = at_home.post(PAGE, said(), follow=True).content.decode()
    assert "il nous faut votre adresse e-mail" in page


def test_the_order_is_changed_with_two_buttons_and_no_script(tuesday, at_home, youssef):
    page = at_home.get(PAGE).content.decode()
    assert page.index("Un e-mail") < page.index("Un SMS")
    assert 'value="up:email"' not in page
    response = at_home.post(PAGE, {"do": "up:text"})
    assert response.url == f"{PAGE}#ways"
    page = at_home.get(PAGE).content.decode()
    assert page.index("Un SMS") < page.index("Un e-mail")
    person = Person.objects.get(pk=youssef.person.pk)
    assert (person.channel, Wishes.objects.get().order) == ("text", ["text", "email"])
    # What cannot be moved stays where it is.
    for nothing in ("up:text", "down:email", "up:pigeon", "down:"):
        at_home.post(PAGE, {"do": nothing})
    assert Wishes.objects.get().order == ["text", "email"]


def test_a_trial_comes_by_the_way_that_is_tried_and_not_for_ever(tuesday, at_home, youssef):
    for way in ("text", "email"):
        at_home.post(PAGE, {"do": f"try:{way}"})
    assert sorted(Message.objects.values_list("channel", flat=True)) == ["email", "text"]
    for _time in range(5):
        page = at_home.post(PAGE, {"do": "try:text"}, follow=True).content.decode()
    assert "Vous l’avez déjà essayé quelques fois" in page
    assert Message.objects.count() == 2  # twice at the same moment is once
    assert at_home.post(PAGE, {"do": "try:voice"}).status_code == 404
    assert at_home.post(PAGE, {"do": "dance"}).status_code == 404


def test_who_is_suspended_changes_nothing(tuesday, at_home, youssef):
    Volunteer.objects.filter(pk=youssef.pk).update(state="suspended")
    assert at_home.post(PAGE, said()).status_code == 403
    assert not Wishes.objects.exists()


def test_choosing_one_way_on_the_other_page_undoes_the_order(tuesday, at_home, youssef):
    from quartier.volunteer.tests.test_own_pages import said as told

    at_home.post(PAGE, {"do": "up:text"})
    at_home.post("/fr/volunteer/edit/", told(phone="0470 00 10 01", channel="email"))
    assert Wishes.objects.get().order == []


AHEAD = {"length": "ahead", "first": "2027-01-20", "last": "27/01/2027"}


def test_days_away_are_told_ahead_and_taken_back(tuesday, at_home, youssef):
    page = at_home.post("/fr/volunteer/pause/", AHEAD, follow=True).content.decode()
    away = Away.objects.get()
    assert (away.starts_on, away.ends_on) == (date(2027, 1, 20), date(2027, 1, 27))
    assert "Votre absence est notée." in page
    youssef.refresh_from_db()
    assert youssef.state == "active"
    # Pressed twice, it is said once.
    at_home.post("/fr/volunteer/pause/", AHEAD)
    assert Away.objects.count() == 1
    page = at_home.get("/fr/volunteer/pause/").content.decode()
    assert "Finalement, je suis là" in page
    for _twice in range(2):
        assert at_home.post("/fr/volunteer/stay/", {"away": away.pk}).status_code == 302
    assert not Away.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": ""}, {"last": ""}, {"first": "2027-01-11"}, {"last": "2027-01-19"}, {"last": "2029-01-19"},
        {"first": "2029-01-19", "last": "2029-01-20"}, {"first": "\x00"}, {"last": "31/02/2027"},
    ],
)  # fmt: skip
def test_days_that_are_none(tuesday, at_home, wrong):
    response = at_home.post("/fr/volunteer/pause/", AHEAD | wrong, follow=True)
    assert response.status_code == 200
    assert 'class="oops"' in response.content.decode()
    assert not Away.objects.exists()


def test_days_that_touch_become_one(tuesday, youssef):
    actor = system(youssef.organisation)
    for first, last in ((20, 22), (26, 28), (23, 25)):
        wishes.go_away(
            actor=actor, volunteer=youssef, starts_on=date(2027, 1, first), ends_on=date(2027, 1, last)
        )
    assert [(each.starts_on.day, each.ends_on.day) for each in Away.objects.all()] == [(20, 28)]


def test_there_is_an_end_to_it(tuesday, youssef):
    actor, first = system(youssef.organisation), date(2027, 2, 1)
    for number in range(12):
        day = first + timedelta(days=3 * number)
        wishes.go_away(actor=actor, volunteer=youssef, starts_on=day, ends_on=day)
    day = first + timedelta(days=90)
    with pytest.raises(wishes.TooMany):
        wishes.go_away(actor=actor, volunteer=youssef, starts_on=day, ends_on=day)


def test_another_ones_days_are_not_mine_to_take_back(tuesday, at_home, nadia):
    away = wishes.go_away(
        actor=system(nadia.organisation),
        volunteer=nadia,
        starts_on=date(2027, 1, 20),
        ends_on=date(2027, 1, 21),
    )
    at_home.post("/fr/volunteer/stay/", {"away": away.pk})
    assert at_home.post("/fr/volunteer/stay/", {"away": "x"}).status_code == 404
    assert Away.objects.exists()


def test_what_was_promised_is_pointed_out_at_once_and_the_day_before(tuesday, at_home, links, youssef):
    at_home.post(links["Youssef"], {"do": "yes"})
    visit = youssef.assignments.get()
    visit.comes_from, visit.comes_until = tuesday + timedelta(days=9), tuesday + timedelta(days=9, hours=1)
    visit.save()
    page = at_home.post("/fr/volunteer/pause/", AHEAD, follow=True).content.decode()
    assert "Vous avez promis une visite pour ces jours-là." in page
    for days, hour, count in ((0, 10, 0), (7, 6, 0), (7, 10, 1), (7, 10, 1), (8, 10, 1)):
        with clock.stopped_at((tuesday + timedelta(days=days)).replace(hour=hour)):
            visits.point_out(clock.now())
        assert Message.objects.filter(template="away_visit").count() == count, (days, hour)
    mail = Message.objects.get(template="away_visit")
    assert matching.token_of(visit.offer) in mail.body
    assert visits.point_out(clock.now()) == 0


def test_old_days_are_forgotten(tuesday, youssef):
    wishes.go_away(
        actor=system(youssef.organisation),
        volunteer=youssef,
        starts_on=tuesday.date(),
        ends_on=tuesday.date(),
    )
    assert wishes.forget_old(tuesday.date() + timedelta(days=30)) == 0
    assert wishes.forget_old(tuesday.date() + timedelta(days=31)) == 1


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_in_each_language(at_home, language):
    assert f'lang="{language}"' in at_home.get(f"/{language}/volunteer/reach/").content.decode()

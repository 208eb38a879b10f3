"""Help that comes again on the private page: it stays visible, it can rest, and it is offered to everybody."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from quartier.cases.models import Request, Series
from quartier.intake.models import Contact
from quartier.lib import clock, rhythm
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db
FIRST = date(2027, 1, 12)


def goes(request, volunteer, *, each_time=False):
    offer = matching.offer_by_hand(actor=system(request.organisation), request=request, volunteer=volunteer)
    me = of_account(volunteer.person.account)
    visit = visits.accept_offer(actor=me, offer=offer).assignment
    if each_time:
        visits.come_every_time(actor=me, assignment=visit)
    visits.done(actor=me, assignment=visit)


@pytest.fixture
def weekly(tuesday, youssef, asked):
    """Each Tuesday; Youssef was there today, and comes each time."""
    window = {"window_from": tuesday + timedelta(hours=3), "window_until": tuesday + timedelta(hours=5)}
    opened = asked("groceries", rhythm=rhythm.simple("week", FIRST), **window)
    goes(opened.requests[0], youssef, each_time=True)
    return opened


@pytest.fixture(autouse=True)
def _in_french():
    with translation.override("fr"):
        yield


def page(client, opened, name="status", *more):
    response = client.get(reverse(name, args=[opened.token, *more]))
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


def test_the_first_day_of_a_pause_is_pressed_or_written(client, weekly):
    series = Series.objects.get()
    url = reverse("status_pause", args=[weekly.token, series.pk])
    shown = client.get(url).content.decode()
    assert 'name="chip" value="2027-01-14"' in shown
    assert 'data-shown-with="chip other"' in shown
    assert client.post(url, {"chip": "other"}, follow=True).content.decode().count('class="error"') == 1
    assert client.post(url, {"chip": "2027-01-14", "first": "x"})["Location"].endswith("?done=pause")
    series.refresh_from_db()
    assert series.paused_from == date(2027, 1, 14)


def test_a_date_written_beside_a_day_that_was_pressed_already_is_asked_about(client, weekly):
    """Without scripts the box for a date stands there, and a day is pressed before anybody has chosen one."""
    series = Series.objects.get()
    url = reverse("status_pause", args=[weekly.token, series.pk])
    preset = client.get(url).context["form"]["chip"].value()
    shown = client.post(url, {"chip": preset, "first": "2027-01-25"}, follow=True).content.decode()
    assert "lundi 25" in shown.replace("\xa0", " ")
    series.refresh_from_db()
    assert series.paused_from is None
    assert client.post(url, {"chip": "other", "first": "2027-01-25"})["Location"].endswith("?done=pause")
    series.refresh_from_db()
    assert series.paused_from == date(2027, 1, 25)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_after_the_visit_the_next_one_is_there(client, weekly, language):
    url = reverse("status", args=[weekly.token]).replace("/fr/", f"/{language}/")
    words = client.get(url).content.decode().replace("\xa0", " ")
    assert {"fr": "mardi 19 janvier", "nl": "dinsdag 19 januari", "de": "Dienstag, 19. Januar"}.get(
        language, "Tuesday 19 January"
    ) in words
    assert "Youssef" in words
    series = Series.objects.get()
    assert reverse("status_pause", args=[weekly.token, series.pk]).removeprefix("/fr") in words
    assert 'value="leave_out"' in words


def test_of_a_day_without_an_hour_the_day_alone_is_told(client, tuesday, youssef, asked):
    midnight = tuesday.astimezone(asked("talk").case.organisation.zone).replace(hour=0, minute=0)
    window = {"window_from": midnight + timedelta(hours=8), "window_until": midnight + timedelta(hours=22)}
    opened = asked("groceries", rhythm=rhythm.simple("week", FIRST), **window)
    goes(opened.requests[0], youssef, each_time=True)
    for name, more in (("status", ()), ("status_series", (Series.objects.get().pk,))):
        words = page(client, opened, name, *more)
        assert "ardi 19 janvier" in words
        assert "22 h" not in words


def test_one_is_left_out_from_the_page_itself(client, weekly):
    series = Series.objects.get()
    url = reverse("status_series", args=[weekly.token, series.pk])
    client.post(url, {"do": "leave_out", "day": "2027-01-19"})
    assert "mardi 26 janvier" in page(client, weekly)


def test_a_pause_from_a_day_to_another(client, weekly):
    series = Series.objects.get()
    url = reverse("status_pause", args=[weekly.token, series.pk])
    answer = client.post(url, {"first": "2027-01-18", "until": "2027-02-08"})
    assert answer["Location"].endswith("?done=pause")
    words = page(client, weekly)
    assert "Pause du lundi 18 janvier au dimanche 7 février." in words
    assert "mardi 9 février" in words
    client.post(reverse("status_series", args=[weekly.token, series.pk]), {"do": "resume"})
    assert "Pause" not in page(client, weekly).replace("Mettre en pause", "")


@pytest.mark.parametrize(
    ("first", "until"),
    [("", ""), ("2027-01-11", ""), ("2027-01-20", "2027-01-20"), ("x", "y"), ("2030-01-01", "")],
)
def test_a_pause_that_nobody_can_mean_says_why(client, weekly, first, until):
    series = Series.objects.get()
    answer = client.post(
        reverse("status_pause", args=[weekly.token, series.pk]), {"first": first, "until": until}, follow=True
    )
    assert answer.status_code == 200
    assert 'class="oops"' in answer.content.decode()
    series.refresh_from_db()
    assert series.state == Series.State.RUNNING


def test_public_holidays_and_christmas_are_pointed_out(client, tuesday, youssef, asked):
    with clock.stopped_at(tuesday.replace(year=2026, month=12, day=11)):
        window = {
            "window_from": clock.now() + timedelta(hours=3),
            "window_until": clock.now() + timedelta(hours=5),
        }
        opened = asked("groceries", rhythm=rhythm.simple("week", date(2026, 12, 11)), **window)
        goes(opened.requests[0], youssef)
        series = Series.objects.get()
        words = page(client, opened, "status_series", series.pk)
        assert words.count("C’est un jour férié : ") == 2
        words = page(client, opened, "status_pause", series.pk)
        assert "du 24 décembre au 1er janvier" in words
        assert "vendredi 25 décembre (Noël)" in words
        client.post(
            reverse("status_pause", args=[opened.token, series.pk]),
            {"first": "2026-12-24", "until": "2027-01-02"},
        )
        assert "vendredi 8 janvier" in page(client, opened, "status_series", series.pk)
        assert "vendredi 18 décembre" in page(client, opened)


def test_each_week_is_offered_to_who_named_no_day(client, tuesday, youssef, asked):
    opened = asked("groceries", urgency="now")
    begin = reverse("status_again", args=[opened.token, opened.requests[0].pk])
    assert begin not in page(client, opened)
    goes(opened.requests[0], youssef)
    assert begin in page(client, opened)
    assert "chaque mardi" in client.get(begin).content.decode().lower()
    answer = client.post(begin, {"again": "weeks2"})
    series = Series.objects.get()
    assert answer["Location"].endswith(f"{series.pk}/?done=begin")
    words = page(client, opened)
    assert "mardi 26 janvier" in words
    assert begin not in words
    # Pressed once more, nothing begins twice.
    assert client.post(begin, {"again": "week"})["Location"].endswith("?done=over")
    assert Series.objects.count() == 1


def test_a_place_to_sleep_is_not_offered_each_week(client, tuesday, youssef, asked):
    opened = asked("shelter", urgency="now")
    goes(opened.requests[0], youssef)
    assert reverse("status_again", args=[opened.token, opened.requests[0].pk]) not in page(client, opened)


def test_whoever_stands_in_is_named(client, weekly, youssef, nadia):
    clock.set_time(weekly.requests[0].window_from + timedelta(days=3))
    visits.open_due(clock.now())
    request = Request.objects.get(state="covered")
    me = of_account(youssef.person.account)
    visits.could_not(actor=me, assignment=request.assignments.get(), failure="cannot_go")
    offer = matching.offer_by_hand(actor=system(request.organisation), request=request, volunteer=nadia)
    visits.accept_offer(actor=of_account(nadia.person.account), offer=offer)
    assert "Nadia" in page(client, weekly).split("Youssef vient chaque fois")[1].split("</section>")[0]


def test_a_time_that_is_over_is_not_the_next_one(client, weekly):
    clock.set_time(weekly.requests[0].window_from + timedelta(days=3))
    visits.open_due(clock.now())
    clock.set_time(weekly.requests[0].window_until + timedelta(days=7, minutes=5))
    assert "mardi 26 janvier" in page(client, weekly)


# ---- a thank you ----


@pytest.fixture
def thanking(weekly):
    return weekly, reverse("status_tell", args=[weekly.token])


def test_a_thank_you_in_own_words_reaches_who_came(client, thanking, youssef):
    _weekly, url = thanking
    assert "Transmettre ces mots à Youssef" in client.get(url).content.decode()
    words = "Merci Youssef, c’était parfait. Appelez le 0470 12 34 56"
    for _ in range(2):
        assert client.post(url, {"words": words, "pass_on": "on"})["Location"].endswith("?done=thanks")
    # Another one for the same visit is not passed on, and the page does not say so.
    other = {"words": "Et merci encore", "pass_on": "on"}
    assert client.post(url, other)["Location"].endswith("?done=tell")
    letter = Message.objects.get(template="thanked")
    assert letter.person == youssef.person
    assert "Merci Youssef, c’était parfait. Appelez le …" in letter.body
    assert "Marie" not in letter.body
    # The team has read it too.
    assert Contact.objects.filter(channel="web").count() > 1


@pytest.mark.parametrize(
    "said",
    [
        {"words": "Merci"},
        {"words": "Il m’a frappée, j’ai peur, au secours", "pass_on": "on"},
        {"words": "Merci, mais il manque de l’argent", "pass_on": "on", "call": "on"},
    ],
)
def test_what_is_for_the_team_alone(client, thanking, said):
    _weekly, url = thanking
    client.post(url, said)
    assert not Message.objects.filter(template="thanked").exists()


# ---- moving, leaving out, resting ----


@pytest.fixture
def unmet(tuesday, asked):
    """Each Thursday, the whole day, from this week on; nobody comes yet."""
    begins = tuesday.replace(day=14, hour=7)
    window = {"window_from": begins, "window_until": begins + timedelta(hours=14)}
    return asked("groceries", rhythm=rhythm.simple("week", date(2027, 1, 14)), details="Du lait", **window)


def told(template):
    return [each.body.replace("\xa0", " ") for each in Message.objects.filter(template=template)]


def test_a_time_that_was_moved_is_shown_on_its_new_day(client, unmet):
    request, series = unmet.requests[0], Series.objects.get()
    client.post(
        reverse("status_time", args=[unmet.token, request.pk]), {"urgency": "date", "day": "2027-01-16"}
    )
    for name, more in (("status", ()), ("status_series", (series.pk,))):
        words = strip_tags(page(client, unmet, name, *more))
        assert "samedi 16 janvier" in words.lower()
        assert "jeudi 14 janvier" not in words.lower()
    # It is still to come when its own day has long passed.
    with clock.stopped_at(clock.now() + timedelta(days=4)):
        assert "aujourd’hui" in page(client, unmet, "status_series", series.pk).lower()
    visits.leave_out(actor=system(series.organisation), series=series, day=date(2027, 1, 14))
    assert "samedi 16 janvier" in told("series_rests")[0]


def test_cancelling_asks_whether_it_is_one_time_or_all(client, unmet):
    request, series = unmet.requests[0], Series.objects.get()
    cancel = reverse("status_cancel", args=[unmet.token, request.pk])
    words = page(client, unmet, "status_cancel", request.pk)
    assert "Seulement cette fois : jeudi 14 janvier" in words
    assert "Tout arrêter, chaque jeudi" in words
    # Nobody is taken to have meant one of them.
    client.post(cancel)
    request.refresh_from_db()
    assert request.state == Request.State.OPEN
    assert client.post(cancel, {"do": "once"})["Location"].endswith("?done=leave_out")
    series.refresh_from_db()
    assert series.state == Series.State.RUNNING
    assert not told("withdrawn")
    assert "pause le jeudi 14 janvier. La prochaine fois : jeudi 21 janvier" in told("series_rests")[0]
    words = page(client, unmet)
    assert "<h1>Pas cette fois" in words
    assert "annulé" not in strip_tags(words).lower()
    # It can be taken back here, and among all the dates.
    assert words.count('value="take_in"') == 1
    assert 'value="take_in"' in page(client, unmet, "status_series", series.pk)
    back = client.post(
        reverse("status_series", args=[unmet.token, series.pk]), {"do": "take_in", "day": "2027-01-14"}
    )
    assert back["Location"].endswith("?done=needed")
    words = client.get(back["Location"]).content.decode()
    assert "Nous vous dirons qui vient" in words
    assert "Quelqu’un vient finalement" not in words


def test_all_of_it_is_told_as_the_end_of_all(client, unmet):
    request = unmet.requests[0]
    answer = client.post(reverse("status_cancel", args=[unmet.token, request.pk]), {"do": "all"})
    assert answer["Location"].endswith("?done=end")
    assert Series.objects.get().state == Series.State.ENDED
    assert [each.split(" : ")[0] for each in told("withdrawn")] == ["L’aide régulière est arrêtée"]
    assert "<h1>L’aide régulière est arrêtée" in page(client, unmet)


def test_a_pause_that_is_noted_can_be_changed_and_nothing_resumes_before_it(client, unmet):
    series = Series.objects.get()
    address = reverse("status_pause", args=[unmet.token, series.pk])
    client.post(address, {"first": "2027-01-25", "until": "2027-02-08"})
    for name, more in (("status", ()), ("status_series", (series.pk,))):
        words = page(client, unmet, name, *more)
        assert "Modifier la pause" in words
        assert "Finalement, pas de pause" in words
        assert "Reprendre" not in words
    form = client.get(address).context["form"]
    assert (form["chip"].value(), form["first"].value()) == ("other", date(2027, 1, 25))
    assert form["until"].value() == date(2027, 2, 8)
    client.post(address, {"first": "2027-01-25", "until": "2027-02-15"})
    series.refresh_from_db()
    assert series.paused_until == date(2027, 2, 15)


def test_nobody_is_said_to_know_where_nobody_comes(client, unmet):
    request, series = unmet.requests[0], Series.objects.get()
    told_of = ("La personne qui vient chaque fois", "La personne qui vient le")
    moved = client.post(
        reverse("status_time", args=[unmet.token, request.pk]), {"urgency": "date", "day": "2027-01-15"}
    )
    changed = client.post(
        reverse("status_list", args=[unmet.token, request.pk]), {"lines": "Du thé", "substitutions": "ask"}
    )
    assert moved["Location"].endswith("?done=time_bare")
    assert changed["Location"].endswith("?done=list_alone")
    rests = client.post(reverse("status_pause", args=[unmet.token, series.pk]), {"first": "2027-01-25"})
    for each in (moved, changed, rests):
        words = client.get(each["Location"]).content.decode()
        assert not any(said in words for said in told_of)
        assert 'class="notice' in words
    assert told_of[0] not in page(client, unmet, "status_pause", series.pk)


def test_somebody_who_comes_each_time_is_told(client, weekly):
    series = Series.objects.get()
    rests = client.post(reverse("status_pause", args=[weekly.token, series.pk]), {"first": "2027-01-25"})
    assert "La personne qui vient chaque fois est prévenue" in client.get(rests["Location"]).content.decode()


def test_what_is_needed_the_next_times_is_seen_and_changed(client, weekly):
    """The visit is over, and the next one has no list of its own yet."""
    series = Series.objects.get()
    series.details = "Du lait"
    series.save(update_fields=["details"])
    address = reverse("status_each_time", args=[weekly.token, series.pk])
    assert address in page(client, weekly)
    assert "Du lait" in page(client, weekly)
    answer = client.post(address, {"details": "Du thé\nDu pain"})
    assert "à partir de la prochaine fois" in client.get(answer["Location"]).content.decode()
    clock.set_time(clock.now() + timedelta(days=3))
    visits.open_due(clock.now())
    assert series.requests.get(day=date(2027, 1, 19)).details == "Du thé\nDu pain"
    assert address not in page(client, weekly)
    visits.end_series(actor=system(series.organisation), series=series)
    assert client.post(address, {"details": "Rien"})["Location"].endswith("?done=over")

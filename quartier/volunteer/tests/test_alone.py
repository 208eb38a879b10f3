"""Going alone, by the page of the visit: help without a word leaves it as it was; what worries goes to the team."""

import re
from datetime import timedelta

import pytest

from quartier.alerts.models import Alert
from quartier.concerns import queries as concerns
from quartier.concerns.models import Concern
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.team.access import of_account
from quartier.visits import jobs
from quartier.visits.models import Assignment, OwnWord, Watch

pytestmark = pytest.mark.django_db
_TOKEN = re.compile(r'csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"')


@pytest.fixture
def visit(links, phone, thomas, sara):
    """Youssef has said yes; the address of his page."""
    phone.post(links["Youssef"], {"do": "yes"})
    return links["Youssef"]


def page(phone, path):
    answer = phone.get(path)
    assert answer.status_code == 200
    return _TOKEN.sub("", answer.content.decode())


def test_help_without_a_word_leaves_the_page_as_it_was(visit, phone):
    before = page(phone, visit)
    assert "J’ai besoin d’une minute" in before
    answer = phone.post(visit, {"do": "minute"})
    assert (answer.status_code, answer["Location"]) == (302, visit)
    assert page(phone, visit) == before
    assert Alert.objects.get().kind == "visit"


def test_the_page_does_not_say_what_the_button_is_for_and_ones_own_page_does(
    visit, phone, signed_in, youssef
):
    words = "sans un mot et sans un bruit"
    assert words not in page(phone, visit)
    assert words in page(signed_in(youssef.person.account), "/fr/volunteer/")


def test_for_how_long_and_out_again(visit, phone, tuesday):
    phone.post(visit, {"do": "at_door", "minutes": "30"})
    assert "Nous attendons de vos nouvelles" in page(phone, visit)
    with clock.stopped_at(tuesday + timedelta(minutes=30)):
        jobs.alone()
        assert "Tout va bien" in page(phone, visit)
        phone.post(visit, {"do": "out"})
        assert "Tout va bien" not in page(phone, visit)
    assert Watch.objects.get().at_door_at == tuesday


@pytest.mark.parametrize("minutes", ["", "7", "-1", "9999999", "٣٠"])
def test_a_time_that_is_not_on_the_list_is_half_an_hour_or_none(visit, phone, minutes):
    phone.post(visit, {"do": "watch", "minutes": minutes})
    assert [row.until for row in Watch.objects.all()] in ([], [clock.now() + timedelta(minutes=30)])


def test_a_concern_from_the_page_goes_to_the_team(visit, phone, thomas, youssef):
    answer = phone.post(
        visit, {"do": "worried", "about": "helped", "words": "Elle a des bleus."}, follow=True
    )
    words = answer.content.decode()
    assert "Nous l’avons reçu" in words
    concern = concerns.visible(of_account(thomas)).get()
    assert (concern.by_person, concern.person.name, concern.words) == (
        youssef.person, "Marie Peeters", "Elle a des bleus.",
    )  # fmt: skip
    follow = re.search(r'href="(/fr/concern/[^"]+)"', words)[1]
    assert "Elle a des bleus" not in page(phone, follow)


def test_without_a_word_nothing_is_kept_and_the_form_says_so(visit, phone):
    answer = phone.post(visit, {"do": "worried", "about": "helped", "words": "  "})
    assert "Écrivez quelques mots" in answer.content.decode()
    assert not Concern.objects.exists()


def test_the_own_word_is_kept_sealed_and_taken_back(signed_in, youssef):
    browser = signed_in(youssef.person.account)
    browser.post("/fr/volunteer/word/", {"word": "  pivoine "})
    assert OwnWord.objects.get().word == "pivoine"
    assert 'value="pivoine"' in page(browser, "/fr/volunteer/")
    browser.post("/fr/volunteer/word/", {"word": ""})
    assert not OwnWord.objects.exists()


def test_the_team_sees_who_where_and_since_when(visit, phone, client, thomas, youssef, tuesday):
    OwnWord.objects.create(
        organisation=youssef.organisation, volunteer=youssef, word="pivoine", since=tuesday
    )
    phone.post(visit, {"do": "minute"})
    client.force_login(thomas)
    assert "Youssef" in client.get("/en/console/alerts/strip/").content.decode()
    words = client.get(f"/en/console/alerts/{Alert.objects.get().pk}/").content.decode()
    for said in ("Youssef", "Rue du Page 42", "Marie Peeters", "pivoine", "without a word"):
        assert said in words
    phone.post(visit, {"do": "out"})
    words = client.get(f"/en/console/alerts/{Alert.objects.get().pk}/").content.decode()
    assert "It may not have been them" in words


@pytest.mark.parametrize(("days", "is_ahead"), [(1, True), (0, False)])
def test_the_team_reads_whether_they_can_be_there_at_all(visit, phone, signed_in, thomas, days, is_ahead):
    start = clock.now() + timedelta(days=days)
    Assignment.objects.update(comes_from=start, comes_until=start + timedelta(hours=1))
    phone.post(visit, {"do": "minute"})
    said = Message.objects.get(template="visit_alarm")
    assert "en visite" not in said.body
    words = signed_in(thomas).get(f"/en/console/alerts/{Alert.objects.get().pk}/").content.decode()
    assert ("no visit was under way" in words) is is_ahead
    assert ("you do not know where they are" in words) is is_ahead
    assert ("send the police" in words) is not is_ahead
    assert 'href="tel:112"' in words


def test_pressed_the_day_before_and_again_at_the_door_they_are_there(visit, phone, signed_in, thomas):
    start = clock.now() + timedelta(days=1)
    Assignment.objects.update(comes_from=start, comes_until=start + timedelta(hours=1))
    phone.post(visit, {"do": "minute"})
    with clock.stopped_at(start + timedelta(minutes=10)):
        phone.post(visit, {"do": "minute"})
        words = signed_in(thomas).get(f"/en/console/alerts/{Alert.objects.get().pk}/").content.decode()
    assert "no visit was under way" not in words
    assert "send the police" in words

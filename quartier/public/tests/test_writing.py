"""The two of a visit write to each other, through HTTP: the private page, and the volunteer's."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from quartier.alerts.models import Alert
from quartier.audit.models import Entry
from quartier.cases import actions as cases
from quartier.conversation.actions import visit_words
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message, Received
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday"), pytest.mark.either]


@pytest.fixture
def opened(asked):
    return asked("groceries", urgency="day", details="Du lait")


@pytest.fixture
def coming(opened, youssef):
    offer = next(iter(matching.send_wave(request_id=opened.requests[0].id)))
    return visits.accept_offer(actor=of_account(youssef.person.account), offer=offer).assignment


@pytest.fixture
def marie(opened, coming):
    return reverse("status_write", args=[opened.token, coming.pk])


@pytest.fixture
def youssefs(coming):
    return reverse("offer_write", args=[matching.token_of(coming.offer)])


def in_french(url):
    return f"/fr{url[3:]}"


def read(client, url, status=200, language="fr"):
    response = client.get(f"/{language}{url[3:]}")
    assert response.status_code == status
    return " ".join(strip_tags(response.content.decode()).replace("\xa0", " ").split())


def once(client, url):
    return re.search(r'name="once" value="([^"]+)"', client.get(in_french(url)).content.decode())[1]


def send(client, url, words, form=None):
    return client.post(in_french(url), {"words": words, "once": form or once(client, url)})


def status_of(opened):
    return reverse("status", args=[opened.token])


def offer_of(coming):
    return reverse("offer_link", args=[matching.token_of(coming.offer)])


def test_both_write_and_both_read(client, opened, coming, marie, youssefs):
    assert "Écrire à Youssef" in read(client, status_of(opened))
    assert "Écrire à Marie" in read(client, offer_of(coming))
    answer = send(client, marie, "Prenez aussi du pain. Mon numéro : 0470 12 34 56")
    assert (answer.status_code, answer["Location"]) == (302, f"{in_french(marie)}?said=passed")
    assert "Votre message a été transmis." in read(client, f"{marie}?said=passed")
    assert send(client, youssefs, "Gris ou blanc ?").status_code == 302
    for url in (status_of(opened), offer_of(coming), marie, youssefs):
        page = read(client, url)
        assert "Prenez aussi du pain. Mon numéro : …" in page
        assert "Gris ou blanc ?" in page
        assert "0470 12" not in page
    assert re.search(r"Vous , [^.]*Prenez aussi", read(client, status_of(opened)).replace("Vous,", "Vous ,"))
    assert Message.objects.filter(template="relay").count() == 2


def test_an_open_page_writes_a_look_down_only_where_there_is_something_new(client, coming, marie):
    def looks():
        return Entry.objects.filter(verb="assignment.look", subject_id=coming.pk).count()

    page = in_french(offer_of(coming))
    shown = re.search(r'data-shown="(\w+)"', client.get(page).content.decode())[1]
    seen = looks()
    for _time in range(3):
        answer = client.get(page, headers={"X-Shown": shown, "X-Requested-With": "fetch"})
        assert (answer.status_code, answer.content) == (204, b"")
    assert looks() == seen
    send(client, marie, "Prenez aussi du pain")
    answer = client.get(page, headers={"X-Shown": shown, "X-Requested-With": "fetch"})
    assert "Prenez aussi du pain" in answer.content.decode()
    assert shown not in answer.content.decode()
    assert looks() == seen + 1


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_in_each_language(client, marie, youssefs, language):
    words = {"fr": "Écrire à", "nl": "een bericht", "de": "schreiben", "en": "Write to"}[language]
    for url in (marie, youssefs):
        assert words in read(client, url, language=language)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Écrivez quelques mots."),
        ("  \x00 ", "Écrivez quelques mots."),
        ("0470 12 34 56", "Les numéros de téléphone et les liens ne sont pas transmis."),
        ("x" * 301, "300 caractères au plus"),
    ],
)
def test_what_is_wrong_is_said_and_kept(client, marie, youssefs, words, said):
    for url in (marie, youssefs):
        answer = send(client, url, words)
        answer = client.get(answer["Location"]) if answer.status_code == 302 else answer
        page = answer.content.decode().replace("\xa0", " ")
        assert said in page
        assert 'class="oops"' in page
        if words.strip("\x00 "):
            assert f"{words}</textarea>" in page
    assert not Received.objects.filter(channel="web").exists()


def test_too_many_keeps_the_words(client, marie, monkeypatch):
    monkeypatch.setattr(visit_words, "MAX_WORDS_AN_HOUR", 1)
    send(client, marie, "un")
    answer = send(client, marie, "deux pains")
    assert answer.status_code == 429
    assert "deux pains</textarea>" in answer.content.decode()
    assert Received.objects.filter(channel="web").count() == 1


def test_the_same_form_twice_is_one_message(client, marie):
    form = once(client, marie)
    for _again in range(2):
        assert send(client, marie, "Prenez aussi du pain", form).status_code == 302
    assert Message.objects.filter(template="relay").count() == 1


def test_danger_shows_the_numbers(client, marie, youssefs):
    for url in (marie, youssefs):
        answer = send(client, url, "Il m’a frappée, j’ai peur, au secours")
        assert answer["Location"].endswith("?said=violence")
        page = read(client, f"{url}?said=violence")
        assert "112" in page
        assert "0800 30 330" in page
        assert "Votre message n’a pas été transmis" in page
        assert "frappée" not in page
    assert not Message.objects.filter(template="relay").exists()


def test_who_goes_no_longer_neither_reads_nor_writes(client, coming, marie, youssefs, opened):
    send(client, marie, "La clé est sous le pot")
    form = once(client, youssefs)
    visits.could_not(actor=system(coming.organisation), assignment=coming, failure="cannot_go")
    for answer in (client.get(in_french(youssefs)), send(client, youssefs, "Bonjour", form)):
        assert answer.status_code == 302
        assert "/write/" not in answer["Location"]
    assert "sous le pot" not in read(client, offer_of(coming))
    assert "sous le pot" not in read(client, status_of(opened))
    assert send(client, marie, "", form)["Location"].endswith("?done=over")
    # What was written in the meantime is passed to nobody, and read by the team; danger is heard.
    assert send(client, marie, "Bonjour", form)["Location"].endswith("?done=tell")
    # No message says whom to call: the page does.
    answer = send(client, youssefs, "Elle est tombée, elle ne répond plus", form)
    assert answer["Location"].endswith("?said=danger")
    page = read(client, f"{youssefs}?said=danger")
    assert "Votre message n’a pas été transmis" in page
    assert "112" in page
    assert send(client, marie, "Il m’a frappée, au secours", form)["Location"].endswith("?said=violence")
    assert "0800 30 330" in read(client, f"{marie}?said=violence")
    assert Alert.objects.exists()
    assert Message.objects.filter(template="relay").count() == 1
    assert Received.objects.filter(channel="web").count() == 5


def test_a_suspended_volunteer_reads_nothing(client, coming, youssefs):
    visits.volunteer_suspended(actor=system(coming.organisation), volunteer=coming.volunteer)
    assert client.get(in_french(youssefs)).status_code == 404
    assert send_raw(client, youssefs).status_code == 404


def send_raw(client, url):
    return client.post(in_french(url), {"words": "Bonjour", "once": "0190a1b2-0000-7000-8000-000000000000"})


def test_strangers_find_nothing(client, asked, opened, coming, marie, youssefs, nadia):
    other = asked("dog", name="Jeanne")
    for url in (
        reverse("status_write", args=["x" * 22, coming.pk]),
        reverse("status_write", args=[other.token, coming.pk]),
        reverse("offer_write", args=["x" * 22]),
    ):
        assert client.get(in_french(url)).status_code == 404
        assert send_raw(client, url).status_code == 404
    theirs = cases.issue_link(case=opened.case, person=other.case.person)
    send(client, marie, "La clé est sous le pot")
    # Somebody else of the household does not read what is between these two.
    assert "sous le pot" not in read(client, reverse("status", args=[theirs]))
    assert Received.objects.filter(channel="web").count() == 1


def test_when_it_is_done_the_words_are_gone(client, opened, coming, marie, youssefs):
    send(client, marie, "Prenez aussi du pain")
    # Ahead of its time it would not be believed at once.
    clock.set_time(coming.comes_from + timedelta(minutes=30))
    visits.done(actor=of_account(coming.volunteer.person.account), assignment=coming)
    for url in (status_of(opened), offer_of(coming)):
        page = read(client, url)
        assert "Prenez aussi" not in page
        assert "Écrire à" not in page
    assert client.get(in_french(youssefs)).status_code == 302


def test_each_page_takes_few_queries(client, opened, coming, marie, youssefs, django_assert_max_num_queries):
    for url in (marie, youssefs):
        send(client, url, "Prenez aussi du pain")
        read(client, url)
    # As before, and what the two have written.
    with django_assert_max_num_queries(10):
        read(client, status_of(opened))
    # Organisation, link, visit, the relay, whom to answer, the way to them (wishes, browsers, stops, chats), the words.
    with django_assert_max_num_queries(11):
        read(client, marie)
    with django_assert_max_num_queries(15):
        read(client, youssefs)

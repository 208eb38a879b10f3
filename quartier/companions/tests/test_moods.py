"""Two scales, each by itself; and a calm sentence with numbers when she is not doing well."""

import pytest
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quartier.companions import access, actions
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db


def opened(account):
    client = Client(headers={"accept-language": "fr"})
    client.force_login(account)
    return client


def test_each_scale_is_drawn_by_itself(amina, hadija, running, pass_time):
    actor = of_account(hadija.account)
    actions.note_mood(actor=actor, pairing=running, answers=[3, 3, 3, 3, 2])
    actions.choose_scale(actor=of_account(amina), pairing=running, scale="happy")
    running.refresh_from_db()
    opened(hadija.account).post(reverse("listen_pairing", args=[running.pk]), {"do": "mood", "happy": "7"})
    pass_time(days=7)
    actions.note_mood(actor=actor, pairing=running, answers=[6])
    book = access.notebook(of_account(amina), running)
    said = {each.scale.code: [one.score for one in each.moods] for each in book.curves}
    assert said == {"who5": [56], "happy": [7, 6]}
    assert book.mood == "fine"
    # Six of ten stand higher than half of the drawing.
    assert book.curves[1].dots == [(0, 30), (300, 40)]


def test_nobody_else_chooses_how_she_is_asked(listener, running, lotte):
    for account in (listener("Paul").account, lotte):
        with pytest.raises(Http404):
            actions.choose_scale(actor=of_account(account), pairing=running, scale="happy")


@pytest.mark.parametrize(
    ("answers", "words"),
    [([2, 3, 2, 3, 2], "They are not doing so well."), ([1] * 5, "They are not doing well at all.")],
)
def test_a_low_mood_shows_both_a_calm_sentence_with_numbers_and_the_directory(
    amina, hadija, running, answers, words
):
    listener, supervisor = opened(hadija.account), opened(amina)
    where, console = reverse("listen_pairing", args=[running.pk]), reverse("companion", args=[running.pk])
    assert words not in listener.get(where).content.decode()
    listener.post(where, {"do": "mood"} | {f"who{number}": each for number, each in enumerate(answers, 1)})
    for client, page, directory in (
        (listener, where, reverse("listen_services", args=[running.pk])),
        (supervisor, console, reverse("companion_services")),
    ):
        seen = client.get(page).content.decode()
        assert words in seen
        assert "tel:107" in seen
        assert directory.split("/", 2)[2] in seen


def scores(pairing, hadija, pass_time, *sums):
    """Answers two weeks apart, each the sum of its five."""
    for total in sums:
        answers = [total // 5 + (number < total % 5) for number in range(5)]
        actions.note_mood(actor=of_account(hadija.account), pairing=pairing, answers=answers)
        pass_time(days=14)


@pytest.mark.either
@pytest.mark.parametrize(
    ("sums", "tone", "words"),
    [
        ((15, 14, 10, 7, 5), "very_low", "not well at all: look at this first"),
        ((15, 12), "low", "not so well"),
        ((20, 18, 16), "falling", "less well each time"),
        ((16, 18, 16), "fine", ""),
    ],
)
def test_the_list_of_her_supervisor_says_how_she_is(amina, hadija, running, pass_time, sums, tone, words):
    scores(running, hadija, pass_time, *sums)
    running.refresh_from_db()
    assert access.tones(of_account(amina), [running]) == {running.pk: tone}
    text = opened(amina).get(reverse("companions")).content.decode()
    assert words in text
    assert ("look at this first" in text) is (tone == "very_low")


def test_nobody_else_learns_from_the_list_how_she_is(amina, hadija, running, account, thomas, pass_time):
    scores(running, hadija, pass_time, 5)
    running.refresh_from_db()
    other = account("Rosa", "supervisor")
    for who in (other, thomas):
        assert access.tones(of_account(who), [running]) == {}
        text = opened(who).get(reverse("companions") + "?all=1").content.decode()
        assert "look at this first" not in text


def test_the_answers_of_all_are_one_query(amina, hadija, running, pass_time):
    scores(running, hadija, pass_time, 15, 14, 10)
    client = opened(amina)
    with CaptureQueriesContext(connection) as found:
        client.get(reverse("companions"))
    assert sum('FROM "companions_mood"' in each["sql"] for each in found) == 1


def test_the_logo_leads_a_supervisor_to_her_own_pages(amina, running):
    client = opened(amina)
    for name in ("companions", "companion_services", "companion_train"):
        text = client.get(reverse(name), follow=True).content.decode()
        to = text.split('<a class="brand" href="')[1].split('"')[0]
        assert client.get(to).status_code == 200, (name, to)

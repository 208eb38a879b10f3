"""Two scales, each by itself; and a calm sentence with numbers when she is not doing well."""

import pytest
from django.http import Http404
from django.test import Client
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
    [([2, 3, 2, 3, 2], "She is not doing so well."), ([1] * 5, "She is not doing well at all.")],
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

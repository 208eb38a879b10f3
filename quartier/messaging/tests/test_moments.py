"""A moment is said as one."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from quartier.messaging.window_words import window_words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "today at 11 am"),
        ("fr", "aujourd’hui à 11 h"),
        ("nl", "vandaag om 11 uur"),
        ("de", "heute um 11 Uhr"),
    ],
)
def test_a_window_of_a_minute_is_a_moment(organisation, tuesday, language, words):
    with translation.override(language), timezone.override(organisation.zone):
        for later in (timedelta(0), timedelta(hours=3)):
            said = window_words(tuesday, tuesday + timedelta(minutes=1), tuesday - later)
            assert said.replace("\xa0", " ") == words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "on Tuesday 19 January between 10 and 11 am"),
        ("fr", "mardi 19 janvier entre 10 h et 11 h"),
        ("nl", "dinsdag 19 januari tussen 10 en 11 uur"),
        ("de", "am Dienstag, 19. Januar zwischen 10 und 11 Uhr"),
    ],
)
def test_a_day_by_its_name_is_one_on_which_something_happens(organisation, tuesday, language, words):
    """Never "is coming Tuesday"; "tomorrow" needs no word before it."""
    with translation.override(language), timezone.override(organisation.zone):
        day = tuesday.replace(hour=9) + timedelta(days=7)
        said = window_words(day, day + timedelta(hours=1), tuesday)
        assert said.replace("\xa0", " ") == words
        near = window_words(day, day + timedelta(hours=1), day - timedelta(days=1))
        assert not near.startswith(("on ", "am "))

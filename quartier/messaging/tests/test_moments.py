"""A moment is said as one."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from quartier.messaging import saying


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
            said = saying.window(tuesday, tuesday + timedelta(minutes=1), tuesday - later)
            assert said.replace("\xa0", " ") == words

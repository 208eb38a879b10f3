"""Our number is named with the hour from which somebody answers, while nobody does."""

from datetime import time, timedelta

import pytest
from django.utils import translation

from quartier.lib import sms
from quartier.messaging import rewording, saying
from quartier.messaging.tests.test_words import values as values
from quartier.messaging.words import TEMPLATES

pytestmark = pytest.mark.django_db
LANGUAGES = ["en", "fr", "nl", "de"]


def number(organisation, now, language="fr"):
    with translation.override(language):
        return saying.ready(organisation, {}, now)["phone"].replace("\xa0", " ")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "(from 8 am)"), ("fr", "(dès 8 h)"), ("nl", "(vanaf 8 uur)"), ("de", "(ab 8 Uhr)")],
)
def test_in_the_evening_the_hour_is_named_from_which_somebody_answers(organisation, tuesday, language, words):
    by_day = number(organisation, tuesday, language)
    assert "(" not in by_day
    evening = tuesday + timedelta(hours=10)
    assert number(organisation, evening, language) == f"{by_day} {words}"


def test_a_line_that_is_always_open_names_no_hour(organisation, tuesday):
    organisation.opens = organisation.closes = time(0)
    assert "(" not in number(organisation, tuesday + timedelta(hours=10))


def test_without_a_number_no_hour_is_named(organisation, tuesday):
    organisation.phone = ""
    assert number(organisation, tuesday + timedelta(hours=10)) == organisation.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_becomes_much_longer_by_it(organisation, tuesday, values, language):
    with translation.override(language):
        ready = saying.ready(organisation, values, tuesday + timedelta(hours=10))
        for name, words in TEMPLATES.items():
            _subject, text = rewording.worded("text", words, ready)
            assert sms.size(text).segments <= 2, (name, text)


def test_another_sentence_behind_it_begins_anew(organisation, tuesday, values):
    ready = saying.ready(organisation, values | {"also": "no_call"}, tuesday + timedelta(hours=10))
    _subject, text = rewording.worded("text", TEMPLATES["waits_news"], ready)
    assert "). " in text


def test_a_day_without_an_hour_is_kept_as_one(organisation, tuesday, values):
    kept = rewording.to_keep({"next_day": tuesday.date(), "by": tuesday}, tuesday, None)
    assert rewording._unpack(kept["values"]) == {"next_day": tuesday.date(), "by": tuesday}


def test_a_next_time_that_is_today_is_called_so(organisation, tuesday):
    def said(days):
        values = {"next_day": (tuesday + timedelta(days=days)).date()}
        with translation.override("fr"):
            return saying.ready(organisation, values, tuesday)["next"]

    assert said(0) == "La prochaine fois\xa0: aujourd’hui."
    assert "demain" not in said(1)
    # Kept, so that it is said anew on another day.
    assert rewording.to_keep({"next_day": tuesday.date()}, tuesday, None)

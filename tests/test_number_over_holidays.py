"""Messages name our number with the day and hour from which it is answered, as the line has them."""

from datetime import time, timedelta

import pytest
from django.utils import translation

from quartier.lib import sms
from quartier.messaging import rewording, saying
from quartier.messaging.closed_days import closed_words
from quartier.messaging.tests.test_words import values as values
from quartier.messaging.words import TEMPLATES
from quartier.team.access import of_account
from quartier.telephony import actions as telephony
from quartier.telephony.models import LineSettings
from quartier.telephony.queries import forget_closing

pytestmark = pytest.mark.django_db
LANGUAGES = ["en", "fr", "nl", "de"]
AFTER_EASTER = {
    "en": "(from Tuesday 30 March at 8 am)",
    "fr": "(dès mardi 30 mars à 8 h)",
    "nl": "(vanaf dinsdag 30 maart om 8 uur)",
    "de": "(ab Dienstag, 30. März um 8 Uhr)",
}


@pytest.fixture
def keeps_holidays(organisation):
    return LineSettings.objects.create(organisation=organisation, open_on_holidays=False)


@pytest.fixture
def march(tuesday, organisation):
    def at(day, hour):
        return tuesday.astimezone(organisation.zone).replace(month=3, day=day, hour=hour)

    return at


def number(organisation, now, language="fr"):
    with translation.override(language):
        return str(saying.ready(organisation, {}, now)["phone"]).replace("\xa0", " ")


@pytest.mark.parametrize(("language", "words"), AFTER_EASTER.items())
def test_over_closed_holidays_the_day_is_named(organisation, march, keeps_holidays, language, words):
    by_day = number(organisation, march(26, 11), language)
    # The evening before Easter Sunday, that day itself, and Easter Monday.
    for day, hour in [(27, 21), (28, 12), (28, 21), (29, 7), (29, 17)]:
        assert number(organisation, march(day, hour), language) == f"{by_day} {words}"
    # Where the next morning is an open one, it is the usual hour.
    assert "30" not in number(organisation, march(29, 23), language).removeprefix(by_day)
    assert number(organisation, march(30, 9), language) == by_day


def test_a_line_that_is_open_on_holidays_names_the_usual_hour(organisation, march):
    assert number(organisation, march(28, 21)).endswith("(dès 8 h)")
    assert "(" not in number(organisation, march(29, 12))


def test_a_line_that_is_always_open_but_on_holidays_names_the_day(organisation, march, keeps_holidays):
    organisation.opens = organisation.closes = time(0)
    assert number(organisation, march(29, 12)).endswith("(dès mardi 30 mars)")
    assert "(" not in number(organisation, march(27, 23))


def test_without_a_number_no_day_is_named(organisation, march, keeps_holidays):
    organisation.phone = ""
    assert number(organisation, march(29, 12)) == organisation.name


def test_a_line_closed_by_hand_says_until_when(
    organisation, tuesday, thomas, django_capture_on_commit_callbacks
):
    assert "(" not in number(organisation, tuesday)
    until = tuesday + timedelta(days=1, hours=4)
    with django_capture_on_commit_callbacks(execute=True):
        telephony.change_line(actor=of_account(thomas), closed_until=until)
    # Whoever reads it on the next day must not call in vain either.
    day, hour = f"{until:%d}".lstrip("0"), until.astimezone(organisation.zone).hour
    assert number(organisation, tuesday).endswith(f" {day} janvier à {hour} h)")


def test_many_messages_ask_once_when_the_line_is_closed(organisation, tuesday, django_assert_num_queries):
    evening = tuesday + timedelta(hours=10)
    with django_assert_num_queries(0):
        # Nothing is asked for words that name no number.
        saying.ready(organisation, {}, evening)
    with django_assert_num_queries(1):
        assert number(organisation, evening) == number(organisation, evening)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_becomes_much_longer_by_it(organisation, march, values, keeps_holidays, language):
    with translation.override(language):
        ready = saying.ready(organisation, values, march(27, 21))
        for name, words in TEMPLATES.items():
            _subject, text = rewording.worded("text", words, ready)
            assert sms.size(text).segments <= 2, (name, text)


def test_closed_days_are_those_of_the_line(organisation, march, keeps_holidays):
    def said():
        with translation.override("fr"):
            return closed_words(organisation, march(26, 11), line_only=True).replace("\xa0", " ")

    assert "dimanche 28 mars, lundi 29 mars (fériés)" in said()
    keeps_holidays.open_on_holidays = True
    keeps_holidays.save()
    forget_closing(organisation.pk)
    assert said() == ""

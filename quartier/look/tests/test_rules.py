"""Times, days, distances, waits and numbers, as each language says them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from quartier.look import rules

LANGUAGES = ("fr", "nl", "de", "en")
# Tuesday 12 January 2027, 14.07 in Brussels.
NOW = datetime(2027, 1, 12, 13, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_brussels():
    with timezone.override("Europe/Brussels"):
        yield


def at(hour, minute=0, days=0):
    return timezone.localtime(NOW).replace(hour=hour, minute=minute) + timedelta(days=days)


def said(language, function, *given):
    with translation.override(language):
        return function(*given).replace("\u00a0", "_")


@pytest.mark.parametrize(
    ("language", "half_past_four", "eight", "noon"),
    [
        ("fr", "16_h_30", "8_h", "12_h"),
        ("nl", "16.30_uur", "8_uur", "12_uur"),
        ("de", "16.30_Uhr", "8_Uhr", "12_Uhr"),
        ("en", "4.30_pm", "8_am", "noon"),
    ],
)
def test_times(language, half_past_four, eight, noon):
    assert said(language, rules.clock_time, at(16, 30)) == half_past_four
    assert said(language, rules.clock_time, at(8)) == eight
    assert said(language, rules.clock_time, at(12)) == noon


def test_a_time_is_told_in_the_zone_of_the_reader():
    assert said("nl", rules.clock_time, datetime(2027, 7, 1, 10, 5, tzinfo=UTC)) == "12.05_uur"


@pytest.mark.parametrize(
    ("language", "days"),
    [
        ("fr", ["hier", "aujourd’hui", "demain", "samedi 16 janvier", "lundi 1er février",
                "samedi 1er janvier 2028"]),
        ("nl", ["gisteren", "vandaag", "morgen", "zaterdag 16 januari", "maandag 1 februari",
                "zaterdag 1 januari 2028"]),
        ("de", ["gestern", "heute", "morgen", "Samstag, 16. Januar", "Montag, 1. Februar",
                "Samstag, 1. Januar 2028"]),
        ("en", ["yesterday", "today", "tomorrow", "Saturday 16 January", "Monday 1 February",
                "Saturday 1 January 2028"]),
    ],
)  # fmt: skip
def test_days(language, days):
    asked = [date(2027, 1, day) for day in (11, 12, 13, 16)] + [date(2027, 2, 1), date(2028, 1, 1)]
    assert [said(language, rules.day, one, NOW) for one in asked] == days


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["12 janvier", "1er février 2027"]),
        ("nl", ["12 januari", "1 februari 2027"]),
        ("de", ["12. Januar", "1. Februar 2027"]),
        ("en", ["12 January", "1 February 2027"]),
    ],
)
def test_a_day_of_the_calendar_is_never_today(language, words):
    assert [
        said(language, rules.calendar_day, NOW),
        said(language, rules.calendar_day, date(2027, 2, 1), True),
    ] == words


def test_today_ends_at_midnight_of_the_reader():
    late = datetime(2027, 1, 12, 22, 59, tzinfo=UTC)
    assert said("en", rules.day, late, NOW) == "today"
    assert said("en", rules.day, late + timedelta(minutes=1), NOW) == "tomorrow"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["ce soir avant minuit", "cette nuit avant 1_h", "demain avant minuit", "demain avant 18_h",
                "samedi 16 janvier avant 9_h"]),
        ("nl", ["vanavond voor middernacht", "vannacht voor 1_uur", "morgen voor middernacht", "morgen voor 18_uur",
                "zaterdag 16 januari voor 9_uur"]),
        ("de", ["heute bis Mitternacht", "heute Nacht bis 1_Uhr", "morgen bis Mitternacht", "morgen bis 18_Uhr",
                "bis Samstag, 16. Januar, 9_Uhr"]),
        ("en", ["before midnight tonight", "before 1_am tonight", "before midnight tomorrow",
                "before 6_pm tomorrow", "before 9_am on Saturday 16 January"]),
    ],
)  # fmt: skip
def test_the_last_hour_is_said_so_that_its_day_is_clear(language, words):
    evening = datetime(2027, 1, 12, 19, 15, tzinfo=UTC)
    midnight = datetime(2027, 1, 12, 23, tzinfo=UTC)
    hours = [midnight, midnight + timedelta(hours=1), midnight + timedelta(days=1)]
    hours += [midnight + timedelta(hours=18), midnight + timedelta(days=3, hours=9)]
    assert [said(language, rules.before, hour, evening) for hour in hours] == words


def test_after_midnight_the_next_day_is_called_by_its_name():
    night = datetime(2027, 1, 12, 23, 49, tzinfo=UTC)
    assert said("en", rules.day, night + timedelta(days=1), night) == "Thursday 14 January"
    assert said("en", rules.day, night + timedelta(days=1), night + timedelta(hours=5)) == "tomorrow"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "aujourd’hui entre 16_h_30 et 17_h_30"),
        ("nl", "vandaag tussen 16.30 en 17.30_uur"),
        ("de", "heute zwischen 16.30 und 17.30_Uhr"),
        ("en", "today between 4.30 and 5.30_pm"),
    ],
)
def test_when_somebody_comes(language, words):
    assert said(language, rules.window, at(16, 30), at(17, 30), NOW) == words


def test_english_repeats_the_half_of_the_day_only_where_it_changes():
    assert said("en", rules.between, at(11), at(13)) == "between 11_am and 1_pm"
    assert said("en", rules.between, at(12), at(14)) == "between noon and 2_pm"
    assert said("en", rules.between, at(10), at(11, 30)) == "between 10 and 11.30_am"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "demain avant 18_h"),
        ("nl", "morgen voor 18_uur"),
        ("de", "morgen bis 18_Uhr"),
        ("en", "before 6_pm tomorrow"),
    ],
)
def test_without_a_start(language, words):
    assert said(language, rules.window, None, at(18, days=1), NOW) == words


def test_over_two_days():
    assert said("fr", rules.window, at(20), at(9, days=1), NOW) == "aujourd’hui à 20_h, jusqu’à demain à 9_h"
    assert said("nl", rules.window, at(20), at(9, days=1), NOW) == "van vandaag om 20_uur tot morgen om 9_uur"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["à_l’instant", "22_min", "1_h_35", "2_h", "1_jour", "2_jours"]),
        ("nl", ["minder_dan_1_min", "22_min", "1_u_35", "2_u", "1_dag", "2_dagen"]),
        ("de", ["gerade_eben", "22_Min.", "1_Std._35", "2_Std.", "1_Tag", "2_Tage"]),
        ("en", ["just_now", "22_min", "1_h_35", "2_h", "1_day", "2_days"]),
    ],
)
def test_waits(language, words):
    assert [
        said(language, rules.age, minutes).replace(" ", "_") for minutes in (0.4, 22, 95, 120, 1500, 3000)
    ] == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["moins de 300_m", "environ 800_m", "1 à 2_km", "20 à 50_km", "plus de 50_km"]),
        ("nl", ["minder dan 300_m", "ongeveer 800_m", "1 tot 2_km", "20 tot 50_km", "meer dan 50_km"]),
        ("de", ["weniger als 300_m", "etwa 800_m", "1 bis 2_km", "20 bis 50_km", "mehr als 50_km"]),
        ("en", ["less than 300_m", "about 800_m", "1 to 2_km", "20 to 50_km", "more than 50_km"]),
    ],
)
def test_distances(language, words):
    metres = (120, 812, 1400, 31000, 80000)
    assert [said(language, rules.distance, one) for one in metres] == words


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_nearer_place_is_never_said_to_be_farther(one, other):
    near, far = sorted((one, other))
    with translation.override("en"):
        words = [rules.distance(one) for one in range(0, 60001, 50)]
        order = {word: place for place, word in enumerate(dict.fromkeys(words))}
        assert len(order) == 15  # so few bands that a distance gives nobody's door away
        assert order[rules.distance(near)] <= order[rules.distance(far)]


@given(st.floats(0, 10**7), st.floats(0, 10**5))
def test_a_badge_is_late_exactly_when_the_promise_is_broken(minutes, promise):
    badge = rules.wait(minutes, promise)
    assert (badge.state == "late") == (promise > 0 and minutes >= promise)
    assert 0 <= badge.used <= 100
    if badge.state == "new":
        assert badge.used < 50


def test_numbers():
    assert rules.phone("+3280000020").replace("\u00a0", "_") == "0800_00_020"
    assert rules.phone("+3220001427").replace("\u00a0", "_") == "02_000_14_27"
    assert rules.phone("+33199000001").startswith("+33")
    assert rules.phone("no number") == "no\u00a0number"


def test_cells_fit_the_drawing_and_what_has_a_meaning_is_on_top():
    square = [(50.0, 4.0), (50.0, 4.01), (50.01, 4.01), (50.01, 4.0)]
    moved = [(lat, lng + 0.01) for lat, lng in square]
    drawn = rules.draw_cells([{"boundary": square, "kind": "none", "text": 3}, {"boundary": moved}], 300, 200)
    assert [cell["css"] for cell in drawn] == ["hx", "hx-none"]
    for cell in drawn:
        for point in cell["path"][1:-1].split("L"):
            x, y = map(float, point.split())
            assert 0 <= x <= 300
            assert 0 <= y <= 200
    assert rules.draw_cells([], 300, 200) == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "du lundi au vendredi, de 9 h à 17 h 30"),
        ("nl", "maandag tot en met vrijdag, 9 uur tot 17.30 uur"),
        ("de", "Montag bis Freitag, 9 Uhr bis 17.30 Uhr"),
        ("en", "Monday to Friday, 9 am to 5.30 pm"),
    ],
)
def test_opening_hours_as_people_say_them(language, said):
    with translation.override(language):
        assert rules.opening("MO,TU,WE,TH,FR", "09:00", "17:30").replace("\u00a0", " ") == said


def test_opening_hours_written_otherwise_stay_as_they_are():
    with translation.override("en"):
        assert rules.opening("TU,SA", "", "") == "Tuesday, Saturday"
        assert rules.opening("1MO", "9h", "") == "1MO, 9h"
        assert rules.opening("", "", "") == ""


@pytest.mark.parametrize(
    ("language", "morning", "evening", "before"),
    [
        ("fr", "9_h_15_du matin", "20_h_37", "hier à 20_h_37"),
        ("nl", "9.15_uur", "20.37_uur", "gisteren om 20.37_uur"),
        ("de", "9.15_Uhr", "20.37_Uhr", "gestern um 20.37_Uhr"),
        ("en", "9.15_am", "8.37_pm", "yesterday at 8.37_pm"),
    ],
)
def test_since_when_is_written_as_every_other_time_and_of_another_day_with_the_day(
    language, morning, evening, before
):
    now = at(21)
    assert said(language, rules.since_time, at(9, 15), now) == morning
    assert said(language, rules.since_time, at(20, 37), now) == evening
    assert said(language, rules.since_time, at(20, 37) - timedelta(days=1), now) == before

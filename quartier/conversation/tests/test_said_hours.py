"""The hour that is said with a yes, and the part of a request that it names."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from quartier.conversation.said_hours import said_time, said_window
from quartier.conversation.understanding import understand

ZONE = ZoneInfo("Europe/Brussels")


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


def read(text, language="de", start=(10, 10), end=(10, 17)):
    """Tuesday 10 March from 10 until 17 o'clock."""
    said = said_time(text, language, understand(text).codes)
    window = said_window(said, at(*start), at(*end), ZONE)
    if window is None:
        return None
    return "-".join(f"{each.astimezone(ZONE):%d %H:%M}"[3:] for each in window)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("ja 60, 16 Uhr passt", "16:00-17:00"),
        ("JA um 16 uhr", "16:00-17:00"),
        ("ja 60 um 4", "16:00-17:00"),
        ("ja 60, 16", "16:00-17:00"),
        ("ja 60 um vier", "16:00-17:00"),
        ("ja 60 halb vier", "15:30-16:30"),
        ("ja 60 16:30", "16:30-17:00"),
        ("ja 60 16 uhr 30", "16:30-17:00"),
        ("ja 60 16.30 Uhr", "16:30-17:00"),
        ("ja 60 gegen 11", "11:00-12:00"),
        ("ja 60, heute nachmittag um 3", "15:00-16:00"),
        ("oui 60 vers 14h", "14:00-15:00"),
        ("oui 60, 14h30", "14:30-15:30"),
        ("oui 60 à midi", "12:00-13:00"),
        ("oui 60 à trois heures et quart", "15:15-16:15"),
        ("oui 60 entre 14h et 16h", "14:00-16:00"),
        ("ja 60 tussen 14 en 16u", "14:00-16:00"),
        ("ja 60, 14-16 uur", "14:00-16:00"),
        ("ja 60 om kwart over drie", "15:15-16:15"),
        ("ja 60 vanaf 15u", "15:00-17:00"),
        ("ja 60 ab 13 Uhr", "13:00-16:00"),
        ("oui 60 avant 12h", "10:00-12:00"),
        ("yes 60 at 4pm", "16:00-17:00"),
        ("yes 60, 4.30 pm", "16:30-17:00"),
        ("ja 60 dienstag 16 uhr", "16:00-17:00"),
    ],
)  # fmt: skip
def test_the_hour_that_is_said(text, window):
    assert read(text) == window


@pytest.mark.parametrize(
    "text",
    [
        "ja 60 um 18 Uhr",
        "ja 60 um 17 uhr",
        "ja 60 um 9 uhr",
        "ja 60 mittwoch 16 uhr",
        "oui 60 entre 11h et 16h",
        "ja 60 16 uhr, 14 uhr, 12 uhr",
        "yes 60 4 am",
        "ja 60 04:00",
    ],
)
def test_an_hour_that_cannot_be(text):
    assert said_time(text, "de", (60,)).names_hour
    assert read(text) is None


def test_half_four_is_two_hours_in_english():
    assert said_time("yes 60 half four", "en", (60,)).unclear


@pytest.mark.parametrize(
    "text",
    [
        "ja 60", "oui 60 merci", "OUI 42", "ja 60 ich wohne um die ecke", "oui 60 je suis à 2 km",
        "oui 60 à 10 minutes", "ja 60 in 2 stunden", "oui 60 dans 1 heure", "ja 60 für 2 personen", "yes 60 one bag",
    ],
)  # fmt: skip
def test_no_hour_is_said(text):
    assert said_time(text, "de", understand(text).codes).is_empty


def test_an_hour_of_several_days_is_asked_again_unless_the_day_is_said():
    days = {"start": (10, 10), "end": (12, 20)}
    assert read("ja 60 um 16 uhr", **days) is None
    assert read("ja 60 heute um 16 uhr", **days) == "16:00-17:00"
    assert read("ja 60 donnerstag 16 uhr", **days) == "16:00-17:00"
    assert read("ja 60 um 8", start=(10, 10), end=(11, 9)) is None


@pytest.mark.parametrize(
    "text", ["ja 60 heute abend", "oui 60 samedi", "oui 60 le 12/03", "yes 60 in the morning"]
)
def test_a_part_of_a_day_is_no_hour(text):
    said = said_time(text, "de", (60,))
    assert not said.names_hour
    assert not said.is_empty


@pytest.mark.parametrize("text", ["", "\x00", "ja 60 99:99", "ja 60 um 25 uhr", "1" * 500, "um " * 200])
def test_anything_can_be_read(text):
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("Ja 60. 10-12 Uhr", "10:00-12:00"),
        ("oui 60, on vient à deux", None),
        ("ja 60, voor een uurtje", None),
        ("ja 60, na een afspraak", None),
        ("oui 60, après une réunion", None),
    ],
)
def test_no_hour_is_made_of_what_is_none(text, window):
    said = said_time(text, "fr" if text.startswith("oui") else "nl", understand(text).codes)
    if window is None:
        assert not said.names_hour
    else:
        assert read(text) == window

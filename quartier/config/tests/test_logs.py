"""What the log says: one line an event, in UTC, with the request's number, and nothing that opens a page."""

import json
import logging
import re
import sys
import time
import uuid

import pytest
from django.conf import settings
from django.urls import reverse

from quartier.config import logs
from quartier.config.policy import POLICY
from tests.planted import patterns

AT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
# What stands in no log line, as letters and numbers of people are written.
TOKEN = "3z-FijnVjSi2xnJxX6w68O"


def record(words, *args, level=logging.WARNING, exc_info=None):
    return logging.LogRecord("quartier.test", level, __file__, 1, words, args, exc_info)


def private_addresses():
    """Each address of the policy table that a link opens by itself, as it stands in a message, with its secret."""
    for name, row in POLICY.items():
        converters = patterns()[name].pattern.converters
        if row.scope != "token" or "token" not in converters:
            continue
        given = {key: uuid.uuid4() for key in converters if key != "token"}
        yield name, reverse(name, kwargs={**given, "token": TOKEN})


@pytest.mark.parametrize(
    "token", [TOKEN, "a" * 22, "short", "WithCapitals", "123456", "tok%2Fen", "MTIz:1abc:xyz"]
)
@pytest.mark.parametrize(("name", "address"), list(private_addresses()))
def test_no_line_holds_what_opens_a_page(name, address, token):
    address = address.replace(TOKEN, token)
    for words in (address, address.upper(), f"https://line.example.org{address}?code=842913&next=/fr/"):
        planted = token.upper() if words.isupper() else token
        for line in (logs.TextLine(), logs.JsonLine()):
            assert planted not in line.format(record("Not Found: %s", words)), name


def test_there_are_private_addresses_to_look_at():
    assert len(list(private_addresses())) > 20


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        (f"/en/statuss/{TOKEN}/", TOKEN),
        ("GET /fr/sign-in/code/?code=842913", "842913"),
        ("postgresql://quartier:hunter2@127.0.0.1/quartier", "hunter2"),
        ("https://api.telegram.org/bot123456:AAH-x_y/getMe", "AAH-x_y"),
        ("{'sara.peeters@example.org': (550, b'no such user')}", "sara.peeters"),
        ("refused for +32470123456", "32470123456"),
    ],
)
def test_other_secrets_are_cut(words, secret):
    assert secret not in logs.redact(words)


@pytest.mark.parametrize(
    "words",
    [
        "Not Found: /fr/console/requests/0192f3a0-0000-7000-8000-000000000000/",
        "job 0192f3a0-0000-7000-8000-000000000000 failed: quartier.matching.jobs.waves",
        "web 1 has ended (signal 9); again in 0.2 s",
        "test_a_page_of_the_line_says_so_quietly",
        "http://127.0.0.1:8000/ at 2026-11-30T14:44:00+01:00",
    ],
)
def test_what_a_host_needs_is_kept(words):
    assert logs.redact(words) == words


@pytest.mark.parametrize(
    "shape", ["aA-", "/status", "a@", "?a", "://a", "+1", "_", "a.", "A", "&a=%", "/botAA1"]
)
def test_hostile_words_do_not_hold_the_log_up(shape):
    """Hundreds of thousands of letters, in the shape that each pattern begins with: hours, were one not linear."""
    begun = time.process_time()
    logs.redact(shape * (400_000 // len(shape)))
    assert time.process_time() - begun < 5


def test_of_a_very_long_line_the_end_is_kept():
    line = logs.TextLine().format(record("x " * 100_000 + "and its end"))
    assert len(line) < logs.LONGEST_LINE + 200
    assert line.endswith("and its end")


def test_a_line_of_text_has_its_time_in_utc_and_no_second_line():
    try:
        raise ValueError(f"at /fr/offer/{TOKEN}/\nand more")
    except ValueError:
        line = logs.TextLine().format(record("it\x1b[31m went\nwrong %s", "here", exc_info=sys.exc_info()))
    assert re.fullmatch(rf"{AT} WARNING quartier\.test - it \[31m went \| wrong here \| Traceback .*", line)
    assert TOKEN not in line
    assert "ValueError: at /fr/offer/…/ | and more" in line


def test_a_line_of_json_is_one_object():
    try:
        raise ValueError(f"at /fr/offer/{TOKEN}/")
    except ValueError:
        line = logs.JsonLine().format(record("went\nwrong", exc_info=sys.exc_info()))
    assert "\n" not in line
    assert TOKEN not in line
    found = json.loads(line)
    assert re.fullmatch(AT, found["at"])
    assert (found["level"], found["logger"], found["message"]) == ("WARNING", "quartier.test", "went\nwrong")
    assert found["traceback"].endswith("ValueError: at /fr/offer/…/\n")


def test_the_installation_says_which():
    assert logs.formatter("json") is logs.JsonLine
    assert logs.formatter("text") is logs.TextLine
    assert settings.LOGGING["formatters"]["line"]["()"] is logs.TextLine


@pytest.fixture
def lines(caplog):
    """What has been logged, as the log has it."""
    return lambda: [logs.TextLine().format(each) for each in caplog.records]


@pytest.mark.django_db
def test_a_line_and_its_answer_have_the_same_number(client, organisation, lines):
    answer = client.get("/fr/nowhere/")
    (line,) = lines()
    assert f" {answer.headers['X-Request-ID']} Not Found: /fr/nowhere/" in line
    again = client.get("/fr/nowhere/", headers={"X-Request-ID": "mine"})
    assert again.headers["X-Request-ID"] not in {"mine", answer.headers["X-Request-ID"]}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/fr/", "/fr/nowhere/", "/console/"])
def test_a_name_that_is_not_ours_is_one_line(client, organisation, lines, path):
    answer = client.get(path, headers={"Host": "evil.example.org"})
    assert answer.status_code == 400
    (line,) = lines()
    assert " WARNING django.security.DisallowedHost " in line
    assert "Traceback" not in line


@pytest.mark.django_db
def test_an_error_in_a_page_says_where_on_one_line(client, organisation, lines, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("quartier.config.gate.organisation.of", lambda request: 1 / 0)
    answer = client.get(f"/fr/status/{TOKEN}/")
    assert answer.status_code == 500
    (line,) = [each for each in lines() if " ERROR " in each]
    assert "ZeroDivisionError" in line
    assert answer.headers["X-Request-ID"] in line
    assert TOKEN not in line


def test_every_logger_leads_to_the_one_handler():
    """A library with a handler of its own would write what is not cut."""
    for name, each in logging.root.manager.loggerDict.items():
        if isinstance(each, logging.Logger):
            own = [type(handler) for handler in each.handlers if type(handler) is not logging.NullHandler]
            assert not [kind for kind in own if not kind.__module__.startswith("_pytest.")], name

"""What the operator's browser measures of a call is kept with it, and shown to those who coordinate."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.console.tests.line_scene import Line
from quartier.lib import clock
from quartier.telephony.models import Call, CallQuality

pytestmark = pytest.mark.django_db
GOOD = {
    "samples": "6",
    "loss_mean_pct": "1.5",
    "loss_worst_pct": "4",
    "jitter_mean_ms": "12",
    "jitter_worst_ms": "30",
    "delay_mean_ms": "80",
    "delay_worst_ms": "120",
}


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://line.example.org"
    return Line(organisation)


@pytest.fixture
def report(signed_in):
    """Report as somebody, and look at the status."""

    def send(account, call, status=204, **changed):
        address = reverse("line_quality", args=[getattr(call, "pk", call)])
        answer = signed_in(account).post(address, GOOD | changed)
        assert answer.status_code == status, answer.content
        return answer

    return send


@pytest.fixture
def talk(line, lotte):
    return line.talks(line.calls(), lotte)


def test_reports_add_up_to_one_row_a_call_and_operator(report, talk, lotte):
    report(lotte, talk)
    report(lotte, talk, samples="2", loss_mean_pct="9.5", loss_worst_pct="20", jitter_worst_ms="25")
    row = CallQuality.objects.get()
    assert (row.call_id, row.account_id, row.samples) == (talk.pk, lotte.pk, 8)
    assert row.loss_mean_pct == pytest.approx((6 * 1.5 + 2 * 9.5) / 8)
    assert (row.loss_worst_pct, row.jitter_worst_ms) == (20, 30)
    assert (row.delay_mean_ms, row.delay_worst_ms) == (80, 120)


def test_a_delay_that_nobody_knows_stays_empty(report, talk, lotte):
    report(lotte, talk, delay_mean_ms="", delay_worst_ms="")
    assert CallQuality.objects.get().delay_mean_ms is None
    report(lotte, talk)
    assert CallQuality.objects.get().delay_mean_ms == 80


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("samples", "0"),
        ("samples", "100000"),
        ("samples", "many"),
        ("loss_mean_pct", "-1"),
        ("loss_worst_pct", "101"),
        ("loss_worst_pct", "1"),
        ("jitter_mean_ms", "nan"),
        ("jitter_worst_ms", "inf"),
        ("jitter_worst_ms", ""),
        ("delay_worst_ms", "1e9"),
        ("delay_worst_ms", ""),
    ],
)
def test_numbers_out_of_bounds_are_refused(report, talk, lotte, field, value):
    answer = report(lotte, talk, status=400, **{field: value})
    assert answer.json()["wrong"]
    assert not CallQuality.objects.exists()


def test_only_whoever_is_on_the_call_may_report(report, line, talk, lotte, thomas):
    report(thomas, talk, status=404)
    # A colleague who came onto the call measures the sound at their own place.
    line.stands(thomas, "in_call", call=talk.pk)
    report(thomas, talk)
    assert CallQuality.objects.get().account_id == thomas.pk
    # Whoever handed it over still says how it was until then.
    report(lotte, talk)
    line.moves(talk.pk, "bridged", thomas)
    line.stands(lotte, "wrap_up")
    report(lotte, talk)
    assert CallQuality.objects.count() == 2


def test_a_report_long_after_the_call_is_refused(report, line, talk, lotte):
    line.ends(talk.pk, lotte)
    report(lotte, talk)
    with clock.stopped_at(clock.now() + timedelta(minutes=6)):
        report(lotte, talk, status=404)


def test_it_stands_on_the_page_of_the_call_for_those_who_coordinate(report, talk, lotte, thomas, signed_in):
    report(lotte, talk)
    address = reverse("line_call", args=[talk.pk])
    words = " ".join(signed_in(thomas).get(address).content.decode().split())
    assert f"Sound at {lotte.name}: good. </p> <details>" in words
    assert "2% lost, 4% at worst, uneven by 12 ms, 80 ms there and back." in words
    assert "Sound at" not in signed_in(lotte).get(address).content.decode()


def test_it_is_deleted_with_the_call(report, talk, lotte):
    report(lotte, talk)
    Call.objects.all().delete()
    assert not CallQuality.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "good."),
        ({"loss_mean_pct": "3.5"}, "broken up now and then."),
        ({"jitter_mean_ms": "110", "jitter_worst_ms": "120"}, "broken up, words were missing."),
    ],
)
def test_how_the_sound_was_is_said_in_plain_words(report, talk, lotte, thomas, signed_in, changed, words):
    report(lotte, talk, **changed)
    said = signed_in(thomas).get(reverse("line_call", args=[talk.pk])).content.decode()
    assert f"Sound at {lotte.name}: {words}" in said

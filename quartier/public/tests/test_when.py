"""When it is needed: days to press, a date for a later one; and no counter that grows while one answers."""

import re
from datetime import timedelta

import pytest

from quartier.intake.models import Draft
from quartier.lib import clock
from quartier.public.tests.conftest import ANSWERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def when(answering):
    return answering(stop="when")


def kept():
    return Draft.objects.get().answers["when"]


def wrong(client, url, **answer):
    """What is said to be wrong, by field, of an answer that names a day."""
    sent = client.post(url, {"urgency": "date", "part": "", **answer})
    form = client.get(sent["Location"]).context["form"]
    return {name: list(said) for name, said in form.errors.items()} if form.is_bound else {}


def test_the_days_that_come_can_be_pressed(client, when, tuesday):
    days = [value for value, _name in client.get(when).context["form"].fields["chip"].choices]
    assert days == [f"2027-01-{day}" for day in range(12, 19)] + ["other"]
    names = [str(name) for _value, name in client.get(when).context["form"].fields["chip"].choices]
    assert names[:3] == ["aujourd’hui", "demain", "jeudi 14\xa0janvier"]
    assert client.post(when, {"urgency": "date", "chip": "2027-01-13", "part": "0"}).status_code == 302
    assert kept()["day"] == "2027-01-13"
    assert kept()["from"].startswith("2027-01-13T08")
    # It is still pressed when one comes back.
    form = client.get(when).context["form"]
    assert form["chip"].value() == "2027-01-13"
    assert not form["day"].value()


def test_in_the_evening_today_is_not_offered(client, when, tuesday):
    with clock.stopped_at(tuesday + timedelta(hours=10, minutes=45)):
        days = [value for value, _name in client.get(when).context["form"].fields["chip"].choices]
    assert days == [f"2027-01-{day}" for day in range(13, 20)] + ["other"]


def test_a_later_day_is_written(client, when):
    client.post(when, {"urgency": "date", "chip": "other", "day": "2027-02-20", "part": "1"})
    assert kept()["day"] == "2027-02-20"
    form = client.get(when).context["form"]
    assert (form["chip"].value(), str(form["day"].value())) == ("other", "2027-02-20")


def test_what_does_not_count_is_no_mistake(client, when):
    client.post(when, {"urgency": "date", "chip": "2027-01-14", "day": "31/99", "part": ""})
    assert kept()["day"] == "2027-01-14"
    client.post(when, {"urgency": "week", "chip": "x", "day": "31/99", "part": "9"})
    assert kept() == {"urgency": "week"}


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({}, "chip"),
        ({"chip": "other"}, "day"),
        ({"chip": "2027-01-11"}, "chip"),
        ({"chip": "2027-01-32"}, "chip"),
        ({"chip": "other", "day": "2027-01-11"}, "day"),
        ({"chip": "2027-01-12", "part": "0", "at": 2}, "chip"),
    ],
)
def test_what_is_wrong_stands_where_it_is(client, when, answer, field, tuesday):
    with clock.stopped_at(tuesday + timedelta(hours=answer.pop("at", 0))):
        assert list(wrong(client, when, **answer)) == [field]


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_no_counter_grows(client, answering, language):
    check = answering(language)
    seen = set()
    for name in ANSWERS:
        page = client.get(check.replace("/check/", f"/{name}/") + "&change=1").content.decode()
        stages = page.split('<ol class="stages">')[1].split("</ol>")[0]
        assert stages.count(' aria-current="step"') == 1
        seen.add(stages.replace(' aria-current="step"', ""))
        assert not re.search(r"Question \d|Vraag \d|Frage \d", page)
    assert len(seen) == 1

"""Help that comes again, for whoever chooses no day: it is asked for kindly, with a first day that is proposed."""

from datetime import timedelta

import pytest

from quartier.cases.models import Case, Request, Series
from quartier.intake.models import Draft
from quartier.lib import clock
from quartier.public.tests.conftest import ANSWERS

pytestmark = pytest.mark.django_db


def answers(urgency="week", again=None, **other):
    """The answers in the order of the questions, of somebody who needs it each week and chooses no day."""
    found = {}
    for name, words in (ANSWERS | other).items():
        found[name] = {"urgency": urgency, "repeats": "on"} if name == "when" else words
        if name == "when":
            found["again"] = {"again": "week"} if again is None else again
    return found


def shown(client, url):
    return client.get(url).content.decode().replace("\xa0", " ")


def test_whoever_does_not_say_so_is_asked_nothing_more(answering, client):
    assert "/languages/" in answering(answers=ANSWERS, stop="languages")


@pytest.mark.parametrize(
    ("urgency", "day"),
    [("now", "2027-01-12"), ("day", "2027-01-13"), ("week", "2027-01-14"), ("any", "2027-01-18")],
)
def test_a_first_day_is_proposed(answering, client, urgency, day):
    page = answering(answers=answers(urgency), stop="again")
    shown = client.get(page)
    form = shown.context["form"]
    # The question stands there once, in the title of the window and over the answers.
    assert shown.content.decode().split("</title>")[1].count(str(form.heading())) == 1
    assert (form["again"].value(), form["begins"].value()) == ("week", day)
    # Nothing need be touched on this page.
    client.post(page, {"again": "week", "begins": day})
    assert Draft.objects.get().answers["again"]["begins"] == day


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Chaque jeudi", "La première fois : jeudi 14 janvier")),
        ("nl", ("Elke donderdag", "De eerste keer: donderdag 14 januari")),
        ("de", ("Jeden Donnerstag", "Das erste Mal: Donnerstag, 14. Januar")),
        ("en", ("Every Thursday", "The first time: Thursday 14 January")),
    ],
)
def test_what_was_proposed_is_said_and_holds(answering, client, language, words):
    """Also where nothing but how often was sent."""
    check = answering(language, answers())
    page = shown(client, check)
    for line in words:
        assert line in page
    client.post(check, {"consent": "on"})
    assert {(each.rule, str(each.first_day)) for each in Series.objects.all()} == {
        ("FREQ=WEEKLY;BYDAY=TH", "2027-01-14")
    }
    for each in Request.objects.all():
        assert each.urgency == Request.Urgency.WEEK
        assert str(each.day) == "2027-01-14"


def test_another_day_can_be_pressed(answering, client):
    client.post(
        answering(answers=answers(again={"again": "weeks2", "begins": "2027-01-16"})), {"consent": "on"}
    )
    assert {each.rule for each in Series.objects.all()} == {"FREQ=WEEKLY;INTERVAL=2;BYDAY=SA"}


def test_only_this_time_after_all(answering, client):
    check = answering(answers=answers(again={"again": "once"}))
    assert "Seulement cette fois" in shown(client, check)
    client.post(check, {"consent": "on"})
    assert not Series.objects.exists()
    assert {each.series for each in Request.objects.all()} == {None}


def test_in_the_evening_the_first_day_is_tomorrow(answering, client, tuesday):
    with clock.stopped_at(tuesday + timedelta(hours=10, minutes=45)):
        form = client.get(answering(answers=answers("now"), stop="again")).context["form"]
    assert form["begins"].value() == "2027-01-13"


def test_a_first_day_that_passes_before_sending_is_asked_again(answering, client, tuesday):
    check = answering(answers=answers("now"))
    with clock.stopped_at(tuesday + timedelta(days=1)):
        back = client.post(check, {"consent": "on"})["Location"]
        assert "/again/" in back
        assert client.get(back).context["form"]["begins"].value() == "2027-01-13"
    assert not Case.objects.exists()


def test_how_often_is_not_forgotten_with_a_day(answering, client):
    on_day = answers() | {"when": {"urgency": "date", "chip": "2027-01-14", "part": "0"}}
    check = answering(answers=on_day)
    when = check.replace("/check/", "/when/") + "&change=1"
    assert client.get(when).context["form"]["repeats"].value() is True
    goes_to = client.post(when, {"urgency": "week", "repeats": "on"})["Location"]
    assert "/again/" in goes_to


@pytest.mark.parametrize("kinds", [["transport"], ["shelter"]])
def test_it_is_not_offered_where_it_means_nothing(answering, client, kinds):
    way = {"transport_to": "Ixelles", "transport_at": "14:30", "transport": ""}
    details = way if kinds == ["transport"] else {"shelter": ""}
    asked = answers(what={"kinds": kinds}, details=details)
    asked.pop("list")
    when = answering(answers=asked, stop="when")
    assert "repeats" not in client.get(when).context["form"].fields


@pytest.mark.parametrize(
    ("day", "urgency"), [("2027-01-12", "now"), ("2027-01-13", "day"), ("2027-01-16", "week")]
)
def test_as_soon_as_possible_with_a_later_day_is_as_near_as_that_day(answering, client, day, urgency):
    check = answering("fr", answers("now", again={"again": "week", "begins": day}))
    is_today = urgency == "now"
    assert ("Dès que possible" in shown(client, check)) is is_today
    client.post(check, {"consent": "on"})
    assert {each.urgency for each in Request.objects.all()} == {urgency}

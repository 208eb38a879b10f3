"""Regular help on the private page after several visits: each time that took place is one line, and whoever asked for
somebody else reads of that person."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from quartier.cases import actions as cases
from quartier.cases.models import Request, Series
from quartier.lib import clock, rhythm
from quartier.people.actions import Who, record_person
from quartier.public.tests.test_weekly import goes
from quartier.team.access import of_account
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db
FIRST = date(2027, 1, 12)


@pytest.fixture
def weekly(tuesday, asked):
    """Each Tuesday from two to four."""
    window = {"window_from": tuesday + timedelta(hours=3), "window_until": tuesday + timedelta(hours=5)}
    return asked("groceries", rhythm=rhythm.simple("week", FIRST), **window)


def read(client, token, language, name="status", *more):
    url = reverse(name, args=[token, *more])
    return client.get(f"/{language}{url[3:]}").content.decode().replace("\xa0", " ")


@pytest.mark.parametrize(
    ("language", "glad", "heading", "times"),
    [
        ("fr", "cela nous fait plaisir", "Les fois précédentes", ("mardi 12 janvier", "mardi 19 janvier")),
        ("nl", "horen we het graag", "De vorige keren", ("dinsdag 12 januari", "dinsdag 19 januari")),
        ("de", "hören wir es gern", "Die früheren Male", ("Dienstag, 12. Januar", "Dienstag, 19. Januar")),
        ("en", "We are glad to hear it", "Earlier times", ("Tuesday 12 January", "Tuesday 19 January")),
    ],
)
def test_after_three_visits_the_earlier_ones_are_a_line_each(
    client, tuesday, youssef, weekly, language, glad, heading, times
):
    goes(weekly.requests[0], youssef, each_time=True)
    for weeks in (1, 2):
        clock.set_time(tuesday + timedelta(weeks=weeks))
        visits.open_due(clock.now())
        coming = Request.objects.get(state="covered").assignments.get()
        # Ahead of its time it would not be believed at once.
        clock.set_time(coming.comes_from + timedelta(minutes=30))
        visits.done(actor=of_account(youssef.person.account), assignment=coming)
    words = read(client, weekly.token, language)
    assert words.count(glad) == 1
    earlier = words.split(heading)[1].split("</section>")[0]
    assert [earlier.count(each) for each in times] == [1, 1]


def test_what_went_wrong_with_one_time_is_still_told_at_length(client, tuesday, youssef, weekly):
    goes(weekly.requests[0], youssef, each_time=True)
    Request.objects.update(closure=Request.Closure.NEGLECTED)
    clock.set_time(tuesday + timedelta(weeks=1))
    visits.open_due(clock.now())
    words = read(client, weekly.token, "fr")
    assert "C’est notre faute" in words
    assert "Les fois précédentes" not in words


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "d’abord à ceux que Marie connaît déjà"),
        ("nl", "eerst aan wie Marie al kent"),
        ("de", "zuerst Menschen, die Marie schon kennt"),
        ("en", "starting with those Marie already knows"),
    ],
)
def test_whoever_asked_for_somebody_else_reads_whom_that_person_knows(
    client, organisation, weekly, language, said
):
    who = Who("Sophie Peeters", email="sophie@example.org", language="fr", channel="email")
    daughter = record_person(organisation=organisation, who=who)
    token = cases.issue_link(case=weekly.case, person=daughter)
    series = Series.objects.get()
    assert said in read(client, token, language)
    assert said in read(client, token, language, "status_series", series.pk)
    assert said not in read(client, weekly.token, language)

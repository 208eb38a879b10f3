"""Whoever coordinates reads on every page that no work is being done any more."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext

from quartier.jobs.models import Job, State
from quartier.lib import clock
from quartier.look.rules import day_time

pytestmark = pytest.mark.django_db
WORDS = "has stood still since"
PAGES = ("", "volunteers/", "search/", "money/", "calendar/")


def done_at(moment):
    return Job.objects.create(
        task="t", state=State.DONE, enqueued_at=moment, due_at=moment, finished_at=moment
    )


def test_every_page_says_since_when_nobody_is_being_asked(desk, tuesday):
    done_at(tuesday - timedelta(hours=1, minutes=2))
    for page in PAGES:
        text = desk.get(f"/en/console/{page}").content.decode()
        assert "has stood still since today at 9.58" in text, page
    # What stands open all day hears of it too.
    assert WORDS in desk.get("/en/console/pulse/").content.decode()
    assert 'hx-trigger="every 60s"' in desk.get("/en/console/pulse/").content.decode()


def test_nothing_is_said_while_work_is_done_or_was_never_done(desk, tuesday):
    assert WORDS not in desk.get("/en/console/").content.decode()
    done_at(tuesday - timedelta(minutes=5))
    assert WORDS not in desk.get("/en/console/").content.decode()
    with clock.stopped_at(tuesday + timedelta(seconds=1)):
        assert WORDS in desk.get("/en/console/").content.decode()


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_where_no_work_was_ever_done_nobody_is_said_to_be_looked_for(desk, asked, youssef, tuesday, language):
    request = asked("groceries").requests[0]
    pages = (f"/{language}/console/", f"/{language}/console/requests/{request.pk}/")
    with translation.override(language):
        looking, calm = (
            gettext("We are looking for neighbours now"),
            gettext("Nothing is waiting for a person."),
        )
        due = gettext("No one is being asked: it was due %(time)s") % {"time": day_time(tuesday, tuesday)}
        stands = gettext("No one is being asked and no messages are being sent: the part that does it has "
                         "stood still since %(at)s.") % {"at": day_time(tuesday, tuesday)}  # fmt: skip
    for page in pages:
        text = unescape(desk.get(page).content.decode())
        assert looking in text
        assert stands not in text
    assert calm in unescape(desk.get(pages[0]).content.decode())
    with clock.stopped_at(tuesday + timedelta(minutes=5, seconds=1)):
        for page in pages:
            text = unescape(desk.get(page).content.decode())
            assert looking not in text
            assert calm not in text
            assert due in text
            assert stands in text


def test_it_costs_one_query_a_page(desk, tuesday):
    done_at(tuesday)
    with CaptureQueriesContext(connection) as found:
        desk.get("/en/console/search/")
    assert sum("jobs_job" in each["sql"] for each in found) == 1


def test_only_the_team_hears_it(client, signed_in, volunteer, tuesday):
    assert client.get("/en/console/pulse/").status_code == 302
    youssef = volunteer("Youssef")
    assert signed_in(youssef.person.account).get("/en/console/pulse/").status_code == 403

"""What one press would lose is asked about first; what is opened again is as it was; what is said of a search is so."""

from datetime import timedelta

import pytest

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.console.tests.test_call_off import page_of
from quartier.lib import clock
from quartier.people.models import Volunteer
from quartier.promises.queries import open_about
from quartier.team.access import of_account, system
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db


def do(client, request, **given):
    return client.post(f"{page_of(request)}do/", given, follow=True).content.decode()


def close(client, request, **given):
    return client.post(f"{page_of(request)}close/", given, follow=True).content.decode()


@pytest.fixture
def visit(desk, request_, youssef, tuesday):
    """Tomorrow at ten, by Youssef."""
    do(desk, request_, do="accept", volunteer=youssef.pk)
    found = Assignment.objects.get()
    found.comes_from = tuesday + timedelta(days=1)
    found.comes_until = found.comes_from + timedelta(hours=1)
    found.save()
    return found


def in_human(request, why):
    Request.objects.filter(pk=request.pk).update(state="human", why_human=why, next_at=None)
    request.refresh_from_db()


# ---- before it is done ----


def test_a_yes_is_not_lost_by_one_press(desk, request_, visit):
    text = do(desk, request_, do="could_not", failure="cannot_go", assignment=visit.pk)
    assert "Youssef has said yes for" in text
    visit.refresh_from_db()
    assert visit.state == "accepted"
    do(desk, request_, do="could_not", failure="cannot_go", assignment=visit.pk, sure="1")
    visit.refresh_from_db()
    assert visit.state == "failed"


def test_once_its_time_has_passed_nothing_is_asked(desk, request_, visit):
    with clock.stopped_at(visit.comes_until + timedelta(minutes=1)):
        do(desk, request_, do="could_not", failure="nobody_home", assignment=visit.pk)
    visit.refresh_from_db()
    assert visit.state == "failed"


def test_what_was_promised_is_not_kept_by_one_press(desk, request_):
    in_human(request_, "words")
    owed = open_about("request", request_.pk).due_at
    text = do(desk, request_, do="contact")
    assert "heard from one of us?" in text
    assert open_about("request", request_.pk).due_at == owed
    assert "they have heard from us" in do(desk, request_, do="contact", sure="1")
    assert open_about("request", request_.pk).due_at != owed


def test_nobody_is_said_to_be_looked_for_where_the_door_stayed_closed(desk, request_, visit):
    text = do(desk, request_, do="could_not", failure="nobody_home", assignment=visit.pk, sure="1")
    assert "We are looking for someone else" not in text
    assert "it is with the team" in text
    request_.refresh_from_db()
    assert request_.state == "human"


# ---- opened again ----


@pytest.mark.parametrize("why", ["words", "moderation", "asked"])
def test_what_nobody_had_read_is_read_first_when_it_is_opened_again(desk, request_, why, tuesday):
    in_human(request_, why)
    waits = request_.waiting_since
    with clock.stopped_at(tuesday + timedelta(hours=2)):
        close(desk, request_, closure="fulfilled")
        text = close(desk, request_, do="reopen")
    assert "one of us reads it first" in text
    assert "looking for neighbours, first" not in text
    request_.refresh_from_db()
    assert (request_.state, request_.why_human, request_.next_at) == ("human", why, None)
    assert request_.waiting_since == waits


def test_what_was_read_is_looked_for_and_its_wait_goes_on(desk, request_, thomas, tuesday):
    in_human(request_, "words")
    cases.look_again(actor=of_account(thomas), request=request_)
    waits = request_.waiting_since
    with clock.stopped_at(tuesday + timedelta(hours=2)):
        close(desk, request_, closure="fulfilled")
        assert "looking for neighbours, first" in close(desk, request_, do="reopen")
    request_.refresh_from_db()
    assert (request_.state, request_.waiting_since) == ("open", waits)


def test_after_a_visit_the_wait_begins_anew(desk, request_, visit):
    later = visit.comes_until + timedelta(hours=1)
    with clock.stopped_at(later):
        do(desk, request_, do="done", assignment=visit.pk)
        close(desk, request_, do="reopen")
    request_.refresh_from_db()
    assert (request_.state, request_.waiting_since) == ("open", later)


# ---- a search that would end at once ----


def test_where_nobody_can_be_asked_it_stays_with_the_team_and_its_hour_holds(desk, request_):
    cases.ask_human(actor=system(request_.organisation), request=request_, why="none_near")
    Volunteer.objects.update(state="left")
    request_.refresh_from_db()
    before, owed = request_.promised_at, open_about("request", request_.pk)
    text = do(desk, request_, do="look_again")
    assert "We are looking for neighbours now." not in text
    assert "No neighbours can be asked now" in text
    request_.refresh_from_db()
    assert (request_.state, request_.why_human, request_.promised_at) == ("human", "none_near", before)
    now_owed = open_about("request", request_.pk)
    assert (now_owed.due_at, now_owed.needs_team) == (owed.due_at, owed.needs_team)


def test_where_somebody_can_be_asked_it_is_looked_for(desk, request_):
    cases.ask_human(actor=system(request_.organisation), request=request_, why="nobody")
    assert "We are looking for neighbours now." in do(desk, request_, do="look_again")
    request_.refresh_from_db()
    assert request_.state == "open"


# ---- how far away, and whom a search finds ----


def test_how_far_away_somebody_lives_is_said_once(desk, request_, youssef):
    seen = desk.get(f"{page_of(request_)}?candidates=1")
    (row,) = [one for one in seen.context["ranked"] if one.ranked.volunteer.pk == youssef.pk]
    away = row.why.split(",")[0]
    do(desk, request_, do="ask", volunteer=youssef.pk)
    (offer,) = desk.get(page_of(request_)).context["offers"]
    assert offer["why"].split(",")[0] == away
    assert "km" not in away


def test_a_name_for_which_places_are_found_is_said_not_to_be_searched(desk):
    said = "Names are sealed and cannot be searched"
    search = "/en/console/search/"
    for typed in ("Ixeles", "Ixell", "Ixelles"):
        like_a_name = desk.post(search, {"q": typed})
        assert like_a_name.context["found"].places
        assert said in like_a_name.content.decode()
    assert said not in desk.post(search, {"q": "1050"}).content.decode()

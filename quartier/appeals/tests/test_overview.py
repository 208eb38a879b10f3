"""Where help is missing and who has little to do: what a coordinator sees before making an appeal."""

from datetime import timedelta

import pytest
from django.test import Client

from quartier.appeals import queries
from quartier.appeals.models import Appeal
from quartier.appeals.tests.conftest import ANDERLECHT
from quartier.cases.models import Request
from quartier.people.models import Volunteer
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db
BOARD = "/en/console/"


@pytest.fixture
def desk(thomas):
    client = Client()
    client.force_login(thomas)
    return client


@pytest.fixture
def in_vain(asked):
    """Neighbours were asked in vain for somebody in Anderlecht who speaks Turkish."""
    request = asked("groceries", at=ANDERLECHT, languages=["tr"]).requests[0]
    Request.objects.filter(pk=request.pk).update(state="human", why_human="nobody", next_at=None)
    return request


def test_gaps_are_counted_by_place_kind_and_language(organisation, tuesday, asked, in_vain, idle, there):
    asked("groceries", name="Anna B", at=ANDERLECHT, languages=["tr"])
    asked("talk", name="Jan C")
    idle(2, languages=["tr", "fr"])
    idle(3)
    found = queries.gaps(organisation, tuesday)
    said = [
        (gap.area, gap.kind.code, gap.language and gap.language.code, gap.waiting, gap.idle) for gap in found
    ]
    assert said[0] == (there, "groceries", "tr", 2, 2)
    # Help by phone can come from anywhere.
    assert said[1][1:] == ("talk", None, 1, 5)
    (only,) = queries.gaps(organisation, tuesday, only_nobody=True)
    assert only.waiting == 1


def test_who_has_little_to_do(organisation, tuesday, idle, elsewhere, volunteer, made):
    rows = idle(4)
    volunteer("Griet", org=elsewhere)
    Volunteer.objects.filter(pk=rows[0].pk).update(state="paused")
    Volunteer.objects.filter(pk=rows[1].pk).update(asked_total=3)
    assert queries.idle_count(organisation, 30, tuesday) == queries.Idle(active=3, idle=3, never=2)
    Volunteer.objects.filter(pk=rows[2].pk).update(open_count=1)
    assert queries.idle_count(organisation, 30, tuesday).idle == 2


def test_a_visit_lately_is_no_idleness(organisation, tuesday, idle, asked):
    from quartier.matching import actions as matching
    from quartier.team.access import of_account, system
    from quartier.visits import actions as visits

    (one,) = idle()
    request = asked("groceries").requests[0]
    offer = matching.offer_by_hand(actor=system(organisation), request=request, volunteer=one)
    visit = visits.accept_offer(actor=of_account(one.person.account), offer=offer).assignment
    visits.done(actor=of_account(one.person.account), assignment=visit)
    assert queries.idle_count(organisation, 30, tuesday).idle == 0
    Assignment.objects.update(accepted_at=tuesday - timedelta(days=31))
    assert queries.idle_count(organisation, 30, tuesday).idle == 1
    assert queries.idle_count(organisation, 60, tuesday).idle == 0


def test_the_line_says_which_language_is_short(organisation, lotte, thomas):
    found = {row.language.code: row for row in queries.line_short(organisation)}
    assert set(found) == {"fr", "nl", "de", "en"}
    assert found["nl"].operators == 1
    assert found["fr"].operators == 0


def test_whoever_is_suspended_answers_no_call(organisation, youssef):
    youssef.person.account.roles.create(organisation=organisation, name="operator")
    count = lambda: sum(row.operators for row in queries.line_short(organisation))  # noqa: E731
    assert count() > 0
    Volunteer.objects.update(state=Volunteer.State.SUSPENDED)
    assert count() == 0


def test_the_board_proposes_where_neighbours_were_asked_in_vain(desk, in_vain, idle, lotte, there):
    assert 'class="proposed"' not in desk.get(BOARD).content.decode()
    from django.core.cache import cache

    cache.clear()
    idle(2, languages=["tr", "fr"])
    for _remembered in range(2):
        page = desk.get(BOARD).content.decode()
        assert 'class="proposed"' in page
        assert "Turkish" in page
        assert "2 volunteers who have little to do could be asked." in page
    operator = Client()
    operator.force_login(lotte)
    assert 'class="proposed"' not in operator.get(BOARD).content.decode()
    # Nothing is sent by itself.
    assert not Appeal.objects.exists()


def test_what_was_asked_for_lately_is_not_proposed_again(organisation, tuesday, in_vain, idle, made):
    idle(2, languages=["tr", "fr"])
    assert queries.proposal(organisation, tuesday) is not None
    made(kind="groceries", language="tr", send=False)
    assert queries.proposal(organisation, tuesday) is None

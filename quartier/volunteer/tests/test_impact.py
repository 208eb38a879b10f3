"""What a volunteer did: the figures, the dates, the thanks; nothing of it says who was helped."""

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.people.models import Volunteer
from quartier.team.access import of_account, system
from quartier.visits import actions as visits
from quartier.visits.models import Assignment, Thanks
from quartier.visits.queries import Deed
from quartier.volunteer import milestones

BRUSSELS = ZoneInfo("Europe/Brussels")
PAGE = "/en/volunteer/impact/"


@pytest.fixture
def helped(tuesday, asked):
    """Somebody helps somebody, on such a day: `helped(youssef, "Marie Peeters", days_ago=3)`."""

    def make(volunteer, name="Marie Peeters", days_ago=0, kind="groceries"):
        request = asked(kind, name=name).requests[0]
        offer = matching.offer_by_hand(
            actor=system(request.organisation), request=request, volunteer=volunteer
        )
        answer = visits.accept_offer(actor=of_account(volunteer.person.account), offer=offer)
        visits.done(actor=of_account(volunteer.person.account), assignment=answer.assignment)
        at = tuesday - timedelta(days=days_ago)
        Assignment.objects.filter(pk=answer.assignment.pk).update(
            ended_at=at, on_way_at=at - timedelta(minutes=60)
        )
        return request.case

    return make


@pytest.mark.django_db
def test_the_figures(signed_in, youssef, helped):
    page = signed_in(youssef.person.account)
    assert "Nothing yet" in page.get(PAGE).content.decode()
    for number, name in enumerate(["Marie Peeters", "Marie Peeters", "Anna Claes"]):
        helped(youssef, name, days_ago=7 * number)
    shown = page.get(PAGE)
    said = {name: shown.context[name] for name in ("visits", "people", "hours", "weeks")}
    assert said == {"visits": 3, "people": 2, "hours": 3, "weeks": 3}
    assert "weeks in a row" in shown.content.decode()
    assert int(shown["Quartier-Keep"]) > clock.now().timestamp()


@pytest.mark.django_db
def test_nothing_says_who_was_helped(signed_in, youssef, helped):
    helped(youssef, "Zénobie Plantevin")
    page = signed_in(youssef.person.account).get(PAGE).content.decode()
    for word in ("Zénobie", "Plantevin", "Rue du Page", "Ixelles"):
        assert word not in page


@pytest.mark.django_db
def test_what_few_did_together_is_not_said(signed_in, volunteer, youssef, helped):
    page = signed_in(youssef.person.account)
    others = [volunteer(f"Other{number}", capacity=9) for number in range(4)]
    for number, one in enumerate([youssef, *others[:3]]):
        helped(one, f"Person{number} P")
    assert page.get(PAGE).context["together"] is None
    helped(others[3], "Person0 P")
    # Five visits by five, and four people were helped: still too few.
    assert page.get(PAGE).context["together"] is None
    helped(others[3], "Person9 P")
    together = page.get(PAGE).context["together"]
    assert (together.visits, together.people, together.helpers) == (6, 5, 5)
    # What was done the month before does not count.
    Assignment.objects.update(ended_at=clock.now() - timedelta(days=40))
    assert page.get(PAGE).context["together"] is None


@pytest.mark.django_db
def test_dates_can_be_hidden(signed_in, youssef, helped):
    helped(youssef)
    page = signed_in(youssef.person.account)
    assert "First visit" in page.get(PAGE).content.decode()
    page.post(PAGE, {"do": "hide"})
    assert "First visit" not in page.get(PAGE).content.decode()
    page.post(PAGE, {"do": "show"})
    assert "First winter" in page.get(PAGE).content.decode()
    assert page.post(PAGE, {"do": "else"}).status_code == 404


@pytest.mark.django_db
def test_a_thank_you_reaches_the_volunteer_without_a_name(client, signed_in, youssef, helped):
    from quartier.cases import actions as cases

    case = helped(youssef)
    from django.urls import reverse

    where = reverse("status_tell", args=[cases.issue_link(case=case, person=case.person)])
    assert 'name="thanks"' in client.get(where).content.decode()
    written = Message.objects.count()
    for _twice in range(2):
        assert client.post(where, {"thanks": "company", "words": ""})["Location"].endswith("?done=thanks")
    assert Thanks.objects.count() == 1
    assert Message.objects.count() == written
    page = signed_in(youssef.person.account).get(PAGE).content.decode()
    assert "Thank you for the company." in page
    assert "Marie" not in page
    # Words of her own go to the team, and not to the volunteer's page.
    client.post(where, {"words": "Mille fois merci", "thanks": "helped"})
    page = signed_in(youssef.person.account).get(PAGE).content.decode()
    assert "Mille fois" not in page
    assert "Thank you, that helped me a lot." in page


@pytest.mark.django_db
def test_without_a_visit_there_is_nobody_to_thank(client, asked, tuesday):
    from django.urls import reverse

    from quartier.cases import actions as cases

    case = asked().case
    where = reverse("status_tell", args=[cases.issue_link(case=case, person=case.person)])
    assert 'name="thanks"' not in client.get(where).content.decode()
    assert client.post(where, {"thanks": "company"}).status_code == 422 or not Thanks.objects.exists()


@pytest.mark.django_db
def test_who_is_suspended_sees_nothing(signed_in, youssef):
    page = signed_in(youssef.person.account)
    Volunteer.objects.update(state="suspended")
    assert page.get(PAGE).status_code == 403


@pytest.mark.django_db
def test_the_page_takes_the_same_queries_for_one_and_for_many(
    signed_in, youssef, helped, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page = signed_in(youssef.person.account)
    helped(youssef)
    page.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        page.get(PAGE)
    for number in range(5):
        helped(youssef, f"Somebody{number} Else")
    with django_assert_num_queries(len(few)):
        page.get(PAGE)
    assert len(few) <= 8
    assert Offer.made.count() == 6


days = st.dates(date(2020, 1, 1), date(2027, 1, 1))


def deed(day, person=None, remote=False, area=1):
    at = datetime(day.year, day.month, day.day, 12, tzinfo=BRUSSELS)
    return Deed(at, 30, "talk" if remote else "groceries", remote, person or uuid4(), area, 0, "")


@given(st.lists(days, max_size=60))
def test_dates_once_reached_stay_as_they_are(found):
    """One more visit never changes a date, nor takes one away."""
    found.sort()
    before = {
        str(one.name): one.on for one in milestones.milestones([deed(day) for day in found[:-1]], BRUSSELS)
    }
    after = {str(one.name): one.on for one in milestones.milestones([deed(day) for day in found], BRUSSELS)}
    assert before.items() <= after.items()
    assert all(on in found for on in after.values())


@given(st.lists(days, max_size=40))
def test_weeks_in_a_row(found):
    run = milestones.longest_run(found)
    weeks = {day - timedelta(days=day.weekday()) for day in found}
    assert any({week + timedelta(days=7 * number) for number in range(run)} <= weeks for week in weeks) or (
        run == 0 and not weeks
    )
    assert not any(
        {week + timedelta(days=7 * number) for number in range(run + 1)} <= weeks for week in weeks
    )


def test_three_neighbours_in_one_quarter():
    three = [deed(date(2026, 7, day), area=area) for day, area in ((1, 1), (2, 2), (3, 1), (4, 1))]
    found = {one.icon: one.on for one in milestones.milestones(three, BRUSSELS)}
    assert found["pin"] == date(2026, 7, 4)
    assert "flake" not in found

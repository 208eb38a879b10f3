"""The first hour that is promised to somebody who asks: the team is there, or the search keeps it by itself."""

from datetime import date, timedelta

import pytest

from quartier.cases import actions as cases
from quartier.cases.rules import Wanted
from quartier.intake import actions as intake
from quartier.lib import choices, clock
from quartier.messaging import stops
from quartier.promises.models import Promise
from quartier.rota import actions as rota
from quartier.rota.actions import ShiftSpec
from quartier.team.access import of_account
from quartier.telephony.models import LineSettings
from quartier.telephony.queries import next_team_hour

pytestmark = pytest.mark.django_db


def hour(opened):
    """Of the row and of the board, which say the same."""
    request = opened.requests[0]
    request.refresh_from_db()
    promise = Promise.objects.get(subject_id=request.pk, outcome="")
    assert request.promised_at == promise.due_at
    return promise.due_at.astimezone(request.organisation.zone).strftime("%d.%m. %H")


@pytest.fixture
def eve(tuesday):
    """The evening before Easter Monday, which is a public holiday."""
    clock.set_time(tuesday.replace(month=3, day=28, hour=17))


# Who can only be called hears from one of the team alone; what is read by one of us first, too.
OWED_BY_TEAM = [{"channel": "call"}, {"kind": "other"}]


@pytest.mark.parametrize("wanted", OWED_BY_TEAM)
@pytest.mark.parametrize("on_holidays", [True, False])
def test_not_on_a_public_holiday_where_the_line_is_closed(asked, organisation, eve, wanted, on_holidays):
    LineSettings.objects.create(organisation=organisation, open_on_holidays=on_holidays)
    assert hour(asked(**wanted)) == ("29.03. 09" if on_holidays else "30.03. 09")


@pytest.mark.parametrize("wanted", OWED_BY_TEAM)
def test_not_while_the_line_is_closed_by_hand(asked, organisation, tuesday, wanted):
    until = tuesday + timedelta(days=2)
    LineSettings.objects.create(organisation=organisation, closed_until=until)
    # It opens again on Thursday at eleven.
    assert hour(asked(**wanted)) == "14.01. 12"


def test_not_where_nobody_is_on_duty_for_who_has_written_stop(asked, organisation, thomas, sara, tuesday):
    rota.save_shift(actor=of_account(sara), spec=ShiftSpec(thomas, 9, 13, day=date(2027, 1, 13)))
    opened = asked()
    assert hour(opened) == "12.01. 15"
    person = opened.case.person
    stops.stop(organisation=organisation, index=person.phone_index, people=[person])
    assert hour(asked("meal")) == "13.01. 10"


@pytest.mark.parametrize("wanted", OWED_BY_TEAM)
def test_not_where_nobody_is_on_duty(asked, thomas, sara, tuesday, wanted):
    spec = ShiftSpec(thomas, 9, 13, day=date(2027, 1, 13))
    rota.save_shift(actor=of_account(sara), spec=spec)
    assert hour(asked(**wanted)) == "13.01. 10"


@pytest.mark.parametrize("wanted", OWED_BY_TEAM)
def test_not_on_days_on_which_everybody_is_away(asked, organisation, thomas, sara, tuesday, wanted):
    """Nobody has planned duty; while one of them is there, an hour of that day can be kept."""
    for account, last, said in ((thomas, 15, "12.01."), (sara, 13, "14.01. 09")):
        rota.add_absence(
            actor=of_account(account), account=account, starts_on=tuesday.date(), ends_on=date(2027, 1, last)
        )
        organisation.refresh_from_db()
        opened = asked(**wanted, name=f"Marie {last}", org=organisation)
        assert hour(opened).startswith(said)
    # Broken, it is promised anew for such a day too.
    rota.add_absence(
        actor=of_account(sara), account=sara, starts_on=date(2027, 1, 14), ends_on=date(2027, 1, 14)
    )
    organisation.refresh_from_db()
    again = next_team_hour(organisation, tuesday + timedelta(hours=3), weekends=False)
    assert again.astimezone(organisation.zone).strftime("%d.%m. %H") == "15.01. 09"


def test_on_duty_while_the_line_is_closed_is_no_hour_either(asked, organisation, thomas, sara, eve):
    LineSettings.objects.create(organisation=organisation, open_on_holidays=False)
    for day in (29, 30):
        rota.save_shift(actor=of_account(sara), spec=ShiftSpec(thomas, 9, 13, day=date(2027, 3, day)))
    assert hour(asked("other")) == "30.03. 10"


def test_the_search_keeps_its_news_by_itself(asked, organisation, thomas, sara, eve):
    """Neighbours are asked on a holiday too, and somebody who can be written to hears of it."""
    LineSettings.objects.create(organisation=organisation, open_on_holidays=False)
    assert hour(asked()) == "29.03. 09"


def test_more_that_is_asked_on_the_phone(asked, lotte, organisation, eve):
    LineSettings.objects.create(organisation=organisation, open_on_holidays=False)
    opened = asked(channel="call")
    contact = intake.record_contact(actor=of_account(lotte), person=opened.case.person, channel="phone")
    wanted = [Wanted("groceries", choices.mask(choices.LANGUAGES, ["fr"]))]
    (request,) = cases.add_requests(actor=of_account(lotte), case=opened.case, contact=contact, wanted=wanted)
    due_at = Promise.objects.get(subject_id=request.pk).due_at
    assert due_at == request.promised_at
    assert due_at.astimezone(organisation.zone).strftime("%d.%m. %H") == "30.03. 09"

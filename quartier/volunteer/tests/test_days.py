"""My next weeks: what was promised and what comes each time, day by day, and never who or where exactly."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from quartier.lib.rhythm import simple
from quartier.matching import actions as matching
from quartier.team.access import of_account
from quartier.visits import actions as visits
from quartier.visits.models import NotThisTime, Regular

pytestmark = pytest.mark.django_db
BRUSSELS = ZoneInfo("Europe/Brussels")
THURSDAY = date(2027, 1, 14)


def test_the_days_on_which_i_go(client, asked, youssef, nadia, organisation, tuesday):
    weekly = asked(
        "groceries",
        window_from=datetime(2027, 1, 14, 10, tzinfo=BRUSSELS),
        window_until=datetime(2027, 1, 14, 12, tzinfo=BRUSSELS),
        rhythm=simple("week", THURSDAY),
    ).requests[0]
    me = of_account(youssef.person.account)
    offer = matching.offer_by_hand(actor=me, request=weekly, volunteer=youssef)
    visits.accept_offer(actor=me, offer=offer)
    regular, _new = Regular.objects.get_or_create(
        organisation=organisation, series=weekly.series, volunteer=youssef, defaults={"since": tuesday}
    )
    NotThisTime.objects.create(organisation=organisation, regular=regular, day=date(2027, 1, 28))
    client.force_login(youssef.person.account)
    assert "/en/volunteer/days/" in client.get("/en/volunteer/").content.decode()
    page = client.get("/en/volunteer/days/")
    assert [day for day, _times in page.context["days"]] == [
        THURSDAY, date(2027, 1, 21), date(2027, 2, 4),
    ]  # fmt: skip
    words = page.content.decode()
    assert "As every time." in words
    assert "Ixelles" in words
    for secret in ("Marie", "Peeters", "Rue du Page", "sonnette"):
        assert secret not in words
    client.force_login(nadia.person.account)
    assert not client.get("/en/volunteer/days/").context["days"]

"""What a volunteer did, on a phone: it can be read without a network, and nothing of it is wider than the phone."""

import os
from datetime import timedelta

import pytest

from quartier.matching import actions as matching
from quartier.team.access import of_account, system
from quartier.visits import actions as visits
from quartier.visits.models import Assignment, Thanks
from tests.browsing import axe_options

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("django_db_setup"),
]


@pytest.fixture
def half_a_year(tuesday, volunteer, asked):
    """Youssef has helped many people since summer; his neighbours help too."""
    youssef = volunteer("Youssef", capacity=20)
    others = [volunteer(f"Neighbour{number}", capacity=20) for number in range(5)]
    for number in range(14):
        one = youssef if number < 9 else others[number - 9]
        request = asked("talk" if number == 3 else "groceries", name=f"P{number % 11} Q").requests[0]
        offer = matching.offer_by_hand(actor=system(request.organisation), request=request, volunteer=one)
        actor = of_account(one.person.account)
        visit = visits.accept_offer(actor=actor, offer=offer).assignment
        visits.done(actor=actor, assignment=visit)
        ended = tuesday - timedelta(days=18 * number if number < 9 else 1)
        Assignment.objects.filter(pk=visit.pk).update(ended_at=ended)
        if number < 3:
            Thanks.objects.create(
                organisation=visit.organisation, assignment=visit, said=["helped", "helped", "company"][number],
                at=ended,
            )  # fmt: skip
    return youssef


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_it_is_there_without_a_network(handset, half_a_year, language):
    from axe_playwright_python.sync_playwright import Axe

    context = handset(half_a_year.person.account)
    page = context.new_page()
    page.goto(f"/{language}/volunteer/impact/")
    page.evaluate("() => navigator.serviceWorker.ready")
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not [each["id"] for each in Axe().run(page, options=axe_options()).response["violations"]]
    if folder := os.environ.get("QUARTIER_PICTURES"):
        page.screenshot(path=f"{folder}/impact-{language}.png", full_page=True)
    assert page.locator(".figures dd").first.inner_text() == "9"
    context.set_offline(True)
    page.reload()
    assert page.locator(".figures dd").first.inner_text() == "9"
    context.set_offline(False)

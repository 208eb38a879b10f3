"""j, k and o reach everything that waits on the board: calls to make and to give back, forms that were begun."""

from datetime import timedelta
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from quartier.cases.models import Request
from quartier.console.tests.line_scene import Line
from quartier.intake import actions as intake
from quartier.intake.models import Draft
from quartier.lib import clock
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOCUSED = "document.activeElement.innerText.trim().replace(/\\s+/g, ' ')"


@pytest.fixture
def begun(organisation):
    """A form in which somebody has written, some minutes ago."""

    def make(account, minutes, words, **more):
        draft = intake.start_draft(
            organisation=organisation, form=Draft.Form.INTAKE, actor=of_account(account)
        )
        answers = {"phone": "+3220001428", "words": words, **more}
        intake.save_draft(draft_id=draft.pk, answers=answers)
        Draft.objects.filter(pk=draft.pk).update(updated_at=clock.now() - timedelta(minutes=minutes))
        return draft

    return make


def test_each_is_reached_by_its_key(
    at_desk, thomas, lotte, organisation, places, asked, begun, settings, tuesday
):
    settings.LINE_WSS = "wss://line.example.org"
    line = Line(organisation)
    line.ends(line.calls("+3220001429"), outcome="abandoned", ring_back=True, why="missed")
    failed = asked("groceries", name="Berta").requests[0]
    visits.end_request(actor=system(organisation), request=failed, closure=Request.Closure.NEGLECTED)
    asked("groceries", name="Anna")
    Request.objects.exclude(pk=failed.pk).update(state="human", why_human="nobody", next_at=None)
    being_written = begun(lotte, 1, "Elle dit qu'elle veut mourir")
    left = begun(lotte, 30, "Il lui faut du pain")
    page = at_desk(thomas, "/en/console/")
    seen = []
    for _ in range(5):
        page.keyboard.press("j")
        seen.append(page.evaluate(FOCUSED))
    assert seen[:4] == [
        "1 person we failed, and have not called",
        "1 person to call back",
        "is writing now",
        "I’ll carry on with it",
    ]
    assert seen[4].startswith("Decide")
    assert Draft.objects.get(pk=being_written.pk).account == lotte
    page.keyboard.press("k")
    page.keyboard.press("o")
    page.wait_for_url(f"**/take/{left.pk}/")
    assert Draft.objects.get(pk=left.pk).account == thomas
    page.goto(urljoin(page.url, "/en/console/"))
    # Back on the board the focus is where it was.
    for _ in range(4):
        page.keyboard.press("k")
    page.keyboard.press("o")
    page.wait_for_url("**/console/calls/#failed")


def test_finish_later_gives_the_form_back(at_desk, lotte, thomas, places):
    page = at_desk(lotte, "/en/console/take/")
    page.fill("#phone", "02 000 14 28")
    page.keyboard.press("Enter")
    page.locator("#intake.is-live").wait_for()
    page.fill("#id_words", "Elle dit qu'elle veut mourir")
    page.keyboard.press("Alt+l")
    page.wait_for_url("**/console/take/")
    assert Draft.objects.get().answers["words"] == "Elle dit qu'elle veut mourir"
    other = at_desk(thomas, "/en/console/")
    expect(other.get_by_role("button", name="I’ll carry on with it")).to_be_visible()
    expect(other.get_by_text("is writing now")).to_have_count(0)

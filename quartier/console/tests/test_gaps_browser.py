"""What stands beside something stands on its line, and what stands above it does not touch it."""

# ruff: noqa: F401, F811 (fixtures of another room)

import pytest

from quartier.followup.tests.conftest import agreed, pass_time

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def middle(box):
    return box["y"] + box["height"] / 2


def test_the_buttons_of_a_round_do_not_touch_what_is_below(at_desk, agreed, thomas, tuesday):
    agreed(1, channel="text")
    page = at_desk(thomas, "/fr/console/checks/new/", width=1366)
    page.get_by_label("Canicule").check(force=True)
    page.get_by_role("button", name="Voir ce que cela demande").click()
    page.get_by_role("button", name="Lancer maintenant").click()
    button = page.get_by_role("button", name="Mettre en pause").bounding_box()
    below = page.locator("#campaign .box").first.bounding_box()
    assert below["y"] - (button["y"] + button["height"]) >= 8


def test_what_the_messages_of_a_request_cost_stands_on_the_line_of_its_links(at_desk, thomas, asked, tuesday):
    request = asked("groceries").requests[0]
    page = at_desk(thomas, f"/fr/console/requests/{request.pk}/messages/", width=1366)
    cost = page.get_by_text("en tout").bounding_box()
    beside = page.locator(".board-head .rowlink").last.bounding_box()
    assert abs(middle(cost) - middle(beside)) <= 1

"""The page of regular help on a desk: one column, in which no heading is squeezed."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from quartier.cases.models import Series
from quartier.lib import rhythm

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST = date(2027, 1, 12)


@pytest.mark.parametrize("width", [320, 1366])
def test_the_page_of_regular_help_is_one_column(live_server, chromium, tuesday, asked, width):
    window = {"window_from": tuesday + timedelta(hours=3), "window_until": tuesday + timedelta(hours=5)}
    opened = asked("groceries", rhythm=rhythm.simple("week", FIRST), **window)
    with translation.override("nl"):
        address = reverse("status_series", args=[opened.token, Series.objects.get().pk])
    context = chromium.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"{live_server.url}{address}")
    edges = page.eval_on_selector_all(
        "main h1, main .lead, main section",
        "all => all.map(one => Math.round(one.getBoundingClientRect().left))",
    )
    # "Boodschappen," is a word of the heading, and whole.
    lines = page.evaluate(
        """() => {
            const text = document.querySelector("main h1").firstChild, range = document.createRange();
            range.setStart(text, 0);
            range.setEnd(text, text.data.indexOf(","));
            return range.getClientRects().length;
        }"""
    )
    # Beside each time its button, or below each, never one so and the next otherwise.
    buttons = page.eval_on_selector_all(
        "main li form", "all => all.map(one => Math.round(one.getBoundingClientRect().right))"
    )
    context.close()
    assert len(set(edges)) == 1
    assert len(set(buttons)) == 1
    assert lines == 1

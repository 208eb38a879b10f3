"""Her pages at twice their size on a phone: nothing leaves the screen sideways, and no code word is torn."""

import pytest

from quartier.matching import actions as matching
from quartier.team.access import of_account
from quartier.visits import actions as visits

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
# The plate has two lines of padding and less; a word that is torn has two of its own.
LINES = "el => el.offsetHeight / parseFloat(getComputedStyle(el).lineHeight)"


def test_her_pages_at_twice_their_size(live_server, chromium, tuesday, asked, youssef):
    opened = asked("groceries", urgency="day", details="Du lait")
    offer = next(iter(matching.send_wave(request_id=opened.requests[0].id)))
    coming = visits.accept_offer(actor=of_account(youssef.person.account), offer=offer).assignment
    coming.code_word = "Streichholz"
    coming.save(update_fields=["code_word"])
    # Zoomed to 200%, such a phone has half of its pixels.
    context = chromium.new_context(viewport={"width": 195, "height": 422}, device_scale_factor=2)
    page = context.new_page()
    wide = []
    for language in ("fr", "nl", "de", "en"):
        home = f"{live_server.url}/{language}/status/{opened.token}/"
        page.goto(home)
        assert page.locator(".word").evaluate(LINES) < 3
        behind = page.eval_on_selector_all("main a[href*='/status/']", "all => all.map(one => one.href)")
        for address in (home, *(each for each in dict.fromkeys(behind) if not each.endswith("/paper/"))):
            if ".pdf" in address:
                continue
            page.goto(address)
            if page.evaluate("document.documentElement.scrollWidth") > 195:
                wide.append(address.removeprefix(live_server.url))
    context.close()
    assert not wide

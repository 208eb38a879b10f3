"""On a phone of 360 pixels no word of a visit is broken in its middle, in the languages with the long words."""

import os

import pytest
from django.urls import reverse
from django.utils import translation

from quartier.cases.models import Request
from quartier.lib import choices
from quartier.matching import actions as matching
from quartier.shopping import actions as shopping
from quartier.shopping.rules import Wishes
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("django_db_setup"),
]
# Every word that stands on more than one line, of those that are seen.
BROKEN = """() => {
  const found = [], seen = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (seen.nextNode()) {
    const node = seen.currentNode, box = node.parentElement;
    if (!box.checkVisibility() || box.closest(".vh, script, style, svg, [hidden]")) continue;
    for (const word of node.data.matchAll(/[^\\s]+/g)) {
      const range = document.createRange();
      range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map((each) => Math.round(each.top)));
      if (lines.size > 1) found.push(word[0]);
    }
  }
  return found;
}"""


@pytest.mark.parametrize("language", ["nl", "de"])
def test_no_word_is_broken(handset, wave, youssef, language):
    request = wave["request"]
    request.case.address = "Minderbroedersstraat 8"
    request.case.save()
    Request.objects.filter(pk=request.pk).update(languages=choices.mask(choices.LANGUAGES, ["nl"]))
    request.refresh_from_db()
    wishes = Wishes(
        "2 volkorenbroden\nKattenbrokjes (de blauwe)\nWaschmittel für Wollpullover", "Delhaize", "ask"
    )
    shopping.write(actor=system(request.organisation), request=request, wishes=wishes)
    offer = request.offers.get(volunteer=youssef)
    page = handset().new_page()
    page.set_viewport_size({"width": 360, "height": 780})
    with translation.override(language):
        address = reverse("offer_link", args=[matching.token_of(offer)])
    broken = {}
    for step in ("offer", "visit"):
        page.goto(address)
        page.wait_for_load_state()
        page.evaluate("document.fonts.ready")
        broken[step] = page.evaluate(BROKEN)
        if folder := os.environ.get("QUARTIER_PICTURES"):
            page.screenshot(path=f"{folder}/{step}-{language}.png", full_page=True)
        if step == "offer":
            visits.accept_offer(actor=of_account(youssef.person.account), offer=offer)
    assert broken == {"offer": [], "visit": []}

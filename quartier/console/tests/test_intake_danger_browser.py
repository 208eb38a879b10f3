"""Words of danger typed on the form bring the numbers beside it, and take them away again."""

import pytest
from playwright.sync_api import expect

from quartier.alerts.models import Alert
from quartier.cases.models import Case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_hint_comes_and_goes_with_the_words(at_desk, lotte, places, tuesday):
    page = at_desk(lotte, "/fr/console/take/", width=390)
    page.locator("[name=phone]").first.fill("02 000 14 99")
    page.keyboard.press("Enter")
    words = page.locator("#intake [name=words]")
    words.fill("Elle dit qu'elle veut mourir")
    hint = page.get_by_text("Ces mots peuvent signifier que quelqu’un est en danger.")
    expect(hint).to_be_visible()
    expect(page.locator("#typed-danger a[href='tel:112']")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    words.fill("Elle n'a plus de pain")
    expect(hint).to_be_hidden()


def test_words_typed_before_the_script_is_there_are_heard_when_it_comes(at_desk, lotte, places, tuesday):
    page = at_desk(lotte, "/fr/console/take/", width=390)
    held = []
    page.route("**/console/intake*.js", lambda route: held.append(route))
    page.locator("[name=phone]").first.fill("02 000 14 99")
    page.keyboard.press("Enter")
    words = page.locator("#intake [name=words]")
    words.fill("Elle dit qu'elle veut mourir")
    expect(page.locator("#intake.is-live")).to_have_count(0)
    for route in held:
        route.continue_()
    expect(page.get_by_text("Ces mots peuvent signifier que quelqu’un est en danger.")).to_be_visible()
    page.unroute("**/console/intake*.js")
    page.reload()
    expect(words).to_have_value("Elle dit qu'elle veut mourir")


BOXES = """() => { const b = (s) => { const r = document.querySelector(s).getBoundingClientRect();
    return { top: r.top, bottom: r.bottom }; };
    return { hint: b("#typed-danger"), field: b("#intake [name=words]"), height: innerHeight }; }"""


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1000, 768), (360, 740)])
def test_the_hint_is_in_sight_and_covers_no_field(at_desk, lotte, places, tuesday, width, height):
    page = at_desk(lotte, "/nl/console/take/", width=width)
    page.set_viewport_size({"width": width, "height": height})
    page.locator("[name=phone]").first.fill("02 000 14 99")
    page.keyboard.press("Enter")
    words = page.locator("#intake [name=words]")
    words.focus()
    page.wait_for_timeout(150)
    before = page.evaluate(BOXES)["field"]["top"]
    page.keyboard.type("Ze wil niet meer leven")
    expect(page.locator("#typed-danger a[href='tel:112']")).to_be_visible()
    page.wait_for_timeout(150)
    seen = page.evaluate(BOXES)
    assert 0 <= seen["hint"]["top"] < seen["hint"]["bottom"] <= seen["height"] + 1
    assert seen["field"]["bottom"] <= seen["hint"]["top"] or width == 1366
    # It moves at most as far as it must to stay above the hint.
    assert (
        seen["field"]["top"] == pytest.approx(before, abs=1) or seen["field"]["bottom"] <= seen["hint"]["top"]
    )
    assert page.locator("#typed-danger").get_attribute("role") == "status"


def test_sent_by_key_it_asks_first_and_the_sentence_follows_the_language(at_desk, lotte, places, tuesday):
    page = at_desk(lotte, "/fr/console/take/")
    page.locator("[name=phone]").first.fill("02 000 14 99")
    page.keyboard.press("Enter")
    page.locator("#intake [name=caller_name]").fill("Marie Peeters")
    page.locator("#intake [name=language]").select_option("nl")
    shown = page.locator("#intake [data-consent=own]:visible")
    expect(shown).to_have_attribute("lang", "nl")
    page.locator("#intake [name=place]").fill("1050")
    page.locator("#intake [name=address]").fill("Rue du Page 42")
    page.locator("#id_kinds_0").press("Space")
    page.locator("#intake [name=consent]").press("Space")
    page.locator("#intake [name=words]").fill("Elle dit qu'elle veut mourir")
    page.keyboard.press("Alt+Enter")
    question = page.locator("#typed-danger [data-asks]")
    expect(question).to_be_focused()
    # The same key once more is no answer.
    page.keyboard.press("Alt+Enter")
    page.wait_for_timeout(500)
    assert not Case.objects.exists()
    expect(question).to_be_visible()
    page.locator("#typed-danger button[value=alert]").click()
    page.wait_for_url("**/done/")
    assert Alert.objects.get().person == Case.objects.get().person

"""At a laptop's width the header is one row, and no word of a choice is cut in two."""

import pytest

from quartier.console.tests.line_scene import Line

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Words that begin on one line and end on another, without a hyphen of their own.
FIND_CUT_WORDS = """() => {
    const found = [];
    for (const label of document.querySelectorAll("main .choice label")) {
        const texts = document.createTreeWalker(label, NodeFilter.SHOW_TEXT);
        for (let text; (text = texts.nextNode()); ) {
            for (const word of text.data.matchAll(/\\p{L}{2,},?/gu)) {
                const range = document.createRange();
                range.setStart(text, word.index);
                range.setEnd(text, word.index + word[0].length);
                const lines = new Set([...range.getClientRects()].map((each) => Math.round(each.top)));
                if (lines.size > 1) found.push(word[0]);
            }
        }
    }
    return found;
}"""


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_words_of_a_choice_stay_whole(at_desk, sara, asked, tuesday, language):
    case = asked("groceries").case
    for path in ("listening/services/new/", f"cases/{case.pk}/called/"):
        for width in (1366, 390):
            page = at_desk(sara, f"/{language}/console/{path}", width)
            assert page.locator("main .choice label").count() > 10
            assert page.evaluate(FIND_CUT_WORDS) == [], (path, width)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_header_is_one_row_with_a_line_and_a_long_name(
    at_desk, account, organisation, settings, tuesday, language
):
    settings.LINE_WSS = "wss://127.0.0.1:1"
    Line(organisation)
    head = account("Marie-Christine Vandenberghe", "admin")
    # The page where one is stands in the place of "More": the longest of its names too.
    for path in ("", "appeals/"):
        page = at_desk(head, f"/{language}/console/{path}", without="console/phone.js")
        # Fonts that no text has asked for yet are not waited for by `ready`.
        page.evaluate("Promise.all([...document.fonts].map((font) => font.load()))")
        assert page.locator(".deskbar .nav > li").count() == 8
        assert page.locator(".deskbar").bounding_box()["height"] < 60, path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        # Who is signed in and the way out stay in sight.
        assert page.locator(".me form").bounding_box()["x"] < 1366 - 40
        assert page.locator(".me > span").last.bounding_box()["width"] > 40

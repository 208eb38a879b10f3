"""The list of keys says what the buttons of the line and of the page of a call say, in every language."""

import re
from html.parser import HTMLParser

import pytest
from django.utils import translation

from quartier.console.line.shortcuts import CALL_PAGE_SHORTCUTS, INTAKE_SHORTCUTS, LINE_SHORTCUTS
from quartier.console.tests import test_line_words as words
from quartier.console.tests.test_intake import begin
from quartier.lib import clock
from quartier.telephony.actions import Tape
from quartier.telephony.models import LineSettings

pytestmark = pytest.mark.django_db
line, page = words.line, words.page
# These name whom they are about, once that is known.
ABOUT_SOMEBODY = {"line-complete", "line-end"}


class ButtonsWithKeys(HTMLParser):
    """`found`: key, id and words of each button with a key; neither the key nor what is not seen of two words."""

    def __init__(self, html):
        super().__init__()
        self.found, self.open, self.skipped = [], None, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "button" and "aria-keyshortcuts" in given:
            self.open = [given["aria-keyshortcuts"], given.get("id", ""), ""]
        elif self.skipped or tag in ("kbd", "svg") or given.get("class") in ("is-off", "vh"):
            self.skipped.append(tag)

    def handle_endtag(self, tag):
        if self.skipped and self.skipped[-1] == tag:
            self.skipped.pop()
        if tag == "button" and self.open:
            key, name, said = self.open
            self.found.append((key, name, " ".join(said.split())))
            self.open = None

    def handle_data(self, data):
        if self.open and not self.skipped:
            self.open[2] += data


def pages(page, line, lotte, thomas, language):
    """Every state of the bar in which it has keys, and the page of a call."""
    call = line.calls()
    line.rings(call, lotte)
    yield page(lotte, language, "line_bar")
    for state in ("bridged", "held", "consenting"):
        line.talks(call, lotte, state)
        yield page(lotte, language, "line_bar")
    line.talks(call, lotte, tape=Tape("on", clock.now().timestamp()))
    yield page(lotte, language, "line_bar")
    line.talks(call, lotte)
    yield page(lotte, language, "line_call", call)
    # Whoever helps in the call of a colleague.
    other = words.consults(line, lotte, thomas)
    yield page(lotte, language, "line_bar")
    line.stands(thomas, "in_call", call=other)
    yield page(thomas, language, "line_bar")
    line.ends(other, lotte)
    yield page(lotte, language, "line_bar")
    line.stands(lotte, "paused", reason="meal")
    yield page(lotte, language, "line_bar")


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_each_key_is_listed_with_the_words_of_its_button(page, line, lotte, thomas, organisation, language):
    LineSettings.objects.update_or_create(organisation=organisation, defaults={"records": True})
    with translation.override(language):
        listed = {
            one.keys: {str(label).replace("\u00a0", " ") for label in one.labels}
            for one in (*LINE_SHORTCUTS, *CALL_PAGE_SHORTCUTS)
        }
    seen, said = set(), []
    for html in pages(page, line, lotte, thomas, language):
        said.append(html)
        for key, name, text in ButtonsWithKeys(html).found:
            if not key.startswith("Alt+"):
                continue
            seen.add(key)
            assert key in listed, f"{key} ({text}) is not in the list of keys"
            assert text in listed[key] or name in ABOUT_SOMEBODY, f"{key}: {text}, listed as {listed[key]}"
    # None is listed that no button has; the kinds of the form are boxes, each with its digit.
    missing = set(listed) - seen - {"Alt+1-8", "1-9", "Alt+U", "Alt+Y"}
    assert not missing
    has_boxes(" ".join(said))


def has_boxes(html):
    for kind, key in (("checkbox", "1"), ("checkbox", "Y")):
        assert re.search(rf'type="{kind}"[^>]*aria-keyshortcuts="Alt\+{key}"', html)
    assert re.search(r'aria-keyshortcuts="Alt\+U" data-focus-within', html)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_page_of_a_request_lists_its_keys_and_has_them(desk, lotte, language):
    address = begin(desk).replace("/en/", f"/{language}/")
    html = desk.get(address).content.decode().replace("\u00a0", " ")
    has_boxes(html)
    shown = {key: text for key, _name, text in ButtonsWithKeys(html).found}
    listed = html[html.index('id="keys"') :].split("</dialog>")[0]
    with translation.override(language):
        for one in INTAKE_SHORTCUTS:
            assert one.text.replace("\u00a0", " ") in listed
            assert one.keys not in shown or shown[one.keys] == one.text.replace("\u00a0", " ")
    assert {"Alt+Enter"} <= set(shown)
    assert 'aria-keyshortcuts="Alt+L"' in html


def test_the_list_is_on_every_page_of_a_group_with_a_line(page, line, lotte, organisation, settings):
    for name, letters in (("board", True), ("intake", False)):
        said = page(lotte, "en", name)
        assert 'id="keys"' in said
        assert "data-keys-of-line" in said
        assert ("next and previous request" in said) is letters


def test_a_group_without_a_line_has_the_letters_alone(page, lotte, organisation):
    """Search and a new request by one letter on every page; what moves on the board, on the board."""
    said = page(lotte, "en", "volunteers")
    assert 'data-keys-search="/en/console/search/"' in said
    assert "next and previous request" not in said
    assert "data-keys-of-line" not in said
    said = page(lotte, "en", "board")
    assert "next and previous request" in said
    assert "data-keys-of-line" not in said


def test_the_digits_of_the_kinds_and_of_the_outcomes_are_listed_with_where_they_hold(desk, lotte):
    html = desk.get(begin(desk)).content.decode().replace("\u00a0", " ")
    assert html.count('<kbd class="kbd">Alt 1-8</kbd>') >= 2
    assert "Alt 1-9" not in html
    assert [(one.keys, str(one.where)) for one in CALL_PAGE_SHORTCUTS if one.where] == [
        ("Alt+1-8", "in the form, even while you are typing"),
        ("1-9", "in the notes, outside the text fields"),
    ]

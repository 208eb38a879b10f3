"""Small words of the line's pages: keys, capitals, colons, what must be filled in."""

import re

import pytest
from django.utils import translation

from quartier.console.tests import test_line_words as words
from quartier.look.templatetags.look import kbd

pytestmark = pytest.mark.django_db
line, page = words.line, words.page


@pytest.mark.parametrize(
    ("language", "key"), [("fr", "Alt Entrée"), ("nl", "Alt Enter"), ("de", "Alt Enter")]
)
def test_a_key_has_the_name_that_is_printed_on_it(language, key):
    with translation.override(language):
        assert f">{key}<" in kbd("Alt+Enter")


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Harelbeke\u00a0: retiré"), ("nl", "Harelbeke: retiré")]
)
def test_a_colon_stands_as_the_language_has_it(language, words):
    with translation.override(language):
        said = translation.gettext("%(place)s: %(state)s") % {"place": "Harelbeke", "state": "retiré"}
    assert said == words


def test_in_dutch_a_call_is_ended(page, line, lotte, thomas):
    call = words.consults(line, lotte, thomas)
    assert "Oproep beëindigen" in page(lotte, "nl", "line_bar")
    line.stands(thomas, "in_call", call=call)
    assert "Beide oproepen beëindigen" in page(lotte, "nl", "line_bar")


def test_the_notes_say_what_is_required_and_nothing_of_optional(page, line, lotte):
    call = line.calls()
    line.talks(call, lotte)
    line.ends(call, lotte)
    said = page(lotte, "fr", "line_call", call)
    after = said.split('id="step-after"', 1)[1].split("</form>", 1)[0]
    assert "(obligatoire)" in after
    assert "facultatif" not in after


def test_each_row_to_call_back_begins_with_a_capital(page, line, lotte):
    for number, why in (("+3220001490", "missed"), ("+3220001491", "asked")):
        line.ends(line.calls(number), outcome="abandoned", ring_back=True, why=why)
    said = page(lotte, "fr", "line_callbacks")
    rows = said.split("callback-who")[1:]
    assert len(rows) == 2
    for row in (each.split("callback-acts", 1)[0] for each in rows):
        begun = re.findall(r"<span>(\w)|<p class=\"soft\">(\w)|</svg>(\w)", row)
        for found in begun:
            assert "".join(found).isupper(), row[:300]

"""A guard: wherever money appears, on a page, on paper or in a message, it says never a card and never a PIN."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from quartier.messaging.words import TEMPLATES

HOUSE = Path(__file__).resolve().parent.parent / "quartier"
# Where euros are shown that no volunteer lays out, or that an including page shows with the sentence.
OTHER_MONEY = {
    "console/post_live.html": "what texts cost the group",
    "console/line_wall_live.html": "what calls cost the group",
    "console/line_settings.html": "what calls cost the group",
    "console/thread.html": "what a message cost the group",
    "console/campaign_new.html": "what the messages of a campaign cost the group",
    "console/incident_tell.html": "what the messages of an incident cost the group",
    "console/appeal_new.html": "what the texts of an appeal cost the group",
    "volunteer/list.html": "part of the page of a visit, which says it",
    "console/money_row.html": "part of the money page and of the request's",
    "look/living/public.html": "the page of the components",
    "look/components/never_card.html": "the sentence itself",
}
SHOWS = re.compile(r"\|(money|euros)\b|€")
SAYS = re.compile(
    r"\{% never_card|Never (?:take )?a bank card|No bank card|ever asks for your bank card|volunteer/promises\.html"
    r"|public/status/safety\.html"
)


def test_every_page_with_money_says_it():
    silent = []
    for path in HOUSE.rglob("templates/**/*.html"):
        name = "/".join(path.parts[path.parts.index("templates") + 1 :])
        words = path.read_text()
        if SHOWS.search(words) and not SAYS.search(words) and name not in OTHER_MONEY:
            silent.append(name)
    assert not silent


def test_the_exceptions_are_pages():
    names = {
        "/".join(path.parts[path.parts.index("templates") + 1 :])
        for path in HOUSE.rglob("templates/**/*.html")
    }
    assert set(OTHER_MONEY) <= names


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_every_message_with_money_says_it(language):
    never = re.compile(r"never|jamais|nooit|aan niemand|\bnie\b", re.IGNORECASE)
    with translation.override(language):
        for name, words in TEMPLATES.items():
            if "{amount}" in str(words.text):
                assert never.search(str(words.mail)), name
        assert never.search(str(TEMPLATES["expense_asked"].text))

"""Every message as a mail, given to a real SMTP server, in four languages; and as a phone shows it."""

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from quartier.lib import sms
from quartier.messaging import actions
from quartier.messaging.actions import Letter
from quartier.messaging.delivery import deliver
from quartier.messaging.models import Message
from quartier.messaging.providers.email import leaving
from quartier.messaging.providers.mailbox.html import as_text
from quartier.messaging.tests.conftest import promise_for
from quartier.messaging.tests.test_email import MARIE, Mailbox, served
from quartier.messaging.tests.test_words import LANGUAGES, TEMPLATES, values
from tests.browsing import axe_options

__all__ = ["served", "values"]
pytestmark = [pytest.mark.django_db, pytest.mark.servers, pytest.mark.either]
# What the browser looks at: each kind of mail that there is.
SHOWN = (
    "offer",
    "sign_in_code",
    "someone_comes",
    "accepted",
    "nobody_yet",
    "reply_which",
    "relay",
    "welcome",
)


@pytest.fixture
def letters(organisation, tuesday, values, served, settings):
    """Writes messages, sends them, and gives what the server got: (name, language) → (row, letter)."""
    from quartier.people import actions as people
    from quartier.people.actions import Who

    settings.ORIGIN = "https://line.example.org"

    def write(names, languages=LANGUAGES):
        rows = {}
        for language in languages:
            who = Who(f"Marie {language}", email=MARIE, language=language, channel="email")
            person = people.record_person(organisation=organisation, who=who)
            for name in names:
                promise = promise_for(name, person, values["by"])
                letter = Letter(person, name, f"{language}:{name}", values, by="email", promise=promise)
                row = actions.write(organisation=organisation, letter=letter)
                rows[row.pk] = (name, language)
        with served(Mailbox()) as box:
            while deliver():
                pass
        found = {}
        for letter in box.parsed():
            pk = letter["Message-ID"].strip("<>").partition("@")[0]
            row = Message.objects.get(pk=pk)
            found[rows[row.pk]] = (row, letter)
        assert len(found) == len(names) * len(languages) == len(box.letters)
        return found

    return write


class Elements(HTMLParser):
    """Whether what is opened is closed, and all that is named inside."""

    def __init__(self, page):
        super().__init__()
        self.open, self.names, self.links = [], set(), []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.links += [value for name, value in attrs if name in {"href", "src", "background"}]
        if tag not in {"br", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def flat(text):
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_every_mail_reads_well(letters):
    for (name, language), (row, letter) in letters(TEMPLATES).items():
        here = f"{name} {language}"
        plain = letter.get_body(["plain"]).get_content().replace("\r\n", "\n")
        page = letter.get_body(["html"]).get_content().replace("\r\n", "\n")
        assert [each.get_content_type() for each in letter.iter_parts()] == ["text/plain", "text/html"], here
        assert letter["Content-Language"] == language
        words, rule, foot = plain.partition("\n-- \n")
        assert words.strip() == row.body.strip(), here
        assert rule, here
        assert "Quartier Bruxelles" in foot
        for text in (plain, letter["Subject"]):
            assert not re.search(r"[{}]|None|  |\n\n\n|&\w+;| [,.]|%\(", text), (here, text)
        assert all(len(line) <= 998 for line in letter.as_string().split("\n")), here
        found = Elements(page)
        assert found.names <= {
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "div",
            "h1",
            "p",
            "a",
            "br",
            "span",
        }
        assert not re.search(r"url\(|@import|cid:|<!--", page), here
        assert all(re.match(r"https://line\.example\.org/|tel:\+", link) for link in found.links), (
            here,
            found.links,
        )
        assert f'<html lang="{language}">' in page
        # The same words, in the same order; a link of its own has words on its button besides.
        shown = flat(as_text(page))
        assert shown.startswith(flat(letter["Subject"])), here
        at = 0
        for block in row.body.split("\n\n"):
            for line in block.split("\n"):
                at = shown.find(flat(line), at)
                assert at >= 0, (here, line)
        assert (
            (leaving.page(row) in page) == (leaving.page(row) in plain) == (name in leaving.NOW_AND_THEN)
        ), here
        if name in leaving.NOW_AND_THEN:
            assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            first, second = letter["List-Unsubscribe"].split(", ")
            assert first == f"<{leaving.page(row)}>"
            assert f"/{language}/offers/" in first
            assert second.startswith("<mailto:quartier@example.org?subject=stop%20")


def test_a_number_is_called_with_a_tap(letters):
    ((_row, letter),) = letters(["nobody_yet"], ["fr"]).values()
    page = letter.get_body(["html"]).get_content()
    assert page.count('href="tel:+3280000020"') == 2
    assert sms.plain("x") == "x"


@pytest.mark.browser
def test_mails_on_a_phone(letters, chromium):
    """In light and in dark; nothing is asked for, nothing is wider than the screen, and axe finds no fault."""
    pictures = os.environ.get("QUARTIER_PICTURES", "")
    shown = letters(SHOWN)
    wrong = []
    for scheme in ("light", "dark"):
        context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
        page = context.new_page()
        asked = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        for (name, language), (_row, letter) in shown.items():
            page.set_content(letter.get_body(["html"]).get_content())
            wide = page.evaluate("document.documentElement.scrollWidth")
            faults = [
                f"{each['id']}: {each['nodes'][0]['html'][:120]}"
                for each in Axe().run(page, options=axe_options(language)).response["violations"]
                if each["id"]
                not in {"landmark-one-main", "region"}  # a mail has one column and nothing beside it
            ]
            if wide > 390 or faults or asked:
                wrong.append((name, language, scheme, wide, faults, asked))
            if pictures:
                page.screenshot(path=Path(pictures) / f"{name}-{language}-{scheme}.png", full_page=True)
        context.close()
    assert not wrong

"""How long joining and asking take a fresh reader: keys pressed and words read are counted in a browser as wide as a
phone, by keyboard alone, and time follows from the counts. So the figures are the same on every machine.

Every word of a page is read, from its top down to the button that leads on, those of the choices too; a text that stood
on a page before is not read again. The keys that lead to a field count as those that write in it."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from quartier.cases.models import Case
from quartier.messaging.models import Message
from quartier.people.models import Volunteer
from tests.browsing import next_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}
KEYS_PER_MINUTE, WORDS_PER_MINUTE = 180, 200
JOIN_MAX_S, ASK_MAX_S = 75, 150
MAX_TABS = 60
WORD = re.compile(r"\w+(?:[’'.\-\u2011]\w+)*")
READ = "main"
# What is seen of a page down to its button, text by text: not its frame (brand, languages, number), which is the same
# on each, nor what is folded away.
SEEN_TEXTS = """() => {
    const main = document.querySelector("main"), button = main.querySelector("p.go button");
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT), found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const box = node.parentElement;
        const isAbove = button.contains(node) ||
            button.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING;
        if (isAbove && node.data.trim() && box.checkVisibility({ visibilityProperty: true }) && box.offsetWidth > 1)
            found.push(node.data.trim());
    }
    return found;
}"""


@dataclass
class FreshReader:
    """Somebody who reads each page whole, once, and then uses the keyboard alone."""

    page: Any
    keys: int = 0
    words: int = 0
    by_page: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    @property
    def seconds(self) -> float:
        return 60 * (self.keys / KEYS_PER_MINUTE + self.words / WORDS_PER_MINUTE)

    def read(self, text: str = "") -> None:
        """Read this; or the page, from its top to the button that leads on, without what stood on a page before."""
        found = [text] if text else dict.fromkeys(self.page.evaluate(SEEN_TEXTS))
        lines = [each for each in found if each not in self.seen]
        self.seen |= set(lines)
        words = sum(len(WORD.findall(each)) for each in lines)
        self.words += words
        self.by_page.append(f"{'a message' if text else self.page.url.split('?')[0]}: {words}")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def go_to(self, selector: str) -> None:
        """With the tabulator to what is meant; over the frame of a new page with its own link."""
        for _tab in range(MAX_TABS):
            if self.page.evaluate("(what) => document.activeElement.matches(what)", selector):
                return
            self.press("Tab")
            if self.page.evaluate("() => document.activeElement.getAttribute('href') === '#main'"):
                self.press("Enter")
        raise AssertionError(f"{selector} is not reached with the keyboard on {self.page.url}")

    def type(self, selector: str, words: str) -> None:
        self.go_to(selector)
        for sign in words:
            self.press(sign if sign != " " else "Space")

    def tick(self, name: str, value: str) -> None:
        """Of ticks each is a stop of its own; radios are one, and the arrows choose."""
        wanted = f"input[name={name}][value={value}]"
        if self.page.get_attribute(wanted, "type") == "checkbox":
            self.go_to(wanted)
            self.press("Space")
            return
        self.go_to(f"input[name={name}]")
        if not self.page.is_checked(wanted):
            self.press("Space")
        while not self.page.is_checked(wanted):
            self.press("ArrowDown")

    def go_on(self) -> None:
        """Send from the field where one is; with the button where that is none to write in."""
        if not self.page.evaluate("() => document.activeElement.matches('input:not([type=checkbox])')"):
            self.go_to("main p.go button")
        with next_page(self.page):
            self.press("Enter")
        assert not self.page.query_selector(".oops"), self.page.inner_text(READ)

    def within(self, most_s: float) -> None:
        said = f"{self.seconds:.0f} s: {self.keys} keys, {self.words} words\n" + "\n".join(self.by_page)
        print(said)
        assert self.seconds < most_s, said


@pytest.fixture
def reading(live_server, chromium, places, organisation, client):
    """A fresh reader on the first page of a form, in a language."""
    contexts = []

    def open_page(address: str) -> FreshReader:
        contexts.append(chromium.new_context(viewport=PHONE))
        page = contexts[-1].new_page()
        page.goto(f"{live_server.url}{address}")
        return FreshReader(page)

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_joining_takes_a_minute(reading, language):
    one = reading(f"/{language}/join/")
    one.read()
    one.type("#id_where", "1050")
    one.go_on()
    one.read()
    one.tick("kinds", "groceries")
    one.tick("kinds", "pharmacy")
    one.go_on()
    one.read()
    one.type("#id_name", "Sofia Renard")
    one.type("#id_phone", "0470123456")
    one.go_to("#id_charter")
    one.press("Space")
    one.go_on()
    one.read()
    letter = Message.objects.get(template="sign_in_code")
    one.read(letter.body)
    one.type("#id_code", re.search(r"\d{6}", letter.body)[0])
    one.go_on()
    assert urlsplit(one.page.url).path == f"/{language}/volunteer/"
    assert Volunteer.objects.get().person.account_id
    one.within(JOIN_MAX_S)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_asking_for_groceries_takes_less_than_three_minutes(reading, language):
    one = reading(f"/{language}/ask/")
    one.read()
    one.tick("whom", "me")
    one.go_on()
    one.read()
    one.tick("kinds", "groceries")
    one.go_on()
    one.read()
    one.type("#id_lines", "Lait, pain, oeufs")
    one.go_to("main p.go button")
    one.go_on()
    one.read()
    one.type("#id_text", "1050")
    one.go_on()
    one.read()
    one.type("#id_street", "Rue du Page 42")
    one.go_on()
    one.read()
    one.tick("urgency", "day")
    one.go_on()
    one.read()
    one.go_on()
    one.read()
    one.type("#id_name", "Marie Peeters")
    one.tick("channel", "text")
    one.type("#id_phone", "0470123456")
    one.go_on()
    one.read()
    one.go_to("#id_consent")
    one.press("Space")
    one.go_on()
    assert Case.objects.exists()
    one.within(ASK_MAX_S)

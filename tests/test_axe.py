"""No page in any language has a fault that axe can find, and none is wider than a phone.

Every address that can be opened is opened, in four languages, and the forms with an error too.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browsing import axe_options, next_page
from tests.site import Site, running
from tests.test_journey import PHONE, Neighbour, ask, join, letter

pytestmark = [pytest.mark.browser, pytest.mark.servers]

LANGUAGES = ("fr", "nl", "de", "en")
ONWARD = "main form button.btn:not(.btn-2)"
# Somebody has called, waited and hung up.
CALLED = """
from uuid import UUID
from quartier.lib import clock
from quartier.team.models import Organisation
from quartier.telephony import actions
here, call, now = Organisation.objects.get(), UUID(int=7), clock.now()
actions.call_began(organisation=here, call_id=call, direction="in", number="+3220001427", at=now)
actions.call_closed(
    organisation=here, call_id=call, ended=actions.Ended("abandoned", "+3220001427", "fr", True), at=now
)
from quartier.alerts.actions import raise_alert
from quartier.conversation.models import ToRead
from quartier.messaging import incoming
from quartier.messaging.providers.heard import Incoming
from quartier.people.actions import Who, record_person
from quartier.messaging.models import Message, ProviderState
from quartier.team.access import of_account
from quartier.team.models import Account
from quartier.telephony.models import Call
raise_alert(actor=of_account(Account.objects.get(roles__name="admin")), call=Call.objects.get(pk=call))
jean = record_person(organisation=here, who=Who("Jean Claes", phone="+3220001455", language="fr", channel="text"))
words = incoming.received(here, "one", Incoming("e1", "text", "+3220001455", "Merci, et demain ?", now))
words.state, words.meaning, words.person = "settled", "words", jean
words.save()
ToRead.objects.create(organisation=here, received=words, at=now)
Message.objects.create(
    organisation=here, person=jean, key="axe", template="received", channel="text", language="fr",
    to="+3220001455", body="Bonjour", state="failed", error="absent", not_before=now, created_at=now,
)
ProviderState.objects.create(name="one", failures=2, broken_until=now, error="503", changed_at=now)
"""
CALL = "console/line/00000000-0000-0000-0000-000000000007/"
AXE = Axe()


@pytest.fixture(scope="module")
def site(chromium: Any) -> Iterator[tuple[Site, str, str]]:
    """One installation for all languages, with a volunteer, somebody who asks, and their two links."""
    with running(environ={"QUARTIER_LINE_WSS": "wss://127.0.0.1:1"}) as made:
        made.shell(CALLED)
        youssef = Neighbour(chromium, made, "fr", script=False, viewport=PHONE)
        join(youssef, "Youssef")
        _reference, status = ask(youssef, "Marie Peeters")
        team = Neighbour(chromium, made, "fr", script=True, viewport=PHONE)
        team.open("demo/")
        with next_page(team.page):
            team.page.click("main form button[value=coordinator]")
        team.open("console/")
        with next_page(team.page):
            team.page.click("main a[href*='/requests/']:visible >> nth=0")
        with next_page(team.page):
            team.page.click("main button[value=look_again]")
        offer = letter(made, team, "Youssef", "offer/")
        yield made, status.removeprefix(made.address), offer.removeprefix(made.address)


class Reader:
    """Somebody who looks at pages in one language, on a phone; `wrong` gathers what is wrong with them."""

    def __init__(self, chromium: Any, site: Site, language: str) -> None:
        # Without motion: half way from one colour to another, no contrast is right.
        still = chromium.new_context(viewport=PHONE, locale=language, reduced_motion="reduce")
        self.page = still.new_page()
        self.page.set_default_timeout(15_000)
        self.home = f"{site.address}/{language}/"
        self.options = axe_options(language)
        self.wrong: dict[str, list[str]] = {}

    def look(self, *paths: str) -> None:
        """Open pages, below the first page of the language, and look at each."""
        for path in paths:
            self.page.goto(self.home + path)
            self.see(path)

    def see(self, what: str = "") -> None:
        """Look at the page that is open."""
        self.page.wait_for_load_state()
        assert self.page.get_attribute("html", "lang") == self.home.split("/")[-2], self.page.url
        found = [
            f"{each['id']}: {each['nodes'][0]['html'][:120]}"
            for each in AXE.run(self.page, options=self.options).response["violations"]
        ]
        wide = int(self.page.evaluate("document.documentElement.scrollWidth"))
        if wide > PHONE["width"]:
            found.append(f"{wide} pixels wide")
        if found:
            self.wrong[what or self.page.url.removeprefix(self.home)] = found

    def press(self, what: str = ONWARD) -> None:
        with next_page(self.page):
            self.page.click(what)

    def go_on(self, what: str = "") -> None:
        """Press the filled button, and look at what comes."""
        self.press()
        self.see(what)

    def tick(self, name: str, value: str = "") -> None:
        box = self.page.locator(f"main input[name={name}]" + (f"[value={value}]" if value else "")).first
        words = self.page.locator(f"label[for='{box.get_attribute('id')}']")
        if box.is_checked() or not words.count():
            box.check(force=True)
        else:
            # As a reader does; it waits until what comes late has moved it.
            words.first.click()
        expect(box).to_be_checked()

    def follow(self, part: str) -> None:
        """Go to the first link of the page with `part` in its address."""
        self.press(f"main a[href*='{part}']:visible >> nth=0")

    def become(self, role: str) -> None:
        self.page.goto(f"{self.home}demo/")
        self.press(f"main form button[value={role}]")

    def ends(self) -> None:
        self.page.context.close()
        assert not self.wrong


@pytest.fixture(params=LANGUAGES)
def reader(request: Any, chromium: Any, site: tuple[Site, str, str]) -> Iterator[Reader]:
    """A reader of each language; what is wrong is told at the end, all at once."""
    made = Reader(chromium, site[0], request.param)
    yield made
    made.ends()


def test_the_first_pages(reader: Reader) -> None:
    reader.look("concern/", "ours/", "objection/", "concern/nothing-here/")
    reader.look("", "about/", "privacy/", "demo/", "look/", "nothing-here/", "status/nothing-here/")


def test_asking(reader: Reader) -> None:
    reader.look("ask/")
    reader.press()
    reader.see("a question without an answer")
    for name, value in (
        ("whom", "me"), ("kinds", "groceries"), ("", ""), ("text", "1050"), ("", ""), ("urgency", "day"),
    ):  # fmt: skip
        if name == "text":
            reader.page.fill("main input[name=text]", value)
        elif name:
            reader.tick(name, value)
        reader.go_on()
    reader.go_on("how to reach, with an error")


def test_joining(reader: Reader) -> None:
    reader.look("join/")
    reader.page.fill("main [name=where]", "1050")
    reader.go_on()
    reader.go_on("what to help with, with an error")
    reader.tick("kinds", "groceries")
    reader.go_on()
    reader.go_on("how to reach, with an error")
    language = reader.home.split("/")[-2]
    reader.page.fill("main [name=name]", "Nadia")
    reader.page.click("details summary")
    reader.page.fill("main [name=email]", f"nadia-axe-{language}@example.org")
    reader.tick("charter")
    reader.go_on()
    assert "/join/done" in reader.page.url
    reader.see("on the list, and the code")
    reader.go_on("the code, with an error")


def test_the_rehearsal(reader: Reader) -> None:
    rehearsal = "volunteer/rehearsal/"
    reader.look(rehearsal, *(f"{rehearsal}?at={stage}" for stage in ("visit", "way", "no", "end")))


def test_signing_in(reader: Reader) -> None:
    reader.look("sign-in/")
    reader.page.fill("main [name=to]", f"nobody-{reader.home.split('/')[-2]}@example.org")
    reader.go_on()
    assert reader.page.url.endswith("/sign-in/code/")
    reader.go_on("the code, with an error")
    # Asked for too often, it is a long one; of each language's own address, so that the network's limit is not met.
    for _ in range(6):
        reader.page.goto(f"{reader.home}sign-in/")
        reader.page.fill("main [name=to]", f"too-often-{reader.home.split('/')[-2]}@example.org")
        reader.go_on()
    reader.see("the long code")


def test_the_private_page(reader: Reader, site: tuple[Site, str, str]) -> None:
    status = site[1].split("/", 2)[2]
    reader.look(status, f"{status}tell/", f"{status}told/", f"{status}close/", site[2].split("/", 2)[2])
    for part in ("/time/", "/list/", "/cancel/"):
        reader.page.goto(reader.home + status)
        reader.follow(part)
        reader.see(part)
    reader.page.goto(reader.home + status)
    reader.follow("/time/")
    reader.go_on("another time, with an error")


def test_the_pages_of_the_team(reader: Reader) -> None:
    reader.become("coordinator")
    reader.look(
        "console/", "console/volunteers/", "console/search/", "console/map/", "console/sandbox/",
        "console/what-if/?place=1050", "console/line/callbacks/", "console/line/wallboard/", CALL,
    )  # fmt: skip
    reader.look(
        "console/post/",
        "console/written/",
        "console/calendar/",
        "console/posters/",
        "console/duty/",
        "console/duty/shift/",
    )
    reader.look("console/concerns/", "console/concerns/new/", "console/blocks/", "console/levels/")
    with next_page(reader.page):
        reader.page.click("#alerts a >> nth=0")
    reader.see("an alert")
    reader.page.goto(f"{reader.home}console/volunteers/")
    reader.follow("/volunteers/")
    reader.see("a volunteer")
    reader.follow("/wishes/")
    reader.see("how a volunteer is reached")
    reader.page.goto(f"{reader.home}console/sandbox/")
    reader.follow("/sandbox/")
    reader.see("a mailbox")
    reader.page.goto(f"{reader.home}console/")
    reader.follow("/requests/")
    reader.see("a request")
    reader.follow("/messages/")
    reader.see("the messages of a request")
    # Signed out midway: what was written is kept, shown after signing in, and can be sent.
    reader.follow("/cases/")
    reader.see("a file")
    reader.page.fill("main textarea[name=words]", "La sonnette du bas ne marche pas")
    reader.page.context.clear_cookies(name="sessionid")
    reader.press("main button[value=note]")
    reader.become("coordinator")
    reader.look("kept/")
    assert "sonnette" in reader.page.inner_text("main")
    reader.look("volunteer/")  # not a volunteer: refused, in their language


def test_a_call_becomes_a_request_that_is_closed_and_a_file_that_is_merged(reader: Reader) -> None:
    reader.become("coordinator")
    reader.page.goto(f"{reader.home}console/")
    reader.follow("/requests/")
    reader.follow("/cases/")
    other = reader.page.url.strip("/").split("/")[-1]
    reader.page.goto(f"{reader.home}console/take/")
    reader.page.fill("#phone", "02 000 14 99")
    reader.press("main button.btn >> nth=0")
    reader.page.locator("#intake.is-live").wait_for()
    reader.see("a call")
    taken = reader.page.url.removeprefix(reader.home)
    reader.page.click("#intake .foot-acts button")
    reader.page.locator("#intake [aria-invalid=true]").first.wait_for()
    reader.see("a call, with errors")
    reader.look("console/take/")
    reader.page.goto(reader.home + taken)
    reader.page.locator("#intake.is-live").wait_for()
    reader.page.fill("#id_caller_name", "Jeanne Claes")
    reader.page.fill("#id_place", "1050")
    reader.page.locator("#found input:checked").wait_for(state="attached")
    reader.page.fill("#id_address", "Chaussée de Wavre 12")
    reader.tick("kinds", "groceries")
    reader.page.click("label[for=id_consent]")
    reader.page.keyboard.press("Alt+Enter")
    reader.page.wait_for_url("**/done/")
    reader.see("what to tell the caller")
    reader.follow("/requests/")
    request = reader.page.url
    reader.follow("/cases/")
    file = reader.page.url.removeprefix(reader.home)
    reader.look(f"{file}merge/?with={other}")
    reader.page.goto(request)
    # Who could be asked comes after the page, and has something to unfold too.
    reader.page.locator("[hx-get$='/candidates/']").wait_for(state="detached")
    for folded in reader.page.locator("main details > summary").all():
        folded.click()
    reader.see("a request that is being closed")
    reader.page.select_option("#closure", "withdrawn")
    reader.press("#closure >> xpath=ancestor::form >> button")
    reader.see("a request that is closed")


def test_the_pages_of_the_head(reader: Reader) -> None:
    reader.become("admin")
    reader.look("console/asking/", "console/line/settings/", "console/group/", "console/concerns/trusted/")
    reader.look("console/post/words/", "console/post/words/offer/")
    reader.page.fill(f"#id_{reader.home.split('/')[-2]}-text", "Bonjour")
    reader.press("main button[value=save]")
    reader.see("what a message says, with an error")
    reader.look("console/incidents/", "console/incidents/new/flood/", "console/incidents/alerts/")
    reader.go_on("an alert that is none")
    reader.page.goto(f"{reader.home}console/incidents/new/heatwave/")
    reader.go_on("an incident that is running")
    reader.look("")
    reader.page.goto(f"{reader.home}console/incidents/")
    reader.follow("/incidents/")
    reader.follow("/end/")
    reader.see("an incident that ends")
    reader.go_on("incidents that are over")


def test_the_pages_of_a_volunteer(reader: Reader) -> None:
    reader.become("volunteer")
    reader.look(
        "volunteer/",
        "volunteer/standing/",
        "volunteer/edit/",
        "volunteer/reach/",
        "volunteer/pause/",
        "volunteer/leave/",
    )
    assert "/volunteer/" in reader.page.url
    reader.look("console/")  # not of the team: refused, in their language

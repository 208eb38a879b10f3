"""Asking for help on the public pages, one question at a time, as somebody with a browser does."""

from datetime import timedelta
from typing import Protocol
from urllib.parse import urlsplit

from quartier.lib import choices, clock, phone
from quartier.sim.people import Asking
from quartier.sim.visitor import Page, Visitor

MOST_PAGES = 20


class PageBrowser(Protocol):
    """What opens pages and sends their forms."""

    def get(self, address: str) -> Page:
        """Open a page."""

    def send(self, page: Page, **fields: str | list[str]) -> Page:
        """Send the form of an open page."""


Answers = dict[str, dict[str, str | list[str]]]


def ask(site: str, asking: Asking, country: str = "BE") -> str:
    """Answer every question and send it; the address of the receipt. Raises `OSError` when a page says no."""
    address = f"{site}/{asking.asker.language}/ask/"
    return answer_questions(Visitor(), address, _answers(asking, country))


def answer_questions(visitor: PageBrowser, address: str, answers: Answers) -> str:
    """Answer question by question, by the fields of each; the address of the receipt. Raises `OSError`."""
    page = visitor.get(address)
    for _ in range(MOST_PAGES):
        step = urlsplit(page.address).path.split("/ask/")[1].strip("/") or "for"
        if step == "done":
            return page.address
        following = visitor.send(page, **answers[step])
        if urlsplit(following.address).path == urlsplit(page.address).path:
            raise OSError(f"the question {step!r} was not answered")
        page = following
    raise OSError("the questions find no end")


def detail_fields(kind: str, words: str, place: str) -> dict[str, str | list[str]]:
    """What is asked about each thing; a ride says where to and at what hour."""
    return {kind: words, "transport_to": words[:60] or place, "transport_at": "14:30"}


def when_fields(kind: str, urgency: str) -> dict[str, str | list[str]]:
    """A ride is for a day, also when it hurries."""
    if kind != "transport":
        return {"urgency": urgency}
    day = (clock.now() + timedelta(days=1 if urgency in {"now", "day"} else 3)).date()
    return {"urgency": "date", "day": day.isoformat(), "part": "1"}


def _answers(asking: Asking, country: str) -> Answers:
    """The fields of each question."""
    where, wanted, asker = asking.household.where, asking.wanted, asking.asker
    languages = [choice.code for choice in choices.chosen(choices.LANGUAGES, wanted.languages)]
    another = asking.person != asker
    return {
        "for": {"whom": "other" if another else "me"},
        "what": {"kinds": [wanted.kind]},
        "details": detail_fields(wanted.kind, wanted.details, where.place_name),
        "list": {"lines": wanted.details},
        # What the running incident asks beside: left open, as one may.
        "situation": {},
        "where": {"text": f"{where.postcode} {where.place_name}"},
        "address": {"street": asking.household.address, "notes": asking.household.access_notes},
        "when": when_fields(wanted.kind, wanted.urgency),
        "languages": {"languages": languages},
        "person": {
            "name": asking.person.name,
            "relation": asking.household.relation,
            "tell": "me",
            "phone": phone.display(asking.person.phone, country),
        },
        "reach": {
            "name": asker.name,
            "channel": asker.channel,
            "phone": phone.display(asker.phone, country),
            "email": asker.email,
        },
        "check": {"consent": "on"},
    }

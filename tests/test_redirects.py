"""After every POST of the public part and of a volunteer comes a redirect, so that the browser's way back never asks
to send something again: with everything in it or with nothing, and with words that are shown again."""

from typing import Any

import pytest

from quartier.config.policy import ANYONE, POLICY, VOLUNTEERS
from tests import planted
from tests.planted import address_of, patterns, visitor
from tests.undone import undone

pytestmark = pytest.mark.django_db
scene = planted.scene

ROOMS = ("quartier.public.", "quartier.volunteer.")
# What a script fetches and no browser shows; and pages whose form holds a photograph, which cannot wait anywhere, or is
# one of many on the page: they come back with every word, and say that they are an error.
FETCHED = frozenset({"push", "passkey_begin", "passkey_finish", "passkey_add_begin", "passkey_add_finish"})
SHOWN_AT_ONCE = frozenset({"offer_link", "listen_pairing"})
LED_ON, NOT_TAKEN = frozenset({302, 303}), frozenset({400, 403, 404, 429})
# What forms ask for: with all of it some are taken, with none hardly any.
FULL = {
    "words": "Une chose à dire", "do": "no", "phone": "0470 00 10 99", "word": "riviere", "beside": "1050",
    "to": "nadia@example.org", "first": "2027-02-01", "until": "2027-03-01", "length": "open", "again": "week",
    "about": "other", "urgency": "any", "lines": "Du pain", "channel": "text", "language": "fr", "amount": "x",
}  # fmt: skip


def posts() -> list[str]:
    """The addresses of these rooms that take a POST, by name."""
    names = []
    for name, row in POLICY.items():
        view = getattr(patterns()[name], "callback", None)
        if row.post and getattr(view, "__module__", "").startswith(ROOMS):
            names.append(name)
    return names


@pytest.mark.parametrize("sent", [{}, FULL], ids=["nothing", "everything"])
def test_a_redirect_or_an_error_follows_every_post(scene: dict[str, Any], sent: dict[str, str]):
    wrong = []
    names = [name for name in posts() if name not in FETCHED]
    assert len(names) > 40
    for name in names:
        row = POLICY[name]
        column = "assigned" if row.post & VOLUNTEERS and ANYONE not in row.post else "link"
        column = "assigned" if name.startswith("offer_") else column
        client = visitor(scene, column)
        with undone(client):
            answer = client.post(address_of(name, scene, column), sent)
        allowed = LED_ON | NOT_TAKEN | ({422} if name in SHOWN_AT_ONCE else set())
        if answer.status_code not in allowed:
            wrong.append((name, column, answer.status_code))
    assert not wrong


def test_what_could_not_be_taken_is_shown_again_with_its_words(scene: dict[str, Any]):
    lost = []
    for name, column, sent in (
        ("status_tell", "link", {"words": "", "call": ""}),
        ("status_wrong", "link", {"about": "nobody", "words": "Quelque chose"}),
        ("status_time", "link", {"urgency": "date", "day": "2020-01-31", "chip": "other"}),
        ("concern", "link", {"words": "Quelque chose", "about": "nobody"}),
        ("objection", "link", {"words": "Quelque chose"}),
        ("ours", "link", {"word": "Quelque chose", "beside": ""}),
        ("sign_in", "link", {"to": "Quelque chose"}),
        ("volunteer_edit", "assigned", {"name": "Quelque chose", "email": "x"}),
        ("volunteer_pause", "assigned", {"length": "ahead", "first": "2020-01-31", "last": ""}),
    ):
        client = visitor(scene, column)
        answer = client.post(address_of(name, scene, column), sent)
        again = client.get(answer["Location"]) if answer.status_code == 302 else answer
        page = again.content.decode()
        kept = [words for words in sent.values() if words in ("Quelque chose", "2020-01-31")]
        if 'class="oops"' not in page or not all(words in page for words in kept):
            lost.append((name, answer.status_code, again.status_code))
        # Looked at without what waits, it begins.
        begins = client.get(address_of(name, scene, column))
        if begins.status_code == 200 and 'class="oops"' in begins.content.decode():
            lost.append((name, "begins with it"))
    assert not lost


def test_words_wait_for_their_own_page_alone(scene: dict[str, Any]):
    client = visitor(scene, "link")
    client.post(address_of("objection", scene, "link"), {"words": "Pour la révision"})
    other = client.get(f"{address_of('concern', scene, 'link')}?again=1")
    assert "Pour la révision" not in other.content.decode()

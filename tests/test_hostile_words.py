"""Whatever is sent to whatever address, by whoever may open it: a page or a refusal, and never a failure. On both
databases: one takes bytes and numbers that the other refuses."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.urls import NoReverseMatch, reverse

from quartier.config.policy import ANYONE, POLICY, Row
from tests import planted
from tests.planted import ROWS, address_of, patterns, visitor
from tests.undone import undone

pytestmark = [pytest.mark.django_db, pytest.mark.either]
scene = planted.scene
HOUSE = Path(__file__).parents[1] / "quartier"
# What forms are asked for, wherever it is read.
_READ = re.compile(r"""(?:POST|GET|sent|given)(?:\.get|\.getlist)?[\[(]["'](\w{1,40})["']""")
_FIELD = re.compile(r"^    (\w{1,40}) = (?:forms\.)?\w*(?:Field|Choice)\w*\(", re.MULTILINE)
HOSTILE = (
    "\x00",
    "é\x00',--",
    "9" * 40,
    "-1",
    "9223372036854775808",
    "1e999",
    "NaN",
    "٣",
    "9999-99-99",
    "0001-01-01",
    "9999-12-31T23:59",
    "24:61",
    "[" * 500,
    '{"a": {"a": []}}',
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "x" * 5000,
    "\u202e\ufeff\U0001f9ff",
    "%00%ff",
    "../../..",
)
COLUMN_OF = (
    ("admin", "admin"),
    ("assigned", "volunteer"),
    ("supervisor", "supervisor"),
    ("listener", "listener"),
)


def names() -> list[str]:
    found: set[str] = set()
    for path in HOUSE.rglob("*.py"):
        if "tests" not in path.parts and "migrations" not in path.parts:
            words = path.read_text()
            found |= {*_READ.findall(words), *_FIELD.findall(words)}
    return sorted(found - {"csrfmiddlewaretoken"})


def column(row: Row, method: str) -> str:
    """Somebody who may."""
    allowed = row.roles(method)
    if ANYONE in allowed:
        return "link"
    return next(name for name, role in COLUMN_OF if role in allowed)


def fields(turn: int) -> dict[str, str]:
    return {name: HOSTILE[(turn + at) % len(HOSTILE)] for at, name in enumerate(names())}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("turn", [0, 7, 13])
def test_hostile_fields_anywhere(scene: dict[str, Any], method: str, turn: int):
    sent, failed = fields(turn), []
    assert len(sent) > 150
    clients = {name: visitor(scene, name) for name in {"link", *(each for each, _role in COLUMN_OF)}}
    for client in clients.values():
        client.raise_request_exception = False
    for name, row in POLICY.items():
        if name == "live" or not row.roles(method):
            continue
        who = column(row, method)
        client = clients[who]
        where = address_of(name, scene, who)
        with undone(client):
            answer = client.get(where, sent) if method == "GET" else client.post(where, sent)
        # `health` says so where no worker goes, as here.
        if answer.status_code >= 500 and (name, answer.status_code) != ("health", 503):
            failed.append(f"{method} {name}: {answer.status_code}")
    assert not failed, "\n".join(failed)


# For what stands in an address by its own kind: what cannot be there, and yet fits.
STRANGE: dict[type, tuple[Any, ...]] = {
    int: (0, 2**31, 2**63, 10**30),
    str: ("%00", "\x00", "é" * 400, "x" * 43, "a\nb", "\U0001f9ff"),
    UUID: (UUID(int=0), UUID(int=2**128 - 1)),
}


def _strange(scene: dict[str, Any], name: str, who: str) -> list[str]:
    """The address with each of its words strange, and with the id of each other kind of row."""
    others = [scene[word] for word in ROWS if isinstance(scene.get(word), UUID)]
    converters = patterns()[name].pattern.converters
    right = {word: scene.get(word, "x" * 43) for word in converters}
    found = []
    for word, converter in converters.items():
        kind = {"IntConverter": int, "UUIDConverter": UUID}.get(type(converter).__name__, str)
        values = [*STRANGE[kind], *(others if kind is UUID else [])]
        for value in values:
            try:
                found.append(reverse(name, kwargs={**right, word: value}))
            except NoReverseMatch:
                continue
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_ids_of_other_kinds_and_of_none(scene: dict[str, Any], method: str):
    """Of drafts, calls, alerts, concerns, campaigns and all else: another kind's id opens nothing."""
    assert {"draft_id", "call_id", "alert_id", "concern_id", "campaign_id"} <= set(ROWS)
    failed, tried = [], 0
    clients = {name: visitor(scene, name) for name in {"link", *(each for each, _role in COLUMN_OF)}}
    for client in clients.values():
        client.raise_request_exception = False
    for name, row in POLICY.items():
        if name == "live" or not row.roles(method):
            continue
        who = column(row, method)
        client = clients[who]
        for where in _strange(scene, name, who):
            tried += 1
            with undone(client):
                answer = client.get(where) if method == "GET" else client.post(where, {"do": "x"})
            if answer.status_code >= 500:
                failed.append(f"{method} {name} {where[:120]}: {answer.status_code}")
    assert tried > 1000
    assert not failed, "\n".join(failed)

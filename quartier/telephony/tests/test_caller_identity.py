"""Who calls: the number is read from the address alone, and who withholds it is nobody."""

import asyncio
from datetime import timedelta

import pytest

from quartier import callcore
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.team.access import of_account
from quartier.telephony import actions, prompts, queries
from quartier.telephony.desk.caller_identity import is_withheld, read_number
from quartier.telephony.desk.desk import LineNow
from quartier.telephony.desk.exchange import Exchange, LineState
from quartier.telephony.desk.journal import Journal
from quartier.telephony.desk.said import Said
from quartier.telephony.models import Call
from quartier.telephony.rules import Known
from quartier.telephony.tests.room import ELSE, JEAN, MARIE, Line

ANONYMOUS = "<sip:anonymous@anonymous.invalid>"


@pytest.mark.parametrize(
    "identity",
    [
        MARIE,
        f"sip:{MARIE}@c",
        f"<sip:{MARIE}@c>",
        f"<sips:{MARIE}@c>;x=1",
        f"<tel:{MARIE}>",
        f"TEL:{MARIE}",
        "<sip:0032.2.000.14.27@c>",
        f'"{MARIE}" <sip:{MARIE}@c>',
        f'"Cafe 2000" <sip:{MARIE}@c>',
        f'"Smith, \\"J\\" <x@y>" <sip:{MARIE}@c>',
        f'"{JEAN};isub=" <sip:{MARIE}@c>',
        f"{JEAN} <sip:{MARIE}@c>",
        f"<sip:{MARIE};npdi@c>",
        f"{MARIE};npdi",
        f"<sip:{MARIE};user=phone>",
        f"<sip:{MARIE}:secret@c;user=phone>",
        f"<tel:{MARIE};cpc=ordinary>",
        "<tel:20001427;phone-context=+32>",
        "<sip:%2B3220001427@c>",
        f"<tel:{MARIE}>, <sip:{JEAN}@c>",
        f'{ANONYMOUS}, "Marie, 2" <tel:{MARIE}>',
    ],
)
def test_the_number_is_read_from_the_address(identity):
    assert read_number(identity, "BE") == MARIE


@pytest.mark.parametrize(
    "identity",
    [
        "",
        "anonymous",
        ANONYMOUS,
        f'"{MARIE}" {ANONYMOUS}',
        f'"{MARIE}',
        f'"tel: <sip:{MARIE}@c>',
        f"<sip:x@{MARIE}>",
        "<>",
        ",,<;@:>,",
        "<" * 5000,
    ],
)
def test_what_is_no_number_is_withheld(identity):
    assert read_number(identity, "BE") == ""


def test_who_wants_to_be_known_to_nobody():
    for privacy in ("id", " ID ;critical", "user;id", "header"):
        assert is_withheld(MARIE, privacy)
    for privacy in ("", "none", "critical", "session"):
        assert not is_withheld(MARIE, privacy)
    assert is_withheld("Anonymous", "")


@pytest.fixture
def withheld(tmp_path, organisation, tuesday):
    """What the database is told of a call from this number, withheld; and what it knows of them."""

    async def rings(number):
        exchange = Exchange(Journal(tmp_path / "journal"), tmp_path)
        exchange.desk.put = lambda do, then=None, **_: None
        now = LineNow(organisation.pk, "", "BE", callcore.Line(), True, prompts.Group(tmp_path, "group"))
        line = exchange.lines[organisation.pk] = LineState(now)
        exchange.control = type("Control", (), {"records": False, "starts_s": 0.0})()
        exchange._carry_out = lambda line, order: None
        exchange.rang(line, "11111111-0000-7000-8000-000000000001", number, withheld=True)
        assert [each.number for each in line.board.calls.values()] == [""]
        return list(exchange._journal._waiting.values())[-1]

    return lambda number: asyncio.run(rings(number))


@pytest.mark.django_db
def test_who_withholds_is_stored_and_greeted_as_nobody(withheld, organisation):
    people.record_person(organisation=organisation, who=Who("Marie", phone=MARIE, language="nl"))
    entry = withheld(f"<sip:{MARIE}@c>")
    assert MARIE not in str(entry.words)
    known = Said.entry(entry)
    assert known == Known()
    row = Call.objects.get()
    assert (row.number, row.number_index, row.person) == ("", "", None)


@pytest.mark.django_db
def test_a_blocked_number_is_blocked_also_withheld(organisation, thomas, tuesday):
    line = Line(organisation)
    actions.block_number(actor=of_account(thomas), about=line.call(line.rings(ELSE)), reason="menace", days=2)
    index, now = blind("phone", organisation.pk, ELSE), clock.now()
    assert queries.known(organisation, "", now, index).blocked
    assert not queries.known(organisation, "", now + timedelta(days=3), index).blocked
    assert not queries.known(organisation, "", now).blocked

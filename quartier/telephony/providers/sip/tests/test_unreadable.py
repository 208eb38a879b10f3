"""Nobody is left waiting by a message that cannot be read, and nobody talks to a call that nobody has."""

import logging
from hashlib import md5
from types import SimpleNamespace

import pytest
from sippy.SipRequest import SipRequest
from sippy.SipTransactionManager import TRYING, SipTransactionManager

from quartier.telephony.providers.sip import transactions as module
from quartier.telephony.providers.sip.dialog import Dialog
from quartier.telephony.providers.sip.incoming_text import MAX_HEADER_CHARS, readable
from quartier.telephony.providers.sip.transactions import ReadTexts, Transactions
from quartier.telephony.providers.sip.unreadable import bad_request

EDGE = ("127.0.0.1", 5060)
ASKED = Dialog("call", "<sip:+3280000020@d>;tag=ours", "<sip:+3220001427@c>", "sip:+3220001427@c", (), 3)


@pytest.fixture
def sip(monkeypatch):
    """`sip.hears(text)`; what goes out is in `sip.sent`, as text."""
    made = Transactions.__new__(Transactions)
    made.proxy, made.tclient, made.tserver, made.l1rcache, made.l2rcache = EDGE, {}, {}, {}, {}
    made._texts = ReadTexts()
    sent = []

    def new(self, request, *_given, **_named):
        sent.append(str(request))

    monkeypatch.setattr(SipTransactionManager, "newTransaction", new)
    monkeypatch.setattr(
        made, "transmitMsg", lambda server, message, *_given, **_named: sent.append(str(message))
    )
    monkeypatch.setattr(made, "transmitData", lambda server, data, *_given: sent.append(data))
    source = SimpleNamespace(address=EDGE)
    return SimpleNamespace(
        made=made,
        sent=sent,
        hears=lambda text: made.handleIncoming(text.encode("latin-1"), source, None, None),
    )


@pytest.fixture
def asked(sip):
    """An INVITE of ours that is under way; `asked.told` is what its leg hears."""
    invite, told = ASKED.request("INVITE", EDGE), []
    running = SimpleNamespace(cancel=lambda: told.append("timer"))
    transaction = SimpleNamespace(
        tid=invite.getTId(True, True), method="INVITE", needack=True, ack=invite.genACK(), teA=running, state=TRYING,
        userv=None, compact=False, req_out_cb=None, cleanup=lambda: None, r408=invite.genResponse(408, "Timeout"),
        resp_cb=lambda answer, _transaction: told.append(answer.getSCode()[0]),
    )  # fmt: skip
    sip.made.tclient[transaction.tid] = transaction
    return SimpleNamespace(told=told, branch=invite.getHFBody("via").getBranch())


def answer(branch, first, contact="<mailto:a@b>", routes=""):
    return (
        f"SIP/2.0 {first}\r\nVia: SIP/2.0/UDP 127.0.0.1;branch={branch}\r\nFrom: {ASKED.local}\r\n"
        f"To: {ASKED.remote};tag=theirs\r\nCall-ID: call\r\nCSeq: 3 INVITE\r\n{routes}Contact: {contact}\r\n"
        "Content-Length: 0\r\n\r\n"
    )


@pytest.fixture
def breaks(monkeypatch):
    """sippy stumbles over whatever it is given."""

    def fails(*_given):
        raise ValueError("+3220001427")

    monkeypatch.setattr(SipTransactionManager, "handleIncoming", fails)


def test_an_answer_that_cannot_be_read_is_what_its_code_says(sip, asked, breaks):
    sip.hears(answer(asked.branch, "486 Occupé"))
    (ack,) = sip.sent
    assert ack.startswith("ACK sip:+3220001427@c")
    assert "tag=theirs" in ack
    assert asked.told == [486, "timer"]
    assert not sip.made.tclient


def test_a_call_that_cannot_be_read_is_ended(sip, asked, breaks, caplog):
    caplog.set_level(logging.INFO)
    routes = "Record-Route: <sip:1.2.3.4;lr>, <sip:127.0.0.1;lr;side=trunk>\r\n"
    sip.hears(answer(asked.branch, "200 OK", '"André" <sip:phone@1.2.3.4:9>;q', routes))
    ack, bye = sip.sent
    assert ack.startswith("ACK sip:phone@1.2.3.4:9")
    assert bye.startswith("BYE sip:phone@1.2.3.4:9")
    for each in (ack, bye):
        assert each.index("Route: <sip:127.0.0.1;lr;side=trunk>") < each.index("Route: <sip:1.2.3.4;lr>")
        assert "tag=ours" in each
        assert "tag=theirs" in each
    assert ("CSeq: 3 ACK" in ack, "CSeq: 4 BYE" in bye) == (True, True)
    assert asked.told == [500, "timer"]
    assert "0001427" not in caplog.text


def test_what_is_not_the_end_ends_nothing(sip, asked, breaks):
    sip.hears(answer(asked.branch, "183 Session Progress"))
    sip.hears(answer("z9hG4bKother", "180 Ringing"))
    sip.hears("SIP/2.0 nonsense\r\n\r\n")
    assert (sip.sent, asked.told, len(sip.made.tclient)) == ([], [], 1)


INVITE = (
    "INVITE sip:+3280000020@d SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\r\n"
    "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK2\r\nFrom: <sip:+3220001427@c>;tag=1\r\nTo: <sip:+3280000020@d>\r\n"
    "Call-ID: a\r\nCSeq: 1 INVITE\r\nContact: <sip:c@192.0.2.7>\r\nContent-Length: 0\r\n\r\n"
)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<sip:+3220001427@c>", "<mailto:a@b>"),
        ("<sip:c@192.0.2.7>", "*"),
        ("Contact: <sip:c@192.0.2.7>\r\n", ""),
        ("Length: 0", "Length: 9000"),
        ("INVITE sip:", "INVITE mailto:"),
    ],
)
def test_a_request_that_cannot_be_read_is_refused(sip, monkeypatch, right, wrong):
    monkeypatch.setattr(SipTransactionManager, "handleIncoming", lambda *_given: sip.sent.append("taken"))
    sip.hears(INVITE)
    assert sip.sent == ["taken"]
    sip.sent.clear()
    sip.hears(INVITE.replace(right, wrong))
    (refusal,) = sip.sent
    assert refusal.startswith("SIP/2.0 400 ")
    assert refusal.index("z9hG4bK1") < refusal.index("z9hG4bK2")
    assert "To: <sip:+3280000020@d>;tag=" in refusal


def test_an_ack_and_nonsense_are_not_answered():
    for text in (INVITE.replace("INVITE", "ACK"), INVITE.replace("Via", "Vie"), "INVITE", "", "x\r\n\r\n"):
        assert bad_request(text) == ""


def test_what_fails_later_is_refused_too_unless_it_was_answered(sip, breaks):
    ended = []
    key = SipRequest(INVITE).getTId(wBRN=True)
    state = SimpleNamespace(state=TRYING, tid=key, cleanup=lambda: ended.append("cleanup"))
    sip.made.tserver[key] = state
    sip.hears(INVITE)
    assert ([each[:11] for each in sip.sent], ended, sip.made.tserver) == (["SIP/2.0 400"], ["cleanup"], {})
    sip.made.tserver[key] = SimpleNamespace(state=module.TOO_LARGE)
    sip.hears(INVITE)
    assert len(sip.sent) == 1


def test_a_header_that_is_too_long_is_refused(sip, caplog):
    text = INVITE.replace("<sip:+3220001427", " " * MAX_HEADER_CHARS + "<sip:+3220001427")
    assert text != INVITE
    sip.hears(text)
    assert sip.sent[0].startswith("SIP/2.0 400 Bad Request\r\n")
    assert "too long" in caplog.text


def test_an_answer_with_a_header_that_is_too_long_ends_what_was_asked(sip, asked):
    sip.hears(answer(asked.branch, "486 Busy", routes=f"X-A: {'a' * MAX_HEADER_CHARS}\r\n"))
    assert asked.told == [486, "timer"]


def test_what_comes_again_is_not_read_again(sip, monkeypatch):
    read = []
    monkeypatch.setattr(module, "readable", lambda data: read.append(data) or readable(data))
    monkeypatch.setattr(module, "look_through", lambda request: read.append(request))
    monkeypatch.setattr(
        SipTransactionManager, "handleIncoming", lambda self, text, *_given: heard.append(text)
    )
    heard = []
    sip.hears(INVITE)
    first = readable(INVITE.encode())
    sip.made.l1rcache[md5(first.encode(), usedforsecurity=False).digest()] = "its answer"
    sip.hears(INVITE)
    assert (len(read), heard) == (2, [first, first])
    sip.made._texts.grow_old()
    sip.hears(INVITE)
    assert len(read) == 2

"""Whatever call control asks goes by its own edge, also where the edge is known by an address of the outside."""

from types import SimpleNamespace

import pytest
from sippy.SipTransactionManager import SipTransactionManager

from quartier.telephony.providers.sip.dialog import Dialog
from quartier.telephony.providers.sip.transactions import Transactions

EDGE = ("127.0.0.1", 5060)
OUTSIDE_ROUTE = "<sip:192.0.2.1:5060;lr;side=trunk>"


@pytest.fixture
def transactions():
    made = Transactions.__new__(Transactions)
    made.proxy = EDGE
    return made


def test_a_request_in_a_call_goes_to_the_edge(transactions, monkeypatch):
    sent = []
    monkeypatch.setattr(SipTransactionManager, "newTransaction", lambda self, msg, *given: sent.append(msg))
    dialog = Dialog("a", "<sip:a@b>;tag=1", "<sip:c@d>;tag=2", "sip:c@192.0.2.7", (OUTSIDE_ROUTE,), 3)
    transactions.newTransaction(dialog.request("BYE", ("192.0.2.1", 5060)), lambda *_: None)
    (asked,) = sent
    assert asked.getTarget() == (EDGE, "udp")
    assert "192.0.2.1:5060;lr" in str(asked), "the way that the edge has written is kept"


def test_and_so_does_the_ack_of_an_answer(transactions, monkeypatch):
    sent = []
    monkeypatch.setattr(
        transactions, "transmitMsg", lambda userv, msg, to, *_given, **_named: sent.append(to)
    )
    transaction = SimpleNamespace(userv=None, compact=False, req_out_cb=None)
    transactions.transmitReq(transaction, "ACK", ("192.0.2.1", 5060), None)
    assert sent == [EDGE]

"""SIP, and nothing else: legs come in, are rung, answered and ended. Runs sippy's loop in the main thread.

Everything that is told to it goes through `ED2.callFromThread`; what happens is told to one listener, in sippy's
thread. No message is ever logged: they hold numbers.
"""

import io
import logging
import re
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sippy.CCEvents import (
    CCEventConnect,
    CCEventDisconnect,
    CCEventFail,
    CCEventRedirect,
    CCEventRing,
    CCEventTry,
    CCEventUpdate,
)
from sippy.Core.EventDispatcher import ED2
from sippy.MsgBody import MsgBody
from sippy.SipCallId import SipCallId
from sippy.SipConf import SipConf

from quartier.lib.ids import uuid7
from quartier.telephony.providers.sip.agent import Agent, header, refused_extension
from quartier.telephony.providers.sip.dialog import Dialog
from quartier.telephony.providers.sip.failure_reason import reason_of
from quartier.telephony.providers.sip.transactions import Transactions

log = logging.getLogger(__name__)
GONE = 481
# So often sippy looks at its timers, of half a second and more; what comes in or is told wakes it at once.
LOOP_HZ = 20.0
UNREACHABLE = 408
# A provisional answer from here on says that the other phone is being rung.
RINGING_CODE = 180


@dataclass(frozen=True)
class Invited:
    """Somebody calls: as they say who they are (not checked), the number they called, and their SDP."""

    leg: str
    number: str
    called: str
    sdp: str


@dataclass(frozen=True)
class Ringing:
    """A phone that we rang says that it rings, and where it is: its contact, "" where it does not say."""

    leg: str
    contact: str = ""


@dataclass(frozen=True)
class Taken:
    """A phone that we rang has answered, with its SDP."""

    leg: str
    sdp: str


@dataclass(frozen=True)
class NotTaken:
    """A phone that we rang did not answer: a SIP code, and why in one word, see `failure_reason`."""

    leg: str
    code: int
    reason: str = ""


@dataclass(frozen=True)
class Over:
    """The other side has hung up, or has cancelled."""

    leg: str


@dataclass(frozen=True)
class Wants:
    """A re-INVITE: answer it with `Signalling.agree`, or its sender waits for ever. Without an SDP, what we agree with
    is an offer, and `Confirmed` its answer."""

    leg: str
    sdp: str


@dataclass(frozen=True)
class Confirmed:
    """The answer to an offer of ours has come with the ACK; "" where none came."""

    leg: str
    sdp: str


@dataclass(frozen=True)
class PressedKey:
    """A key, said by the signalling of its phone."""

    leg: str
    digit: str


@dataclass(frozen=True)
class Established:
    """A leg is up from here on: what is needed to end it, whoever does."""

    leg: str
    dialog: Dialog


@dataclass(frozen=True)
class Invitation:
    """Whom to ring: the user part, who it says is calling, headers of our own, and our SDP."""

    user: str
    caller: str
    sdp: str
    headers: dict[str, str] = field(default_factory=dict)
    name: str | None = None


class _Silence:
    """Where sippy's log goes."""

    def write(self, *_words: Any, **_named: Any) -> None:
        return


def _body(sdp: str) -> MsgBody:
    body = MsgBody(sdp)
    body.needs_update = False
    return body


class _Try(CCEventTry):  # type: ignore[misc]
    """An INVITE whose addresses name the domain of the line, not that of the next hop."""

    domain = ""

    def onUacSetupComplete(self, uac: Any) -> None:  # noqa: N802
        uac.rTarget.host = uac.rUri.getUrl().host = uac.lUri.getUrl().host = self.domain
        uac.rTarget.port = None


class _Printed(io.TextIOBase):
    """Where sippy prints what went wrong: whole messages, numbers too. Only the kind of error goes on."""

    def write(self, text: str) -> int:
        for kind in re.findall(r"^(\w*(?:Error|Exception))\b", text, re.MULTILINE):
            log.warning("SIP: %s", kind)
        return len(text)


class Signalling:
    """All legs by name. `heard` gets `Invited`, `Ringing`, `Taken`, `NotTaken`, `Over`, `Wants`, `Confirmed`,
    `PressedKey`, `Established`."""

    def __init__(
        self,
        *,
        at: tuple[str, int],
        proxy: tuple[str, int],
        domain: str,
        heard: Callable[[Any], object],
        new_call_id: Callable[[], str | None] = lambda: None,
    ) -> None:
        SipConf.my_uaname = "Quartier"
        self._config: dict[str, Any] = {
            "_sip_address": at[0],
            "_sip_port": at[1],
            "_sip_logger": _Silence(),
            "nh_addr": proxy,
        }
        self._proxy, self._domain, self._heard = proxy, domain, heard
        self._new_call_id = new_call_id
        self._legs: dict[str, Agent] = {}
        self._names: dict[int, str] = {}
        self._rang: set[str] = set()
        self._config["_sip_tm"] = self._transactions = Transactions(self._config, self._request)
        self._transactions.proxy = proxy

    # Told by other threads

    def ring(self, leg: str, invitation: Invitation) -> None:
        ED2.callFromThread(self._ring, leg, invitation)

    def accept(self, leg: str, sdp: str, *, offers: bool = False) -> None:
        """Take the call. `offers`: whoever calls has offered nothing, so this offers; the answer is `Confirmed`."""
        ED2.callFromThread(self._accept, leg, sdp, offers)

    def end_old(self, dialog: Dialog) -> None:
        """End a leg that another process had."""
        ED2.callFromThread(self._transactions.end, dialog)

    def alert(self, leg: str) -> None:
        """Let the caller hear that it rings."""
        ED2.callFromThread(self._tell, leg, CCEventRing, (180, "Ringing", None))

    def refuse(self, leg: str, code: int, reason: str) -> None:
        ED2.callFromThread(self._tell, leg, CCEventFail, (code, reason))

    def agree(self, leg: str, sdp: str) -> None:
        """To `Wants`: so be it."""
        self.accept(leg, sdp)

    def disagree(self, leg: str, code: int, reason: str) -> None:
        """To `Wants`: it stays as it was."""
        ED2.callFromThread(self._tell, leg, CCEventFail, (code, reason), False)

    def hang_up(self, leg: str) -> None:
        ED2.callFromThread(self._tell, leg, CCEventDisconnect, None)

    def loop(self) -> None:
        """Until `stop`; only in the main thread."""
        # Our own log keeps the stream that it was given before.
        with redirect_stdout(_Printed()), redirect_stderr(_Printed()):
            ED2.loop(freq=LOOP_HZ)

    def stop(self) -> None:
        ED2.callFromThread(ED2.breakLoop)

    # In sippy's thread

    def _request(self, request: Any, transaction: Any) -> Any:
        method = request.getMethod()
        if request.getHFBody("to").getTag() is not None:
            return (request.genResponse(GONE, "Call Leg/Transaction Does Not Exist"), None, None)
        if (refused := refused_extension(request)) is not None:
            return (refused, None, None)
        if method == "INVITE":
            leg = str(uuid7())
            agent = self._agent(leg)
            asserted = request.getHFs("p-asserted-identity")
            if asserted:
                self._config.setdefault("asserted", {})[leg] = str(asserted[0].body)
            return agent.recvRequest(request, transaction)
        if method in {"OPTIONS", "NOTIFY", "PING"}:
            return (request.genResponse(200, "OK"), None, None)
        return (request.genResponse(501, "Not Implemented"), None, None)

    def _agent(self, leg: str) -> Agent:
        agent = Agent(
            self._config,
            event_cb=self._event,
            nh_address=self._proxy,
            dead_cbs=(self._dead,),
        )
        agent.pressed = partial(self._pressed, agent)
        self._legs[leg], self._names[id(agent)] = agent, leg
        return agent

    def _ring(self, leg: str, invitation: Invitation) -> None:
        agent = self._agent(leg)
        event = _Try(
            (
                SipCallId(self._new_call_id()),
                invitation.caller,
                invitation.user,
                _body(invitation.sdp),
                None,
                invitation.name,
            )
        )
        event.domain = self._domain
        event.extra_headers = [header(name, body) for name, body in invitation.headers.items()]
        agent.recvEvent(event)

    def _accept(self, leg: str, sdp: str, offers: bool) -> None:
        agent = self._legs.get(leg)
        if agent is not None:
            agent.offers = offers or agent.offers
            was_up = agent.isConnected()
            self._tell(leg, CCEventConnect, (200, "OK", sdp))
            if not was_up and agent.isConnected():
                self._heard(Established(leg, Dialog.of(agent)))

    def _pressed(self, agent: Agent, digit: str) -> None:
        leg = self._names.get(id(agent))
        if leg is not None:
            self._heard(PressedKey(leg, digit))

    def _tell(self, leg: str, kind: Any, data: Any, ends: bool = True) -> None:
        agent = self._legs.get(leg)
        if agent is None:
            return
        if isinstance(data, tuple) and len(data) == 3 and isinstance(data[2], str):
            data = (data[0], data[1], _body(data[2]))
        try:
            agent.recvEvent(kind(data))
        except Exception as error:
            # What sippy cannot do in this state (a leg that ends at the same moment) must not stop the others.
            log.warning("a leg could not be told %s: %s", kind.__name__, type(error).__name__)
        if ends and kind in {CCEventDisconnect, CCEventFail}:
            self._forget(leg)

    def _forget(self, leg: str) -> None:
        """Nothing more is told of a leg that we have ended ourselves."""
        agent = self._legs.pop(leg, None)
        self._rang.discard(leg)
        if agent is not None:
            self._names.pop(id(agent), None)

    def _dead(self, agent: Any) -> None:
        leg = self._names.get(id(agent))
        if leg is not None:
            self._forget(leg)

    def _event(self, event: Any, agent: Any) -> None:
        leg = self._names.get(id(agent))
        if leg is None:
            return
        if isinstance(event, CCEventTry):
            _call_id, number, called, body, *_rest = event.getData()
            asserted = self._config.get("asserted", {}).pop(leg, "")
            self._heard(Invited(leg, asserted or number or "", called or "", str(body or "")))
        elif isinstance(event, CCEventRing):
            if int(event.getData()[0]) >= RINGING_CODE:
                self._rang.add(leg)
            self._heard(Ringing(leg, agent.contact))
        elif isinstance(event, CCEventConnect):
            code, _reason, body = event.getData()
            if code != "ACK":
                self._heard(Established(leg, Dialog.of(agent)))
                self._heard(Taken(leg, str(body or "")))
            elif agent.offers:
                agent.offers = False
                self._heard(Confirmed(leg, str(body or "")))
        elif isinstance(event, CCEventUpdate):
            self._heard(Wants(leg, str(event.getData() or "")))
        elif isinstance(event, CCEventFail | CCEventRedirect):
            # Nobody is called whom a carrier names instead: it could be anybody, at any price.
            code = int((event.getData() or (UNREACHABLE, ""))[0])
            why = reason_of(code, str(event.reason_rfc3326 or ""), rang=leg in self._rang)
            self._forget(leg)
            self._heard(NotTaken(leg, code, why))
        elif isinstance(event, CCEventDisconnect):
            self._forget(leg)
            self._heard(Over(leg))

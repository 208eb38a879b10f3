"""SIP, and nothing else: legs come in, are rung, answered and ended. Runs sippy's loop in the main thread.

Everything that is told to it goes through `ED2.callFromThread`; what happens is told to one listener, in sippy's
thread. No message is ever logged: they hold numbers.
"""

import io
import logging
import re
import time
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
from quartier.telephony.desk.caller_identity import is_withheld
from quartier.telephony.providers.sip.agent import Agent, header, refused_extension, source_of
from quartier.telephony.providers.sip.dialog import Dialog
from quartier.telephony.providers.sip.failure_reason import reason_of
from quartier.telephony.providers.sip.outside import CarrierIdentity
from quartier.telephony.providers.sip.transactions import Transactions

log = logging.getLogger(__name__)
GONE, LOOP_DETECTED = 481, 482
# So often sippy looks at its timers, of half a second and more; what comes in or is told wakes it at once.
LOOP_HZ = 20.0
UNREACHABLE = 408
# The loop beside ours that carries out what a call needs; it says several times a second that it turns.
BESIDE_TIMEOUT_S = 8.0
# A provisional answer from here on says that the other phone is being rung.
RINGING_CODE = 180
# "Ringing" itself: an announcement of the carrier comes with 183, and says nothing of the telephone (RFC 3398, 7.2.5).
ALERTING_CODE = 180


@dataclass(frozen=True)
class Invited:
    """Somebody calls: as they say who they are (not checked), the number they called, and their SDP. `withheld`: they
    want to be known to nobody. `source`: the address from which the edge got it."""

    leg: str
    number: str
    called: str
    sdp: str
    withheld: bool = False
    source: str = ""


@dataclass(frozen=True)
class Ringing:
    """A phone that we rang, or somebody on the way to it, is at work, and where it is: its contact, "" where it does
    not say. `alerts`: it rings there, and somebody may hear it."""

    leg: str
    contact: str = ""
    alerts: bool = False


@dataclass(frozen=True)
class Taken:
    """A phone that we rang has answered, with its SDP. `source`: the address from which the edge got it."""

    leg: str
    sdp: str
    source: str = ""


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
    """The ACK has come, to our yes or to an offer of ours; with the answer to an offer, or ""."""

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
    """Whom to ring: the user part, who it says is calling, headers of our own, and our SDP. `browser`: this one alone
    of those that are registered under the user part, by the name that it has registered with."""

    user: str
    caller: str
    sdp: str
    headers: dict[str, str] = field(default_factory=dict)
    name: str | None = None
    browser: str = ""


class _Silence:
    """Where sippy's log goes."""

    def write(self, *_words: Any, **_named: Any) -> None:
        return


def _body(sdp: str) -> MsgBody:
    body = MsgBody(sdp)
    body.needs_update = False
    return body


class _Try(CCEventTry):  # type: ignore[misc]
    """An INVITE whose addresses name the domain of the line, or the carrier, not the next hop."""

    outside: CarrierIdentity
    browser = ""

    def onUacSetupComplete(self, uac: Any) -> None:  # noqa: N802
        uac.rUri.getUrl().host = uac.lUri.getUrl().host = self.outside.domain
        self.outside.name_in(uac.rTarget)
        if self.browser:
            # A public GRUU (RFC 5627): the registrar finds this one alone.
            uac.rTarget.other = [*uac.rTarget.other, f"gr={self.browser.strip('<>')}"]


_ERROR_KIND = re.compile(r"^(\w*(?:Error|Exception))\b", re.MULTILINE)


class _Printed(io.TextIOBase):
    """Where sippy prints what went wrong: whole messages, numbers too. Only the kind of error goes on."""

    def write(self, text: str) -> int:
        for kind in _ERROR_KIND.findall(text):
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
        outside: CarrierIdentity,
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
        self._proxy, self._outside, self._heard = proxy, outside, heard
        self._new_call_id = new_call_id
        self._legs: dict[str, Agent] = {}
        self._names: dict[int, str] = {}
        self._rang: set[str] = set()
        self._beside_at: float | None = None
        self._config["_sip_tm"] = self._transactions = Transactions(self._config, self._request)
        self._transactions.proxy = proxy

    # Told by other threads

    def ring(self, leg: str, invitation: Invitation) -> None:
        ED2.callFromThread(self._ring, leg, invitation)

    def accept(self, leg: str, sdp: str, *, offers: bool = False) -> None:
        """Take the call; `Confirmed` follows. `offers`: whoever calls has offered nothing, so this offers, and what is
        confirmed holds the answer."""
        ED2.callFromThread(self._accept, leg, sdp, offers)

    def beside_turns(self) -> None:
        """The other loop turns; one that has begun and does so no more is no line."""
        self._beside_at = time.monotonic()

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
            if self._is_merged(request):
                return (request.genResponse(LOOP_DETECTED, "Loop Detected"), None, None)
            leg = str(uuid7())
            agent = self._agent(leg)
            agent.source = source_of(request)
            asserted = ", ".join(str(each.body) for each in request.getHFs("p-asserted-identity"))
            privacy = ";".join(str(each.body) for each in request.getHFs("privacy"))
            if asserted or privacy:
                self._config.setdefault("identities", {})[leg] = asserted, privacy
            try:
                return agent.recvRequest(request, transaction)
            except Exception:
                # It is answered with a refusal, and nobody has called.
                self._forget(leg)
                raise
        if method in {"OPTIONS", "NOTIFY", "PING"}:
            if self._beside_at is not None and time.monotonic() - self._beside_at > BESIDE_TIMEOUT_S:
                return (request.genResponse(503, "Service Unavailable"), None, None)
            return (request.genResponse(200, "OK"), None, None)
        return (request.genResponse(501, "Not Implemented"), None, None)

    def _is_merged(self, request: Any) -> bool:
        """Whether this call is here already, by another way: one caller is not two."""
        known = self._transactions.req_consumers.get(str(request.getHFBody("call-id")), ())
        return any(each.cobj.is_begun_by(request) for each in known)

    def _agent(self, leg: str, rings: str = "") -> Agent:
        """`rings`: whom it is to ring."""
        agent = Agent(
            self._config,
            event_cb=self._event,
            nh_address=self._proxy,
            dead_cbs=(self._dead,),
            **self._outside.credentials(rings),
        )
        agent.lContact = self._outside.contact()
        agent.pressed = partial(self._pressed, agent)
        self._legs[leg], self._names[id(agent)] = agent, leg
        return agent

    def _ring(self, leg: str, invitation: Invitation) -> None:
        agent = self._agent(leg, invitation.user)
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
        event.outside, event.browser = self._outside, invitation.browser
        more = invitation.headers | self._outside.headers(invitation.user, invitation.caller)
        event.extra_headers = [header(name, body) for name, body in more.items()]
        agent.recvEvent(event)

    def _accept(self, leg: str, sdp: str, offers: bool) -> None:
        agent = self._legs.get(leg)
        if agent is not None:
            agent.offers = offers or agent.offers
            was_up = agent.isConnected()
            agent.awaits_ack = not was_up
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
            asserted, privacy = self._config.get("identities", {}).pop(leg, ("", ""))
            withheld = is_withheld(number or "", privacy)
            self._heard(
                Invited(leg, asserted or number or "", called or "", str(body or ""), withheld, agent.source)
            )
        elif isinstance(event, CCEventRing):
            code = int(event.getData()[0])
            if code >= RINGING_CODE:
                self._rang.add(leg)
            self._heard(Ringing(leg, agent.contact, code == ALERTING_CODE))
        elif isinstance(event, CCEventConnect):
            code, _reason, body = event.getData()
            if code != "ACK":
                self._heard(Established(leg, Dialog.of(agent)))
                self._heard(Taken(leg, str(body or "") or agent.early_sdp, agent.source))
            elif agent.offers or agent.awaits_ack:
                agent.offers = agent.awaits_ack = False
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

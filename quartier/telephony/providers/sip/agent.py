"""One dialog, as sippy keeps it, with what sippy does not know of: keys by INFO, UPDATE, offers of ours that are
answered in the ACK, extensions that somebody requires. Carriers and gateways use all of them."""

from collections.abc import Callable
from typing import Any

from sippy.CCEvents import CCEventConnect, CCEventUpdate
from sippy.SipGenericHF import SipGenericHF
from sippy.SipHeader import SipHeader
from sippy.UA import UA

from quartier.telephony.providers.sip import info_key

BAD_EXTENSION, UNSUPPORTED_MEDIA, REQUEST_PENDING = 420, 415, 491
METHOD_NOT_ALLOWED, SERVER_ERROR = 405, 500
FINAL_CODE = 200


def header(name: str, body: str) -> SipHeader:
    """A header that sippy does not know."""
    return SipHeader(name=name.lower(), body=SipGenericHF(body, name))


def source_of(message: Any) -> str:
    """The address from which the edge got this, in its own words; "" where it does not say."""
    found = message.getHFs("x-quartier-source")
    return str(found[0].body).strip() if found else ""


def refused_extension(request: Any) -> Any:
    """The answer to a request that requires what we do not have, which is everything; `None` where it does not."""
    wanted = [str(each.body) for each in request.getHFs("require")]
    if not wanted:
        return None
    answer = request.genResponse(BAD_EXTENSION, "Bad Extension")
    answer.appendHeader(header("Unsupported", ", ".join(wanted)))
    return answer


class Agent(UA):  # type: ignore[misc]
    """`pressed` gets the keys that come by INFO. `contact`: as it stands in the last answer to a request of ours."""

    pressed: Callable[[str], object] = staticmethod(lambda _digit: None)
    # The next answer of ours that is a success holds an offer, so the ACK holds the answer to it.
    offers = False
    # The other side has not confirmed yet that it has heard our yes.
    awaits_ack = False
    rCSeq: int | None = None  # noqa: N815
    contact = ""
    source = ""
    rSDP: Any = None  # noqa: N815

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        # Descriptions that came before the answer, by who sent them: some carriers do not say it again with it.
        self._early: dict[str, str] = {}
        self._begun_by = 0

    def recvResponse(self, response: Any, transaction: Any) -> None:  # noqa: N802
        found = response.getHFs("contact")
        self.contact = str(found[0].body) if found else ""
        self.source = source_of(response)
        body = response.getBody()
        if body is not None and response.getSCode()[0] < FINAL_CODE:
            self._early[response.getHFBody("to").getTag() or ""] = str(body)
        super().recvResponse(response, transaction)

    @property
    def early_sdp(self) -> str:
        """What whoever has answered described before; "" where that was nothing."""
        return self._early.get(self.rUri.getTag() or "", "")

    def is_begun_by(self, request: Any) -> bool:
        """Whether this INVITE is the one that began this dialog, come by another way (RFC 3261, 8.2.2.2)."""
        return (
            self.origin == "caller"
            and self.rUri is not None
            and self.rUri.getTag() == request.getHFBody("from").getTag()
            and self._begun_by == request.getHFBody("cseq").getCSeqNum()
        )

    def recvRequest(self, request: Any, transaction: Any) -> Any:  # noqa: N802
        method = request.getMethod()
        if self.state is None:
            self._begun_by = request.getHFBody("cseq").getCSeqNum()
        if not self.isConnected() or method in {"ACK", "BYE", "CANCEL"}:
            return super().recvRequest(request, transaction)
        number = request.getHFBody("cseq").getCSeqNum()
        if self.rCSeq is not None and self.rCSeq >= number:
            return (request.genResponse(SERVER_ERROR, "Server Internal Error"), None, None)
        refused = refused_extension(request)
        if refused is None and method == "INFO":
            refused = self._info(request)
        elif refused is None and method == "UPDATE":
            refused = self._update(request)
            if refused is None:
                self.rCSeq = number
                return (None, None, None)
        elif refused is None and method == "INVITE" and request.getBody() is None and self._is_calm():
            self.rCSeq = number
            return self._asked_for_offer(request)
        elif refused is None and method == "REFER":
            # Nobody outside says whom we call.
            refused = request.genResponse(METHOD_NOT_ALLOWED, "Method Not Allowed")
        if refused is None:
            return super().recvRequest(request, transaction)
        self.rCSeq = number
        return (refused, None, None)

    def sendUasResponse(self, scode: int, *given: Any, **named: Any) -> None:  # noqa: N802
        if (self.offers or self.awaits_ack) and 200 <= scode < 300:
            named["ack_wait"] = True
        super().sendUasResponse(scode, *given, **named)

    def recvACK(self, request: Any) -> None:  # noqa: N802
        described: Any = self.rSDP
        if self.isConnected() and not self._is_calm():
            # A change that overtook it is under way, and sippy expects no ACK then.
            answer = ("ACK", "ACK", request.getBody())
            self.equeue.append(CCEventConnect(answer, rtime=request.rtime, origin=self.origin))
            self.emitPendingEvents()
            return
        super().recvACK(request)
        if request.getBody() is None:
            # sippy takes an ACK without a description for a call without one.
            self.rSDP = described

    def _is_calm(self) -> bool:
        """Whether no change is under way."""
        return isinstance(self.state, self.UaStateConnected)

    def _info(self, request: Any) -> Any:
        body = request.getBody()
        if body is None:
            # It only asks whether we are there.
            return request.genResponse(200, "OK")
        digit = info_key.digit_of(body.getType(), str(body))
        if not digit:
            answer = request.genResponse(UNSUPPORTED_MEDIA, "Unsupported Media Type")
            answer.appendHeader(header("Accept", ", ".join(info_key.KEY_TYPES)))
            return answer
        self.pressed(digit)
        return request.genResponse(200, "OK")

    def _update(self, request: Any) -> Any:
        """A session timer's sign of life is answered at once; another description like a re-INVITE with it (`None`)."""
        if request.getBody() is None:
            answer = request.genResponse(200, "OK")
            answer.appendHeader(SipHeader(name="contact", body=self.lContact))
            return answer
        if not self._is_calm():
            return request.genResponse(REQUEST_PENDING, "Request Pending")
        self.uasResp = request.genResponse(100, "Trying")
        self._wants(request, request.getBody())
        return None

    def _asked_for_offer(self, request: Any) -> Any:
        """A re-INVITE without a description: ours is offered again, and answered in the ACK."""
        self.uasResp = request.genResponse(100, "Trying")
        self.global_config["_sip_tm"].sendResponse(self.uasResp)
        self.offers = True
        self._wants(request, None)
        return (None, self.state.cancel, self.disconnect)

    def _wants(self, request: Any, body: Any) -> None:
        self.rSDP = None if body is None else body.getCopy()
        self.equeue.append(CCEventUpdate(body, rtime=request.rtime, origin=self.origin))
        self.changeState((self.UasStateUpdating,))
        self.emitPendingEvents()

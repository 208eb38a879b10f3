"""What is needed to end a leg: the dialog as the other side knows it (RFC 3261, 12)."""

from dataclasses import asdict, dataclass
from typing import Any

from sippy.SipCallId import SipCallId
from sippy.SipFrom import SipFrom
from sippy.SipRequest import SipRequest
from sippy.SipRoute import SipRoute
from sippy.SipTo import SipTo
from sippy.SipURL import SipURL


@dataclass(frozen=True)
class Dialog:
    """As headers write it: `local` and `remote` with their tags, `target` the contact of the other side, `routes` on
    the way there, `cseq` the number of our next request."""

    call_id: str
    local: str
    remote: str
    target: str
    routes: tuple[str, ...]
    cseq: int

    @classmethod
    def of(cls, agent: Any) -> "Dialog":
        """Of a leg that sippy holds."""
        return cls(
            call_id=str(agent.cId),
            local=str(agent.lUri),
            remote=str(agent.rUri),
            target=str(agent.rTarget),
            routes=tuple(str(each) for each in agent.routes),
            cseq=int(agent.lCSeq),
        )

    @classmethod
    def of_answer(cls, response: Any) -> "Dialog":
        """Of an answer to an INVITE of ours, for the request after the ACK."""
        routes = [str(each) for each in response.getHFBodys("record-route")]
        return cls(
            call_id=str(response.getHFBody("call-id")),
            local=str(response.getHFBody("from")),
            remote=str(response.getHFBody("to")),
            target=str(response.getHFBody("contact").getUrl()),
            routes=tuple(reversed(routes)),
            cseq=response.getHFBody("cseq").getCSeqNum() + 1,
        )

    @classmethod
    def of_words(cls, words: dict[str, Any]) -> "Dialog":
        """What `words` gave. Raises `TypeError`, `KeyError`."""
        return cls(**{**words, "routes": tuple(words["routes"])})

    def words(self) -> dict[str, Any]:
        """What JSON knows."""
        return asdict(self)

    def request(self, method: str, proxy: tuple[str, int], cseq: int | None = None) -> Any:
        """A request of ours in this dialog, to be sent by our edge."""
        return SipRequest(
            method=method,
            ruri=SipURL(self.target),
            to=SipTo(self.remote),
            fr0m=SipFrom(self.local),
            cseq=self.cseq if cseq is None else cseq,
            callid=SipCallId(self.call_id),
            routes=[SipRoute(each) for each in self.routes],
            target=(proxy, "udp"),
        )

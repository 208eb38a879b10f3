"""SIP messages that sippy cannot read, or only in part: enough is found in them that whoever sent them is not left
waiting, and nobody talks to a call that nobody has."""

import re
import secrets
from typing import Any

from quartier.telephony.providers.sip.dialog import Dialog

_CODE = re.compile(r"SIP/2\.0 +(\d{3})")
_BRANCH = re.compile(
    r"^v(?:ia)?[ \t]*:[^\r\n]*?;[ \t]*branch[ \t]*=[ \t]*([^\s;,]+)", re.IGNORECASE | re.MULTILINE
)
_METHOD = re.compile(r"^cseq[ \t]*:[ \t]*\d+[ \t]+(\w+)", re.IGNORECASE | re.MULTILINE)
_TAG = re.compile(r"^t(?:o)?[ \t]*:[^\r\n]*;[ \t]*tag[ \t]*=[ \t]*([^\s;,]+)", re.IGNORECASE | re.MULTILINE)
_CONTACT = re.compile(r"^(?:contact|m)[ \t]*:[^\r\n]*<(sips?:[^<>\s]+)>", re.IGNORECASE | re.MULTILINE)
_ROUTES = re.compile(r"^record-route[ \t]*:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_ROUTE = re.compile(r"<sips?:[^<>\s]+>", re.IGNORECASE)
_REQUEST = re.compile(r"\A(?!ACK )[A-Z]+ \S+ SIP/2\.0\r\n")
# What an answer repeats of its request, by each name that it may have there.
_REPEATED = {
    name: re.compile(rf"^(?:{name}|{short})[ \t]*:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
    for name, short in (("Via", "v"), ("From", "f"), ("To", "t"), ("Call-ID", "i"), ("CSeq", "cseq"))
}


def look_through(request: Any) -> None:
    """Raise for a request whose headers sippy would stumble over once it is at work on it."""
    request.getTIds()
    for name in ("to", "from", "call-id", "cseq", "via"):
        request.getHFBody(name)
    for name in ("contact", "record-route"):
        request.getHFBodys(name)
    if request.getMethod() == "INVITE":
        request.getHFBody("contact").getUrl().getCopy()
        request.getHFBody("from").getUrl().getCopy()


def bad_request(text: str) -> str:
    """The answer to a request that cannot be understood, of its own words; "" where there is none to be given."""
    head = text.partition("\r\n\r\n")[0]
    if _REQUEST.match(head) is None:
        return ""
    lines = []
    for name, pattern in _REPEATED.items():
        found = [each.strip(" \t") for each in pattern.findall(head)]
        if not found:
            return ""
        lines += [f"{name}: {each}" for each in (found if name == "Via" else found[:1])]
    if not _TAG.search(head):
        lines = [f"{line};tag={secrets.token_hex(8)}" if line.startswith("To: ") else line for line in lines]
    return "\r\n".join(["SIP/2.0 400 Bad Request", *lines, "Content-Length: 0", "", ""])


class UnreadableAnswer:
    """What can be said of it: to which request it belongs, how that ended, and with whom."""

    def __init__(self, text: str) -> None:
        self._head = text.partition("\r\n\r\n")[0]
        self.code = int(self._found(_CODE) or 0)
        self.branch, self.method = self._found(_BRANCH), self._found(_METHOD)
        self.tag = self._found(_TAG)

    def _found(self, what: re.Pattern[str]) -> str:
        found = what.search(self._head)
        return found[1] if found else ""

    def dialog(self, ack: Any) -> Dialog:
        """What this answer begins. `ack`: the one that is ready for an answer, so what we have asked."""
        to = ack.getHFBody("to").getCopy()
        if self.tag:
            to.setTag(self.tag)
        routes = [each for line in _ROUTES.findall(self._head) for each in _ROUTE.findall(line)]
        return Dialog(
            call_id=str(ack.getHFBody("call-id")),
            local=str(ack.getHFBody("from")),
            remote=str(to),
            target=self._found(_CONTACT) or str(ack.getRURI()),
            routes=tuple(reversed(routes)),
            cseq=ack.getHFBody("cseq").getCSeqNum() + 1,
        )

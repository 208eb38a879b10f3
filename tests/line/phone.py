"""A telephone that says exactly what a test wants, right or wrong: one socket, SIP as text."""

import re
import secrets
import socket
import time
from typing import Self


class RawPhone:
    """Speaks to the SIP port of the line on loopback; `address`: from where on loopback."""

    def __init__(self, sip: int, address: str = "127.0.0.1") -> None:
        self._sip, self._address = sip, address
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 0))
        self.port = int(self._socket.getsockname()[1])
        self._last, self._to, self._routes, self._contact = "", "", "", ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()

    def send(self, packet: bytes, port: int | None = None) -> None:
        """Any bytes at all."""
        self._socket.sendto(packet, ("127.0.0.1", port or self._sip))

    def invite(self, to: str, body: str, number: str = "+3220001234") -> str:
        """An INVITE, whole."""
        return (
            f"INVITE sip:{to}@127.0.0.1:{self._sip} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {self._address}:{self.port};rport;branch=z9hG4bK{secrets.token_hex(8)}\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:{number}@127.0.0.1>;tag={secrets.token_hex(4)}\r\n"
            f"To: <sip:{to}@127.0.0.1>\r\nCall-ID: {secrets.token_hex(12)}\r\nCSeq: 1 INVITE\r\n"
            f"Contact: <sip:raw@{self._address}:{self.port}>\r\nContent-Type: application/sdp\r\n"
            f"Content-Length: {len(body.encode())}\r\n\r\n{body}"
        )

    def calls(self, to: str, body: str, *, number: str = "+3220001234") -> int:
        """Call, and give the final answer's code."""
        self._last = self.invite(to, body, number)
        self.send(self._last.encode())
        answer = self._final("INVITE", 10)
        code = int(answer.split()[1])
        self._to = _header(answer, "To")
        self._routes = "".join(f"Route: {each}\r\n" for each in reversed(_headers(answer, "Record-Route")))
        self._contact = (re.search(r"<(.*?)>", _header(answer, "Contact")) or ["", ""])[1]
        self._request("ACK", 1, branch=None if code == 200 else _branch(self._last))
        return code

    def is_answered(self, to: str, body: str, patience_s: float = 2.0) -> bool:
        """Whether anybody says anything at all to an INVITE."""
        self._last = self.invite(to, body)
        self.send(self._last.encode())
        try:
            self._final("INVITE", patience_s)
        except TimeoutError:
            return False
        return True

    def wants(self, body: str, number: int, *, waits: bool = True) -> int:
        """Ask for something else in a call (a re-INVITE), and give the answer's code; 0 without waiting."""
        self._request("INVITE", number, body=body)
        if not waits:
            return 0
        # Not the answer to an earlier one, which may come late.
        code = int(self._answer(f"{number} INVITE", 5, 200).split()[1])
        self._request("ACK", number)
        return code

    def bye(self, number: int = 2) -> None:
        """Hang up, if there is anything to hang up."""
        if self._contact:
            self._request("BYE", number)
            self._final("BYE", 5)

    def cancels(self, to: str, body: str, after_s: float) -> bool:
        """Call, and think better of it so soon after the first sign of its arrival (RFC 3261, 9.1: no phone may
        sooner); hang up if it was too late for that. False if it never came further than the edge, which then ends it
        itself."""
        self._last = self.invite(to, body)
        self.send(self._last.encode())
        self._answer("INVITE", 10, 100)
        time.sleep(after_s)
        self._request("CANCEL", 1, branch=_branch(self._last))
        answer = self._final("INVITE", 10)
        self._to = _header(answer, "To")
        self._routes = "".join(f"Route: {each}\r\n" for each in reversed(_headers(answer, "Record-Route")))
        self._contact = (re.search(r"<(.*?)>", _header(answer, "Contact")) or ["", ""])[1]
        if answer.split()[1] == "200":
            self._request("ACK", 1)
            self.bye()
        else:
            self._request("ACK", 1, branch=_branch(self._last))
        return not answer.startswith("SIP/2.0 487 Request canceled")

    def _request(self, method: str, number: int, branch: str | None = None, body: str = "") -> None:
        first = self._last.split("\r\n", 1)[0].split()[1]
        inside = method in {"BYE", "ACK", "INVITE"} and branch is None
        target = self._contact or first if inside else first
        to = self._to if method != "CANCEL" else _header(self._last, "To")
        self.send(
            (
                f"{method} {target} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP {self._address}:{self.port};rport;"
                f"branch={branch or 'z9hG4bK' + secrets.token_hex(8)}\r\n"
                f"Max-Forwards: 70\r\nFrom: {_header(self._last, 'From')}\r\nTo: {to}\r\n"
                f"Call-ID: {_header(self._last, 'Call-ID')}\r\nCSeq: {number} {method}\r\n"
                f"{self._routes if inside else ''}Contact: <sip:raw@{self._address}:{self.port}>\r\n"
                f"Content-Type: application/sdp\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}"
            ).encode()
        )

    def _final(self, method: str, patience_s: float) -> str:
        return self._answer(method, patience_s, 200)

    def _answer(self, method: str, patience_s: float, least: int) -> str:
        """The first answer with at least this code. `method`: with its number, or to whichever."""
        end = time.monotonic() + patience_s
        call = _header(self._last, "Call-ID")
        while (left := end - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                text = self._socket.recv(65_536).decode(errors="replace")
            except TimeoutError:
                break
            if not text.startswith("SIP/2.0") or _header(text, "Call-ID") != call:
                continue
            if f" {_header(text, 'CSeq')}".endswith(f" {method}") and int(text.split()[1]) >= least:
                return text
        raise TimeoutError(f"no answer of {least} or more to {method}")


def _headers(text: str, name: str) -> list[str]:
    return [each.strip() for each in re.findall(rf"^{name}: *(.*?)\r?$", text, re.MULTILINE)]


def _header(text: str, name: str) -> str:
    return (_headers(text, name) or [""])[0]


def _branch(text: str) -> str:
    return (re.search(r"branch=([^;\r]+)", text) or ["", ""])[1]

"""SIP as text: requests and answers, right or wrong, for whoever plays a part in a test of the edge."""

import re
import secrets

DOMAIN = "quartier.invalid"


def request(
    method: str,
    target: str,
    *,
    via: str,
    to_tag: str = "",
    headers: tuple[str, ...] = (),
    call_id: str = "",
    contact: str = "",
    body: str = "",
    sequence: int = 1,
) -> str:
    """One SIP request. `headers` are whole lines."""
    tag = f";tag={to_tag}" if to_tag else ""
    lines = [
        f"{method} {target} SIP/2.0",
        f"Via: {via};branch=z9hG4bK{secrets.token_hex(8)}",
        "Max-Forwards: 70",
        f"From: <sip:+3220001234@{DOMAIN}>;tag={secrets.token_hex(4)}",
        f"To: <sip:+3220001235@{DOMAIN}>{tag}",
        f"Call-ID: {call_id or secrets.token_hex(10)}",
        f"CSeq: {sequence} {method}",
        *([f"Contact: <{contact}>"] if contact else []),
        *headers,
        f"Content-Length: {len(body.encode())}",
    ]
    return "\r\n".join(lines) + f"\r\n\r\n{body}"


def answer_to(asked: str, code: int, *headers: str, tag: str = "answering") -> str:
    """A response, with the Via and Record-Route headers of the request."""
    kept = [
        line
        for line in asked.split("\r\n\r\n")[0].split("\r\n")[1:]
        if re.match(r"(?i)(via|from|call-id|cseq|record-route):", line)
    ]
    to = header(asked, "To")
    to += "" if ";tag=" in to or code == 100 else f";tag={tag}"
    lines = [f"SIP/2.0 {code} Said", *kept, f"To: {to}", *headers, "Content-Length: 0"]
    return "\r\n".join(lines) + "\r\n\r\n"


def headers_of(text: str, name: str) -> list[str]:
    """All values of a header, each by itself."""
    found = re.findall(rf"(?im)^{name}: *(.*?)\r?$", text)
    if name.lower() in {"record-route", "route", "via"}:
        return [part.strip() for each in found for part in each.split(",")]
    return [each.strip() for each in found]


def header(text: str, name: str) -> str:
    """The first value of a header, or ""."""
    return (headers_of(text, name) or [""])[0]


def within(method: str, invite: str, answer: str, *, via: str, sequence: int = 2) -> str:
    """A request of the caller in the call that `invite` and `answer` made, as an honest phone builds it."""
    routes = "".join(f"Route: {each}\r\n" for each in reversed(headers_of(answer, "Record-Route")))
    target = (re.search(r"<(.*?)>", header(answer, "Contact")) or ["", ""])[1]
    return (
        f"{method} {target} SIP/2.0\r\nVia: {via};branch=z9hG4bK{secrets.token_hex(8)}\r\nMax-Forwards: 70\r\n"
        f"From: {header(invite, 'From')}\r\nTo: {header(answer, 'To')}\r\nCall-ID: {header(invite, 'Call-ID')}\r\n"
        f"CSeq: {sequence} {method}\r\n{routes}Content-Length: 0\r\n\r\n"
    )


def within_as_called(method: str, invite: str, *, via: str, sequence: int = 2) -> str:
    """A request of whoever was called, as an honest phone builds it from the INVITE that came."""
    turned = (
        invite.replace("\r\nFrom:", "\r\nX:").replace("\r\nTo:", "\r\nFrom:").replace("\r\nX:", "\r\nTo:")
    )
    routes = "".join(f"Route: {each}\r\n" for each in headers_of(invite, "Record-Route"))
    text = within(method, turned, turned.replace("Record-Route", "Seen"), via=via, sequence=sequence)
    return text.replace("\r\nContent-Length", f"\r\n{routes}Content-Length", 1)

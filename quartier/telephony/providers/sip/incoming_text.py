"""A SIP message as it comes, made one that sippy reads: it knows UTF-8, `sip:` and a body of one part; carriers send
Latin-1, `tel:` and several parts as well."""

import re

_LINES_ELSEWHERE = re.compile(r"\r(?!\n)|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
# Nobody is there: a number has no host, and what we send goes by our edge.
_TEL_HOST = "tel.invalid"
_TEL_ASKED = re.compile(r"\A(\w+ )tel:([^\s;>]*)\S*", re.IGNORECASE)
_ADDRESSES = r"^((?:from|f|to|t|contact|m)[ \t]*:"
# No two repeats beside each other match the same characters: on a line of spaces that takes the cube of its length.
_TEL = re.compile(
    _ADDRESSES + r'(?:[ \t]*"(?:[^"\\\r\n]|\\.)*+"[ \t]*|[^"<\r\n]*)<)tel:([^;>\s]*)(?:[; \t][^>\r\n]*)?>',
    re.IGNORECASE | re.MULTILINE,
)
_TEL_BARE = re.compile(_ADDRESSES + r"[ \t]*)tel:([^;,>\s]*)", re.IGNORECASE | re.MULTILINE)
_TYPE = re.compile(r"^(?:content-type|c)[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_OF_BODY = re.compile(
    r"^(?:content-(?:type|length|disposition|encoding)|mime-version|[cl])[ \t]*:[^\r\n]*\r\n",
    re.IGNORECASE | re.MULTILINE,
)
_BOUNDARY = re.compile(r'boundary="?([^";\s]+)', re.IGNORECASE)
_FOLDED = re.compile(r"\r\n[ \t]+")
# Sixty names of who calls are less than this; RFC 3261 has no bound.
MAX_HEADER_CHARS = 3000


class LineTooLong(ValueError):
    """A header that is longer than what anybody writes. Its text is `text`, with each line cut."""

    def __init__(self, text: str) -> None:
        super().__init__("a header is too long")
        self.text = text


def readable(data: bytes) -> str:
    """The message as text. Its headers are UTF-8, or else Latin-1; its body counts as many characters as bytes, since
    sippy measures it in characters. Raises `LineTooLong`."""
    head, gap, body = data.partition(b"\r\n\r\n")
    text = _decoded(head)
    _check_lines(text)
    # Where sippy begins a new line and the edge does not, a name could become a header.
    text = _LINES_ELSEWHERE.sub(" ", text) if gap else text
    text = _TEL_ASKED.sub(rf"\1sip:\2@{_TEL_HOST}", text)
    text = _TEL.sub(rf"\1sip:\2@{_TEL_HOST};user=phone>", text)
    text = _TEL_BARE.sub(rf"\1<sip:\2@{_TEL_HOST};user=phone>", text)
    plain = _NOT_ASCII.sub(b"?", body).decode("ascii")
    return _with_one_part(text, plain) if gap else text


def _check_lines(head: str) -> None:
    lines = head.split("\r\n")
    if any(len(each) > MAX_HEADER_CHARS for each in lines):
        raise LineTooLong("\r\n".join([*(each[:MAX_HEADER_CHARS] for each in lines), "", ""]))


def _decoded(head: bytes) -> str:
    try:
        return head.decode()
    except UnicodeDecodeError:
        return head.decode("latin-1")


def _with_one_part(head: str, body: str) -> str:
    """Of a body with several parts, the description of the sound: the others are for exchanges (ISUP)."""
    unfolded = _FOLDED.sub(" ", head)
    kind = _TYPE.search(unfolded)
    if kind is not None and kind[1].lower().startswith("multipart/"):
        boundary = _BOUNDARY.search(kind[1])
        for part in body.split(f"--{boundary[1]}")[1:] if boundary else ():
            part_head, _, description = part.removeprefix("\r\n").partition("\r\n\r\n")
            part_kind = _TYPE.search(part_head)
            if part_kind is not None and part_kind[1].lower().startswith("application/sdp"):
                description = description.removesuffix("\r\n") + "\r\n"
                rest = _OF_BODY.sub("", f"{unfolded}\r\n")
                lines = f"Content-Type: application/sdp\r\nContent-Length: {len(description)}"
                return f"{rest}{lines}\r\n\r\n{description}"
    return f"{head}\r\n\r\n{body}"

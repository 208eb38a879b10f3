"""Why somebody whom we ring does not come, in one of six words, from what the carrier says.

The words are those of `callcore.facts.Declined`. A cause of the telephone network (Q.850, in a Reason header) is more
exact than the SIP code that a gateway makes of it, where that code means many things.
"""

import re

from quartier.callcore.facts import NETWORK_REASON, NO_SUCH_NUMBER_REASON

BUSY_REASON, FORWARDED_REASON, NO_ANSWER_REASON, REFUSED_REASON = "busy", "forwarded", "no_answer", "refused"
REQUEST_TIMEOUT = 408
_BY_CODE = {
    **dict.fromkeys((486, 600), BUSY_REASON),
    **dict.fromkeys((404, 410, 484, 485, 604), NO_SUCH_NUMBER_REASON),
    **dict.fromkeys((300, 301, 302, 305), FORWARDED_REASON),
    **dict.fromkeys((480, 487), NO_ANSWER_REASON),
    **dict.fromkeys((403, 603, 607, 608), REFUSED_REASON),
}
_BY_CAUSE = {
    **dict.fromkeys((1, 22, 28), NO_SUCH_NUMBER_REASON),
    17: BUSY_REASON,
    **dict.fromkeys((18, 19, 20), NO_ANSWER_REASON),
    21: REFUSED_REASON,
    **dict.fromkeys((2, 3, 25, 27, 34, 38, 41, 42, 44, 47), NETWORK_REASON),
}
# These say nothing else: a cause does not make them anything else.
_EXACT_CODES = {486, 600, 604, 300, 301, 302, 305}
_Q850 = re.compile(r"\A\s*Q\.850\b", re.IGNORECASE)
_CAUSE = re.compile(r"\bcause[ \t]*=[ \t]*(\d{1,3})\b", re.IGNORECASE)
MAX_REASON_CHARS = 500


def reason_of(code: int, header: str = "", *, rang: bool) -> str:
    """`header`: the Reason header, or "". `rang`: the other phone had rung before, so a timeout is theirs; a carrier
    that says nothing at all is the network."""
    cause = _network_cause(header[:MAX_REASON_CHARS])
    if cause in _BY_CAUSE and code not in _EXACT_CODES:
        return _BY_CAUSE[cause]
    if code == REQUEST_TIMEOUT:
        return NO_ANSWER_REASON if rang else NETWORK_REASON
    return _BY_CODE.get(code, NETWORK_REASON)


def _network_cause(header: str) -> int:
    """Of several reasons, that of the telephone network; 0 without one."""
    for value in header.split(","):
        if _Q850.match(value) and (found := _CAUSE.search(value)):
            return int(found[1])
    return 0

"""A key that comes as a SIP INFO request, as some gateways send it instead of in the sound."""

import re

DTMF_RELAY_TYPE, DTMF_TYPE = "application/dtmf-relay", "application/dtmf"
KEY_TYPES = (DTMF_RELAY_TYPE, DTMF_TYPE)
_SIGNAL = re.compile(r"^[ \t]*Signal[ \t]*=[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
# A key and how long it was held: two short lines.
MAX_BODY_CHARS = 400
# Some number the two keys without a digit as RFC 4733 does.
_KEYS = {**{each: each for each in "0123456789*#"}, "10": "*", "11": "#"}


def digit_of(content_type: str, body: str) -> str:
    """The key, or "" for what is none."""
    if len(body) > MAX_BODY_CHARS:
        return ""
    kind = content_type.split(";")[0].strip().lower()
    if kind == DTMF_RELAY_TYPE:
        found = _SIGNAL.search(body)
        return _KEYS.get(found[1], "") if found else ""
    return _KEYS.get(body.strip(), "") if kind == DTMF_TYPE else ""

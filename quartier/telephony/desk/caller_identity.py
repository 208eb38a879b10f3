"""Who calls, as the carrier says it: the values of `P-Asserted-Identity` (RFC 3325), the user of `From`, a `tel:`
address (RFC 3966), or a bare number. What stands in a display name is never a number. Pure."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from quartier.lib import phone

# What asks that nobody is told who calls (RFC 3323, 3325); "none" and "critical" do not.
WITHHOLDING_PRIVACY = {"id", "user", "header", "full"}
ANONYMOUS_USER = "anonymous"
MAX_CHARS = 2000
_VALUE = re.compile("(?:<[^<>]*>|[^,<])+")
_BRACKETED = re.compile("<([^<>]*)>")
# With its end, where it has one.
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+("?)')
_SCHEME = re.compile(r"(?:tel|sips?):", re.IGNORECASE)
_CONTEXT = re.compile(r";phone-context=(\+\d+)", re.IGNORECASE)


def read_number(identity: str, country: str) -> str:
    """The first number among these values, in E.164, read as in `country`; "" when it is withheld or absurd."""
    for user in _users(identity):
        try:
            return phone.parse(user, country)
        except phone.NotANumber:
            continue
    return ""


def is_withheld(user: str, privacy: str) -> bool:
    """Whether the caller wants to be known to nobody, by the user of their `From` and their `Privacy`."""
    wanted = {each.strip().lower() for each in re.split("[;,]", privacy)}
    return user.strip().lower() == ANONYMOUS_USER or bool(wanted & WITHHOLDING_PRIVACY)


def _users(identity: str) -> Iterator[str]:
    """The user part of the address in each value."""
    unnamed = _QUOTED.sub(lambda found: "" if found[1] else '"', identity[:MAX_CHARS])
    if '"' in unnamed:
        # A name that does not end: nobody can say where the address begins.
        return
    for value in _VALUE.findall(unnamed):
        bracketed = _BRACKETED.search(value)
        address = _SCHEME.sub("", (bracketed[1] if bracketed else value).strip(), count=1)
        user, *parameters = address.partition("@")[0].split(";")
        user = unquote(user.partition(":")[0]).strip()
        context = _CONTEXT.search(";" + ";".join(parameters))
        if context and not user.startswith(("+", "00")):
            user = context[1] + user
        yield "+" + user[2:] if user.startswith("00") else user

"""By which ways a written message can leave this installation. (A file of its own: forms ask it what they may offer,
`actions` by what somebody can be written to.)

What stays in the sandbox reaches nobody, unless this is a demonstration, where everybody reads it there: a way that
leads nowhere is none, and whoever has no other is called.
"""

from functools import lru_cache

from django.conf import settings

from quartier.lib import phone
from quartier.messaging.providers import texts

EMAIL, TEXT = "email", "text"
# Names that belong to nobody (RFC 2606, RFC 6761): never written to by a real provider.
NOBODYS = ("example", "example.org", "example.com", "example.net", "test", "invalid")


def written_ways() -> frozenset[str]:
    """Those of `text` and `email` that this installation has."""
    return _written_ways(settings.MAIL, tuple(settings.TEXTS), settings.SANDBOX_IS_READ)


@lru_cache(maxsize=16)
def _written_ways(mail: str, places: tuple[str, ...], is_read: bool) -> frozenset[str]:
    found = set()
    if is_read or not mail.startswith("sandbox:"):
        found.add(EMAIL)
    addresses, _faults = texts.each(places)
    if any(is_read or each.scheme != texts.SANDBOX for each in addresses):
        found.add(TEXT)
    return frozenset(found)


def leads_somewhere(channel: str, to: str) -> bool:
    """Whether a text or a mail to this number or address can reach somebody."""
    return channel in written_ways() and (settings.SANDBOX_IS_READ or not is_nobodys(channel, to))


def is_nobodys(channel: str, to: str) -> bool:
    """Whether the address is one for tests and examples, behind which nobody is."""
    if channel == EMAIL:
        domain = to.rpartition("@")[2].lower().rstrip(".")
        return any(domain == name or domain.endswith(f".{name}") for name in NOBODYS)
    return phone.is_fictitious(to)

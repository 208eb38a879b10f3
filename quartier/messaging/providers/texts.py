"""Where texts leave: the addresses in `texts` of the installation, first choice first, and what their providers share.

`scheme:…?cents=7.5#name`. `cents`: the price of a segment. `name`: what the provider is called in the database and
in the address of its webhooks; without it, the scheme.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.utils.translation import gettext as _

from quartier.lib import sms
from quartier.messaging.models import Message
from quartier.messaging.providers.base import NotSent, Provider

SANDBOX = "sandbox"
# The words of a query that are ours; all others belong to the provider's own address.
OURS = {
    SANDBOX: {"cents"},
    "gammu": {"cents"},
    "http": {"cents", "token", "secret"},
    "https": {"cents", "token", "secret"},
    "twilio": {"cents"},
    "apprise": {"cents"},
}
# Names of providers that carry something else than texts.
TAKEN = {"email", "push", "text", "voice", "telegram", "matrix"}


class NotAnAddress(ValueError):
    """What stands in `texts` names no provider; the words say why, and hold nothing secret."""


@dataclass(frozen=True)
class Address:
    """One way for texts. `rest`: behind the colon, without our own words; it may hold passwords."""

    scheme: str
    rest: str = field(repr=False)
    name: str
    cents: Decimal = Decimal(0)
    options: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def url(self) -> str:
        """The provider's own address."""
        return f"{self.scheme}:{self.rest}"


def parse(written: str) -> Address:
    """One address. Raises `NotAnAddress`."""
    text, _hash, name = written.strip().rpartition("#") if "#" in written else (written.strip(), "", "")
    scheme, colon, rest = text.partition(":")
    scheme = scheme.lower()
    if not colon or scheme not in OURS:
        raise NotAnAddress(
            _("it must begin with one of {schemes}").format(schemes=", ".join(f"{each}:" for each in OURS))
        )
    rest, options = _without_ours(rest, OURS[scheme])
    name = name or scheme
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,19}", name) or name in TAKEN:
        raise NotAnAddress(
            _("the name after # is not valid: up to 20 small letters, digits and -, but not {taken}").format(
                taken=", ".join(sorted(TAKEN))
            )
        )
    found = Address(scheme, rest, name, _cents(options.pop("cents", "0")), options)
    fault = _fault(found)
    if fault:
        raise NotAnAddress(fault)
    return found


def _without_ours(rest: str, ours: set[str]) -> tuple[str, dict[str, str]]:
    """The rest without the words of its query that are ours, and those."""
    before, mark, query = rest.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    options = {key: value for key, value in pairs if key in ours}
    if not options:
        return rest, {}
    others = urlencode([pair for pair in pairs if pair[0] not in ours])
    return f"{before}{mark if others else ''}{others}", options


def _cents(written: str) -> Decimal:
    try:
        found = Decimal(written.replace(",", "."))
    except InvalidOperation as error:
        raise NotAnAddress(_("cents is not a number, such as 7.5")) from error
    if not (found.is_finite() and Decimal(0) <= found <= Decimal(1000)):
        raise NotAnAddress(_("cents is not a number, such as 7.5"))
    return found


def _fault(address: Address) -> str:
    """What is wrong with the part that the provider itself reads; "" if nothing is."""
    if address.scheme == "gammu" and not address.rest.startswith("/"):
        return _("the path of smsd’s file is missing, such as {example}").format(
            example="gammu:/etc/gammu-smsdrc"
        )
    if address.scheme in {"http", "https"}:
        try:
            parts = urlsplit(address.url)
            good = bool(parts.hostname) and parts.port != 0
        except ValueError:
            good = False
        if not good:
            return _("it is not the address of a website, such as https://texts.example.org/send")
    if address.scheme == "twilio" and not re.fullmatch(
        r"//[A-Za-z0-9]+:[^@:/\s]+@(\+\d{6,15}|[A-Za-z0-9 ]{1,34})/?", address.rest
    ):
        return _("Twilio's address is twilio://SID:TOKEN@+32460000000")
    if address.scheme == "apprise" and ("{to}" not in address.rest or "://" not in address.rest):
        return _("the Apprise address must contain {to} where the number goes").format(to="{to}")
    return ""


def each(written: Iterable[str]) -> tuple[list[Address], list[tuple[int, str]]]:
    """The addresses that can be used, in their order; and what is wrong with the others: place (from 1) and words.

    The sandbox is only used alone: behind others, it would swallow what they could not send."""
    found: list[Address] = []
    faults: list[tuple[int, str]] = []
    for place, line in enumerate(written, 1):
        try:
            address = parse(line)
            if address.name in {other.name for other in found}:
                raise NotAnAddress(_("another one has the same name: write a different name after #"))
        except NotAnAddress as error:
            faults.append((place, str(error)))
        else:
            found.append(address)
    real = [address for address in found if address.scheme != SANDBOX]
    if real and len(real) < len(found):
        faults.append((0, _("{sandbox} can only be used alone: it sends nothing").format(sandbox="sandbox:")))
    return real or found, faults


def missing(package: str, extra: str) -> NotSent:
    """What is raised where a package is wanted that not every installation has."""
    words = _("the package {package} is missing: uv sync --extra {extra}")
    return NotSent(words.format(package=package, extra=extra), unreachable=True)


class TextProvider(Provider):
    """A way for texts, as its address says."""

    channels = frozenset({Message.Channel.TEXT})

    @property
    def hears(self) -> bool:
        """Whether it brings what people answer."""
        return True

    def __init__(self, address: Address) -> None:
        self.address, self.name = address, address.name

    def cost(self, message: Message) -> Decimal:
        return self.address.cents * sms.size(message.body).segments / 100

"""How the provider is reached, and how it reaches us: keys of the table `[line]` of `quartier.toml`."""

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

# Where the web server in front hands on what the provider asks.
PATH = "/line/carrier"


@dataclass(frozen=True)
class Setup:
    """One installation's line behind a provider.

    account      the provider's name for the account (`AC…`)
    token        its secret: signs webhooks and opens the API
    signing_key  only where the provider signs webhooks with another secret
    api          the API up to the version; `/Accounts/…` follows
    public_url   how the provider reaches us, such as `https://line.example.org`: without a path, exactly as it asks
    listen_port  where we listen, on 127.0.0.1, behind the web server that holds the certificate
    """

    home: Path
    account: str
    token: str = field(repr=False)
    public_url: str
    signing_key: str = field(default="", repr=False)
    api: str = "https://api.twilio.com/2010-04-01"
    listen_port: int = 5080

    @classmethod
    def of(cls, home: Path, written: dict[str, Any], origin: str) -> "Setup":
        """From the table, each value overridden by `QUARTIER_LINE_…`. Raises `ValueError` for what is missing or of a
        wrong kind."""
        given: dict[str, Any] = {"public_url": origin}
        for each in fields(cls):
            value = os.environ.get(f"QUARTIER_LINE_{each.name.upper()}", written.get(each.name))
            if value is not None and value != "":
                given[each.name] = int(value) if each.type is int else str(value)
        given["home"] = home / "line"
        for name in ("account", "token"):
            if not given.get(name):
                raise ValueError(f"the table [line] needs {name!r} for a carrier that speaks TwiML")
        for name in ("public_url", "api"):
            if name in given:
                given[name] = given[name].rstrip("/")
        return cls(**given)

    @property
    def secret(self) -> str:
        """What webhooks are signed with."""
        return self.signing_key or self.token

    def url(self, what: str) -> str:
        """An address of ours, as the provider sees it."""
        return f"{self.public_url}{PATH}/{what}"


def carrier(written: dict[str, Any]) -> str:
    """Which carrier runs the line: `sip` (own servers), or `twiml`. Raises `ValueError` for another."""
    chosen = os.environ.get("QUARTIER_LINE_CARRIER") or str(written.get("carrier") or "sip")
    if chosen not in {"sip", "twiml"}:
        raise ValueError(f"the table [line] has carrier {chosen!r}: it is 'sip' or 'twiml'")
    return chosen

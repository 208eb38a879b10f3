"""What one installation says about itself: `quartier.toml` in its home folder, overridden by the environment.

The home folder is `QUARTIER_HOME` (default: `var` in the working directory). `quartier init` writes the
file. Each key can be overridden by an environment variable, `QUARTIER_` and the key in capitals.
"""

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from quartier.config import toml_file
from quartier.lib.postgresql import PAGES_WAIT_S


@dataclass(frozen=True)
class Installation:
    """The settings of one installation. Secrets are text; `field_keys` are `id:base64 of 32 bytes`."""

    home: Path
    exists: bool
    secret_key: str
    field_keys: tuple[str, ...]
    index_key: str
    database: str
    origin: str
    hosts: tuple[str, ...]
    # The web servers in front, whose word on who calls is believed (`config.proxies`).
    proxies: tuple[str, ...]
    mail: str
    mail_sender: str
    # Where answers, and what did not arrive, come in (messaging/providers/mailbox).
    mail_inbox: str
    # Where texts leave, first choice first (messaging/providers/texts.py).
    texts: tuple[str, ...]
    # The bot, and the user of a homeserver, by whom volunteers are written to (messaging/providers/telegram, matrix).
    telegram: str
    matrix: str
    geocoder: str
    behaviour: str
    # From where alerts of authorities may be read (incidents/cap).
    cap_hosts: tuple[str, ...]
    lease_seconds: float
    # How log lines are written: "text" or "json" (config/logs.py).
    logs: str
    demo: bool
    debug: bool
    # The table `[line]`: where the phone line's parts listen and how the carrier is reached (telephony/providers/sip).
    line: dict[str, Any]


def new_key() -> str:
    """32 random bytes in base64, for `field_keys` (behind an id and a colon) and `index_key`."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def load(environ: dict[str, str] | None = None) -> Installation:
    """Read the installation's file. Without a file, keys are random: good for tests, useless for keeping data. What is
    wrong with it `faults` has said before; else it raises `ValueError`."""
    env = dict(os.environ) if environ is None else environ
    home = Path(env.get("QUARTIER_HOME", "var")).resolve()
    file = home / "quartier.toml"
    written: dict[str, Any] = toml_file.read(file)[0] if file.exists() else {}

    def value(key: str, default: str) -> str:
        return env.get(f"QUARTIER_{key.upper()}", str(written.get(key, default)))

    def values(key: str, default: list[str]) -> tuple[str, ...]:
        from_env = env.get(f"QUARTIER_{key.upper()}")
        found = from_env.split(",") if from_env else written.get(key, default)
        return (found,) if isinstance(found, str) else tuple(map(str, found))

    def yes(key: str) -> bool:
        return value(key, "").lower() in {"1", "true", "yes"}

    # Paths are put behind it as they are.
    origin = value("origin", "http://127.0.0.1:8000").rstrip("/")
    return Installation(
        home=home,
        exists=file.exists(),
        secret_key=value("secret_key", secrets.token_urlsafe(48)),
        field_keys=values("field_keys", [f"k1:{new_key()}"]),
        index_key=value("index_key", new_key()),
        database=value("database", f"sqlite:///{home / 'quartier.sqlite3'}"),
        origin=origin,
        hosts=values("hosts", [urlsplit(origin).hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"]),
        # The variable is the one that other web servers in Python have.
        proxies=values("proxies", env.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1").split(",")),
        mail=value("mail", "sandbox:"),
        mail_sender=value("mail_sender", "quartier@example.org"),
        mail_inbox=value("mail_inbox", ""),
        texts=values("texts", ["sandbox:"]),
        telegram=value("telegram", ""),
        matrix=value("matrix", ""),
        geocoder=value("geocoder", "gazetteer"),
        behaviour=value("behaviour", ""),
        cap_hosts=values("cap_hosts", ["feeds.meteoalarm.org"]),
        # How long a worker that gives no sign of life keeps what it is working on.
        lease_seconds=float(value("lease_seconds", "30")),
        logs=value("logs", "text"),
        demo=yes("demo"),
        debug=yes("debug"),
        line=dict(written.get("line", {})),
    )


def line_address(found: Installation) -> str:
    """What browsers of operators connect to: empty where there is no table `[line]`, or a carrier that needs none."""
    from quartier.telephony.providers.sip.setup import Setup

    if not found.line or found.line.get("carrier", "sip") != "sip":
        return ""
    try:
        return Setup.of(found.home, found.line, found.origin).websocket_url
    except (TypeError, ValueError):
        # The commands of the line say what is wrong with the table; the pages go on without it.
        return ""


def database(url: str) -> dict[str, Any]:
    """Django's settings for `sqlite:///path` or `postgresql://user:password@host:port/name?sslmode=require`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path.rstrip("/") or ":memory:",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA temp_store=MEMORY;"
                    "PRAGMA cache_size=-32000;PRAGMA mmap_size=268435456;"
                ),
            },
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "quartier.lib.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                # Who waits longer is told by `quartier.lib.postgresql` whether to go on. A server that was away is
                # looked for again when somebody wants it, not after pauses that double.
                "pool": {"min_size": 1, "max_size": 12, "timeout": PAGES_WAIT_S, "reconnect_timeout": 5},
                # Only statements that say so are prepared, at their first use; and planned once for each connection,
                # not for each set of values: planning them takes longer than running them (decision 0012).
                "prepare_threshold": 1_000_000,
                # Nor is a statement compiled first: one that reads a full board costs about as much as PostgreSQL
                # believes worth that, and compiling it takes longer than running it.
                "options": "-c plan_cache_mode=force_generic_plan -c jit=off",
                **dict(parse_qsl(parts.query)),
            },
        }
    raise ValueError(f"database must begin with sqlite: or postgresql:, not {parts.scheme!r}")


def mailer(url: str) -> dict[str, Any]:
    """Django's mailer for `smtp://user:password@host:port` (`smtps:` for TLS from the start), for
    `anymail:service?…`, or `sandbox:`."""
    parts = urlsplit(url)
    if parts.scheme == "sandbox":
        return {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    if parts.scheme in {"smtp", "smtps"}:
        return {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": parts.hostname or "localhost",
                "port": parts.port or (465 if parts.scheme == "smtps" else 587),
                "username": unquote(parts.username or ""),
                "password": unquote(parts.password or ""),
                "use_ssl": parts.scheme == "smtps",
                "use_tls": parts.scheme == "smtp" and bool(parts.username),
                "timeout": 8,
            },
        }
    if parts.scheme == "anymail":
        name, options = _anymail(url)
        ours = {key: words for key, words in options.items() if not _is_for_hooks(key)}
        return {
            "BACKEND": f"anymail.backends.{name}.EmailBackend",
            "OPTIONS": {"timeout": 8, "ignore_unsupported_features": True, **ours},
        }
    raise ValueError(f"mail must begin with smtp:, smtps:, anymail: or sandbox:, not {parts.scheme!r}")


def mail_hook(url: str) -> dict[str, str]:
    """By what we know that a service of mail calls us, as django-anymail's view for it wants it."""
    if not url.startswith("anymail:"):
        return {}
    _name, options = _anymail(url)
    return {key: words for key, words in options.items() if _is_for_hooks(key) or key == "api_key"}


def _anymail(url: str) -> tuple[str, dict[str, str]]:
    """`anymail:mailgun?api_key=…`: the service as django-anymail calls it, and its settings. Raises `ValueError`."""
    name, _mark, query = url.removeprefix("anymail:").partition("?")
    if not name.isidentifier():
        raise ValueError("mail must name a service: anymail:mailgun?api_key=...")
    return name, dict(parse_qsl(query, keep_blank_values=True))


def _is_for_hooks(key: str) -> bool:
    return "webhook" in key or "signing" in key

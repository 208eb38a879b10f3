"""Where the parts of the line listen, and how the carrier is reached: the table `[line]` of `quartier.toml`.

`write` makes the configuration of Kamailio, rtpengine and coturn from it: the same files for
`quartier run --with-calls` and for systemd.
"""

import hashlib
import ipaddress
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from quartier.telephony.providers.sip import certificate
from quartier.telephony.providers.sip.edge import question_pipe
from quartier.telephony.providers.sip.kamailio_text import table_row
from quartier.telephony.providers.sip.own_calls import MARK_CHARS, UNWATCHED_S

TEMPLATES = Path(__file__).resolve().parent / "config"
# Whom Debian trusts.
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
# So many wrong passwords from one address within five minutes are guesses: it is banned for as long.
MAX_PASSWORD_GUESSES = 30
# Websockets from one address whose browser has not registered yet. An office whose pages all come back at once is less.
MAX_NEWCOMERS_PER_ADDRESS = 50
# A web server in front is one address for all browsers; whom it names is counted by their own (`newcomers`).
MAX_CONNECTIONS_PER_ADDRESS, MAX_CONNECTIONS_OF_WEB_SERVER = 150, 1900
# A new caller is kept for so long while call control does not answer: it is starting.
CORE_TIMEOUT_S = 30
# A browser registers with its first words. The edge looks every two seconds.
REGISTER_WITHIN_S = 15
# One that was told that it is closed does so within a moment.
CLOSE_WITHIN_S = 3
# A browser of an address that is banned: a password, once more with a new nonce, and a page that tries again.
MAX_BANNED_TRIES = 6
# Messages of one browser in two seconds: ten calls that change at once are fewer.
MAX_BROWSER_MESSAGES = 120
# A new connection on which nothing is said is closed; a telephone and a browser speak first.
IDLE_TIMEOUT_S = 6
# So often Kamailio looks whether it is to register with the carrier; and again after a no, or no answer: without the
# second it would never try again.
REGISTRATION_LOOK_S, REGISTRATION_RETRY_S = 30, 60
# What of a transport Kamailio takes for the carrier's: who answers over TCP may still call over UDP, TLS is alone.
_TRUNK_SPEAKS = {
    "udp": '$proto == "udp"',
    "tcp": '($proto == "udp" || $proto == "tcp")',
    "tls": '$proto == "tls"',
}


@dataclass(frozen=True)
class Setup:
    """Addresses and ports of one installation's line. `docs/howto/line.md` explains each.

    address       where the outside reaches this machine (its own address)
    public        the address that the outside sees, behind NAT; else empty
    websocket     what browsers connect to, such as `wss://line.example.org/line/ws`; empty: `ws_port` on `address`
    trunk         the carrier's host or host:port, `sips:` before it means TLS; empty: no outgoing calls
    trunk_sources addresses from which the carrier calls; nobody else may
    trunk_srtp    the carrier's sound is encrypted, or there is no call; by itself with TLS
    plain_browsers  for benchmarks alone: stand-ins for browsers may speak unencrypted
    trunk_identity  the carrier wants our number in P-Asserted-Identity too
    trunk_ca      a file with whoever may have signed the carrier's certificate; empty: whom the system trusts
    """

    home: Path
    address: str = "127.0.0.1"
    public: str = ""
    domain: str = "quartier.invalid"
    websocket: str = ""
    origins: tuple[str, ...] = ()
    sip_port: int = 5060
    ws_port: int = 5066
    wss_port: int = 5067
    callcore_port: int = 5070
    ng_port: int = 2223
    keys_port: int = 2224
    tls_port: int = 5061
    turn_port: int = 3478
    rtp_from: int = 30000
    rtp_until: int = 40000
    certificate: str = ""
    certificate_key: str = ""
    trunk: str = ""
    trunk_user: str = ""
    trunk_password: str = ""
    trunk_registers: bool = False
    trunk_sources: tuple[str, ...] = ()
    trunk_transport: str = "udp"
    trunk_srtp: bool = False
    trunk_ca: str = ""
    trunk_identity: bool = False
    turn: bool = False
    flood: int = 60
    plain_browsers: bool = False

    @classmethod
    def of(cls, home: Path, written: dict[str, Any], origin: str) -> "Setup":
        """From the table, each value overridden by `QUARTIER_LINE_…`. Raises `ValueError` for a wrong kind, and for
        what makes no sense together."""
        given: dict[str, Any] = {"home": home / "line"}
        for field in fields(cls):
            value: Any = os.environ.get(f"QUARTIER_LINE_{field.name.upper()}", written.get(field.name))
            if value is None or field.name == "home":
                continue
            if field.type is int:
                value = int(value)
            elif field.type is bool:
                value = str(value).lower() in {"1", "true", "yes"}
            elif str(field.type).startswith("tuple"):
                value = tuple(value.split(",")) if isinstance(value, str) else tuple(value)
            else:
                value = str(value)
            given[field.name] = value
        _carrier(given)
        here = cls(**given)
        if not here.origins:
            parts = urlsplit(origin)
            here = cls(**{**given, "origins": (f"{parts.scheme}://{parts.netloc}",)})
        return here

    @property
    def websocket_url(self) -> str:
        """What a browser connects to."""
        if self.websocket:
            return self.websocket
        if self.certificate:
            return f"wss://{self.public or self.address}:{self.wss_port}"
        return f"ws://{self.address}:{self.ws_port}"

    @property
    def trunk_address(self) -> tuple[str, int]:
        host, _, port = self.trunk.partition(":")
        return host, int(port or (5061 if self.trunk_transport == "tls" else 5060))

    @property
    def trusted(self) -> str:
        """The file with whoever may have signed the carrier's certificate."""
        return self.trunk_ca or AUTHORITIES


def _carrier(given: dict[str, Any]) -> None:
    """`sips:` is another word for TLS, and TLS brings encrypted sound."""
    scheme, colon, rest = str(given.get("trunk", "")).partition(":")
    if colon and scheme in {"sip", "sips"}:
        given["trunk"] = rest
        if scheme == "sips" and given.setdefault("trunk_transport", "tls") != "tls":
            raise ValueError("trunk begins with sips: and trunk_transport is not tls")
    transport = given.get("trunk_transport", "udp")
    if transport not in _TRUNK_SPEAKS:
        raise ValueError(f"trunk_transport is udp, tcp or tls, not {transport}")
    if given.setdefault("trunk_srtp", transport == "tls") and transport != "tls":
        raise ValueError("trunk_srtp needs trunk_transport = tls: else the keys can be read on the way")


def secret(home: Path) -> str:
    """What credentials are made with, of the line and of TURN: made at first use, readable by the owner alone."""
    file = home / "secret"
    home.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        draft = home / f".secret-{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(24))
        with suppress(FileExistsError):  # Another process was first.
            os.link(draft, file)
        draft.unlink()
    return file.read_text().strip()


def write(setup: Setup) -> dict[str, Path]:
    """Write the three files, only where they change, and give where they are by program. Raises `ValueError` for a
    folder whose name is too long."""
    setup.home.mkdir(parents=True, exist_ok=True)
    words = _words(setup)
    written = {}
    for program, name in (
        ("kamailio", "kamailio.cfg"),
        ("rtpengine", "rtpengine.conf"),
        ("turnserver", "turnserver.conf"),
    ):
        text = (TEMPLATES / name).read_text()
        for word, value in words.items():
            text = text.replace(f"@@{word}@@", value)
        file = setup.home / name
        _keep(file, text)
        written[program] = file
    return written


def _keep(file: Path, text: str) -> None:
    if not file.exists() or file.read_text() != text:
        file.touch(mode=0o600)
        file.write_text(text)


def _words(setup: Setup) -> dict[str, str]:
    numbers = {
        field.name.upper(): str(getattr(setup, field.name)) for field in fields(setup) if field.type is int
    }
    outgoing = _outgoing(setup) if setup.trunk else {}
    sources = [f"src_ip=={each}" for each in setup.trunk_sources]
    origins = [f'$hdr(Origin) == "{each}"' for each in setup.origins]
    return {
        **numbers,
        "ADDRESS": setup.address,
        # Behind a web server that holds the certificate, the socket for browsers is its alone.
        "WEB_ADDRESS": "127.0.0.1" if setup.websocket else setup.address,
        "ADVERTISE": f" advertise {setup.public}:{setup.sip_port}" if setup.public else "",
        "MEDIA": f"{setup.address}!{setup.public}" if setup.public else setup.address,
        "EXTERNAL": f"external-ip={setup.public}/{setup.address}" if setup.public else "",
        "TURN_PEERS": _turn_peers(setup),
        "DOMAIN": setup.domain,
        "HOME": str(setup.home),
        "SECRET": secret(setup.home),
        "TURN_FROM": str(setup.rtp_until + 1),
        "TURN_UNTIL": str(setup.rtp_until + 2000),
        "TRUNK_SPEAKS": _TRUNK_SPEAKS[setup.trunk_transport],
        "TRUNK_SOURCES": " || ".join(sources) or '$si == "0.0.0.0"',
        "TRUNK_TARGETS": _targets(setup),
        "INNER_PORTS": _inner_ports(setup),
        "PIPE": str(question_pipe(setup.home)),
        "UNWATCHED_S": str(UNWATCHED_S),
        "MARK_CHARS": str(MARK_CHARS),
        "GUESSES": str(MAX_PASSWORD_GUESSES),
        "NEWCOMERS": str(MAX_NEWCOMERS_PER_ADDRESS),
        "TCP_PER_ADDRESS": str(_tcp_per_address(setup)),
        "CORE_TIMEOUT_MS": str(CORE_TIMEOUT_S * 1000),
        "IDLE_TIMEOUT_S": str(IDLE_TIMEOUT_S),
        "REGISTER_WITHIN_S": str(REGISTER_WITHIN_S),
        "CLOSE_WITHIN_S": str(CLOSE_WITHIN_S),
        "BANNED_TRIES": str(MAX_BANNED_TRIES),
        "BROWSER_FLOOD": str(max(MAX_BROWSER_MESSAGES, setup.flood)),
        "TRUNK_OPENLY": _OPENLY if setup.trunk_srtp else "",
        "ORIGINS": " || ".join(origins) or "1 == 1",
        "TLS": _tls(setup),
        "TRUNK_MODULES": "",
        "TRUNK_PARAMETERS": "",
        "TRUNK_OUT": 'sl_send_reply("503", "No Trunk");',
        **outgoing,
    }


def _tcp_per_address(setup: Setup) -> int:
    return MAX_CONNECTIONS_OF_WEB_SERVER if setup.websocket else MAX_CONNECTIONS_PER_ADDRESS


def _targets(setup: Setup) -> str:
    """What the carrier's addresses are, as far as they are written down: the beginning of a condition."""
    written = [*setup.trunk_sources, *([setup.trunk_address[0]] if setup.trunk else [])]
    found = []
    for each in dict.fromkeys(written):
        try:
            network = ipaddress.ip_network(each, strict=False)
        except ValueError:
            continue  # A name: what it leads to is learnt when something is sent there, or comes from there.
        if network.num_addresses == 1:
            found.append(f'$var(next) == "{network.network_address}" || ')
        else:
            found.append(f'is_in_subnet("$var(next)", "{network}") || ')
    return "".join(found)


def _inner_ports(setup: Setup) -> str:
    """Where our own parts listen on loopback: a carrier on this machine is none of them."""
    ports = (setup.sip_port, setup.ws_port, setup.wss_port, setup.ng_port, setup.keys_port)
    return " || ".join(f"$sndto(port) == {each}" for each in ports)


# A caller whose sound everybody on the way could hear.
_OPENLY = """if (has_body("application/sdp") && !search_body("m=audio [0-9]+ [A-Z/]*RTP/SAVP")) {
		xlog("L_CRIT", "a call whose sound is not encrypted was refused\\n");
		sl_send_reply("488", "Not Acceptable Here");
		exit;
	}"""


def _turn_peers(setup: Setup) -> str:
    """Where rtpengine listens, as coturn's exceptions from "nowhere"."""
    addresses = dict.fromkeys(filter(None, (setup.address, setup.public)))
    lines = [f"allowed-peer-ip={each}" for each in addresses]
    if any(ipaddress.ip_address(each).is_loopback for each in addresses if _is_address(each)):
        lines.append("allow-loopback-peers")
    return "\n".join(lines)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _tls(setup: Setup) -> str:
    """TCP or TLS for the carrier, TLS for browsers that come without a web server. The carrier's socket is the first
    one: what we send goes out there."""
    lines, advertise = [], f" advertise {setup.public}:" if setup.public else ""
    if setup.trunk_transport == "tcp":
        at = f"{setup.address}:{setup.sip_port}"
        lines.append(f"listen=tcp:{at}" + (f"{advertise}{setup.sip_port}" if advertise else ""))
    if setup.trunk_transport == "tls":
        at = f"{setup.address}:{setup.tls_port}"
        lines.append(f"listen=tls:{at}" + (f"{advertise}{setup.tls_port}" if advertise else ""))
    if setup.certificate:
        lines.append(f"listen=tls:{setup.address}:{setup.wss_port}")
    if setup.trunk_transport == "tls" or setup.certificate:
        _tls_profiles(setup)
        lines += [
            "enable_tls=yes",
            'loadmodule "tls.so"',
            f'modparam("tls", "config", "{setup.home}/tls.cfg")',
        ]
    return "\n".join(lines)


def _tls_profiles(setup: Setup) -> None:
    shown: tuple[str | Path, str | Path] = (setup.certificate, setup.certificate_key)
    if not setup.certificate:
        names = (setup.public or setup.address, setup.address)
        shown = certificate.own(setup.home, tuple(dict.fromkeys(names)))
    words = {
        "CERTIFICATE": str(shown[0]),
        "CERTIFICATE_KEY": str(shown[1]),
        "TRUNK_CA": setup.trusted,
        "TRUNK_NAME": _server_name(setup),
    }
    text = (TEMPLATES / "tls.cfg").read_text()
    for word, value in words.items():
        text = text.replace(f"@@{word}@@", value)
    _keep(setup.home / "tls.cfg", text)


def _server_name(setup: Setup) -> str:
    """The name that we ask the carrier's server for; an address is none."""
    host = setup.trunk_address[0]
    return f"server_name = {host}" if host and not _is_address(host) else ""


def way_to_carrier(setup: Setup) -> tuple[str, str, str]:
    """To the carrier: what stands behind its address, the socket of ours where there is a choice, and where it reaches
    us."""
    public = setup.public or setup.address
    if setup.trunk_transport == "udp":
        return "", "", f"{public}:{setup.sip_port}"
    kind, port = setup.trunk_transport, setup.tls_port if setup.trunk_transport == "tls" else setup.sip_port
    tail = f";transport={kind}"
    return tail, f"{kind}:{setup.address}:{port}", f"{public}:{port}{tail}"


def _outgoing(setup: Setup) -> dict[str, str]:
    """The way out by the carrier. Its challenge goes to call control, whose next request has a higher CSeq."""
    host, port = setup.trunk_address
    tail, socket, reached = way_to_carrier(setup)
    out = f'$ru = "sip:" + $rU + "@{host}:{port}{tail}";\n\t'
    out += f'$fs = "{socket}";\n\t' if socket else ""
    out += "if (!t_relay()) { sl_reply_error(); }"
    if not setup.trunk_user or not setup.trunk_registers:
        return {"TRUNK_OUT": out}
    _registration(setup)
    parameters = [
        'modparam("uac", "restore_mode", "none")',
        f'modparam("uac", "reg_db_url", "text://{setup.home}/registration")',
        f'modparam("uac", "reg_contact_addr", "{reached}")',
        f'modparam("uac", "reg_timer_interval", {REGISTRATION_LOOK_S})',
        f'modparam("uac", "reg_retry_interval", {REGISTRATION_RETRY_S})',
    ]
    return {
        "TRUNK_OUT": out,
        "TRUNK_MODULES": 'loadmodule "db_text.so"\nloadmodule "uac.so"',
        "TRUNK_PARAMETERS": "\n".join(parameters),
    }


def _registration(setup: Setup) -> None:
    """The table from which Kamailio registers with the carrier, as text files."""
    host, port = setup.trunk_address
    folder = setup.home / "registration"
    folder.mkdir(exist_ok=True, mode=0o700)
    (folder / "version").write_text("table_name(string) table_version(int)\nuacreg:5\n")
    columns = [
        "id(int,auto)", "l_uuid(string)", "l_username(string)", "l_domain(string)", "r_username(string)",
        "r_domain(string)", "realm(string,null)", "auth_username(string)", "auth_password(string)",
        "auth_ha1(string,null)", "auth_proxy(string)", "expires(int)", "flags(int)", "reg_delay(int)",
        "contact_addr(string,null)", "socket(string,null)",
    ]  # fmt: skip
    # Without a realm any is answered: many carriers name another one than their server.
    name = hashlib.sha256(setup.trunk_user.encode()).hexdigest()[:12]
    tail, socket, _reached = way_to_carrier(setup)
    row = [
        "1", name, setup.trunk_user, host, setup.trunk_user, host, "", setup.trunk_user, setup.trunk_password, "",
        f"sip:{host}:{port}{tail}", "600", "0", "0", "", socket,
    ]  # fmt: skip
    _keep(folder / "uacreg", f"{' '.join(columns)}\n{table_row(row)}\n")

"""Where the parts of the line listen, and how the carrier is reached: the table `[line]` of `quartier.toml`.

`write` makes the configuration of Kamailio, rtpengine and coturn from it: the same files for
`quartier run --with-calls` and for systemd.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

TEMPLATES = Path(__file__).resolve().parent / "config"


@dataclass(frozen=True)
class Setup:
    """Addresses and ports of one installation's line. `docs/howto/line.md` explains each.

    address       where the outside reaches this machine (its own address)
    public        the address that the outside sees, behind NAT; else empty
    websocket     what browsers connect to, such as `wss://line.example.org/line/ws`; empty: `ws_port` on `address`
    trunk         the carrier's host or host:port; empty: no outgoing calls
    trunk_sources addresses from which the carrier calls; nobody else may
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
    rpc_port: int = 5068
    callcore_port: int = 5070
    ng_port: int = 2223
    keys_port: int = 2224
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
    turn: bool = False
    flood: int = 60

    @classmethod
    def of(cls, home: Path, written: dict[str, Any], origin: str) -> "Setup":
        """From the table, each value overridden by `QUARTIER_LINE_…`. Raises `ValueError` for a wrong kind."""
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
        return host, int(port or 5060)


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
    """Write the three files, only where they change, and give where they are by program."""
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
        if not file.exists() or file.read_text() != text:
            file.touch(mode=0o600)
            file.write_text(text)
        written[program] = file
    return written


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
        "DOMAIN": setup.domain,
        "HOME": str(setup.home),
        "SECRET": secret(setup.home),
        "TURN_FROM": str(setup.rtp_until + 1),
        "TURN_UNTIL": str(setup.rtp_until + 2000),
        "TRUNK_SOURCES": " || ".join(sources) or '$si == "0.0.0.0"',
        "ORIGINS": " || ".join(origins) or "1 == 1",
        "TLS": _tls(setup),
        "TRUNK_MODULES": "",
        "TRUNK_PARAMETERS": "",
        "TRUNK_ROUTES": "",
        "TRUNK_OUT": 'sl_send_reply("503", "No Trunk");',
        **outgoing,
    }


def _tls(setup: Setup) -> str:
    if not setup.certificate:
        return ""
    return "\n".join(
        [
            f"listen=tls:{setup.address}:{setup.wss_port}",
            "enable_tls=yes",
            'loadmodule "tls.so"',
            'modparam("tls", "tls_method", "TLSv1.2+")',
            f'modparam("tls", "certificate", "{setup.certificate}")',
            f'modparam("tls", "private_key", "{setup.certificate_key}")',
        ]
    )


def _outgoing(setup: Setup) -> dict[str, str]:
    """The way out by the carrier, with its challenge answered where there is a password."""
    host, port = setup.trunk_address
    out = f'$ru = "sip:" + $rU + "@{host}:{port}";\n\tt_on_failure("TRUNK");\n\tif (!t_relay()) {{ sl_reply_error(); }}'
    if not setup.trunk_user:
        return {"TRUNK_OUT": out, "TRUNK_ROUTES": "failure_route[TRUNK] {\n\texit;\n}"}
    parameters = [
        'modparam("uac", "auth_username_avp", "$avp(auser)")',
        'modparam("uac", "auth_password_avp", "$avp(apass)")',
        'modparam("uac", "auth_realm_avp", "$avp(arealm)")',
        'modparam("uac", "restore_mode", "none")',
    ]
    modules = ['loadmodule "uac.so"']
    if setup.trunk_registers:
        _registration(setup)
        modules.insert(0, 'loadmodule "db_text.so"')
        parameters += [
            f'modparam("uac", "reg_db_url", "text://{setup.home}/registration")',
            f'modparam("uac", "reg_contact_addr", "{setup.public or setup.address}:{setup.sip_port}")',
            'modparam("uac", "reg_timer_interval", 30)',
        ]
    failure = (
        'failure_route[TRUNK] {\n\tif (t_is_canceled()) {\n\t\texit;\n\t}\n\tif (t_check_status("401|407")) {\n'
        f'\t\t$avp(auser) = "{setup.trunk_user}";\n\t\t$avp(apass) = "{setup.trunk_password}";\n'
        '\t\t$avp(arealm) = "";\n\t\tif (uac_auth("1")) {\n\t\t\tt_relay();\n\t\t\texit;\n\t\t}\n\t}\n}'
    )
    return {
        "TRUNK_OUT": out,
        "TRUNK_MODULES": "\n".join(modules),
        "TRUNK_PARAMETERS": "\n".join(parameters),
        "TRUNK_ROUTES": failure,
    }


def _registration(setup: Setup) -> None:
    """The table from which Kamailio registers with the carrier, as text files."""
    host, port = setup.trunk_address
    folder = setup.home / "registration"
    folder.mkdir(exist_ok=True, mode=0o700)
    (folder / "version").write_text("table_name(string) table_version(int)\nuacreg:5\n")
    columns = [
        "id(int,auto)", "l_uuid(string)", "l_username(string)", "l_domain(string)", "r_username(string)",
        "r_domain(string)", "realm(string)", "auth_username(string)", "auth_password(string)", "auth_ha1(string)",
        "auth_proxy(string)", "expires(int)", "flags(int)", "reg_delay(int)", "contact_addr(string)", "socket(string)",
    ]  # fmt: skip
    name = hashlib.sha256(setup.trunk_user.encode()).hexdigest()[:12]
    where = f"{host}\\:{port}"
    row = [
        "1", name, setup.trunk_user, host, setup.trunk_user, host, host, setup.trunk_user, setup.trunk_password, "",
        f"sip\\:{where}", "600", "0", "0", "", "",
    ]  # fmt: skip
    file = folder / "uacreg"
    file.touch(mode=0o600)
    file.write_text(" ".join(columns) + "\n" + ":".join(row) + "\n")

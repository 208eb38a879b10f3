"""A carrier over TLS: who signs, certificates, a telephone that speaks TLS and encrypts its sound, and a line that
speaks so with its carrier."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.line.caller import Caller
from tests.line.site import LineSite
from tests.ports import free_port, sound_ports
from tests.site import running

HERE = ipaddress.ip_address("127.0.0.1")


class Authority:
    """Somebody who signs. `file`: its own certificate."""

    def __init__(self, folder: Path, name: str = "Somebody") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.file = folder, folder / "authority.pem"
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        made = self._made(self._name, self._key, [], is_authority=True)
        self.file.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def signs(self, name: str, *, ends: timedelta = timedelta(days=30), host: str = "") -> tuple[Path, Path]:
        """A certificate and its key, for this machine, or for a host; `ends`: from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = [x509.DNSName(host)] if host else [x509.IPAddress(HERE)]
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = self._made(subject, key, names, ends=ends)
        files = self.folder / f"{name}.pem", self.folder / f"{name}-key.pem"
        files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return files

    def _made(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        names: list[x509.GeneralName],
        *,
        ends: timedelta = timedelta(days=30),
        is_authority: bool = False,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        draft = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=60))
            .not_valid_after(now + ends)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )
        if is_authority:
            usage = x509.KeyUsage(
                digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
                key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
                decipher_only=False,
            )  # fmt: skip
            draft = draft.add_extension(usage, critical=True)
        if names:
            draft = draft.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return draft.sign(self._key, hashes.SHA256())


class SecureCaller(Caller):
    """A telephone that speaks TLS with `tls` (a port of this machine), and lets nobody hear what it says (SRTP, or no
    call). `open_sound`: that it does not do."""

    def __init__(
        self, folder: Path, authority: Authority, *, tls: int = 0, open_sound: bool = False, **more: Any
    ) -> None:
        super().__init__(folder, proxy=f"127.0.0.1:{tls};transport=tls" if tls else None, **more)
        self._authority, self._open_sound = authority, open_sound

    @property
    def tls_port(self) -> int:
        """Where it is reached over TLS."""
        return self.port + 1

    def _prepare(self) -> None:
        super()._prepare()
        certificate, key = self._authority.signs(f"phone-{self.port}")
        both = self.folder / "both.pem"
        both.write_bytes(certificate.read_bytes() + key.read_bytes())
        config = self.folder / "config"
        more = f"sip_certificate {both}\nsip_cafile {self._authority.file}\nsip_verify_server yes\n"
        config.write_text(
            config.read_text().replace("module g711.so\n", "module g711.so\nmodule srtp.so\n") + more
        )
        accounts = self.folder / "accounts"
        account = accounts.read_text().replace(">;", ";transport=tls>;", 1).rstrip("\n")
        accounts.write_text(account + ("\n" if self._open_sound else ";mediaenc=srtp-mand\n"))


@contextmanager
def secure_line(authority: Authority, trunk: int) -> Iterator[LineSite]:
    """A whole installation whose carrier, at this port, is reached over TLS, and calls over it."""
    names = ("sip_port", "ws_port", "callcore_port", "ng_port", "keys_port", "tls_port")
    ports = {name: free_port() for name in names}
    certificate, key = authority.signs("line")
    first, last = sound_ports()
    environ = {
        **{f"QUARTIER_LINE_{name.upper()}": str(port) for name, port in ports.items()},
        "QUARTIER_LINE_TRUNK": f"sips:127.0.0.1:{trunk}",
        "QUARTIER_LINE_TRUNK_SOURCES": "127.0.0.1",
        "QUARTIER_LINE_TRUNK_CA": str(authority.file),
        "QUARTIER_LINE_CERTIFICATE": str(certificate),
        "QUARTIER_LINE_CERTIFICATE_KEY": str(key),
        "QUARTIER_LINE_WEBSOCKET": f"ws://127.0.0.1:{ports['ws_port']}",
        "QUARTIER_LINE_WSS_PORT": str(free_port()),
        "QUARTIER_LINE_RTP_FROM": str(first),
        "QUARTIER_LINE_RTP_UNTIL": str(last),
    }
    with running(words=("--with-calls",), environ=environ) as site:
        yield LineSite(site, ports["sip_port"], trunk, ports)

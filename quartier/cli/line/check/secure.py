"""The carrier over TCP or TLS: whether it is reached, and whether its certificate is one that Kamailio accepts too."""

import secrets
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from quartier.cli.check.finding import Finding, doubt, good, wrong
from quartier.lib import clock
from quartier.telephony.providers.sip.setup import Setup

PATIENCE_S = 4.0
SOON_DAYS = 10


def carrier(line: Setup) -> Iterator[Finding]:
    """Asks it with OPTIONS, as Kamailio would. Beyond what Kamailio looks at, the name in the certificate must be the
    carrier's."""
    host, port = line.trunk_address
    try:
        with socket.create_connection((host, port), timeout=PATIENCE_S) as plain:
            if line.trunk_transport != "tls":
                yield _answers(plain, line)
            else:
                with _trust(line).wrap_socket(plain, server_hostname=host) as sealed:
                    yield from _ends(sealed, host)
                    yield _answers(sealed, line)
    except ssl.SSLCertVerificationError as error:
        yield wrong(
            "trunk",
            _("The certificate of the carrier {host} is not accepted, so nothing goes out: {error}").format(
                host=host, error=error.verify_message or error.reason
            ),
            _(
                "Is trunk in [line] the name that the carrier gave? If it signs its certificates itself, "
                "ask for the file of its authority and write that into trunk_ca."
            ),
        )
    except ssl.SSLError as error:
        yield wrong(
            "trunk",
            _("The carrier {host} does not speak TLS at port {port}: {error}").format(
                host=host, port=port, error=error.reason or error
            ),
            _("Ask the carrier for its port for SIP over TLS, and write it after the name in trunk."),
        )
    except FileNotFoundError:
        yield wrong(
            "trunk",
            _("The file of the carrier's authority is not there: {file}").format(file=line.trusted),
            _("Correct trunk_ca in [line]; without it: apt install ca-certificates"),
        )
    except OSError as error:
        yield wrong(
            "trunk",
            _("The carrier {host} cannot be reached at TCP port {port}: {error}").format(
                host=host, port=port, error=error.strerror or error
            ),
            _("Check the firewall, and trunk and trunk_transport in [line]."),
        )
    yield from _shown(line)


def _trust(line: Setup) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=line.trusted)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _answers(connection: socket.socket, line: Setup) -> Finding:
    host, port = line.trunk_address
    way = line.trunk_transport.upper()
    question = (
        f"OPTIONS sip:{host}:{port};transport={line.trunk_transport} SIP/2.0\r\n"
        f"Via: SIP/2.0/{way} {line.public or line.address};rport;branch=z9hG4bK{secrets.token_hex(8)}\r\n"
        f"Max-Forwards: 70\r\nFrom: <sip:line@{line.domain}>;tag={secrets.token_hex(4)}\r\n"
        f"To: <sip:{host}>\r\nCall-ID: {secrets.token_hex(8)}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
    )
    try:
        connection.sendall(question.encode())
        said = connection.recv(2048)
    except OSError:
        said = b""
    if said.startswith(b"SIP/2.0 "):
        return good("trunk", _("The carrier {host} answers over {way}.").format(host=host, way=way))
    return doubt(
        "trunk",
        _("The carrier {host} lets us connect over {way}, and says nothing. Some never do.").format(
            host=host, way=way
        ),
        _("Ask the carrier whether it answers to OPTIONS."),
    )


def _ends(sealed: ssl.SSLSocket, host: str) -> Iterator[Finding]:
    held = sealed.getpeercert() or {}
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(held["notAfter"])), UTC)
    days = (ends - clock.now()).days
    if days < SOON_DAYS:
        yield doubt(
            "trunk_certificate",
            _("The certificate of the carrier {host} ends in {days} days.").format(host=host, days=days),
            _("Tell the carrier: without a new one, no calls go out."),
        )


def _shown(line: Setup) -> Iterator[Finding]:
    """What we show to the carrier when it calls."""
    if line.trunk_transport == "tls" and not line.certificate:
        yield doubt(
            "own_certificate",
            _("The line shows the carrier a certificate it made itself. Some carriers then do not call."),
            _(
                "Where no call comes in, write certificate and certificate_key into [line]: files for {name}."
            ).format(name=line.public or line.address),
        )

"""Whether servers of the line still do what they are there for. Nothing here needs Django: the parent asks."""

import secrets
import socket

MEDIA_TIMEOUT_S, CORE_TIMEOUT_S = 0.5, 0.8


def media_answers(port: int) -> bool:
    """Whether rtpengine answers at its control port. One that stands still keeps its ports, and talks are silent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(MEDIA_TIMEOUT_S)
        try:
            asking.connect(("127.0.0.1", port))
            asking.send(b'health {"command": "ping"}')
            return b"pong" in asking.recv(2000)
        except OSError:
            return False


def core_answers(port: int) -> bool:
    """Whether call control answers a question in SIP: both of its loops turn."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(CORE_TIMEOUT_S)
        try:
            asking.connect(("127.0.0.1", port))
            ours, name = asking.getsockname()[1], secrets.token_hex(8)
            asking.send(
                f"OPTIONS sip:line@127.0.0.1:{port} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP 127.0.0.1:{ours};branch=z9hG4bK{name};rport\r\nMax-Forwards: 1\r\n"
                f"From: <sip:health@127.0.0.1>;tag={name}\r\nTo: <sip:line@127.0.0.1>\r\n"
                f"Call-ID: {name}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n".encode()
            )
            return asking.recv(2000).startswith(b"SIP/2.0 200 ")
        except OSError:
            return False

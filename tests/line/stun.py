"""A little TURN client (RFC 8656): asks a relay for an address, and for leave to speak with a peer through it."""

import hashlib
import hmac
import secrets
import socket
import struct

MAGIC_COOKIE = 0x2112A442
ALLOCATE, CREATE_PERMISSION, REFRESH = 0x003, 0x008, 0x004
USERNAME, MESSAGE_INTEGRITY, ERROR_CODE = 0x0006, 0x0008, 0x0009
XOR_PEER_ADDRESS, REALM, NONCE, REQUESTED_TRANSPORT = 0x0012, 0x0014, 0x0015, 0x0019
UDP_TRANSPORT = 17
TIMEOUT_S = 5.0


class TurnClient:
    """`password`: of `user`, as the line gives it. Errors are the server's codes, 0 for success."""

    def __init__(self, port: int, user: str, password: str) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(TIMEOUT_S)
        self._socket.connect(("127.0.0.1", port))
        self._user, self._password = user, password
        self._realm = self._nonce = b""

    def allocate(self) -> int:
        """First without a password, as one learns the realm; then with it."""
        transport = _attribute(REQUESTED_TRANSPORT, bytes((UDP_TRANSPORT, 0, 0, 0)))
        code = self._ask(ALLOCATE, transport)
        return self._ask(ALLOCATE, transport) if code == 401 and self._realm else code

    def permit(self, peer: str) -> int:
        """Whether one may speak with this IPv4 address through the relay."""
        address = int.from_bytes(socket.inet_aton(peer), "big") ^ MAGIC_COOKIE
        body = struct.pack("!BBHI", 0, 1, 9 ^ (MAGIC_COOKIE >> 16), address)
        return self._ask(CREATE_PERMISSION, _attribute(XOR_PEER_ADDRESS, body))

    def close(self) -> None:
        self._socket.close()

    def _ask(self, method: int, attributes: bytes) -> int:
        if self._realm:
            attributes += _attribute(USERNAME, self._user.encode())
            attributes += _attribute(REALM, self._realm) + _attribute(NONCE, self._nonce)
        transaction = secrets.token_bytes(12)
        message = _header(method, len(attributes) + (24 if self._realm else 0), transaction) + attributes
        if self._realm:
            words = b":".join((self._user.encode(), self._realm, self._password.encode()))
            key = hashlib.md5(words, usedforsecurity=False).digest()
            message += _attribute(MESSAGE_INTEGRITY, hmac.digest(key, message, "sha1"))
        self._socket.send(message)
        return self._read()

    def _read(self) -> int:
        data = self._socket.recv(2000)
        code, at = 0, 20
        while at + 4 <= len(data):
            kind, size = struct.unpack_from("!HH", data, at)
            value = data[at + 4 : at + 4 + size]
            if kind == ERROR_CODE:
                code = value[2] * 100 + value[3]
            elif kind == REALM:
                self._realm = value
            elif kind == NONCE:
                self._nonce = value
            at += 4 + size + -size % 4
        return code


def _header(method: int, size: int, transaction: bytes) -> bytes:
    return struct.pack("!HHI", method, size, MAGIC_COOKIE) + transaction


def _attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("!HH", kind, len(value)) + value + b"\0" * (-len(value) % 4)

"""A push service on this machine, and a browser behind it: checks who sends, opens what is sealed, misbehaves."""

import base64
import json
import os
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def b64(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key):
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


class Browser:
    """The end of the line: RFC 8291, written from the standard and not from the library that seals."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)
        self.keys = {"p256dh": b64(point(self.key.public_key())), "auth": b64(self.secret)}

    def opens(self, body):
        salt, size, length = body[:16], struct.unpack(">I", body[16:20])[0], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), theirs)
        info = b"WebPush: info\x00" + point(self.key.public_key()) + sender
        material = HKDF(hashes.SHA256(), 32, self.secret, info).derive(shared)
        key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00").derive(material)
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\x00").derive(material)
        plain = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x00")
        assert plain.endswith(b"\x02"), "not the last record"
        return json.loads(plain[:-1])


def claims_of(authorization):
    """What a signed header says, once its signature was found good; the public key beside it."""
    scheme, _, rest = authorization.partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    head, said, signature = parts["t"].split(".")
    assert json.loads(raw(head)) == {"typ": "JWT", "alg": "ES256"}
    both = raw(signature)
    assert len(both) == 64
    numbers = (int.from_bytes(both[:32]), int.from_bytes(both[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(parts["k"]))
    key.verify(utils.encode_dss_signature(*numbers), f"{head}.{said}".encode(), ec.ECDSA(hashes.SHA256()))
    return json.loads(raw(said)), parts["k"]


class PushService:
    """`moods`: what it does with the next posts, by path; then it takes everything. `taken`: what it was given."""

    def __init__(self):
        self.moods, self.taken, self.seen = {}, [], []
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.seen.append(self.path)
                mood = service.moods.get(self.path, [])
                mood = mood.pop(0) if mood else 201
                if isinstance(mood, int | tuple):
                    status, headers = mood if isinstance(mood, tuple) else (mood, {})
                    if status == 201:
                        service.taken.append((self.path, dict(self.headers), body))
                    self.send_response(status)
                    for name, value in {"Content-Length": "0", **headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                else:
                    mood(self)
                self.close_connection = True

            def do_GET(self):
                service.seen.append(self.path)
                self.send_error(404)

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=[0.05], daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def hangs(handler):
    time.sleep(3)


def drips(handler):
    """One letter at a time, within every limit of a socket."""
    try:
        for letter in b"HTTP/1.1 201 Created\r\nX: " + b"x" * 200:
            handler.wfile.write(bytes([letter]))
            handler.wfile.flush()
            time.sleep(0.1)
    except OSError:
        pass


def talks_nonsense(handler):
    handler.wfile.write(b"\x00\xff what is this\r\n\r\n")


def hangs_up(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)

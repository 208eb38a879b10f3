"""An IMAP server that does what it should, and from a given command on does what it should not."""

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

GOOD = b"* CAPABILITY IMAP4rev1 UIDPLUS MOVE\r\n"


@dataclass
class Server:
    """One mailbox. `mischief`: for a command, a function that answers it (its connection and tag) in place of ours."""

    inbox: dict[int, bytes]
    mischief: dict[str, Callable[["Server", socket.socket, str], None]] = field(default_factory=dict)
    moved: dict[str, list[bytes]] = field(default_factory=dict)
    # What clients took of it, in bytes, and how many came.
    went: int = 0
    came: int = 0
    greeting: bytes = b"* OK ready\r\n"

    def __post_init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"imap://line:secret@127.0.0.1:{self.port}/INBOX"

    def close(self) -> None:
        self._door.close()

    def say(self, line: socket.socket, words: bytes) -> None:
        line.sendall(words)
        self.went += len(words)

    def _serve(self) -> None:
        while True:
            try:
                line, _peer = self._door.accept()
            except OSError:
                return
            self.came += 1
            threading.Thread(target=self._speak, args=(line,), daemon=True).start()

    def _speak(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), line:
            line.settimeout(30)
            self.say(line, self.greeting)
            for tag, words in self._commands(line):
                name = (words[1] if words[0] == "UID" else words[0]).upper()
                bad = self.mischief.get(name)
                if bad is not None:
                    bad(self, line, tag)
                    continue
                self.say(line, self._answer(name, words))
                self.say(line, f"{tag} OK done\r\n".encode())
                if name == "LOGOUT":
                    return

    def _commands(self, line: socket.socket) -> Iterator[tuple[str, list[str]]]:
        with line.makefile("rb") as file:
            for row in file:
                tag, *words = row.decode("latin-1").split()
                if not words:
                    return  # no command: who wants TLS speaks so
                yield tag, words

    def _answer(self, name: str, words: list[str]) -> bytes:
        match name:
            case "CAPABILITY":
                return GOOD
            case "SELECT":
                return f"* {len(self.inbox)} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n".encode()
            case "SEARCH":
                here = "" if "BEFORE" in words else " ".join(map(str, sorted(self.inbox)))
                return f"* SEARCH {here}\r\n".encode()
            case "FETCH":
                return self.fetched(int(words[2]))
            case "MOVE":
                folder = re.sub(r'"', "", words[3])
                if (found := self.inbox.pop(int(words[2]), None)) is not None:
                    self.moved.setdefault(folder, []).append(found)
            case "LOGOUT":
                return b"* BYE\r\n"
        return b""

    def fetched(self, uid: int, *, called: int | None = None) -> bytes:
        """What stands under this number, said to be that of another one where `called` says so."""
        raw = self.inbox.get(uid)
        if raw is None:
            return b""
        head = f"* 1 FETCH (UID {called or uid} RFC822.SIZE {len(raw)} BODY[]<0> {{{len(raw)}}}\r\n"
        return head.encode() + raw + b")\r\n"

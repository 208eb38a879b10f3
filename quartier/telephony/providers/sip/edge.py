"""Asking the edge: Kamailio's own interface, a pipe in the folder of the line. Nobody else opens it, and no flood of
connections fills it."""

import asyncio
import atexit
import itertools
import json
import os
import socket
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

EDGE_TIMEOUT_S = 2.0
MAX_ANSWER_BYTES = 2**20
# What a pipe takes in one piece, so that two who ask at once do not mix.
MAX_QUESTION_BYTES = 4096
QUESTION_PIPE_NAME, ANSWER_PIPE_PREFIX = "edge-questions", "answer-"
# Kamailio has 128 bytes for the name of a pipe that it answers on; the folder may have so many of them.
MAX_FOLDER_BYTES = 96
_NUMBERS = itertools.count(1)
_FREE_PIPES: dict[Path, list[str]] = {}
_FOLDERS_SEEN: set[Path] = set()


class EdgeAddress(NamedTuple):
    """Where the edge takes calls (UDP), and the pipe on which it is asked."""

    host: str
    sip_port: int
    pipe: Path


def question_pipe(folder: Path) -> Path:
    """The pipe on which Kamailio is asked, in the folder of the line. Raises `ValueError` for one with too long a
    name."""
    if len(os.fsencode(folder)) > MAX_FOLDER_BYTES:
        raise ValueError(f"the name of this folder is too long for the edge: {folder}")
    return folder / QUESTION_PIPE_NAME


class EdgeDown(Exception):
    """Kamailio does not answer."""


class EdgeRefused(Exception):
    """Kamailio answers that it cannot: it runs with a configuration of another version, or the thing is not there."""


async def answers_calls(edge: EdgeAddress) -> bool:
    """Whether the edge answers a question of SIP, by UDP, as calls come. Connections that strangers fill up keep its
    own interface from us, and nobody who calls."""
    loop = asyncio.get_running_loop()
    asks = (
        f"OPTIONS sip:edge@{edge.host}:{edge.sip_port} SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK-{token_hex(6)}\r\n"
        f"Max-Forwards: 1\r\nFrom: <sip:line@127.0.0.1>;tag={token_hex(4)}\r\nTo: <sip:edge@{edge.host}>\r\n"
        f"Call-ID: {token_hex(8)}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.setblocking(False)
        try:
            way.connect((edge.host, edge.sip_port))
            await loop.sock_sendall(way, asks.encode())
            async with asyncio.timeout(EDGE_TIMEOUT_S):
                return (await loop.sock_recv(way, 4096)).startswith(b"SIP/2.0 ")
        except OSError:
            return False


async def ask_edge(pipe: Path, method: str, *parameters: str | int) -> Any:
    """One question; raises `EdgeDown` or `EdgeRefused`. Without a thread: it is asked every second, also when nobody is
    on the line."""
    number = next(_NUMBERS)
    try:
        async with asyncio.timeout(EDGE_TIMEOUT_S):
            told = json.loads(await _exchange(pipe, method, parameters, number))
    except (OSError, ValueError) as error:
        raise EdgeDown from error
    if not isinstance(told, dict) or told.get("id") != number:
        raise EdgeDown("no answer to this question")
    if "error" in told:
        raise EdgeRefused(str(told["error"])[:80])
    return told.get("result")


async def _exchange(pipe: Path, method: str, parameters: tuple[str | int, ...], number: int) -> bytes:
    """Write the question into Kamailio's pipe, and read the answer from one of ours. Raises `OSError`."""
    name = _take_answer_pipe(pipe.parent)
    question = {"jsonrpc": "2.0", "method": method, "params": list(parameters), "id": number}
    is_whole = False
    try:
        # Open before it is asked: Kamailio waits for no reader.
        answers = os.fdopen(os.open(pipe.parent / name, os.O_RDONLY | os.O_NONBLOCK), "rb", 0)
        reader = asyncio.StreamReader(limit=MAX_ANSWER_BYTES)
        loop = asyncio.get_running_loop()
        way, _protocol = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), answers)
        try:
            _write(pipe, json.dumps({**question, "reply_name": name}).encode())
            answered = await reader.read()
        finally:
            way.close()
        is_whole = True
        return answered
    finally:
        _give_answer_pipe(pipe.parent, name, is_whole=is_whole)


def _write(pipe: Path, question: bytes) -> None:
    """All of it at once, or nothing. Raises `OSError`, also where nobody reads or too much is unread."""
    if len(question) > MAX_QUESTION_BYTES:
        raise OSError("a question that is too long")
    writing = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    try:
        os.write(writing, question)
    finally:
        os.close(writing)


def _take_answer_pipe(folder: Path) -> str:
    """A pipe of this process on which nobody awaits anything, by its name. Kamailio takes no dot in it."""
    free = _FREE_PIPES.setdefault(folder, [])
    if free:
        return free.pop()
    if folder not in _FOLDERS_SEEN:
        _FOLDERS_SEEN.add(folder)
        _remove_orphans(folder)
    name = f"{ANSWER_PIPE_PREFIX}{os.getpid()}-{token_hex(4)}"
    os.mkfifo(folder / name, 0o600)
    if os.geteuid() == 0:
        # Whoever looks after the machine asks too: whoever runs Kamailio writes the answer.
        os.chown(folder / name, folder.stat().st_uid, folder.stat().st_gid)
    atexit.register((folder / name).unlink, missing_ok=True)
    return name


def _give_answer_pipe(folder: Path, name: str, *, is_whole: bool) -> None:
    """For the next question; where an answer may still come, for none."""
    if is_whole:
        _FREE_PIPES[folder].append(name)
    else:
        (folder / name).unlink(missing_ok=True)


def _remove_orphans(folder: Path) -> None:
    """What processes have left that were killed."""
    for left in folder.glob(f"{ANSWER_PIPE_PREFIX}*"):
        try:
            os.kill(int(left.name.split("-")[1]), 0)
        except ProcessLookupError:
            left.unlink(missing_ok=True)
        except (OSError, ValueError, IndexError):
            continue

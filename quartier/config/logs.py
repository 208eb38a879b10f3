"""The log: one line for each event, in UTC, with the number of the request it belongs to, and without what opens a
private page. Nothing here needs Django: the parent of `quartier run` logs in the same way.

`logs = "json"` in quartier.toml makes each line a JSON object. docs/howto/run.md says what the lines mean.
"""

import json
import logging
import re
import sys
import threading
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

# Bodies that Django refuses to read, as the loggers of `django.security` name them; and a name that is not ours, which
# those who search the internet for holes send by the thousand.
REFUSED_LOGGERS = ("RequestDataTooBig", "TooManyFieldsSent", "TooManyFilesSent", "DisallowedHost")

# The number of the request that this thread or task answers.
request_id: ContextVar[str] = ContextVar("request_id", default="")

CUT = "…"
# Of a line no more than this is kept, from its end: there a traceback says what went wrong. And of what is longer than
# the second one, the beginning is not even looked at.
LONGEST_LINE, LONGEST_LOOKED_AT = 16_000, 64_000

# In addresses: what stands behind one of these words opens a page by itself (rows `token` of the policy table).
_PRIVATE = ("status", "concern", "after", "check", "offers", "offer", "asked", "calendar", "hooks")
_BEHIND_A_WORD = re.compile(rf"/({'|'.join(_PRIVATE)})(/|%2F)[^/\s\"'<>?#]+", re.IGNORECASE)
# `?key=…`: which fields were there is enough.
_IN_QUERY = re.compile(r"([?&][\w.~%-]+)=[^&\s\"'<>#]+")
# `scheme://user:password@host`, and the token of a bot in the addresses of Telegram.
_PASSWORD = re.compile(r"://[^/\s@\"'<>]+@")
_BOT = re.compile(r"/bot\d+:[\w-]+")
# Whatever else looks like a token, wherever it stands: long, with small and capital letters and digits.
_LIKE_A_TOKEN = re.compile(r"(?<![\w-])(?=[A-Z0-9_-]*[a-z])(?=[a-z0-9_-]*[A-Z])(?=[A-Za-z_-]*\d)[\w-]{20,}")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?=[\w-]{1,63}\.)")
_PHONE = re.compile(r"(?<![\w+])\+\d{7,15}(?!\w)")


def redact(words: str) -> str:
    """These words without what opens a page, an account or a door, and without addresses and numbers of people."""
    words = _BEHIND_A_WORD.sub(rf"/\1\2{CUT}", words)
    words = _IN_QUERY.sub(rf"\1={CUT}", words)
    words = _PASSWORD.sub(f"://{CUT}@", words)
    words = _BOT.sub(f"/bot{CUT}", words)
    words = _LIKE_A_TOKEN.sub(CUT, words)
    return _PHONE.sub(f"+{CUT}", _EMAIL.sub(f"{CUT}@", words))


class WithoutTraceback(logging.Filter):
    """A warning of one line in place of an error with the way to it: strangers can make us write these."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class TextLine(logging.Formatter):
    """`2026-11-30T14:38:30.123Z WARNING logger request words`, with `-` where there is no request. A traceback stands
    behind the words, its lines with ` | ` between them."""

    def format(self, record: logging.LogRecord) -> str:
        words = " | ".join([*_lines(record.getMessage()), *_lines(_trace(record))])
        return f"{_at(record)} {record.levelname} {record.name} {_request(record) or '-'} {_clean(words)}"


class JsonLine(logging.Formatter):
    """The same as a JSON object: `at`, `level`, `logger`, `request`, `message`, and with an error `traceback`."""

    def format(self, record: logging.LogRecord) -> str:
        found = {
            "at": _at(record),
            "level": record.levelname,
            "logger": record.name,
            "request": _request(record),
            "process": record.process,
            "message": _clean(record.getMessage()),
        }
        if trace := _trace(record):
            found["traceback"] = _clean(trace)
        return json.dumps(found, ensure_ascii=False)


def formatter(wanted: str) -> type[logging.Formatter]:
    """What the line `logs` of quartier.toml asks for."""
    return JsonLine if wanted.strip().lower() == "json" else TextLine


def log_uncaught() -> None:
    """What nobody has caught, in whichever thread, is an event like any other. For processes that go on."""
    log = logging.getLogger("quartier")

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            log.critical("uncaught: the process ends", exc_info=(kind, error, trace))

    def in_thread(what: threading.ExceptHookArgs) -> None:
        name = what.thread.name if what.thread else "?"
        if what.exc_value is not None and what.exc_type is not SystemExit:
            log.error(
                "uncaught: thread %s ends", name, exc_info=(what.exc_type, what.exc_value, what.exc_traceback)
            )

    sys.excepthook, threading.excepthook = hook, in_thread
    logging.captureWarnings(True)


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def _request(record: logging.LogRecord) -> str:
    """Django logs some answers when the thread of their request has gone on: those carry their request."""
    request: Any = getattr(record, "request", None)
    return str(getattr(request, "request_id", "") or request_id.get())


def _trace(record: logging.LogRecord) -> str:
    """Never the cached one: another handler may have made it, and it is not cut."""
    trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
    return trace + (f"\n{record.stack_info}" if record.stack_info else "")


def _lines(words: str) -> list[str]:
    """Lines without what a terminal would obey; a stranger's words make no line of their own."""
    found = ("".join(c if c.isprintable() else " " for c in line).strip() for line in words.splitlines())
    return [line for line in found if line]


def _clean(words: str) -> str:
    words = redact(words[-LONGEST_LOOKED_AT:])
    return words if len(words) <= LONGEST_LINE else CUT + words[-LONGEST_LINE:]

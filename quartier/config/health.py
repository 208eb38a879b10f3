"""`/health`: whether the installation does what it is there for, for programs that watch. 200 or 503, and JSON in which
nothing is about a person:

    {"ok": true, "database": "ok", "worker": "ok", "worker_seen_s": 4, "line": "none",
     "oldest_message_s": null, "oldest_request_s": null}

It is answered before anything else is looked at (session, language, whose name was called): it must say that the
database is away, and a probe calls an address, not a name. Four questions, each of an index; asked for often, the same
answer serves for a second.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from quartier.cases.models import Request
from quartier.jobs import queries as jobs_queries
from quartier.jobs.schedule import leaves_trace
from quartier.lib import background, clock
from quartier.messaging import queries as messaging_queries
from quartier.telephony.desk import pulse
from quartier.telephony.models import LineSettings

PATH = "/health"
# What was due before this is late: neighbours should have been asked, and messages sent, minutes ago.
LATE_AFTER = timedelta(minutes=10)
# A worker leaves a trace at each tick of the shortest schedule that leaves one; missed when two are over, and this.
WORKER_GRACE = timedelta(seconds=60)
# One answer serves for so long, in each process: whoever asks a hundred times a second costs nothing.
FRESH_S = 1.0

OK, AWAY, NONE = "ok", "away", "none"

_last: tuple[float, "Health"] | None = None


@dataclass(frozen=True)
class Health:
    """`database`, `worker`, `line`: "ok" or "away" ("none" where there is no line). Ages in whole seconds; `None` where
    nothing is due, or nothing is known."""

    ok: bool
    database: str
    worker: str = AWAY
    worker_seen_s: int | None = None
    line: str = NONE
    oldest_message_s: int | None = None
    oldest_request_s: int | None = None


class HealthMiddleware:
    """Answers this one address before the others are asked."""

    async_capable = False
    sync_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return show(request) if request.path_info == PATH else self.get_response(request)


def show(request: HttpRequest) -> HttpResponse:
    """The answer; its row in the table of addresses says who gets it: everybody."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET"])
    found = now_and_then()
    return JsonResponse(asdict(found), status=200 if found.ok else 503, headers={"Cache-Control": "no-store"})


def now_and_then() -> Health:
    """How it is, or was less than a second ago."""
    global _last
    at = time.monotonic()
    if _last is None or at - _last[0] >= FRESH_S:
        _last = at, look()
    return _last[1]


def forget() -> None:
    """Look again at the next request."""
    global _last
    _last = None


def look() -> Health:
    """How it is now."""
    now = clock.now()
    line = _line()
    try:
        worker_at = jobs_queries.last_done_at()
        message_at = messaging_queries.due(now).values_list("not_before", flat=True).first()
        due = Request.objects.filter(state=Request.State.OPEN, next_at__lte=now).order_by("next_at")
        request_at = due.values_list("next_at", flat=True).first()
        if LineSettings.objects.exclude(edge_trouble="").exists():
            line = AWAY
    except Error:
        return Health(ok=False, database=AWAY, line=line)
    seconds = [each.seconds for each in background.SCHEDULES.values() if leaves_trace(each)]
    shortest = min(seconds, default=600)
    missed_before = now - (timedelta(seconds=2 * shortest) + WORKER_GRACE)
    worker = OK if worker_at is not None and worker_at >= missed_before else AWAY
    late = any(at is not None and at < now - LATE_AFTER for at in (message_at, request_at))
    return Health(
        ok=worker == OK and line != AWAY and not late,
        database=OK,
        worker=worker,
        worker_seen_s=_age(worker_at, now),
        line=line,
        oldest_message_s=_age(message_at, now),
        oldest_request_s=_age(request_at, now),
    )


def _line() -> str:
    """As call control on this machine shows it; `none` where there never was one."""
    folder = settings.INSTALLATION.home / "line"
    if pulse.is_away(folder):
        return AWAY
    return OK if (folder / pulse.FILE_NAME).exists() else NONE


def _age(at: datetime | None, now: datetime) -> int | None:
    return None if at is None else max(0, int((now - at).total_seconds()))

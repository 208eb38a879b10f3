"""The organisation of a request, found once."""

import json
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from quartier.team.models import Organisation
from quartier.team.queries import organisation_for

# The last one found under each name, and when (seconds of the process). For a few seconds nobody asks again: in a
# crisis most requests are for the first page. Later it is for the page that says that the database is away.
_SEEN: dict[str, tuple[float, Organisation]] = {}
_MOST_SEEN = 50
_FRESH_S = 5.0
_KEPT = ("name", "phone", "country", "languages")


def of(request: HttpRequest) -> Organisation | None:
    """The organisation at the address that was called; `None` on an installation that has none yet."""
    if not hasattr(request, "_organisation"):
        request._organisation = _at(request.get_host().split(":")[0])  # type: ignore[attr-defined]
    return request._organisation  # type: ignore[attr-defined, no-any-return]


def _at(host: str) -> Organisation | None:
    now = time.monotonic()
    seen = _SEEN.get(host)
    if seen and now - seen[0] < _FRESH_S:
        return seen[1]
    found = organisation_for(host)
    if found is not None and (host in _SEEN or len(_SEEN) < _MOST_SEEN):
        _SEEN[host] = now, found
    return found


def last_seen(request: HttpRequest) -> Organisation | None:
    """The organisation that this process has found here before, without asking the database; else the one that was kept
    at the last start."""
    seen = _SEEN.get(request.get_host().split(":")[0])
    return seen[1] if seen else kept()


def keep() -> None:
    """Write down what the page without a database says of the organisation; nothing where there are several, whom
    the names tell apart."""
    rows = list(Organisation.objects.values(*_KEPT)[:2])
    file = _file()
    with suppress(OSError):
        if len(rows) == 1:
            draft = file.with_name(f".{file.name}")
            draft.write_text(json.dumps(rows[0], ensure_ascii=False), encoding="utf-8")
            draft.replace(file)
        else:
            file.unlink(missing_ok=True)


def kept() -> Organisation | None:
    """What `keep` has written: an organisation with what everybody may know, and not of the database."""
    try:
        found = json.loads(_file().read_text(encoding="utf-8"))
        return Organisation(**{name: found[name] for name in _KEPT})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _file() -> Path:
    home: Path = settings.INSTALLATION.home
    return home / "organisation.json"


def forget() -> None:
    """Ask the database again at the next request; for tests, whose databases change under the same names."""
    _SEEN.clear()

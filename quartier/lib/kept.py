"""A form that came from somebody who is signed out by now: kept, sealed, until they have signed in again."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict

from quartier.lib import crypto

SESSION_KEY = "kept_form"
LASTS = timedelta(minutes=30)
MOST_CHARACTERS = 100_000
PLACE = "session|kept_form"


def keep(session: Any, path: str, posted: QueryDict, now: datetime) -> bool:
    """Put the form's words into the visitor's session; `False` when they are too long for that."""
    fields = [
        [name, value] for name, values in posted.lists() if name != "csrfmiddlewaretoken" for value in values
    ]
    words = json.dumps({"path": path, "fields": fields, "at": now.isoformat()}, ensure_ascii=True)
    if not fields or len(words) > MOST_CHARACTERS:
        return False
    session[SESSION_KEY] = crypto.seal(words.encode(), PLACE)
    return True


def read(session: Any, now: datetime) -> tuple[str, list[tuple[str, str]]] | None:
    """Where the form was going, and its fields; `None` when there is none or it is older than half an hour."""
    sealed = session.get(SESSION_KEY)
    if not isinstance(sealed, str):
        return None
    try:
        kept = json.loads(crypto.unseal(sealed, PLACE))
    except crypto.CannotOpen:
        return None
    if now - datetime.fromisoformat(kept["at"]) > LASTS:
        return None
    return kept["path"], [(name, value) for name, value in kept["fields"]]


def forget(session: Any) -> None:
    """It was sent again, or nobody wants it."""
    session.pop(SESSION_KEY, None)

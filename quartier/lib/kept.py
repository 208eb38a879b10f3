"""A form in a visitor's session, sealed: of somebody who is signed out by now, until they have signed in again, or one
that is half written (each under its own `key`)."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict

from quartier.lib import crypto

SESSION_KEY = "kept_form"
# The mark of who wrote it, as far as the browser knows.
WHOSE = "kept_whose"
LASTS = timedelta(minutes=30)
MOST_CHARACTERS = 100_000
PLACE = "session|kept_form"
# Beside each of them stands until when it lasts.
_UNTIL = ":until"


def keep(session: Any, path: str, posted: QueryDict, now: datetime, *, key: str = SESSION_KEY) -> bool:
    """Put the form's words into the visitor's session; `False` when they are too long for that."""
    fields = [
        [name, value] for name, values in posted.lists() if name != "csrfmiddlewaretoken" for value in values
    ]
    words = json.dumps({"path": path, "fields": fields, "at": now.isoformat()}, ensure_ascii=True)
    if not fields or len(words) > MOST_CHARACTERS:
        return False
    session[key] = crypto.seal(words.encode(), PLACE)
    session[key + _UNTIL] = (now + LASTS).isoformat()
    return True


def read(session: Any, now: datetime, *, key: str = SESSION_KEY) -> tuple[str, list[tuple[str, str]]] | None:
    """Where the form was going, and its fields; `None` when there is none or it is older than half an hour."""
    sealed = session.get(key)
    if not isinstance(sealed, str):
        return None
    try:
        kept = json.loads(crypto.unseal(sealed, PLACE))
    except crypto.CannotOpen:
        return None
    if now - datetime.fromisoformat(kept["at"]) > LASTS:
        return None
    return kept["path"], [(name, value) for name, value in kept["fields"]]


def forget(session: Any, *, key: str = SESSION_KEY) -> None:
    """It was sent again, or nobody wants it."""
    session.pop(key, None)
    session.pop(key + _UNTIL, None)


def forget_old(session: Any, now: datetime) -> None:
    """What nobody can bring back any more does not stay in the session until that ends."""
    names = list(session.keys())
    for name in names:
        if name.endswith(_UNTIL) and datetime.fromisoformat(session[name]) < now:
            forget(session, key=name.removesuffix(_UNTIL))

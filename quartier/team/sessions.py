"""Sessions of browsers as Django keeps them, under a keyed hash of what the cookie says: whoever reads the table, or a
copy of it, can sign in with nothing that stands there (decision 0051).
"""

from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth import SESSION_KEY as ACCOUNT_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from quartier.lib import crypto
from quartier.team.access import TEAM, Actor
from quartier.team.models import Account, BrowserSession, Role

# Of whoever sees people's files: from the last thing that they did by hand.
TEAM_IDLE_TTL = timedelta(hours=12)
# How much of that is gone before a row is written again.
TOUCH_INTERVAL = timedelta(minutes=10)
TEAM_KEY = "is_of_team"
# How somebody signed in here.
HOW_KEY, BY_PASSKEY = "signed_in_by", "passkey"
_SEES_FILES = TEAM | {Role.Name.SUPERVISOR}


def hashed(key: str) -> str:
    """What the table has for a cookie that says `key`."""
    return crypto.blind("session", "", key)


class SessionStore(db.SessionStore):
    """Django's, with hashed keys, the account beside them, and an earlier end for the team."""

    # When the row that was read ends by itself.
    ends_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        return BrowserSession

    def _get_session_from_db(self) -> BrowserSession | None:
        alive = BrowserSession.objects.filter(expire_date__gt=_now())
        row = alive.filter(session_key=hashed(self.session_key or "")).first()
        if row is None:
            self._session_key = None
            return None
        self.ends_at = row.expire_date
        return row

    async def _aget_session_from_db(self) -> BrowserSession | None:
        return await sync_to_async(self._get_session_from_db)()

    def exists(self, session_key: str) -> bool:
        return super().exists(hashed(session_key))

    async def aexists(self, session_key: str) -> bool:
        return await super().aexists(hashed(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> BrowserSession:
        row = super().create_model_instance(data)
        assert isinstance(row, BrowserSession)
        row.session_key = hashed(row.session_key)
        row.account_id = data.get(ACCOUNT_KEY)
        if data.get(TEAM_KEY):
            row.expire_date = min(row.expire_date, _now() + TEAM_IDLE_TTL)
        return row

    async def acreate_model_instance(self, data: dict[str, Any]) -> BrowserSession:
        return await sync_to_async(self.create_model_instance)(data)

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            BrowserSession.objects.filter(session_key=hashed(key)).delete()

    async def adelete(self, session_key: str | None = None) -> None:
        await sync_to_async(self.delete)(session_key)

    def keep_awake(self, *, by_hand: bool) -> None:
        """For a request of whoever is of the team. The row alone is written, so that what a page changes at the same
        moment stays; `by_hand` is false for news that an open page asks for by itself."""
        if not self.get(TEAM_KEY):
            self[TEAM_KEY] = True
        elif by_hand and self.ends_at is not None:
            end = _now() + TEAM_IDLE_TTL
            if end - self.ends_at > TOUCH_INTERVAL:
                row = BrowserSession.objects.filter(session_key=hashed(self.session_key or ""))
                row.update(expire_date=end)


def sees_files(roles: frozenset[str]) -> bool:
    """Whether somebody with these roles is of the team whose sessions end early."""
    return bool(roles & _SEES_FILES)


def needs_passkey(session: SessionBase, actor: Actor) -> bool:
    """Whether this one must sign in with a passkey before anything else, and has not: their group demands it of
    coordinators and heads."""
    demanded = actor.organisation.demands_passkeys and actor.has(Role.Name.COORDINATOR, Role.Name.ADMIN)
    return demanded and session.get(HOW_KEY) != BY_PASSKEY


def mark_team(request: HttpRequest, user: Account, **_more: Any) -> None:
    """At signing in: whether the session is one of the team, before it is written for the first time."""
    if user.roles.filter(name__in=_SEES_FILES).exists():
        request.session[TEAM_KEY] = True


def open_sessions(account: Account) -> int:
    """On how many browsers this account is signed in."""
    return BrowserSession.objects.filter(account=account, expire_date__gt=_now()).count()


def end_sessions(account: Account, *, but: str | None = None) -> int:
    """Sign this account out wherever it is signed in; `but`: the key of a session that stays. Returns how many
    ended."""
    found = BrowserSession.objects.filter(account=account)
    return (found.exclude(session_key=hashed(but)) if but else found).delete()[0]


def prune() -> int:
    """Delete the sessions that are over. Returns how many."""
    return BrowserSession.objects.filter(expire_date__lte=_now()).delete()[0]


def _now() -> datetime:
    return timezone.now()  # real time: Django writes the end of a session by it

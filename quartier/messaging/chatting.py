"""What comes from chats: codes, answers to our messages, and strangers. (A file of its own, like `incoming`; the puller
in `jobs` calls it.) One worker listens at a time, and how far it came stands in the database."""

import logging
import os
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quartier.lib import clock, phone
from quartier.limits.actions import allow
from quartier.messaging import chats, incoming, reports
from quartier.messaging.models import ChatCode, ChatFeed, ChatLink
from quartier.messaging.providers import heard
from quartier.messaging.providers.base import NotSent
from quartier.messaging.providers.chat import ChatProvider
from quartier.team.models import Organisation
from quartier.team.queries import organisation_for, origin_of

log = logging.getLogger(__name__)
# Who tries more codes than so is not answered any more.
CODES, CODES_S = 5, 600
HOUR_S, DAY_S = 3600, 86_400
LINKED = _(
    "This chat is linked: messages from {organisation} will come here. Reply STOP to end all messages; on "
    "your page you can remove the chat."
)
OLD_CODE = _("This code no longer works. Get a new one on your page.")
STRANGER = _(
    "No one reads what is written here. If you need help, call {phone} or go to {site}. If you help with "
    "us, link this chat on your page."
)
INVITATION = _(
    "{organisation}: write here the eight letters and digits that your page shows. Then you are linked."
)
WORDS_ALONE = _("We can only read words here, not pictures or voice messages. Our number: {phone}")
SEALED = _(
    "This room is encrypted, and we cannot read it. Enter your Matrix name on your page: we will invite "
    "you to a room that works. Our number: {phone}"
)
# What each process is called while it listens, and whom it has asked for our name there.
_tokens: dict[int, UUID] = {}
_named: set[tuple[int, str]] = set()


def listen(provider: ChatProvider) -> bool:
    """Hear what came in, unless another worker does; true when there was something. A provider that cannot be reached
    is left alone until the lease has run out."""
    feed = _feed(provider.name)
    if feed is None:
        return False
    found = False
    try:
        _introduce(provider, feed)
        for row in chats.to_invite(provider.name):
            _invite(provider, row)
        for told in provider.listen(feed.position):
            found = True
            if isinstance(told, heard.Position):
                _mine(provider.name).update(position=told.position, claimed_until=_lease_end())
            elif isinstance(told, heard.Report):
                reports.reported(provider.name, told)
            elif isinstance(told, heard.Gone):
                if chats.gone(told.channel, told.address):
                    provider.leave(told.address)
            else:
                _hear(provider, told)
    except NotSent as error:
        log.warning("%s: nothing could be heard: %s", provider.name, error)
        _mine(provider.name).update(claim=uuid4())
    return found


def _feed(name: str) -> ChatFeed | None:
    """How far we have come, if we are the one who listens. Our lease is renewed when half of it is over, so that who
    hears nothing seldom writes."""
    half = Now() + timedelta(seconds=settings.LEASE_SECONDS / 2)
    fresh = _mine(name).filter(claimed_until__gt=ExpressionWrapper(half, output_field=DateTimeField()))
    if (feed := fresh.first()) is not None:
        return feed
    if not ChatFeed.objects.filter(name=name).exists():
        ChatFeed.objects.bulk_create([ChatFeed(name=name)], ignore_conflicts=True)
    free = Q(claim=_token()) | Q(claim=None) | Q(claimed_until__lt=Now())
    if not ChatFeed.objects.filter(free, name=name).update(claim=_token(), claimed_until=_lease_end()):
        return None
    return _mine(name).first()


def _token() -> UUID:
    return _tokens.setdefault(os.getpid(), uuid4())


def _mine(name: str) -> QuerySet[ChatFeed]:
    return ChatFeed.objects.filter(name=name, claim=_token())


def _lease_end() -> Any:
    lease = timedelta(seconds=settings.LEASE_SECONDS)
    return ExpressionWrapper(Now() + lease, output_field=DateTimeField())


def _introduce(provider: ChatProvider, feed: ChatFeed) -> None:
    """What we are called there; asked once by each process. With another bot, counting begins anew."""
    me = (os.getpid(), provider.name)
    if feed.handle and me in _named:
        return
    handle = provider.handle()
    _named.add(me)
    if handle != feed.handle:
        feed.handle, feed.position = handle, ""
        _mine(provider.name).update(handle=handle, position="")


def _invite(provider: ChatProvider, row: ChatCode) -> None:
    ChatCode.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    words = _in(row.person.language, INVITATION, row.organisation)
    try:
        provider.invite(row.invite, row.organisation.name, words)
    except Exception as error:
        log.warning("%s: somebody could not be invited: %s %s", provider.name, type(error).__name__, error)
        return
    ChatCode.objects.filter(pk=row.pk).update(invited_at=clock.now())


def _hear(provider: ChatProvider, told: heard.Spoken) -> None:
    """One thing that was written. What cannot be kept must not keep back all that was written after it."""
    try:
        answer = take(provider.name, told)
    except DatabaseError:
        raise
    except Exception as error:
        log.error("%s: something could not be kept: %s", provider.name, type(error).__name__)
        return
    if not answer:
        return
    try:
        provider.say(told.address, answer)
    except Exception as error:
        log.warning("%s: an answer was not written: %s", provider.name, type(error).__name__)


def take(provider: str, told: heard.Spoken) -> str:
    """Keep what was written; returns what is answered at once, or ''. Nobody becomes a person by writing here."""
    link, code = chats.at(told.channel, told.address), chats.code_in(told)
    if code and allow(purpose="chat code", who=told.address, limit=CODES, per_seconds=CODES_S):
        made = chats.link(told=told, code=code)
        if made is not None:
            return _in(made.person.language, LINKED, made.organisation)
        if link is None:
            here = organisation_for("")
            return _in(_language(told, here), OLD_CODE, here) if here else ""
    if link is None:
        return _to_a_stranger(told)
    return _from(link, provider, told)


def _from(link: ChatLink, provider: str, told: heard.Spoken) -> str:
    """Whom we know: kept as any message is, for `conversation` to understand."""
    if link.dead_at is not None:
        ChatLink.objects.filter(pk=link.pk).update(dead_at=None)
    if told.body.startswith("/start"):
        return _in(link.person.language, LINKED, link.organisation)
    if told.kind != "words":
        words = SEALED if told.kind == "sealed" else WORDS_ALONE
        return _in(link.person.language, words, link.organisation) if _once(told, HOUR_S, told.kind) else ""
    said = heard.Incoming(told.event, told.channel, told.address, told.body, told.at)
    incoming.received(link.organisation, provider, said)
    return ""


def _to_a_stranger(told: heard.Spoken) -> str:
    """One polite word a day. What they wrote is not kept, and the word says so."""
    here = organisation_for("")
    # Strangers with pictures are no others than those with words.
    if here is None or not _once(told, DAY_S, "sealed" if told.kind == "sealed" else "stranger"):
        return ""
    return _in(_language(told, here), SEALED if told.kind == "sealed" else STRANGER, here)


def _once(told: heard.Spoken, seconds: int, why: str) -> bool:
    return allow(purpose=f"chat {why}", who=told.address, limit=1, per_seconds=seconds)


def _language(told: heard.Spoken, here: Organisation) -> str:
    """That of their program; where it says none, the organisation's first."""
    ours = [str(code) for code, _name in settings.LANGUAGES]
    wanted: list[str] = [told.language, *here.languages, *ours]
    return next(code for code in wanted if code in ours)


def _in(language: str, words: str | Promise, organisation: Organisation) -> str:
    with translation.override(language):
        return str(words).format(
            organisation=organisation.name,
            phone=phone.display(organisation.phone, organisation.country) or organisation.name,
            site=origin_of(organisation),
        )

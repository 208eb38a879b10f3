"""The gate to calls, callbacks and recordings, and the keys by which an operator's browser may be rung."""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import Http404

from quartier.lib import clock
from quartier.people.access import looked
from quartier.team.access import TEAM, Actor
from quartier.team.models import Role
from quartier.telephony.actions.ledger import touch
from quartier.telephony.models import Audio, Call, Callback
from quartier.telephony.providers.sip import alaw
from quartier.telephony.providers.sip.setup import Setup, secret

HEARS_CONCERNS = frozenset({Role.Name.COORDINATOR, Role.Name.ADMIN})
CREDENTIALS_LAST = timedelta(hours=1)


@dataclass(frozen=True)
class Credentials:
    """What a browser needs to register as a phone. `ice_servers` as WebRTC takes them."""

    uri: str
    user: str
    password: str
    expires_at: datetime
    wss_url: str
    ice_servers: list[dict[str, Any]]


def call_for(actor: Actor, call_id: UUID) -> Call:
    """The call, for somebody of the team; that of somebody who raised a concern only for who coordinates, and is led
    there by the concern. Raises `Http404`."""
    calls = Call.objects.select_related("organisation", "person", "operator", "callback")
    if not actor.has(*HEARS_CONCERNS):
        calls = calls.exclude(Call.CONCERN & Q(ended_at__isnull=False))
    call = calls.filter(pk=call_id, organisation=actor.organisation).first()
    if call is None or not actor.has(*TEAM):
        raise Http404
    looked(actor, "call", call.id)
    return call


def callback_for(actor: Actor, callback_id: UUID) -> Callback:
    """The row of the callback list, for somebody of the team; raises `Http404`."""
    row = (
        Callback.objects.select_related("organisation", "person", "call", "claimed_by")
        .filter(pk=callback_id, organisation=actor.organisation)
        .first()
    )
    if row is None or not actor.has(*TEAM):
        raise Http404
    looked(actor, "callback", row.id)
    return row


@transaction.atomic
def sound_for(actor: Actor, audio_id: UUID) -> bytes:
    """The WAV file (16 bit), for somebody of the team; of a call that was recorded, only for who had it and for
    coordinators.

    Raises `Http404`, also once it is deleted. The first one who hears it is noted.
    """
    audio = (
        Audio.objects.select_related("call")
        .filter(pk=audio_id, organisation=actor.organisation, deleted_at=None)
        .first()
    )
    if audio is None or not actor.has(*TEAM) or not _may_hear(actor, audio):
        raise Http404
    return opened(actor, audio)


def opened(actor: Actor, audio: Audio) -> bytes:
    """The WAV file (16 bit), for who has passed a gate; the first one who hears it is noted."""
    looked(actor, "audio", audio.id)
    first = Audio.objects.filter(pk=audio.pk, heard_at=None)
    if first.update(heard_at=clock.now(), heard_by=actor.account):
        touch(actor.organisation.id)
    return alaw.plain(base64.b64decode(audio.sound))


def heard_of(actor: Actor, call: Call) -> list[Audio]:
    """What was recorded of a call and is not deleted, without its sound, for whoever may hear it. What a machine has
    written down of it is as good as heard: that it is shown is written down."""
    rows = Audio.objects.filter(call=call, deleted_at=None).select_related("call", "heard_by").defer("sound")
    found = [each for each in rows.order_by("at", "part") if actor.has(*TEAM) and _may_hear(actor, each)]
    for each in found:
        if each.transcript:
            looked(actor, "audio", each.id)
    return found


def _may_hear(actor: Actor, audio: Audio) -> bool:
    """What a worried caller has said is heard through the concern alone, which goes around whoever it is about."""
    return audio.call.worried_at is None and (
        audio.kind == Audio.Kind.MESSAGE
        or actor.has(Role.Name.COORDINATOR, Role.Name.ADMIN)
        or (actor.id is not None and audio.call.operator_id == actor.id)
    )


def sip_credentials(actor: Actor) -> Credentials:
    """A name and password by which this operator's browser registers, good for an hour: nothing is stored, Kamailio
    and coturn compute the same from the secret that they share with us. Raises `Http404` for who is no operator."""
    if actor.account is None or not actor.has(*TEAM):
        raise Http404
    expires = clock.now() + CREDENTIALS_LAST
    user = f"{int(expires.timestamp())}:{actor.account.id}"
    digest = hmac.digest(line_secret().encode(), user.encode(), "sha1")
    password = base64.b64encode(digest).decode()
    line = _setup()
    return Credentials(
        uri=f"sip:{actor.account.id}@{line.domain}",
        user=user,
        password=password,
        expires_at=expires,
        wss_url=line.websocket_url,
        ice_servers=_ice_servers(line, user, password),
    )


def _ice_servers(line: Setup, user: str, password: str) -> list[dict[str, Any]]:
    """Whoever helps a browser behind NAT to be reached; nobody where the group runs no coturn."""
    if not line.turn:
        return []
    host = line.public or line.address
    ways = [f"turn:{host}:{line.turn_port}?transport={way}" for way in ("udp", "tcp")]
    return [
        {"urls": f"stun:{host}:{line.turn_port}"},
        {"urls": ways, "username": user, "credential": password},
    ]


def line_secret() -> str:
    """What the app shares with Kamailio and coturn, from `line/secret` in the home folder; made at its first use."""
    return secret(_setup().home)


def _setup() -> Setup:
    here = settings.INSTALLATION
    return Setup.of(here.home, here.line, settings.ORIGIN)

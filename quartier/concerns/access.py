"""The gate to concerns: for those who coordinate, but never for whom it concerns. Each look is written down."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from quartier.alerts.queries import trustee_of
from quartier.concerns import queries
from quartier.concerns.models import Concern
from quartier.lib.ids import token_hash
from quartier.people.access import looked
from quartier.team.access import Actor, link
from quartier.telephony.access import opened
from quartier.telephony.models import Audio


def concern_for(actor: Actor, concern_id: UUID) -> Concern:
    """The concern; raises `Http404`, the same whether there is none or it is about who asks."""
    found = queries.visible(actor).select_related("organisation").filter(pk=concern_id).first()
    if found is None:
        raise Http404
    looked(actor, "concern", found.pk)
    return found


def sounds_of(actor: Actor, concern: Concern) -> list[Audio]:
    """What was said on the line when it was raised, without the sound; `actor` has passed the concern's gate. What a
    machine has written down of it is as good as heard."""
    if concern.call_id is None:
        return []
    rows = Audio.objects.filter(call=concern.call_id, call__worried_at__isnull=False, deleted_at=None)
    found = list(rows.select_related("heard_by").defer("sound").order_by("at", "part"))
    for each in found:
        if each.transcript:
            looked(actor, "audio", each.pk)
    return found


def sound_for(actor: Actor, concern: Concern, audio_id: UUID) -> bytes:
    """The WAV file of one of them; raises `Http404`."""
    audio = Audio.objects.filter(
        pk=audio_id, call=concern.call_id, call__worried_at__isnull=False, deleted_at=None
    ).first()
    if audio is None or concern.call_id is None:
        raise Http404
    return opened(actor, audio)


def concern_of_alert(actor: Actor, alert_id: UUID) -> UUID:
    """The concern behind an alert; raises `Http404`."""
    found = queries.visible(actor).filter(alert=alert_id).values_list("pk", flat=True).first()
    if found is None:
        raise Http404
    return found


def by_token(token: str, actor: Actor | None) -> Concern:
    """What whoever raised it may know of it, by their link. Raises `Http404`, also when who reads it is signed in and
    is the one it is about."""
    found = _with_alert().filter(token_hash=token_hash(token)).first()
    if found is None or _goes_around(found, actor):
        raise Http404
    return found


def for_trustee(token: str, actor: Actor | None) -> tuple[Concern, Actor]:
    """The concern for whom the group trusts outside of its team, by the link that they were sent. Raises `Http404`."""
    found = (
        _with_alert().filter(alert__trustee_hash=token_hash(token)).exclude(alert__trustee_hash="").first()
    )
    if found is None or _goes_around(found, actor):
        raise Http404
    trustee = trustee_of(found.organisation)
    if trustee is None:
        raise Http404
    outside = link(found.organisation, trustee.person_id)
    looked(outside, "concern", found.pk)
    return found, outside


def _with_alert() -> QuerySet[Concern]:
    return Concern.objects.select_related(
        "alert__closed_by", "organisation", "account", "volunteer__person", "person", "by_person"
    )


def _goes_around(concern: Concern, actor: Actor | None) -> bool:
    return actor is not None and concern.alert.around.filter(account=actor.id).exists()

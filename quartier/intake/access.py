"""The gate to drafts: what is still being typed is only for who types it."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404

from quartier.intake.models import Draft
from quartier.lib import clock
from quartier.team.access import Actor
from quartier.telephony import queries

# What whoever lost a call had typed by then arrives within so long, also from a browser that was cut off.
LAST_WORDS = timedelta(minutes=5)


def own_draft(actor: Actor, form: str, draft_id: UUID) -> Draft:
    """The actor's own draft of this form, sent or not; raises `Http404`."""
    found = (
        Draft.objects.filter(
            pk=draft_id, form=form, account=actor.account, organisation=actor.organisation
        ).first()
        if actor.account is not None
        else None
    )
    if found is None:
        raise Http404
    return found


def lost_draft(actor: Actor, form: str, draft_id: UUID) -> Draft:
    """The draft of a call that has just gone on to a colleague, for what the actor had typed by then: to add to it,
    never to show them what is in it now. Raises `Http404`, also some minutes later."""
    found = Draft.objects.filter(pk=draft_id, form=form, organisation=actor.organisation).first()
    lost = queries.lost_at(actor, found.call_id) if found is not None else None
    if found is None or lost is None or clock.now() > lost + LAST_WORDS:
        raise Http404
    return found

"""The gate to drafts: what is still being typed is only for who types it."""

from uuid import UUID

from django.http import Http404

from quartier.intake.models import Draft
from quartier.team.access import Actor


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


def draft_to_save(actor: Actor, form: str, draft_id: UUID) -> Draft:
    """The same for the last words of somebody whose call has gone on to a colleague: they had it, so what they typed
    up to then is kept."""
    try:
        return own_draft(actor, form, draft_id)
    except Http404:
        theirs = Draft.objects.filter(pk=draft_id, form=form, organisation=actor.organisation)
        found = theirs.filter(call__notes__account=actor.id).first() if actor.id is not None else None
        if found is None:
            raise
        return found

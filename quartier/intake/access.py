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

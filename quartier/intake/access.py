"""The gate to drafts: what is still being typed is only for who types it."""

from uuid import UUID

from django.http import Http404

from quartier.intake.models import Draft
from quartier.team.access import Actor


def own_draft(actor: Actor, form: str, draft_id: UUID) -> Draft:
    """The actor's own draft of this form, sent or not; raises `Http404`."""
    found = Draft.objects.filter(
        pk=draft_id, form=form, account_id=actor.id, organisation=actor.organisation
    ).first()
    if found is None or actor.kind != "account":
        raise Http404
    return found

"""The gate to files: who may read one, written down each time."""

from uuid import UUID

from django.http import Http404

from quartier.cases.models import Case, Request, StatusLink
from quartier.lib.ids import token_hash
from quartier.people.access import looked
from quartier.team.access import TEAM, Actor


def case_for(actor: Actor, case_id: UUID) -> Case:
    """The file, for somebody of the team; raises `Http404` whether the row or the right is missing."""
    case = (
        Case.objects.select_related("person", "asked_by", "organisation", "merged_into")
        .filter(pk=case_id, organisation=actor.organisation)
        .first()
    )
    if case is None or not actor.has(*TEAM):
        raise Http404
    looked(actor, "case", case.id)
    return case


def request_for(actor: Actor, request_id: UUID) -> Request:
    """The request with its case, for somebody of the team; raises `Http404`."""
    request = (
        Request.objects.select_related("case__person", "case__asked_by", "organisation", "taken_by")
        .filter(pk=request_id, organisation=actor.organisation)
        .first()
    )
    if request is None or not actor.has(*TEAM):
        raise Http404
    looked(actor, "request", request.id)
    return request


def by_token(token: str) -> StatusLink:
    """The private link with this token; raises `Http404` if there is none or it was revoked."""
    link = (
        StatusLink.objects.select_related("case__person", "case__organisation", "person")
        .filter(token_hash=token_hash(token), revoked_at=None)
        .first()
    )
    if link is None:
        raise Http404
    return link

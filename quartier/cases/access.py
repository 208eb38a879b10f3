"""The gate to files: who may read one, written down each time."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from quartier.cases.models import Case, Request, Series, StatusLink
from quartier.lib.ids import token_hash
from quartier.people.access import looked
from quartier.team.access import TEAM, Actor


def case_for(actor: Actor, case_id: UUID) -> Case:
    """The file, for somebody of the team; raises `Http404` whether the row or the right is missing."""
    case = (
        Case.objects.select_related("person", "asked_by", "merged_into")
        .filter(pk=case_id, organisation=actor.organisation)
        .first()
    )
    if case is None or not actor.has(*TEAM):
        raise Http404
    case.organisation = actor.organisation
    looked(actor, "case", case.id)
    return case


def request_for(actor: Actor, request_id: UUID, *, is_part: bool = False) -> Request:
    """The request with its case, for somebody of the team; raises `Http404`. `is_part`: of a page that was noted."""
    request = (
        Request.objects.select_related("case__person", "case__asked_by", "taken_by", "series")
        .filter(pk=request_id, organisation=actor.organisation)
        .first()
    )
    if request is None or not actor.has(*TEAM):
        raise Http404
    # The gate has read it, and it is as wide as the request itself.
    request.organisation = actor.organisation
    if not is_part:
        looked(actor, "request", request.id)
    return request


def series_for(actor: Actor, series_id: UUID) -> Series:
    """Help that comes again, with its case, for somebody of the team; raises `Http404`."""
    series = _series().filter(pk=series_id, organisation=actor.organisation).first()
    if series is None or not actor.has(*TEAM):
        raise Http404
    looked(actor, "case", series.case_id)
    return series


def series_by_link(link: StatusLink, series_id: UUID) -> Series:
    """Help that comes again, for the holder of the case's private link; raises `Http404`."""
    series = _series().filter(pk=series_id, case=link.case_id).first()
    if series is None:
        raise Http404
    return series


def _series() -> QuerySet[Series]:
    return Series.objects.select_related("case__person", "case__asked_by", "organisation")


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

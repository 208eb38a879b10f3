"""Whom the group asks, and who is to be called."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from quartier.audit.models import Entry
from quartier.cases.models import Request
from quartier.followup.models import AfterSettings, FollowUp
from quartier.team.models import Organisation

# What the audit says of whoever was called or written to.
CONTACT_VERB = "request.contact"
# And that it was not so.
UNDO_CONTACT_VERB = "request.undo_contact"
# So long it can be said that it was not so.
CALLED_UNDO_WINDOW = timedelta(minutes=10)
# So long the team sees whom it has failed.
NEGLECTED_VISIBLE_FOR = timedelta(days=30)


def settings_of(organisation: Organisation) -> AfterSettings:
    """Whom the group asks; the defaults where it has not chosen."""
    return AfterSettings.objects.filter(organisation=organisation).first() or AfterSettings()


def to_call(organisation: Organisation, now: datetime) -> QuerySet[FollowUp]:
    """Who can only be called, and is to be called now; who has waited longest first."""
    rows = FollowUp.objects.filter(
        organisation=organisation, state=FollowUp.State.TO_CALL, due_at__lte=now, expires_at__gt=now
    ).filter(person__died_at=None, assignment__request__case__person__died_at=None)
    return rows.select_related(
        "person", "claimed_by", "assignment__volunteer__person", "assignment__request"
    ).order_by("due_at", "pk")


def complained_about(request_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these requests after which somebody said that something is not right, and which wait for one of the
    team for that: their words are about that, and not about the help. One query."""
    rows = FollowUp.objects.filter(
        assignment__request__in=list(request_ids),
        is_bad=True,
        looked_after_at=None,
        assignment__request__why_human=Request.Why.ASKED,
    )
    return set(rows.values_list("assignment__request", flat=True))


def neglected(organisation: Organisation, now: datetime) -> QuerySet[Request]:
    """Whom the team has failed lately: they waited, and nobody answered until it was closed, nor has called since. The
    last ones first; nobody is told to call who has died."""
    return _failed(organisation, now).exclude(Exists(_calls()))


def called_lately(organisation: Organisation, now: datetime) -> QuerySet[Request]:
    """Of those we failed, whom somebody said a moment ago that they have called; `called_at`, when."""
    calls = _calls().filter(at__gt=now - CALLED_UNDO_WINDOW)
    rows = _failed(organisation, now).filter(Exists(calls))
    return rows.annotate(called_at=Subquery(calls.order_by("-at").values("at")[:1]))


def _calls() -> QuerySet[Entry]:
    """What says that somebody has called about the request of the query around it, since it was closed."""
    undone = Entry.objects.filter(
        organisation_id=OuterRef("organisation_id"),
        subject_id=OuterRef("subject_id"),
        verb=UNDO_CONTACT_VERB,
        at__gte=OuterRef("at"),
    )
    calls = Entry.objects.filter(
        organisation_id=OuterRef("organisation_id"),
        subject_id=OuterRef("pk"),
        verb=CONTACT_VERB,
        at__gte=OuterRef("closed_at"),
    )
    return calls.exclude(Exists(undone))


def _failed(organisation: Organisation, now: datetime) -> QuerySet[Request]:
    rows = Request.objects.filter(
        organisation=organisation,
        closure=Request.Closure.NEGLECTED,
        closed_at__gte=now - NEGLECTED_VISIBLE_FOR,
        case__person__died_at=None,
    )
    return rows.select_related("case__person").order_by("-closed_at", "pk")

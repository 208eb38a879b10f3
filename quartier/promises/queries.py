"""Open promises."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from quartier.promises.models import Promise, PromiseNotice


def open_about(subject_kind: str, subject_id: UUID) -> Promise | None:
    """The promise about this that is to be kept next."""
    return open_of(subject_kind, [subject_id]).get(subject_id)


def open_of(subject_kind: str, subject_ids: Collection[UUID]) -> dict[UUID, Promise]:
    """The same for many. One query, none for nothing."""
    if not subject_ids:
        return {}
    rows = Promise.objects.filter(subject_kind=subject_kind, subject_id__in=subject_ids, outcome="")
    return {row.subject_id: row for row in rows.order_by("-due_at")}


def is_another_call_owed(promise: Promise, besides: Collection[UUID] = ()) -> bool:
    """Whether the same person was told of a call about something else, of which none has come. `besides`: what is told
    together with it. One query."""
    calls = Promise.objects.filter(person=promise.person_id, outcome="", kind=Promise.Kind.CALL)
    calls = calls.exclude(told_by=Promise.ToldBy.NOBODY)
    return calls.exclude(subject_id__in=[promise.subject_id, *besides]).exists()


def told_of(promise: Promise) -> "QuerySet[PromiseNotice]":
    """Who of the team was told of this promise and of those that it took the place of, the last ones first."""
    about = {"promise__subject_kind": promise.subject_kind, "promise__subject_id": promise.subject_id}
    notices = PromiseNotice.objects.filter(**about, at__gte=promise.waiting_since)
    return notices.select_related("person").order_by("-at", "pk")


def due(now: datetime) -> "QuerySet[Promise]":
    """Open promises at which the worker must look now."""
    return Promise.objects.filter(outcome="", next_at__lte=now)

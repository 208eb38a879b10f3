"""The sound of a call, as the browser of its operator measures it every few seconds and reports twice a minute."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.http import Http404

from quartier.lib import clock
from quartier.team.access import TEAM, Actor
from quartier.telephony.models import Call, CallQuality, Operator

# The last report leaves the browser when the call is over; one that comes much later is about something else.
REPORT_TIMEOUT = timedelta(minutes=5)


@dataclass(frozen=True)
class QualityReport:
    """What was measured since the report before: so many samples, their means and the worst of each."""

    samples: int
    loss_mean_pct: float
    loss_worst_pct: float
    jitter_mean_ms: float
    jitter_worst_ms: float
    delay_mean_ms: float | None = None
    delay_worst_ms: float | None = None


@transaction.atomic
def find_measured_call(*, actor: Actor, call_id: UUID) -> tuple[Call, CallQuality]:
    """The call, locked, and the row of this operator, which may be a new one that is not stored yet. Raises `Http404`
    for a call that is not the actor's, or is long over."""
    call = (
        Call.objects.select_for_update(of=("self",))
        .filter(pk=call_id, organisation=actor.organisation)
        .first()
    )
    if call is None or actor.account is None or not actor.has(*TEAM):
        raise Http404
    if call.ended_at is not None and call.ended_at + REPORT_TIMEOUT < clock.now():
        raise Http404
    row = CallQuality.objects.filter(call=call, account=actor.account).first()
    if row is None:
        if not _is_on(actor, call):
            raise Http404
        row = CallQuality(organisation=call.organisation, call=call, account=actor.account)
    return call, row


@transaction.atomic
def record_call_quality(*, actor: Actor, call_id: UUID, report: QualityReport) -> CallQuality:
    """Add a report to the row of this call and operator. Raises `Http404` as `find_measured_call` does."""
    _call, row = find_measured_call(actor=actor, call_id=call_id)
    _add(row, report)
    row.measured_at = clock.now()
    row.save()
    return row


def _is_on(actor: Actor, call: Call) -> bool:
    """Whether the actor has this call, or is on it beside whoever has it."""
    return call.operator_id == actor.id or Operator.objects.filter(account=actor.id, call=call).exists()


def _add(row: CallQuality, report: QualityReport) -> None:
    """Weigh the means by their samples; keep the worst."""
    before, row.samples = row.samples, row.samples + report.samples

    def mean(old: float, new: float) -> float:
        return (old * before + new * report.samples) / row.samples

    row.loss_mean_pct = mean(row.loss_mean_pct, report.loss_mean_pct)
    row.loss_worst_pct = max(row.loss_worst_pct, report.loss_worst_pct)
    row.jitter_mean_ms = mean(row.jitter_mean_ms, report.jitter_mean_ms)
    row.jitter_worst_ms = max(row.jitter_worst_ms, report.jitter_worst_ms)
    if report.delay_mean_ms is None or report.delay_worst_ms is None:
        return
    known = row.delay_mean_ms
    row.delay_mean_ms = report.delay_mean_ms if known is None else mean(known, report.delay_mean_ms)
    row.delay_worst_ms = max(row.delay_worst_ms or 0.0, report.delay_worst_ms)

"""How well two people hear each other: what the operator's browser measures is kept with the call, and shown to those
who coordinate."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse

from quartier.console.queries import line as read
from quartier.team.access import Actor
from quartier.team.models import Role
from quartier.telephony import actions
from quartier.telephony.actions.call_quality import QualityReport
from quartier.telephony.models import Call, CallQuality

MAX_SAMPLES = 60
MAX_MS = 10_000
# As the lamp of the browser judges: what is lost, unevenness, the way there and back.
WEAK_LIMITS = (3.0, 40.0, 400.0)
BAD_LIMITS = (8.0, 100.0, 800.0)


def _percent() -> forms.FloatField:
    return forms.FloatField(min_value=0, max_value=100)


def _milliseconds(*, required: bool = True) -> forms.FloatField:
    return forms.FloatField(min_value=0, max_value=MAX_MS, required=required)


class QualityReportForm(forms.Form):
    """What a browser reports of the last half minute. Numbers within bounds, or nothing is kept."""

    samples = forms.IntegerField(min_value=1, max_value=MAX_SAMPLES)
    loss_mean_pct = _percent()
    loss_worst_pct = _percent()
    jitter_mean_ms = _milliseconds()
    jitter_worst_ms = _milliseconds()
    delay_mean_ms = _milliseconds(required=False)
    delay_worst_ms = _milliseconds(required=False)

    def clean(self) -> dict[str, Any]:
        """A mean is not above the worst."""
        data = super().clean() or self.cleaned_data
        for name, unit in (("loss", "pct"), ("jitter", "ms"), ("delay", "ms")):
            mean, worst = data.get(f"{name}_mean_{unit}"), data.get(f"{name}_worst_{unit}")
            if (mean is None) != (worst is None) or (mean is not None and worst is not None and mean > worst):
                self.add_error(f"{name}_worst_{unit}", "below the mean, or missing")
        return data


@dataclass(frozen=True)
class QualityLine:
    """One operator's measurements, as a line of the page shows them: how it was (`good`, `weak`, `bad`), and in whole
    numbers."""

    name: str
    level: str
    loss_pct: int
    worst_pct: int
    jitter_ms: int
    delay_ms: int | None


def line_quality(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Keep one report. 400 with the names of the fields that are wrong, 404 for a call that is not one's own."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    # Whoever is not on that call is not told what would have been wrong with the numbers.
    actions.find_measured_call(actor=actor, call_id=call_id)
    form = QualityReportForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"wrong": sorted(form.errors)}, status=400)
    actions.record_call_quality(actor=actor, call_id=call_id, report=QualityReport(**form.cleaned_data))
    return HttpResponse(status=204)


def quality_lines(actor: Actor, call: Call) -> list[QualityLine]:
    """The sound of a call, an operator a line, for those who coordinate; for others nothing, and no query."""
    if not actor.has(Role.Name.COORDINATOR, Role.Name.ADMIN):
        return []
    return [
        QualityLine(
            name=row.account.name,
            level=_level(row),
            loss_pct=round(row.loss_mean_pct),
            worst_pct=round(row.loss_worst_pct),
            jitter_ms=round(row.jitter_mean_ms),
            delay_ms=None if row.delay_mean_ms is None else round(row.delay_mean_ms),
        )
        for row in read.call_quality(call)
    ]


def _level(row: CallQuality) -> str:
    found = (row.loss_mean_pct, row.jitter_mean_ms, row.delay_mean_ms or 0)
    for level, limits in (("bad", BAD_LIMITS), ("weak", WEAK_LIMITS)):
        if any(value >= limit for value, limit in zip(found, limits, strict=True)):
            return level
    return "good"

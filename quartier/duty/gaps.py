"""Hours at which nobody is on duty while the line is open: the heads hear of them the day before, and of what opens
later at once, by day (decision 0049)."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from quartier.duty import queries
from quartier.duty.models import KnownGaps
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people.models import Person
from quartier.rota.rules import A_DAY, Rota
from quartier.team.access import SUSPENDED_STATE
from quartier.team.models import Organisation, Role

Span = tuple[datetime, datetime]
# From this hour on the heads hear of tomorrow.
GAP_HOUR = time(10)
GAPS_RETENTION = timedelta(days=30)


def write_gaps(organisation: Organisation, now: datetime, rota: Rota) -> int:
    """Tell the heads of hours of today and tomorrow of which they do not know, each once. Returns how many letters. The
    caller holds the organisation's row, and it is not night."""
    today = now.astimezone(organisation.zone).date()
    return sum(_write_of(organisation, now, day, rota) for day in (today, today + A_DAY))


def _write_of(organisation: Organisation, now: datetime, day: date, rota: Rota) -> int:
    today = now.astimezone(organisation.zone).date()
    known = KnownGaps.objects.filter(organisation=organisation, day=day).first()
    is_today = day == today
    if not is_today and known is None and now.astimezone(organisation.zone).time() < GAP_HOUR:
        return 0
    spans = queries.gaps_of(organisation, day, rota)
    if is_today:
        spans = [(max(start, now), end) for start, end in spans if end > now]
    if known is None:
        # What nobody has looked at before today is no news: duty is being planned just now. Where other days were
        # looked at, no worker was there yesterday at the hour at which the heads would have heard of today.
        is_new = is_today and not _was_looked_at_before(organisation, today)
        unknown = [] if is_new else spans
        KnownGaps.objects.create(organisation=organisation, day=day, spans=_packed(spans))
        KnownGaps.objects.filter(organisation=organisation, day__lt=today - GAPS_RETENTION).delete()
    else:
        unknown = without(spans, _unpacked(known.spans))
        if unknown:
            known.spans = [*known.spans, *_packed(unknown)]
            known.save(update_fields=["spans"])
    return _tell_heads(organisation, day, unknown, is_today=is_today) if unknown else 0


def _was_looked_at_before(organisation: Organisation, today: date) -> bool:
    since = today - GAPS_RETENTION
    return KnownGaps.objects.filter(organisation=organisation, day__gte=since, day__lt=today).exists()


def _tell_heads(organisation: Organisation, day: date, spans: list[Span], *, is_today: bool) -> int:
    heads = Person.objects.filter(
        organisation=organisation, account__is_active=True, account__roles__name=Role.Name.ADMIN
    ).exclude(volunteer__state=SUSPENDED_STATE)
    template = "duty_gap_today" if is_today else "duty_gap"
    ends = spans[-1][1] if is_today else datetime.combine(day, time(), tzinfo=organisation.zone)
    letters = [
        Letter(
            each,
            template,
            f"{template}:{day}:{each.pk}:{spans[0][0]:%H%M}",
            {"spans": spans, "page": ("duty",)},
            not_after=ends,
        )
        for each in heads
    ]
    written = messaging.write_all(organisation=organisation, letters=letters)
    return sum(each is not None for each in written)


def without(spans: Iterable[Span], known: Iterable[Span]) -> list[Span]:
    """What is left of these when those are taken out, in order."""
    left = list(spans)
    for begins, ends in known:
        left = [
            part
            for start, end in left
            for part in ((start, min(end, begins)), (max(start, ends), end))
            if part[0] < part[1]
        ]
    return sorted(set(left))


def _packed(spans: Iterable[Span]) -> list[list[str]]:
    return [[start.isoformat(), end.isoformat()] for start, end in spans]


def _unpacked(spans: Iterable[list[str]]) -> list[Span]:
    return [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in spans]

"""A request as it begins, of what was asked and of the case."""

from collections.abc import Sequence
from datetime import date, datetime

from quartier.cases import rules
from quartier.cases.models import Case, Request, Series
from quartier.cases.rules import Wanted
from quartier.incidents.models import Incident
from quartier.incidents.rules import incident_of
from quartier.lib import cells, choices
from quartier.trust import rules as trust


def make_request(
    case: Case,
    wanted: Wanted,
    *,
    moderated: bool,
    now: datetime,
    running: Sequence[Incident] = (),
    day: tuple[Series, date] | None = None,
) -> Request:
    """Not saved yet. `running`: incidents, the newest first; `day`: which one of which series. Raises `NotPossible`
    when its time is over."""
    state, why = rules.first_state(wanted.kind, moderated)
    if day:
        # One of us has read the words when the series began.
        state, why = Request.State.OPEN, ""
    start, end = rules.window(now, wanted, case.organisation)
    lat, lon = cells.centre(case.cell)
    return Request(
        organisation=case.organisation,
        case=case,
        series=day[0] if day else None,
        day=day[1] if day else None,
        incident=incident_of(running, wanted.kind),
        kind=wanted.kind,
        details=wanted.details,
        situation=wanted.situation,
        urgency=wanted.urgency,
        window_from=start,
        window_until=end,
        languages=wanted.languages,
        level=max(wanted.level, trust.needed(wanted.kind) if case.organisation.vets else 0),
        needed=wanted.needed,
        state=state,
        why_human=why,
        cell=case.cell,
        area=case.area,
        region=cells.region_of(case.cell),
        lat=lat,
        lon=lon,
        remote=choices.kind(wanted.kind).remote,
        unasked=wanted.unasked,
        radius_m=rules.reach_m(wanted.kind),
        next_at=now if state == Request.State.OPEN else None,
        promised_at=rules.news_hour(now, wanted.urgency, case.organisation),
        waiting_since=now,
        created_at=now,
    )

"""What an installation has seen, as numbers without names: read once, in few statements."""

from collections import Counter
from datetime import datetime, timedelta
from math import erf, log, sqrt
from typing import Any

import numpy as np
from django.db.models import Count, F, Min, Q

from quartier.cases.models import Case, Request
from quartier.intake.models import Contact
from quartier.lib import choices, clock, hours
from quartier.matching.models import Offer
from quartier.people.models import Volunteer
from quartier.sim.calibration import shares
from quartier.sim.calibration.answers import Answers, fit_answers
from quartier.sim.calibration.fitted import Fitted, rounded
from quartier.team.models import Organisation
from quartier.visits.models import Assignment

# The latest offers; more would take longer and hardly say more.
MOST_OFFERS = 40_000
FAILURES = ("no_show", "cannot_go", "nobody_home", "wrong_place")
STATE = Offer.State
SAID: dict[str, int] = {STATE.ACCEPTED: 1, STATE.DECLINED: -1}
Figures = dict[str, dict[str, Any]]


def calibrate(organisation: Organisation, now: Figures) -> list[Fitted]:
    """Every parameter that this organisation's history can say something of. `now`: the behaviour file as it is."""
    answers, next_morning = _answers(organisation)
    return [
        *fit_answers(answers, now["answering"]),
        shares.middle(
            "answering", "after_quiet_median_min", next_morning, now["answering"]["after_quiet_median_min"]
        ),
        *_visiting(organisation, now["visiting"]),
        *_asking(organisation, now["asking"]),
        *_volunteers(organisation, now["volunteers"]),
    ]


def _answers(organisation: Organisation) -> tuple[Answers, list[float]]:
    """The offers of the matcher (those by hand are another thing), and how many minutes after the quiet hours an
    answer came that the night had held up.

    Requests that were opened again are left out: who had not answered is asked again by the same offer, so that the
    silence of the first time is not there any more, while every answer is.
    """
    offers = (
        Offer.objects.filter(organisation=organisation, by_hand_of=None, request__reopened=0)
        .filter(
            Q(state__in=[STATE.ACCEPTED, STATE.DECLINED], answered_at__gte=F("created_at"))
            | Q(state=STATE.EXPIRED)
            | Q(state=STATE.WITHDRAWN, withdrawn_at__gte=F("created_at"))
        )
        .order_by("-created_at")
        .values_list(
            "volunteer_id", "state", "distance_m", "load", "asked_before", "created_at", "answered_at",
            "withdrawn_at", "expires_at",
        )[:MOST_OFFERS]
    )  # fmt: skip
    numbers: dict[Any, int] = {}
    rows: list[tuple[int, float, int, int, int, float, bool]] = []
    mornings = []
    for who, state, metres, load, before, made, answered, withdrawn, expires in offers:
        said = SAID.get(state, 0)
        end = answered if said else withdrawn if state == STATE.WITHDRAWN else expires
        minutes, late = _waking(organisation, made, end or expires)
        if said and late is not None:
            mornings.append(late)
        elif not said and late is not None:
            # Who had not answered by the morning had the evening, and what has passed of the new day.
            minutes += late
        number = numbers.setdefault(who, len(numbers))
        rows.append(
            (number, float(metres or 0), load, before, said, minutes, bool(said and late is not None))
        )
    rows.sort()
    columns = list(zip(*rows, strict=True)) or [()] * 7
    return (
        Answers(
            who=np.array(columns[0], np.int64),
            metres=np.array(columns[1], float),
            load=np.array(columns[2], float),
            before=np.array(columns[3], float),
            said=np.array(columns[4], np.int64),
            minutes=np.array(columns[5], float),
            night=np.array(columns[6], bool),
        ),
        mornings,
    )


def _waking(organisation: Organisation, start: datetime, end: datetime) -> tuple[float, float | None]:
    """Minutes until `end` or until the quiet hours before it; then also the waking minutes after them, else `None`."""
    quiet = (organisation.quiet_from, organisation.quiet_until)
    zone = organisation.zone
    if quiet[0] == quiet[1]:
        return _minutes(end - start), None
    sleeps = hours.next_time(start, quiet[0], zone)
    if end <= sleeps:
        return _minutes(end - start), None
    return _minutes(sleeps - start), _minutes(hours.outside(sleeps, end, *quiet, zone))


def _minutes(time: timedelta) -> float:
    return time.total_seconds() / 60


def _visiting(organisation: Organisation, now: dict[str, Any]) -> list[Fitted]:
    """Out of the visits that were promised and have ended, without those that were not needed any more."""
    ended = Assignment.objects.filter(organisation=organisation, state__in=["done", "failed"])
    count = ended.count()
    counted = Counter(dict(ended.values_list("failure").annotate(Count("pk")).order_by()))
    given_back = ended.filter(failure="cannot_go").values_list("accepted_at", "ended_at")
    waits = [_minutes(until - since) for since, until in given_back if until]
    after = "cannot_go_after_median_min"
    return [
        *(shares.share("visiting", name, counted[name], count, now[name]) for name in FAILURES),
        shares.middle("visiting", after, waits, now[after]),
    ]


def _asking(organisation: Organisation, now: dict[str, Any]) -> list[Fitted]:
    asked = Request.objects.filter(organisation=organisation)
    arrivals = asked.values_list("created_at", flat=True)
    by_hour = Counter(str(each.astimezone(organisation.zone).hour) for each in arrivals)
    channels = Counter(dict(Contact.objects.filter(organisation=organisation)
                            .values_list("channel").annotate(Count("pk")).order_by()))  # fmt: skip
    reached = channels[Contact.Channel.PHONE] + channels[Contact.Channel.WEB]
    cases = Case.objects.filter(organisation=organisation)
    usual = choices.mask(choices.LANGUAGES, [code for code in organisation.languages if code != "en"])
    others = sum(bool(bits & ~usual) for bits in asked.values_list("languages", flat=True))
    count = asked.count()
    return [
        shares.mixture("asking", "by_hour", by_hour, now["by_hour"]),
        shares.share("asking", "by_phone", channels[Contact.Channel.PHONE], reached, now["by_phone"]),
        shares.mixture("asking", "kinds", _counted(asked, "kind"), now["kinds"]),
        shares.mixture("asking", "urgency", _counted(asked, "urgency"), now["urgency"]),
        shares.share(
            "asking", "for_another", cases.exclude(asked_by=F("person")).count(), cases.count(),
            now["for_another"],
        ),
        shares.share("asking", "other_language", others, count, now["other_language"]),
        _taken_back(asked, now),
    ]  # fmt: skip


def _taken_back(asked: Any, now: dict[str, Any]) -> Fitted:
    """The share who take it back, from those to whom nobody came before they could: each counts for the part of
    that time (lognormal, as in the file) which it had."""
    usual = log(now["takes_back_after_median_min"])
    had, taken = 0.0, 0
    rows = asked.annotate(first=Min("assignments__accepted_at")).values_list(
        "created_at", "first", "closed_at", "closure"
    )
    for created, first, closed, closure in rows:
        minutes = _minutes((first or closed or clock.now()) - created)
        if minutes > 0:
            had += 0.5 * (1 + erf((log(minutes) - usual) / sqrt(2)))
        taken += first is None and closure == Request.Closure.WITHDRAWN
    count = int(had)
    if count < shares.LEAST or taken > count:
        return Fitted("asking", "takes_back", now["takes_back"], count)
    low, high = shares.wilson(taken, count)
    return Fitted("asking", "takes_back", rounded(taken / had), count, rounded(low), rounded(high))


def _counted(rows: Any, column: str) -> dict[str, int]:
    return {str(key): count for key, count in rows.values_list(column).annotate(Count("pk")).order_by()}


def _volunteers(organisation: Organisation, now: dict[str, Any]) -> list[Fitted]:
    there = Volunteer.objects.filter(organisation=organisation).exclude(state=Volunteer.State.LEFT)
    return [
        shares.mixture("volunteers", "travel", _counted(there, "travel"), now["travel"]),
        shares.mixture("volunteers", "capacity", _counted(there, "capacity"), now["capacity"]),
    ]

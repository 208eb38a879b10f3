"""The true mode: a scenario played through the same actions as a real crisis, on a real database."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import Trunc

from quartier.audit.models import Entry
from quartier.cases.models import Request
from quartier.lib import clock
from quartier.matching.models import Offer
from quartier.matching.rules import USUAL_POLICY
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.people.models import Volunteer
from quartier.places import actions as places
from quartier.sim import figures as counting
from quartier.sim import scenario as scenarios
from quartier.sim.crisis import OFFERS, Crisis
from quartier.sim.lasting.counted import counted
from quartier.sim.trace import HUMAN, SERVED, WAITING, WITHDRAWN, Day, PolicyTrace
from quartier.sim.world import World, world
from quartier.team import actions as team
from quartier.team.access import of_account
from quartier.team.models import Organisation, Role
from quartier.visits.models import Assignment

# Every volunteer gets messages, and the fictitious numbers and addresses are for so many.
MOST_VOLUNTEERS = 20_000


def play_day(
    seed: int,
    *,
    requests: int = 80,
    volunteers: int = 8000,
    progress: Callable[[str], None] = lambda words: None,
) -> dict[str, Any]:
    """Play the scenario `day` with the usual way of asking; returns the figures (see `figures`).

    The database must have its tables and may hold nothing else. Sets the clock, and sets it free again.
    """
    day = scenarios.load("day").sized(requests=requests, volunteers=volunteers)
    return play(world(day, seed), USUAL_POLICY, progress=progress).figures


def play(
    played: World, policy: str, *, learns: bool = False, progress: Callable[[str], None] = lambda words: None
) -> PolicyTrace:
    """Play a world with a way of asking. Raises `ValueError` for one that is too large.

    The database must have its tables and may hold nothing else. Sets the clock, and sets it free again.
    """
    if played.scenario.all_volunteers > MOST_VOLUNTEERS:
        raise ValueError(
            f"the true mode is for at most {MOST_VOLUNTEERS} volunteers: choose a smaller --scale"
        )
    timeline = played.timeline
    clock.set_time(timeline.calendar.start)
    try:
        crisis = _set_up(played, policy, learns)
        for opening in timeline.openings:
            crisis.asks_at(timeline.calendar.moment(opening.opened), opening.number, opening.wishes)
        for wave in timeline.joins:
            moment = timeline.calendar.moment(wave.minute)
            crisis.at(moment, ("join", wave.numbers.start), lambda wave=wave: crisis.join(wave.numbers))  # type: ignore[misc]
        last, hours = {"hour": -1}, round(timeline.until / 60)

        def tell() -> None:
            hour = int((clock.now() - timeline.calendar.start).total_seconds() // 3600)
            if hour != last["hour"]:
                last["hour"] = hour
                progress(f"hour {hour} of {hours}")

        crisis.run(timeline.calendar.moment(timeline.until), progress=tell)
        trace = _trace(crisis, played, policy)
        return _with_what_lasts(trace, crisis, progress)
    finally:
        clock.set_time(None)


def _set_up(played: World, policy: str, learns: bool) -> Crisis:
    for country in places.shipped_countries():
        places.load_shipped(country=country)
    organisation = team.found_organisation(
        name="Quartier", languages=["fr", "nl", "de", "en"], country="BE", phone="+3280000020"
    )
    organisation.policy, organisation.learns = policy, learns
    organisation.save(update_fields=["policy", "learns"])
    operator, coordinator = (
        of_account(
            people.create_account(
                organisation=organisation,
                who=Who(name, email=f"{name.lower()}@example.org", channel="email"),
                roles=[role],
            )
        )
        for name, role in (("Lotte", Role.Name.OPERATOR), ("Thomas", Role.Name.COORDINATOR))
    )
    crisis = Crisis(organisation, played.seed, operator=operator, coordinator=coordinator, world=played)
    crisis.join(range(played.scenario.volunteers))
    return crisis


def _with_what_lasts(trace: PolicyTrace, crisis: Crisis, progress: Callable[[str], None]) -> PolicyTrace:
    """What comes again is handed over; who is listened to is so until the programme ends. All of it is counted then."""
    lasting = crisis.lasting
    if lasting.again:
        lasting.again.hand_over()
    if lasting.listening and lasting.listening.ends > clock.now():
        progress("the listening programme")
        crisis.run(lasting.listening.ends.astimezone(UTC))
    told = counted(lasting, crisis.organisation)
    if told is None:
        return trace
    parts = {name: part for name, part in asdict(told).items() if part}
    return replace(trace, lasting=told, figures={**trace.figures, **parts})


def _trace(crisis: Crisis, played: World, policy: str) -> PolicyTrace:
    """What became of it, read from the database."""
    calendar, organisation = played.timeline.calendar, crisis.organisation
    begins = calendar.moment(played.warm_up_min)
    asked = (
        _first_asked(organisation, created_at__gte=begins)
        .annotate(first=Min("assignments__accepted_at"))
        .order_by("created_at", "pk")
    )
    offers = dict(
        Offer.objects.filter(organisation=organisation)
        .values_list("request")
        .annotate(n=Count("pk"))
        .order_by()
    )
    spoken = {opening.number: row for row, opening in enumerate(played.timeline.openings)}
    rows = list(asked.values_list("pk", "created_at", "first", "area", "state", "closure", "kind"))
    ends = _ends(asked)
    minutes = [(calendar.minute(at), first and calendar.minute(first)) for _pk, at, first, *_rest in rows]
    told = np.array(
        Volunteer.objects.filter(organisation=organisation).values_list("asked_total", flat=True),
        dtype=np.int64,
    )
    by_area = Counter(
        dict(
            Offer.objects.filter(organisation=organisation)
            .values_list("volunteer__area")
            .annotate(n=Count("pk"))
        )
    )
    there = Volunteer.objects.filter(organisation=organisation, state=Volunteer.State.ACTIVE)
    return PolicyTrace(
        policy=policy,
        seed=played.seed,
        figures={
            "seed": played.seed,
            "volunteers": played.scenario.all_volunteers,
            **figures(organisation, begins),
            **counting.burden(told, len(crisis.quits)),
        },
        asked_min=[round(at - played.warm_up_min, 2) for at, _first in minutes],
        accepted_min=[None if yes is None else round(yes - played.warm_up_min, 2) for _at, yes in minutes],
        waited_min=[None if yes is None else round(yes - at, 2) for at, yes in minutes],
        area=[int(row[3]) for row in rows],
        state=[_state(row[2], row[4], row[5]) for row in rows],
        kind=[row[6] for row in rows],
        language=[str(played.requests.language[spoken[crisis.requests[row[0]]]]) for row in rows],
        left_min=[
            None if left is None else round(calendar.minute(left) - played.warm_up_min, 2)
            for left, _why in ends
        ],
        why=[why for _left, why in ends],
        neighbours=[offers.get(row[0], 0) for row in rows],
        notifications=[int(count) for count in np.bincount(told, minlength=1)],
        asked_by_area=sorted(by_area.items()),
        volunteers_by_area=sorted(there.values_list("area").annotate(n=Count("pk"))),
        days=_days(crisis, played),
    )


def _first_asked(organisation: Organisation, **which: Any) -> QuerySet[Request]:
    """What people asked for, without the days on which help comes again: those are counted with what lasts."""
    return Request.objects.filter(organisation=organisation, series=None, **which)


def _state(first: datetime | None, state: str, closure: str) -> str:
    if first is not None:
        return SERVED
    if state == Request.State.OPEN:
        return WAITING
    return WITHDRAWN if closure == Request.Closure.WITHDRAWN else HUMAN


def _ends(asked: QuerySet[Request]) -> list[tuple[datetime | None, str]]:
    """For each request, when it was left to one of the team or taken back, and why the team has it."""
    handed = dict(
        Entry.objects.filter(verb="request.ask_human")
        .values_list("subject_id")
        .annotate(at=Max("at"))
        .order_by()
    )
    found: list[tuple[datetime | None, str]] = []
    columns = ("pk", "first", "state", "closure", "why_human", "created_at", "closed_at")
    for pk, first, state, closure, why, created, closed in asked.values_list(*columns):
        stands = _state(first, state, closure)
        if stands == HUMAN:
            # What a human reads first is with the team from the beginning.
            found.append((handed.get(pk) or closed or created, closure or why))
        else:
            found.append((closed if stands == WITHDRAWN else None, ""))
    return found


def _days(crisis: Crisis, played: World) -> list[Day]:
    """The days that count, with what happened on them."""
    organisation, calendar = crisis.organisation, played.timeline.calendar

    def by_day(rows: QuerySet[Any], moment: str) -> Counter[str]:
        day = Trunc(moment, "day", tzinfo=calendar.zone)
        counted = rows.exclude(**{moment: None}).annotate(on=day).values_list("on").annotate(n=Count("pk"))
        return Counter({each.date().isoformat(): count for each, count in counted.order_by()})

    asked = _first_asked(organisation)
    first = asked.annotate(first=Min("assignments__accepted_at")).values_list("first", flat=True)
    served = Counter(each.astimezone(calendar.zone).date().isoformat() for each in first if each is not None)
    opened = by_day(asked, "created_at")
    offers = by_day(Offer.objects.filter(organisation=organisation), "created_at")
    done = Assignment.objects.filter(organisation=organisation, state=Assignment.State.DONE)
    helped = by_day(done, "ended_at")
    joined = by_day(Volunteer.objects.filter(organisation=organisation), "created_at")
    quits = Counter(at.astimezone(calendar.zone).date().isoformat() for at in crisis.quits)
    outside = {day.date: day for day in played.timeline.days}
    found, here = [], 0
    last = calendar.day(played.timeline.until - 0.001)
    for each in (date.isoformat() for date in calendar.dates[: last + 1]):
        here += joined[each] - quits[each]
        found.append(
            replace(
                outside.get(each, Day(each)), requests=opened[each], volunteers=here, joined=joined[each],
                quit=quits[each], offers=offers[each], served=served[each], helped=helped[each],
            )
        )  # fmt: skip
    return found[played.scenario.warm_up_days :]


def figures(organisation: Organisation, begins: datetime | None = None) -> dict[str, Any]:
    """What came of it since then (or ever), counted in the database.

    Shares are of all requests created. Somebody is served when a volunteer has said yes and the database has
    given them the place: `served_1h` and `served_24h` count from the moment at which they asked. `median_min`
    and `p95_min` are the minutes until then of those who were served at all (`None` when nobody was).
    `messages_per_served`: every message that was sent, to volunteers and to those who ask, for each served within
    24 hours.
    """
    since = {} if begins is None else {"created_at__gte": begins}
    asked = _first_asked(organisation, **since)
    states = {state.value: 0 for state in Request.State}
    states.update(Counter(asked.values_list("state", flat=True)))
    closures = Counter(asked.filter(state=Request.State.CLOSED).values_list("closure", flat=True))
    first = asked.annotate(first=Min("assignments__accepted_at")).values_list("created_at", "first")
    waited = [None if yes is None else (yes - created).total_seconds() / 60 for created, yes in first]
    served = counting.within_24h(waited)
    sent = Message.objects.filter(organisation=organisation, state__in=Message.GONE_OUT, **since).count()
    offers = Message.objects.filter(
        organisation=organisation, template__in=OFFERS, state__in=Message.GONE_OUT, **since
    ).count()
    return {
        "created": len(waited),
        "states": states,
        "closures": dict(sorted(closures.items())),
        **counting.waiting(waited),
        "messages": sent,
        "offers": offers,
        "messages_per_served": counting.each_served(sent, served),
        "offers_per_served": counting.each_served(offers, served),
    }

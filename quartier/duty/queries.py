"""What a promise is about, as the team reads it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from uuid import UUID

from quartier.cases.models import Request
from quartier.matching import rules as matching
from quartier.matching.planning.way import cap_of, way_of
from quartier.matching.queries import nearest
from quartier.messaging.models import Message
from quartier.messaging.saying import WaitingPerson
from quartier.people.models import Person
from quartier.people.queries import first_name, not_now
from quartier.promises.models import Promise, PromiseNotice
from quartier.rota.queries import rota_of
from quartier.rota.rules import A_DAY, Rota, gaps
from quartier.team.models import Organisation
from quartier.telephony.models import Call, Callback
from quartier.telephony.queries import hours_of
from quartier.telephony.rules import Hours

# What somebody of the team writes to somebody.
BY_HAND = "said"
# Nobody needs to know exactly how many more could be asked.
MAX_ASKABLE = 20
# Where the team sees to it, by what the promise is about.
PAGES = {"callback": ("line_callbacks",), "check_in": ("calls_out",), "to_read": ("written",)}


def waiting_of(promises: Sequence[Promise]) -> list[WaitingPerson]:
    """Who waits, for what and since when: who waits longest for an hour that comes first, first. One query."""
    ids = [each.subject_id for each in promises if each.subject_kind == "request"]
    requests = requests_of(ids)
    return [
        _waiting(each, requests.get(each.subject_id))
        for each in sorted(promises, key=lambda each: (each.due_at, each.waiting_since))
    ]


def requests_of(ids: Sequence[UUID]) -> dict[UUID, Request]:
    """Requests with their people, by id."""
    rows = Request.objects.filter(pk__in=ids).select_related("organisation", "case__person", "case__asked_by")
    return {row.pk: row for row in rows}


def _waiting(promise: Promise, request: Request | None) -> WaitingPerson:
    person = promise.person or (request.case.person if request else None)
    name = first_name(person) if person else ""
    if request is None:
        page = PAGES.get(promise.subject_kind, ("board",))
        return WaitingPerson(name, promise.waiting_since, promise.kind, promise.due_at, page)
    return WaitingPerson(
        name,
        promise.waiting_since,
        promise.kind,
        promise.due_at,
        ("request_page", str(request.pk)),
        request.kind,
        (request.case.postcode, request.case.place_name),
    )


def last_told(person: Person, step: str) -> datetime | None:
    """When this one of the team was told last of promises at this step."""
    notices = PromiseNotice.objects.filter(person=person, step=step, unreachable=False)
    return notices.order_by("-at").values_list("at", flat=True).first()


def outcome_of_callback(callback_id: UUID) -> str:
    """What came of a word to ring somebody back; empty while they are to be rung. Who was rung as often as the group
    wants and never answered was rung: that word is kept, though the row waits for a coordinator."""
    row = Callback.objects.filter(pk=callback_id).first()
    if row is None:
        return Promise.Outcome.WITHDRAWN
    if row.state not in {Callback.State.DONE, Callback.State.GIVEN_UP}:
        return Promise.Outcome.OPEN
    is_rung = row.state == Callback.State.DONE or row.tries > 0
    return Promise.Outcome.KEPT if is_rung else Promise.Outcome.WITHDRAWN


def called_in_vain_at(promise: Promise) -> datetime | None:
    """When somebody of the team has rung them first since it was promised, and nobody answered; `None`: never."""
    index = promise.person.phone_index if promise.person else ""
    if promise.subject_kind == "callback":
        callback = Callback.objects.filter(pk=promise.subject_id).first()
        if callback is not None and callback.tried_at and callback.tried_at > promise.made_at:
            return callback.tried_at
        index = callback.number_index if callback is not None else index
    if not index:
        return None
    calls = Call.objects.filter(
        operator__isnull=False,
        organisation=promise.organisation_id,
        number_index=index,
        direction=Call.Direction.OUT,
        began_at__gt=promise.made_at,
    )
    calls = calls.filter(answered_at=None, ended_at__isnull=False).order_by("began_at")
    return calls.values_list("began_at", flat=True).first()


def was_reached(promise: Promise) -> bool:
    """Whether somebody of the team has spoken with this person, or written to them by hand, since it was promised."""
    person = promise.person
    if person is None:
        return False
    written = Message.objects.filter(person=person, template=BY_HAND, created_at__gt=promise.made_at)
    written = written.exclude(state__in=[Message.State.FAILED, Message.State.CANCELLED])
    if promise.kind != Promise.Kind.CALL and written.exists():
        return True
    if not person.phone_index:
        return False
    # Also a message that the line read counts as answered: without an operator nobody has spoken with them.
    talks = Call.objects.filter(
        operator__isnull=False,
        organisation=promise.organisation_id,
        number_index=person.phone_index,
        answered_at__gt=promise.made_at,
    )
    return talks.exclude(direction=Call.Direction.MASKED).exists()


def askable_today(request_ids: Sequence[str], now: datetime) -> dict[str, int]:
    """How many neighbours near could be asked now for each of these requests: those whose day has a place, who offer
    it and are neither asleep nor away. `MAX_ASKABLE` at most. Three queries a request; none for what is over."""
    found = {}
    for pk, request in requests_of([UUID(each) for each in request_ids]).items():
        if request.window_until <= now:
            continue
        near = nearest(
            request,
            limit=MAX_ASKABLE,
            radius_m=matching.farthest_m(request),
            budget=cap_of(*way_of(request.organisation)),
        )
        out = not_now(
            request.organisation,
            now,
            window=(request.window_from, request.window_until),
            urgent=request.urgency == Request.Urgency.NOW,
            among=[each.volunteer_id for each in near],
        )
        found[str(pk)] = sum(each.volunteer_id not in out for each in near)
    return found


def gaps_of(organisation: Organisation, day: date) -> list[tuple[datetime, datetime]]:
    """When nobody is on duty on this day while the line is open and nobody sleeps; nothing where no duty is planned."""
    rota = rota_of(organisation)
    return [] if rota is None else gaps_in(rota, hours_of(organisation), day)


def gaps_in(rota: Rota, hours: Hours, day: date) -> list[tuple[datetime, datetime]]:
    """The same, of a rota and hours that are known."""
    start, end = (datetime.combine(each, time(), tzinfo=rota.zone) for each in (day, day + A_DAY))
    edges = [span.starts_at for each in (day - A_DAY, day) for span in rota.spans_of(each)]
    edges += [span.ends_at for each in (day - A_DAY, day) for span in rota.spans_of(each)]
    clocks = (hours.opens, hours.closes, hours.quiet_from, hours.quiet_until)
    edges += [datetime.combine(day, each, tzinfo=rota.zone) for each in clocks]
    if hours.closed_until is not None:
        edges.append(hours.closed_until)
    return gaps(
        start.astimezone(UTC),
        end.astimezone(UTC),
        [each.astimezone(UTC) for each in edges],
        lambda moment: hours.may_ring(moment) and not rota.is_staffed(moment),
    )

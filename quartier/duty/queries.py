"""What a promise is about, as the team reads it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Max
from django.utils.functional import lazy

from quartier.alerts.models import Alert
from quartier.cases.actions.promising import CALL_OFF, SUBJECT
from quartier.cases.models import Request
from quartier.followup.models import CheckIn, FollowUp
from quartier.followup.queries import complained_about, ladder_histories, neglected
from quartier.lib import clock
from quartier.matching import rules as matching
from quartier.matching.planning.way import cap_of, way_of
from quartier.matching.queries import nearest
from quartier.messaging.models import Message
from quartier.messaging.who_waits import NOT_ANSWERING, WaitingPerson
from quartier.messaging.words.circumstances import COMPLAINT_FOR_TEAM
from quartier.people.lately import known_lately, last_met_words
from quartier.people.models import Person
from quartier.people.queries import first_name, not_now
from quartier.promises.models import Promise, PromiseNotice
from quartier.rota.queries import rota_of
from quartier.rota.rules import A_DAY, Rota, gaps
from quartier.team.models import Organisation
from quartier.telephony.models import Call, Callback
from quartier.telephony.queries import hours_of, named_hour
from quartier.telephony.rules import Hours

# What somebody of the team writes to somebody.
BY_HAND = "said"
# Nobody needs to know exactly how many more could be asked.
MAX_ASKABLE = 20
# Nobody reads more than these of those who were not reached, or whom we failed; the pages have all.
MAX_UNREACHED = 200
MAX_UNMET = 6
ABOUT_REQUESTS = frozenset({SUBJECT, CALL_OFF})
# Where the team sees to it, by what the promise is about.
PAGES = {"callback": ("line_callbacks",), "check_in": ("calls_out",), "to_read": ("written",)}
PAGES |= {"pairing": ("calls_out",), "volunteer": ("calls_out",)}


def waiting_of(promises: Sequence[Promise], *, marks_broken: bool = False) -> list[WaitingPerson]:
    """Who waits, for what and since when: who waits longest for an hour that comes first, first. One query, and one
    more where somebody of a campaign does not answer. `marks_broken`: as a letter shows them, it is said to whom a word
    was broken before, and who has nothing of ours to read (one query more)."""
    ids = [each.subject_id for each in promises if each.subject_kind in ABOUT_REQUESTS]
    requests = requests_of(ids)
    occasions = _occasions([each.pk for each in requests.values() if each.unasked])
    unwritten = _unwritten(promises) if marks_broken else set()
    said = []
    for each in sorted(promises, key=lambda each: (each.due_at, each.waiting_since)):
        one = _waiting(each, requests.get(each.subject_id))
        if each.subject_id in occasions:
            one = replace(one, kind=occasions[each.subject_id])
        was_told = each.told_by != Promise.ToldBy.NOBODY
        broken = marks_broken and was_told and each.times_broken > 0
        said.append(replace(one, broken=broken, unwritten=each.pk in unwritten))
    return said


def _unwritten(promises: Sequence[Promise]) -> set[UUID]:
    """Those of these promises to people who can be rung, and to whom we have written nothing since they wait. Whoever
    heard the hour on the phone, or read it on a page, was told; of the one that took its place they know nothing."""
    elsewhere = {Promise.ToldBy.VOICE, Promise.ToldBy.PAGE}
    rows = [each for each in promises if each.person is not None and each.person.phone]
    rows = [each for each in rows if each.times_broken or each.told_by not in elsewhere]
    if not rows:
        return set()
    messages = Message.objects.filter(
        person__in={each.person_id for each in rows},
        created_at__gte=min(each.waiting_since for each in rows),
    ).exclude(state__in=[Message.State.FAILED, Message.State.CANCELLED])
    last = dict(messages.order_by().values_list("person").annotate(last=Max("created_at")))
    return {each.pk for each in rows if (at := last.get(each.person_id)) is None or at < each.waiting_since}


def _occasions(requests: Sequence[UUID]) -> dict[UUID | None, str]:
    """What is said of those whom nobody has asked for, but who do not answer us: by request."""
    if not requests:
        return {}
    rows = CheckIn.objects.filter(request__in=requests).values_list("request", "campaign__occasion")
    found: dict[UUID | None, str] = dict.fromkeys(requests, "not_answering")
    for request, occasion in rows:
        if (kind := f"not_answering_{occasion}") in NOT_ANSWERING:
            found[request] = kind
    return found


def unreached(organisation: Organisation) -> list[WaitingPerson]:
    """Whoever was asked whether they are well and was reached by nobody, until somebody of the team closes it; who has
    not answered for longest, first; with what was done. Five queries at most."""
    waiting = CheckIn.objects.filter(organisation=organisation, state=CheckIn.State.ALERTED)
    rows = list(waiting.select_related("member__person", "campaign").order_by("since", "pk")[:MAX_UNREACHED])
    histories = ladder_histories(rows)
    return [
        WaitingPerson(
            first_name(row.member.person),
            row.since or row.campaign.started_at,
            "unreached",
            row.since or row.campaign.started_at,
            ("campaign", str(row.campaign_id)),
            place=(row.member.postcode, row.member.place_name),
            done=lazy(str, str)(histories[row.pk]),
        )
        for row in rows
    ]


def unmet(organisation: Organisation) -> list[WaitingPerson]:
    """Whoever two regular calls in a row have not reached, until somebody has met them; the longest first. Nothing says
    who they are: that stands behind the link. One query, and one a room for each."""
    alerts = Alert.objects.filter(organisation=organisation, kind=Alert.Kind.CHECK, person__isnull=False)
    rows = alerts.exclude(state=Alert.State.CLOSED).select_related("person").order_by("raised_at", "pk")
    return [
        WaitingPerson(
            "",
            row.raised_at,
            "unmet",
            row.raised_at,
            ("alert", str(row.pk)),
            done=lazy(last_met_words, str)(known_lately(row.person)),
        )
        for row in rows[:MAX_UNMET]
        if row.person is not None
    ]


def neglected_since(organisation: Organisation, moment: datetime) -> list[WaitingPerson]:
    """Whom the team has failed since then, and has not called: it is closed, and they were told so. Where it was what
    they told us after a visit, that is said. Two queries."""
    rows = neglected(organisation, clock.now()).filter(closed_at__gt=moment)
    failed = list(rows.order_by("closed_at", "pk")[:MAX_UNREACHED])
    complaints = complained_about([row.pk for row in failed]) if failed else set()
    return [
        WaitingPerson(
            first_name(row.case.person),
            row.created_at,
            "neglected",
            row.window_until,
            ("request_page", str(row.pk)),
            COMPLAINT_FOR_TEAM if row.pk in complaints else row.kind,
            (row.case.postcode, row.case.place_name),
        )
        for row in failed
    ]


def unanswered_complaints_since(organisation: Organisation, moment: datetime) -> list[WaitingPerson]:
    """Whom the team has not answered about what was not right after a visit, until they heard the last word since then,
    and whom nobody has looked after yet. Not of help that was closed with it: that is neglected. One query."""
    given_up = Promise.objects.filter(
        organisation=organisation,
        complaint_id__isnull=False,
        outcome=Promise.Outcome.BROKEN,
        renewal=None,
        ended_at__gt=moment,
    )
    rows = FollowUp.objects.filter(
        organisation=organisation, is_bad=True, looked_after_at=None, pk__in=given_up.values("complaint_id")
    ).exclude(assignment__request__closure=Request.Closure.NEGLECTED)
    rows = rows.select_related("person", "assignment__request__case").order_by("answered_at", "pk")
    found = []
    for row in rows[:MAX_UNREACHED]:
        request, told_at = row.assignment.request, row.answered_at or row.due_at
        page, place = ("request_page", str(request.pk)), (request.case.postcode, request.case.place_name)
        name = first_name(row.person)
        found.append(WaitingPerson(name, told_at, "unanswered", told_at, page, COMPLAINT_FOR_TEAM, place))
    return found


def requests_of(ids: Sequence[UUID]) -> dict[UUID, Request]:
    """Requests with their people, by id."""
    rows = Request.objects.filter(pk__in=ids).select_related("organisation", "case__person", "case__asked_by")
    return {row.pk: row for row in rows}


def _waiting(promise: Promise, request: Request | None) -> WaitingPerson:
    person = promise.person or (request.case.person if request else None)
    name = first_name(person) if person else ""
    if request is None:
        page = PAGES.get(promise.subject_kind, ("board",))
        # "Someone: one of us" would not say that there is something to read.
        kind = "read" if promise.subject_kind == "to_read" else promise.kind
        return WaitingPerson(name, promise.waiting_since, kind, promise.due_at, page)
    return WaitingPerson(
        name,
        promise.waiting_since,
        promise.kind,
        promise.due_at,
        ("request_page", str(request.pk)),
        request.kind if promise.complaint_id is None else COMPLAINT_FOR_TEAM,
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
    index, since = promise.person.phone_index if promise.person else "", promise.made_at
    if promise.subject_kind == "callback":
        callback = Callback.objects.select_related("organisation").filter(pk=promise.subject_id).first()
        hour = named_hour(callback, promise) if callback is not None else None
        # Tried before the hour that they were told, nobody has called at it.
        since = since if hour is None else hour - timedelta(microseconds=1)
        if callback is not None and callback.tried_at and callback.tried_at > since:
            return callback.tried_at
        index = callback.number_index if callback is not None else index
    if not index:
        return None
    calls = Call.objects.filter(
        operator__isnull=False,
        organisation=promise.organisation_id,
        number_index=index,
        direction=Call.Direction.OUT,
        began_at__gt=since,
    )
    calls = calls.filter(answered_at=None, ended_at__isnull=False).order_by("began_at")
    return calls.values_list("began_at", flat=True).first()


def was_reached(promise: Promise) -> bool:
    """Whether somebody of the team has spoken with this person, or written to them by hand, since it was promised. What
    is owed for a complaint is kept by a call of ours: whoever rings us about something else was not called."""
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
    if promise.complaint_id is not None:
        return talks.filter(direction=Call.Direction.OUT).exists()
    return talks.exclude(direction=Call.Direction.MASKED).exists()


def askable_today(request_ids: Sequence[str], now: datetime) -> dict[str, int]:
    """How many neighbours near could be asked now for each of these requests: those whose day has a place, who offer
    it and are neither asleep nor away. `MAX_ASKABLE` at most. Three queries a request; none for what is over."""
    found = {}
    for pk, request in requests_of([UUID(each) for each in request_ids]).items():
        if request.window_until <= now or not _can_be_searched(request):
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


def _can_be_searched(request: Request) -> bool:
    """Whether a neighbour can still be asked for it: somebody goes, or it is over, and only our word is owed."""
    is_open = request.state in {Request.State.OPEN, Request.State.HUMAN}
    return is_open and request.accepted < request.needed


def heard_that_it_broke(promise: Promise) -> bool:
    """Whether they have read since they wait that a word about this was not kept: also where its hour was moved since,
    the next one that breaks is no first one. Two queries."""
    theirs = Promise.objects.filter(
        organisation=promise.organisation_id, person=promise.person_id, made_at__gte=promise.waiting_since
    )
    of_this = theirs.filter(subject_kind=promise.subject_kind, subject_id=promise.subject_id)
    # Of two that were late together, and are promised by one hour, one letter spoke.
    rows = theirs.filter(due_at__in=of_this.values("due_at"))
    keys = [f"late:{pk}" for pk in {promise.pk, *rows.values_list("pk", flat=True)}]
    letters = Message.objects.filter(organisation=promise.organisation_id, key__in=keys)
    return letters.exclude(state__in=[Message.State.FAILED, Message.State.CANCELLED]).exists()


def gaps_of(
    organisation: Organisation, day: date, rota: Rota | None = None
) -> list[tuple[datetime, datetime]]:
    """When nobody is on duty on this day while the line is open and nobody sleeps; where no duty is planned, when all
    of the team are away. `rota`: where it is known already."""
    rota = rota or rota_of(organisation)
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
        lambda moment: hours.may_ring(moment) and rota.is_gap(moment),
    )


# Forms of the phone with words of danger that lie there unsent are read by a room above this one.
type FormReader = Callable[[Organisation, datetime], list[WaitingPerson]]

_READERS: list[FormReader] = []


def read_forms_with(reader: FormReader) -> None:
    """Said once, when the process starts."""
    if reader not in _READERS:
        _READERS.append(reader)


def forms_with_danger(organisation: Organisation, now: datetime) -> list[WaitingPerson]:
    """Whose they are, the oldest first."""
    return [each for reader in _READERS for each in reader(organisation, now)]

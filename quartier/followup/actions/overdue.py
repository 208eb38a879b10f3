"""Requests whose time is over and for which nobody came: asked about once, then closed with that reason."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from quartier.cases import actions as cases
from quartier.cases import rules
from quartier.cases.models import Request
from quartier.cases.rides import RIDE_KIND
from quartier.followup.models import CheckIn, FollowUp
from quartier.followup.queries.asked import complained_about
from quartier.lib import clock, hours
from quartier.matching import actions as matching
from quartier.matching.rules import can_resume
from quartier.messaging.models import Message, Received
from quartier.messaging.words.circumstances import COMPLAINT
from quartier.people.queries import first_name
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.team.access import Actor, system
from quartier.telephony.queries import hours_of
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

# So long after the end of its time a request is asked about.
GRACE_PERIOD = timedelta(minutes=30)
# Without an answer it is closed by the hour that they were told, after so long at least; where nobody could be written
# to, one of the team has more time to call.
ANSWER_TIMEOUT, CALL_TIMEOUT = timedelta(hours=24), timedelta(days=3)
# Whoever has just heard that a word to them was broken is not asked in the same breath.
JUST_HEARD = timedelta(hours=1)
# Nor is an hour called off that they were told instead and that comes soon: they are asked in the last hour before it.
LAST_HOUR, SOON = timedelta(hours=1), timedelta(hours=18)
# Nor is anybody who was asked a moment ago whether a neighbour came: that answers it too.
JUST_ASKED = timedelta(hours=4)
# Their last hour to answer is one in which our number answers.
A_MINUTE, A_WHILE = timedelta(minutes=1), timedelta(hours=1)
BATCH_SIZE = 50
# What is kept by asking ends within so long.
ASKING_LASTS = timedelta(minutes=1)
Outcome = Promise.Outcome


def ask_overdue(now: datetime) -> int:
    """Ask whoever waits whether it was done or is still needed, once, and not at night. Returns about how many."""
    keys = list(_to_ask(now).order_by("window_until").values_list("pk", flat=True)[:BATCH_SIZE])
    return sum(_ask(key, now) for key in keys)


def _to_ask(now: datetime, *, broken: bool = False, grace: timedelta = GRACE_PERIOD) -> QuerySet[Request]:
    """What is over, for a while at least. Not what one of us has still to read or to call about, nor what one of us has
    in hand: they hear from us, and "we stop looking" would contradict it. `broken`: what was owed about it has just
    been broken: then nobody waits any longer, also for us to read it, but whoever had asked for one of us."""
    unread = [Request.Why.ASKED] if broken else Request.UNREAD
    knocking = CheckIn.objects.filter(state=CheckIn.State.KNOCKING, request__isnull=False).values("request")
    hears_otherwise = _open_promises().filter(
        Q(kind=Promise.Kind.CALL)
        | Q(complaint_id__isnull=False)
        | Q(owner__isnull=False, times_broken=0, due_at__gt=now)
        | Q(times_broken__gt=0, made_at__gt=now - JUST_HEARD)
        | Q(times_broken__gt=0, due_at__gt=now + LAST_HOUR, due_at__lte=now + SOON)
    )
    rows = Request.objects.filter(
        ~Exists(hears_otherwise),
        state__in=[Request.State.OPEN, Request.State.HUMAN],
        accepted=0,
        asked_over_at=None,
        window_until__lte=now if broken else now - grace,
    )
    if not broken:
        just_asked = FollowUp.objects.filter(
            assignment__request=OuterRef("pk"), state=FollowUp.State.ASKED, asked_at__gt=now - JUST_ASKED
        )
        rows = rows.exclude(Exists(just_asked))
    return rows.exclude(why_human__in=unread).exclude(pk__in=knocking)


@transaction.atomic
def ask_instead_of_call(*, request: Request, now: datetime, uncalled: bool = True) -> bool:
    """The hour of a call or of news of the team has passed, and so has the time of what it was about: they are asked
    whether it is still needed, instead of hearing each day of another hour. False where they are not; who can only be
    called is still owed it."""
    found = get_for_update(request.pk)
    if found is None or found.asked_over_at is not None or not matching.can_write_to_who_waits(found):
        return False
    promises.break_promises(subject_kind="request", subject_id=found.pk)
    is_asked = _ask(found.pk, now, broken=True, uncalled=uncalled)
    if not is_asked:
        transaction.set_rollback(True)
    return is_asked


def ask_at_its_end(*, request: Request, now: datetime) -> bool:
    """The search was to say its news by the end of the time of what was asked, and has found nobody: they are asked at
    once whether it is still needed. False where they are not."""
    return matching.can_write_to_who_waits(request) and _ask(request.pk, now, grace=timedelta(0))


def _open_promises() -> QuerySet[Promise]:
    """What is owed about a request, in a query of requests."""
    return Promise.objects.filter(subject_kind="request", subject_id=OuterRef("pk"), outcome="")


@transaction.atomic
def _ask(
    key: UUID,
    now: datetime,
    *,
    broken: bool = False,
    uncalled: bool = False,
    grace: timedelta = GRACE_PERIOD,
) -> bool:
    """`broken`: one of us was to write or call by this hour, and has not: they are asked at once. `uncalled`: it was to
    be a call, and they hear that too."""
    request = get_for_update(key)
    if request is None or not _to_ask(now, broken=broken, grace=grace).filter(pk=key).exists():
        return False
    organisation = request.organisation
    if not broken and can_resume(request, now):
        # Urgent in the evening: it is looked for again this morning, with a time that begins then.
        return False
    if hours.is_within(now, organisation.quiet_from, organisation.quiet_until, organisation.zone):
        return False
    if not broken and grace and _has_just_heard(request, now):
        return False
    actor = system(organisation)
    cases.mark_overdue(actor=actor, request=request)
    assert request.asked_over_at is not None
    matching.withdraw_offers(request=request)
    if matching.whom_to_tell(request) is None:
        visits.end_request(actor=actor, request=request, closure=Request.Closure.EXPIRED)
        return True
    silent, values = (
        who_said_nothing(request),
        dict[str, Any](until=answer_by(request, request.asked_over_at), day=day_of(request)),
    )
    template = "still_needed_uncalled" if uncalled else "still_needed"
    # One of us sees to it first: then nobody says that a neighbour is looked for at once.
    by_us = request.why_human in Request.UNREAD or bool(why_human_again(request))
    if silent is not None and not uncalled and not by_us:
        template, values["name"] = "still_needed_named", first_name(silent.volunteer.person)
    elif (met_nobody := who_met_nobody(request)) is not None and not uncalled and not by_us:
        values |= {"not_met": True, "name": first_name(met_nobody.volunteer.person)}
    elif by_us:
        values["by_us"] = True
    is_written = matching.tell_who_waits(request, template, str(request.reopened), **values)
    cases.asked_if_needed(request, in_writing=is_written)
    return True


def _has_just_heard(request: Request, now: datetime) -> bool:
    """Whether their word of the day has just said by when they hear: "or we stop looking" in the same breath would
    contradict it."""
    told = matching.whom_to_tell(request)
    words = Message.objects.filter(
        organisation=request.organisation, person=told, created_at__gt=now - JUST_HEARD
    )
    return told is not None and words.filter(key__startswith=f"waits:{request.pk}:").exists()


def day_of(request: Request) -> datetime:
    """The day by which whoever waits knows what was asked: days later nobody remembers which shopping it was."""
    return rules.day_named(request) or request.window_until


def who_said_nothing(request: Request) -> Assignment | None:
    """Who set out for it and has not said how it went: whoever waits knows of them, and is asked about them."""
    visits_of = request.assignments.filter(
        failure=Assignment.Failure.UNSAID, comes_until=request.window_until
    )
    return visits_of.select_related("volunteer__person").order_by("-ended_at").first()


def who_met_nobody(request: Request) -> Assignment | None:
    """Who was the last to go for it, if they were there and met nobody: whoever waits has heard so."""
    last = request.assignments.select_related("volunteer__person").order_by("-ended_at").first()
    return last if last is not None and last.failure in visits.NOT_MET else None


def answer_by(request: Request, asked_at: datetime) -> datetime:
    """The hour until which they are asked to answer: not before the one by which they were to hear from us, since they
    may be waiting for that; nor on a public holiday on which the number that they are told does not answer."""
    told = Promise.objects.filter(subject_kind="request", subject_id=request.pk, made_at__lt=asked_at)
    told = told.exclude(told_by=Promise.ToldBy.NOBODY).filter(Q(ended_at=None) | Q(ended_at__gte=asked_at))
    promised = told.order_by("-due_at").values_list("due_at", flat=True).first()
    usual = rules.promise(asked_at, Request.Urgency.WEEK, request.organisation)
    # Closed by hand it may open sooner than it said: nobody is to have less time than they were told.
    line = replace(hours_of(request.organisation), closed_until=None)
    if not line.is_open(usual - A_MINUTE):
        usual = line.next_opening(usual) + A_WHILE
    return usual if promised is None else max(usual, promised)


def close_overdue(now: datetime) -> int:
    """Nobody said that it is still needed: it is closed by the hour that they were told, since its time was over, and
    they hear so. Not while one of us still owes them a call or an answer. Returns how many."""
    rows = Request.objects.filter(
        ~_is_owed(),
        state__in=[Request.State.OPEN, Request.State.HUMAN],
        accepted=0,
        asked_over_at__lte=now - ANSWER_TIMEOUT,
        window_until__lte=now,
    )
    # Whoever can only be called was not asked in writing.
    called = Q(case__tell_asker=True, case__asked_by__channel="call") | Q(
        case__tell_asker=False, case__person__channel="call"
    )
    rows = rows.exclude(called, asked_over_at__gt=now - CALL_TIMEOUT)
    # Who was asked first has the first hour, so those who still have time are the last ones here.
    keys = list(rows.order_by("asked_over_at").values_list("pk", flat=True)[:BATCH_SIZE])
    return sum(_close(key, now) for key in keys)


def _is_owed() -> Exists:
    """What one of us has still to say to whoever waits."""
    kinds = [Promise.Kind.CALL, Promise.Kind.NEWS]
    return Exists(_open_promises().filter(kind__in=kinds, needs_team=True))


@transaction.atomic
def _close(key: UUID, now: datetime) -> bool:
    request = get_for_update(key)
    if request is None or request.asked_over_at is None or now < answer_by(request, request.asked_over_at):
        return False
    if Request.objects.filter(_is_owed(), pk=key).exists():
        return False
    if has_written(request, now):
        # "We had no answer" would not be true: one of us has words of theirs to read.
        return False
    actor = system(request.organisation)
    if did_we_fail(request):
        # They did not answer us after we had not answered them: that is not theirs to be blamed for.
        end_with_our_fault(request)
        return True
    closed = visits.end_request(actor=actor, request=request, closure=Request.Closure.EXPIRED)
    matching.tell_who_waits(closed, "closed_unanswered", str(closed.reopened), day=day_of(closed))
    return True


def has_written(request: Request, now: datetime) -> bool:
    """Whether whoever was asked, days ago at most, has written something since, which nothing that we understood has
    answered."""
    since, told = request.asked_over_at, cases.whom_to_tell(request.case)
    if since is None or now >= since + CALL_TIMEOUT:
        return False
    # Of several at one number the text stands beside the one whom we know best.
    theirs = Q(person=told) | Q(sender_index__in={told.phone_index, told.email_index} - {""})
    rows = Received.objects.filter(theirs, organisation=request.organisation, came_at__gte=since)
    return rows.filter(meaning__in=[Received.Meaning.WORDS, ""]).exists()


def did_we_fail(request: Request) -> bool:
    """Whether one of the team was to call or write to whoever waits, and none of them has ever done so; since it was
    opened again, where it was."""
    since = request.searched_since
    this_round = Q(made_at__gte=since) | Q(ended_at__gt=since + ASKING_LASTS)
    of_team = Promise.objects.filter(
        this_round, subject_kind="request", subject_id=request.pk, needs_team=True, person__isnull=False
    ).exclude(told_by=Promise.ToldBy.NOBODY)
    if (asked_at := request.asked_over_at) is not None:
        # That they were asked keeps what is owed, and does not make good what was broken.
        of_team = of_team.exclude(outcome=Outcome.KEPT, ended_at__range=(asked_at, asked_at + ASKING_LASTS))
    last = of_team.exclude(outcome__in=[Outcome.OPEN, Outcome.WITHDRAWN]).order_by("-ended_at", "-made_at")
    return last.values_list("outcome", flat=True).first() == Outcome.BROKEN


def end_with_our_fault(request: Request, *, complaint: bool = False) -> None:
    """A locked request ends, since we did not manage: whoever waits hears that, what else helps, and how to ask again;
    and where no neighbour was asked, that nobody looked after it. `complaint`: what they told us after a visit was not
    answered, and they hear of that."""
    # Whoever comes each time was not asked, and was to come: then it was not left lying.
    was_asked = matching.was_anybody_asked(request) or request.assignments.exists()
    values: dict[str, Any] = {"kind": COMPLAINT} if complaint or complained_about([request.pk]) else {}
    closed = visits.end_request(
        actor=system(request.organisation), request=request, closure=Request.Closure.NEGLECTED
    )
    if not values:
        values = {"day": day_of(closed)} | ({"goes_on": True} if rules.next_days_stay(closed) else {})
    template = "given_up" if was_asked or "kind" in values else "given_up_unread"
    matching.tell_who_waits(closed, template, str(closed.reopened), advice=closed.kind, **values)


@transaction.atomic
def answer_overdue(*, actor: Actor, request: Request, said: str) -> str:
    """What whoever waits says of it: `needed`, `done` or `not_needed`. Returns what holds now; `over` where it was
    ended, or somebody goes, already."""
    found = get_for_update(request.pk)
    if found is None or found.window_until > clock.now():
        return "over"
    match said:
        case "needed":
            human = found.why_human if found.why_human in Request.UNREAD else why_human_again(found)
            cases.reopen_request(actor=actor, request=found, human=human)
        case "done":
            visits.end_request(actor=actor, request=found, closure=Request.Closure.FULFILLED)
        case "not_needed":
            visits.end_request(actor=actor, request=found, closure=Request.Closure.WITHDRAWN)
            return "cancel"
        case _:
            return "over"
    return said


def why_human_again(request: Request) -> str:
    """Why one of us must speak with whoever still needs what is over, if so: a lift is of use at its hour alone, and
    the next one has to be asked for."""
    return Request.Why.ASKED if request.kind == RIDE_KIND else ""


def get_for_update(key: UUID) -> Request | None:
    """A request for which nobody comes and that is not over, with its row locked; else `None`."""
    return (
        Request.objects.select_for_update(of=("self",))
        .select_related("organisation", "case__person", "case__asked_by")
        .filter(pk=key, state__in=[Request.State.OPEN, Request.State.HUMAN], accepted=0)
        .first()
    )

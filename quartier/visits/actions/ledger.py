"""What goes with every change of a visit: the audit entry, the open pages, the words to both sides."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from quartier.audit import actions as audit
from quartier.audit.queries import of_subject
from quartier.cases import actions as cases
from quartier.cases import rules as case_rules
from quartier.cases.actions.promising import CALL_OFF
from quartier.cases.models import Case, Request
from quartier.cases.queries import is_one_of_several, mark_at_shared_phone
from quartier.lib import clock
from quartier.lib.names import first_name_in
from quartier.live import actions as live
from quartier.matching import actions as matching
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.messaging.waiting import REMINDER_LEAD
from quartier.messaging.words import TEMPLATES
from quartier.messaging.words.circumstances import KNOCK
from quartier.people.models import Person, Volunteer
from quartier.promises.models import Promise
from quartier.team.access import Actor
from quartier.telephony import actions as telephony
from quartier.visits import rules
from quartier.visits.actions.unread_words import take_back_unread
from quartier.visits.models import Assignment
from quartier.visits.queries import is_namesake

# What says that somebody goes or calls: sent after that time, it would say what is over.
AHEAD_TEMPLATES = frozenset(
    {
        "someone_comes",
        "someone_calls",
        "comes_ahead",
        "call_ahead",
        "accepted",
        "call_accepted",
        "visit_ahead",
        "visit_after_all",
    }
)

SOMEONE_TEMPLATES = ("someone_comes", "someone_calls")
# Whoever set out so long ago is there by now, or does not come: "on the way" would not be true any more.
ON_WAY_LASTS = timedelta(hours=1)
# Somebody who was expected does not come or call after all.
CANNOT_TEMPLATES = ("looking_again", "caller_cannot", "regular_cannot")
# How a visit ended on which the volunteer did not come, and not for our sake.
NOT_COME = frozenset(
    (str(Assignment.State.FAILED), str(each))
    for each in (Assignment.Failure.CANNOT_GO, Assignment.Failure.NO_SHOW, Assignment.Failure.OTHER)
)
NOTHING_MISSED = frozenset({Request.Closure.FULFILLED, Request.Closure.WITHDRAWN})
# How a promise ended that was done in time, or after its hour.
DONE_OR_LATE = (Promise.Outcome.KEPT, Promise.Outcome.BROKEN)
# So long after a complaint that nobody answered they may still want somebody else.
COMPLAINT_REMEMBERED = timedelta(days=60)
# The key of the message in which several things are told together, and of a reminder of what is done after all.
TOGETHER, AFTER_ALL = "together", "after all"


def changed(actor: Actor, verb: str, assignment: Assignment, **details: Any) -> None:
    """Write down what was done, and tell the pages that show it."""
    audit.record(
        organisation_id=assignment.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="assignment",
        subject_id=assignment.id,
        details=details,
    )
    live.touch(
        assignment.organisation_id,
        "board",
        *cases.topics_of(assignment.request.case_id),
        f"volunteer:{assignment.volunteer_id}",
    )


def spoken_kind(request: Request) -> str:
    """The kind of help as messages say it: nobody reads that a knock is help which they asked for."""
    return KNOCK if request.unasked else str(request.kind)


def whom_to_tell(assignment: Assignment) -> Person:
    """Who hears how it goes: who needs help, or who asked for her."""
    case = assignment.request.case
    return case.asked_by if case.tell_asker else case.person


def for_whom(assignment: Assignment) -> dict[str, str]:
    """For whom it is, as whoever asked for them reads it: not where they are called themselves."""
    case = assignment.request.case
    if assignment.request.remote and whom_to_reach(case) != case.person:
        return {}
    return cases.for_whom(case, whom_to_tell(assignment))


def may_call_each_other(assignment: Assignment) -> None:
    """Both reach each other through the line, as long as the address may be seen. Whoever asked for her stands in
    for somebody who has no phone."""
    case = assignment.request.case
    telephony.open_masked(
        organisation=assignment.request.organisation,
        helper=assignment.volunteer.person,
        helped=whom_to_reach(case),
        about=assignment.id,
        at=clock.now(),
        until=assignment.comes_until + rules.ACCESS_LASTS,
        coming=telephony.Coming(
            first_name(assignment.volunteer.person),
            assignment.comes_from,
            assignment.comes_until,
            assignment.request.remote,
        ),
    )


def whom_to_reach(case: Case) -> Person:
    """Whom somebody who goes there can ask: who needs help, or whoever asked for them where they have no phone."""
    return case.person if case.person.phone_index else case.asked_by


def first_name(person: Person) -> str:
    """How a volunteer is called in front of others: the first name alone."""
    return first_name_in(person.name)


def tell(assignment: Assignment, template: str, not_before: datetime | None = None, **values: Any) -> bool:
    """Write to who hears how it goes. False: they can only be called, and the board shows that."""
    request, person = assignment.request, whom_to_tell(assignment)
    token = cases.issue_link(case=request.case, person=person)
    promises_news = bool(TEMPLATES[template].promises)
    message = messaging.write(
        organisation=request.organisation,
        letter=Letter(
            person,
            template,
            f"{template}:{assignment.id}:{values.pop('again', '')}",
            {
                "name": first_name(assignment.volunteer.person),
                "word": assignment.code_word,
                "kind": spoken_kind(request),
                "page": ("status", token),
                **for_whom(assignment),
                **_hours(assignment, template),
                **mark_at_shared_phone(request, person),
                **values,
            },
            not_before=not_before,
            not_after=_not_after(assignment, template),
            promise=cases.promise_about(request, person=person) if promises_news else None,
        ),
    )
    return message is not None


def tell_not_coming(ended: Assignment, template: str) -> None:
    """Say that they do not come after all; of somebody of whom they never heard, only that it is looked for. Whoever
    was told on the phone that they come, and cannot be written to, is called: one of the team owes it to them."""
    if template == "still_looking" or take_back_unread(ended):
        matching.tell_who_waits(ended.request, "still_looking", str(ended.pk))
        return
    if tell(ended, template):
        return
    if ended.told_at is None and (told_at := _told_before(ended)):
        # They were called once, and not yet about the hours that came after that.
        ended.told_at = told_at
        ended.save(update_fields=["told_at"])
    if ended.told_at is not None:
        fell_at = ended.ended_at or clock.now()
        cases.owe_call_off(ended.request, missed_from=ended.comes_from, fell_at=fell_at)


def _told_before(assignment: Assignment) -> datetime | None:
    """When whoever waits was called last and told that they come, unless that was taken back. One query."""
    calls = of_subject(assignment.organisation_id, assignment.pk)
    last = calls.filter(verb__in=["assignment.told", "assignment.undo_told"]).first()
    return last.at if last is not None and last.verb == "assignment.told" else None


def owe_call_off_again(request: Request, since: datetime) -> bool:
    """They were not called after all: what that call had ended about somebody who is not coming is owed again. False
    where nothing was."""
    calls = Promise.objects.filter(subject_kind=CALL_OFF, subject_id=request.pk, ended_at__gte=since)
    ended = calls.filter(outcome__in=DONE_OR_LATE).order_by("-ended_at").first()
    fell = request.assignments.filter(
        state__in=[Assignment.State.CANCELLED, Assignment.State.FAILED], told_at__isnull=False
    )
    last = fell.order_by("-ended_at", "-pk").first()
    if last is None or last.ended_at is None or ended is None:
        return False
    cases.owe_call_off(request, missed_from=last.comes_from, fell_at=last.ended_at, before=ended)
    return True


def _hours(assignment: Assignment, template: str) -> dict[str, Any]:
    """The hours of the visit; where it does not take place, from when on another neighbour is asked, unless now."""
    times = (assignment.comes_from, assignment.comes_until)
    if template not in CANNOT_TEMPLATES:
        return {"window": times}
    now, request = clock.now(), assignment.request
    begins = case_rules.asks_from(request, now) if request.state == Request.State.OPEN else now
    return {"missed": times, **({"begins": begins} if begins > now else {})}


def _not_after(assignment: Assignment, template: str) -> datetime | None:
    if template == "on_way":
        return clock.now() + ON_WAY_LASTS
    return assignment.comes_until if template in AHEAD_TEMPLATES else None


def tell_who_comes(
    assignment: Assignment, again: str = "", kinds: Sequence[str] = (), *, no_call: bool = False
) -> None:
    """Say who comes, when, and the code word; if that takes a call, `told_at` stays empty and a human calls. `kinds`:
    all for which they come, where it is more than one. `no_call`: they waited for a call of ours until now."""
    remote, no_call = assignment.request.remote, no_call or cases.is_call_expected(assignment.request)
    also = "no_call" if no_call else was_in_doubt(assignment)
    codes = " ".join(filter(None, ["same_name" if is_namesake(assignment) else "", also]))
    values: dict[str, Any] = {"also": codes} if codes else {}
    # A knock says by itself what it is.
    is_named = bool(kinds) or assignment.request.unasked
    if not is_named and is_one_of_several(assignment.request, whom_to_tell(assignment)):
        kinds = [spoken_kind(assignment.request)]
    if kinds:
        values["kinds"] = list(kinds)
    if tell(assignment, "someone_calls" if remote else "someone_comes", again=again, **values):
        assignment.told_at = assignment.accepted_at
        cases.person_has_heard(assignment.request)
    else:
        assignment.told_at = None
        cases.team_must_tell(assignment.request, before=assignment.comes_from)
    assignment.save(update_fields=["told_at"])


def was_in_doubt(assignment: Assignment) -> str:
    """What is said beside, where this volunteer comes again after something: a complaint about a visit of theirs that
    nobody has answered, or a last time of the same series on which they did not come. One query, two for a series."""
    request, volunteer = assignment.request, assignment.volunteer_id
    theirs = Assignment.objects.filter(request=OuterRef("subject_id"), volunteer=volunteer)
    complaints = Promise.objects.filter(
        Exists(theirs),
        organisation=request.organisation_id,
        subject_kind="request",
        person=whom_to_tell(assignment),
        complaint_id__isnull=False,
        made_at__gt=clock.now() - COMPLAINT_REMEMBERED,
    ).order_by("-made_at")
    if complaints.values_list("outcome", flat=True).first() in {Promise.Outcome.OPEN, Promise.Outcome.BROKEN}:
        return "other_volunteer"
    if not request.series_id:
        return ""
    before = Assignment.objects.filter(
        request__series=request.series_id,
        request__day__lt=request.day,
        volunteer=volunteer,
        ended_at__lte=clock.now(),
    )
    fields = ("state", "failure", "request__closure")
    last = before.order_by("-request__day", "-ended_at").values_list(*fields).first()
    # Where somebody else came, or nobody was wanted, nothing was missed.
    was_missed = last is not None and last[:2] in NOT_COME and last[2] not in NOTHING_MISSED
    return "missed_last_time" if was_missed else ""


def tell_together(
    assignment: Assignment, beside: Sequence[Assignment], again: str = TOGETHER, *, no_call: bool = False
) -> None:
    """Say in one message that somebody comes for several things."""
    kinds = [spoken_kind(each.request) for each in (assignment, *beside)]
    tell_who_comes(assignment, again=again, kinds=kinds, no_call=no_call)
    for each in beside:
        each.told_at = assignment.told_at
        each.save(update_fields=["told_at"])
        if each.told_at is not None:
            cases.person_has_heard(each.request)
        else:
            cases.team_must_tell(each.request, before=each.comes_from)


def take_back_alone(assignment: Assignment) -> None:
    """What was written of it alone is not sent: it is told together with something else."""
    key = f"someone_comes:{assignment.pk}:"
    messaging.cancel_by_key(organisation=assignment.request.organisation, keys=[key])


def tell_volunteer(
    assignment: Assignment, template: str, again: str = "", *, answers_by_text: bool = False, **values: Any
) -> None:
    """Write to the volunteer; the address is on the page, never in the message. `answers_by_text`: they are better
    served by a number to answer with than by the page."""
    request = assignment.request
    messaging.write(
        organisation=request.organisation,
        letter=Letter(
            assignment.volunteer.person,
            template,
            f"{template}:{assignment.id}:{again}",
            {
                "kind": spoken_kind(request),
                "place": (request.case.postcode, request.case.place_name),
                "window": (assignment.comes_from, assignment.comes_until),
                "word": assignment.code_word,
                "page": ("offer_link", matching.token_of(assignment.offer)),
                **values,
            },
            not_after=_not_after(assignment, template),
            about=assignment.offer_id if answers_by_text else None,
        ),
    )


def tell_done(assignment: Assignment) -> None:
    """Say that it is done, once it cannot be taken back any more."""
    assert assignment.ended_at
    told = Message.objects.filter(organisation=assignment.organisation_id, key=_done_key(assignment))
    # Taken back before, it is told under another key: one key, one message.
    again = f"{assignment.ended_at:%d%H%M%S}" if told.exists() else ""
    by_phone = {"by_phone": True} if assignment.request.remote else {}
    tell(assignment, "helped", assignment.ended_at + rules.DONE_UNDO_WINDOW, again=again, **by_phone)


def take_back_done(assignment: Assignment) -> None:
    """It was not done: the message that waits is not sent."""
    waiting = Message.objects.filter(
        organisation=assignment.organisation_id,
        key__startswith=_done_key(assignment),
        state__in=Message.WAITING,
    )
    messaging.cancel(waiting)


def _done_key(assignment: Assignment) -> str:
    return f"helped:{assignment.pk}:"


def reminder_of(assignment: Assignment) -> str:
    """What tells the reminder of these hours from one of others: after it was taken back, another one is written."""
    return f"{assignment.comes_from.astimezone(UTC):%y%m%d%H%M}"


def take_back_reminder(assignment: Assignment) -> None:
    """A reminder that waits for a mail with others would say what is not so any more. Before the time changes; of what
    is near, none waits."""
    if assignment.comes_from - clock.now() >= REMINDER_LEAD:
        ahead = f"visit_ahead:{assignment.pk}:{reminder_of(assignment)}"
        keys = [ahead, f"visit_after_all:{assignment.pk}:{AFTER_ALL}"]
        messaging.cancel_by_key(organisation=assignment.organisation, keys=keys)


def tell_not_needed(assignment: Assignment) -> None:
    """The volunteer need not go, or call, any more."""
    tell_volunteer(assignment, "call_cancelled" if assignment.request.remote else "visit_cancelled")


def volunteer_knew(assignment: Assignment) -> bool:
    """Whether our message that they go went out in time. Where none was written, they knew it otherwise."""
    keys = [f"{template}:{assignment.pk}:" for template in ("accepted", "call_accepted")]
    return _went_out(
        assignment, Message.objects.filter(organisation=assignment.organisation_id, key__in=keys)
    )


def person_knew(assignment: Assignment) -> bool:
    """Whether whoever waits was told in time that somebody comes, or calls, at whatever hour."""
    told = Message.objects.filter(template__in=SOMEONE_TEMPLATES, key__contains=f":{assignment.pk}:")
    return _went_out(assignment, told.filter(person=whom_to_tell(assignment)))


def _went_out(assignment: Assignment, written: QuerySet[Message]) -> bool:
    rows = list(written)
    latest = assignment.comes_until - rules.MIN_NOTICE
    # Whoever says yes at the very end has no more notice than that.
    latest = max(latest, min(assignment.accepted_at + rules.MIN_NOTICE, assignment.comes_until))
    return not rows or any(
        each.state in Message.GONE_OUT and each.sent_at is not None and each.sent_at <= latest
        for each in rows
    )


def tell_death(volunteer: Volunteer, case: Case, kind: str) -> None:
    """The person has died: said once to each volunteer who was going, however often they were."""
    messaging.write(
        organisation=case.organisation,
        letter=Letter(
            volunteer.person,
            "person_died",
            f"person_died:{case.person_id}:{volunteer.pk}",
            {"kind": kind, "place": (case.postcode, case.place_name), "page": ("volunteer_home",)},
        ),
    )

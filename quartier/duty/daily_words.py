"""Each day an honest word to whoever waits: where nothing else was said, that there is nothing new, and until when they
hear. Weekends and holidays are days too."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.cases.queries import mark_at_shared_phone
from quartier.duty import rules
from quartier.followup.actions.overdue import who_met_nobody, who_said_nothing
from quartier.followup.queries import complained_about
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.promises.models import Promise
from quartier.team.models import Organisation
from quartier.telephony.models import Call
from quartier.telephony.queries import is_holiday_between

# From this hour on whoever has heard nothing today does.
WORD_HOUR = time(17)
MAX_WORDS = 500
# What was written so long before the morning, and kept until then, is read by day.
A_NIGHT = timedelta(hours=8)
# What is written to somebody for another reason than that they wait for help.
OTHER_TEMPLATES = frozenset(
    {"offer", "offer_remote", "news", "digest", "welcome", "sign_in_code", "push_test", "stopped", "started"}
    | {"page_again", "many_codes", "passkey_added", "passkey_removed"}
)


def write_daily_words(organisation: Organisation, now: datetime) -> int:
    """Write to whoever waits for a request and has heard nothing today. Returns how many messages.

    What is due later today speaks for itself: it is kept then, or they hear that it was not.
    """
    local = now.astimezone(organisation.zone)
    if local.time() < WORD_HOUR or rules.is_quiet(organisation, now):
        return 0
    # A receipt in the small hours is of the night: whoever read it then hears something by day too.
    morning = rules.wakes(organisation, datetime.combine(local.date(), time(), tzinfo=organisation.zone))
    midnight = datetime.combine(local.date(), time.max, tzinfo=organisation.zone)
    rows = Promise.objects.filter(
        organisation=organisation, outcome="", subject_kind="request", person__isnull=False
    ).filter(due_at__gt=midnight, waiting_since__lt=morning)
    promises = list(rows.select_related("person").order_by("due_at", "pk")[:MAX_WORDS])
    if not promises:
        return 0
    heard = _heard_since([each.person_id for each in promises if each.person_id], organisation, morning)
    # Whoever waits for an answer to a complaint does so also where the help is over, or goes on.
    complained = [each.subject_id for each in promises if each.complaint_id]
    requests = Request.objects.filter(
        Q(state__in=[Request.State.OPEN, Request.State.HUMAN]) | Q(pk__in=complained),
        pk__in=[each.subject_id for each in promises],
        unasked=False,
        created_at__lt=morning,
    ).select_related("organisation", "case__person", "case__asked_by")
    waiting = {each.pk: each for each in requests}
    complaints = complained_about(waiting)
    hours = {each.due_at for each in promises}
    # Nobody else may know why the hour is so far away, and the number named does not answer meanwhile.
    over_holiday = {each for each in hours if is_holiday_between(organisation, now, each)}
    written = 0
    for promise in promises:
        request = waiting.get(promise.subject_id)
        if request is None or promise.person is None or promise.person.pk in heard:
            continue
        heard.add(promise.person.pk)
        # Whoever has no number any more is owed the call still, and not promised it.
        is_call = promise.kind == Promise.Kind.CALL and bool(promise.person.phone)
        template = "waits_call" if is_call else "waits_news"
        closed = "holiday" if promise.needs_team else "holiday_line"
        letter = Letter(
            promise.person,
            template,
            f"waits:{request.pk}:{local.date()}:{promise.pk}",
            _values(request, promise, complaint=bool(promise.complaint_id) or request.pk in complaints)
            | ({"also": closed} if promise.due_at in over_holiday else {}),
            not_after=midnight,
            promise=promise,
        )
        written += messaging.write(organisation=organisation, letter=letter) is not None
    return written


def _values(request: Request, promise: Promise, *, complaint: bool) -> dict[str, Any]:
    values = cases.values_of_wait(request, complaint=complaint)
    if promise.person is not None and not complaint:
        values |= mark_at_shared_phone(request, promise.person)
    # Of whoever set out and said nothing, nobody knows whether they came; who met nobody was there in time.
    if values.get("out_of_time") and (who_said_nothing(request) or who_met_nobody(request)):
        del values["out_of_time"]
    return values


def _heard_since(people: Iterable[UUID], organisation: Organisation, since: datetime) -> set[UUID]:
    """Those to whom something was written since then, or in the night before and sent since; or with whom somebody of
    the team has spoken. Two queries."""
    people = list(people)
    gone = [Message.State.CANCELLED, Message.State.FAILED]
    kept_for_day = Q(created_at__gte=since - A_NIGHT, sent_at__gte=since)
    messages = Message.objects.filter(
        Q(created_at__gte=since) | kept_for_day, organisation=organisation, person__in=people
    )
    messages = messages.exclude(state__in=gone).exclude(template__in=OTHER_TEMPLATES)
    talks = Call.objects.filter(
        organisation=organisation, person__in=people, operator__isnull=False, answered_at__gte=since
    )
    return {
        each
        for rows in (messages, talks)
        for each in rows.values_list("person", flat=True)
        if each is not None
    }

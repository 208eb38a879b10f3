"""Each day an honest word to whoever waits: where nothing else was said, that there is nothing new, and until when they
hear. Weekends and holidays are days too."""

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID

from quartier.cases.models import Request
from quartier.duty import rules
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.promises.models import Promise
from quartier.team.models import Organisation
from quartier.telephony.models import Call

# From this hour on whoever has heard nothing today does.
WORD_HOUR = time(17)
MAX_WORDS = 500
# What is written to somebody for another reason than that they wait for help.
OTHER_TEMPLATES = frozenset(
    {"offer", "offer_remote", "news", "digest", "welcome", "sign_in_code", "push_test", "stopped", "started"}
)


def write_daily_words(organisation: Organisation, now: datetime) -> int:
    """Write to whoever waits for a request and has heard nothing today. Returns how many messages.

    What is due later today speaks for itself: it is kept then, or they hear that it was not.
    """
    local = now.astimezone(organisation.zone)
    if local.time() < WORD_HOUR or rules.is_quiet(organisation, now):
        return 0
    morning = datetime.combine(local.date(), time(), tzinfo=organisation.zone)
    midnight = datetime.combine(local.date(), time.max, tzinfo=organisation.zone)
    rows = Promise.objects.filter(
        organisation=organisation, outcome="", subject_kind="request", person__isnull=False
    ).filter(due_at__gt=midnight, waiting_since__lt=morning)
    promises = list(rows.select_related("person").order_by("due_at", "pk")[:MAX_WORDS])
    if not promises:
        return 0
    heard = _heard_since([each.person_id for each in promises if each.person_id], organisation, morning)
    requests = Request.objects.filter(
        pk__in=[each.subject_id for each in promises],
        state__in=[Request.State.OPEN, Request.State.HUMAN],
        unasked=False,
        created_at__lt=morning,
    ).select_related("organisation", "case__person", "case__asked_by")
    waiting = {each.pk: each for each in requests}
    written = 0
    for promise in promises:
        request = waiting.get(promise.subject_id)
        if request is None or promise.person is None or promise.person.pk in heard:
            continue
        heard.add(promise.person.pk)
        template = "waits_call" if promise.kind == Promise.Kind.CALL else "waits_news"
        letter = Letter(
            promise.person,
            template,
            f"waits:{request.pk}:{local.date()}:{promise.pk}",
            {"kind": request.kind},
            not_after=midnight,
            promise=promise,
        )
        written += messaging.write(organisation=organisation, letter=letter) is not None
    return written


def _heard_since(people: Iterable[UUID], organisation: Organisation, since: datetime) -> set[UUID]:
    """Those to whom something was written since then, or with whom somebody of the team has spoken. Two queries."""
    people = list(people)
    gone = [Message.State.CANCELLED, Message.State.FAILED]
    messages = Message.objects.filter(organisation=organisation, person__in=people, created_at__gte=since)
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

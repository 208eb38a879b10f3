"""Taking what was written, each sender's texts in their order, each once, whoever else is at work.

Everything that comes of a text is one transaction with the text's own row: a worker that dies in it has done nothing,
and the next one begins again. What fails again and again is put before a person, unread by us.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from quartier.audit import actions as audit
from quartier.cases import actions as cases
from quartier.cases import rules as case_rules
from quartier.cases.models import Request
from quartier.conversation import danger, understanding
from quartier.conversation.actions.settling import settle
from quartier.conversation.actions.talk import Meaning, Outcome, Talk
from quartier.conversation.models import ToRead
from quartier.conversation.queries import WORDS_TOPIC
from quartier.lib import clock
from quartier.live import actions as live
from quartier.messaging.models import Received
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.promises.rules import PromiseSpec
from quartier.telephony.queries import hour_on_duty

log = logging.getLogger(__name__)
# After the first, second... failure; after the last a person of the team has it.
PAUSES = (timedelta(seconds=5), timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=3))
TRIES = len(PAUSES) + 1


def take_next() -> bool:
    """Understand the next text and do what it says. True when there was one. Idle, it only looks."""
    now = clock.now()
    if not _due(now).exists():
        return False
    taken: UUID | None = None
    try:
        with transaction.atomic():
            rows = _due(now).select_related("organisation")
            if connection.features.has_select_for_update_skip_locked:
                rows = rows.select_for_update(skip_locked=True, of=("self",))
            row = rows.first()
            if row is None:
                return False
            taken = row.pk
            talk = Talk.about(row)
            keep(talk, settle(talk))
    except Exception:
        if taken is None:
            raise
        log.exception("what was received as %s could not be handled", taken)
        _failed(taken)
    return True


def take(pk: UUID) -> None:
    """Understand this one now, for whoever waits at the page on which they wrote it. What cannot be handled, or has
    something older of the same sender before it, is left to the worker."""
    try:
        with transaction.atomic():
            rows = _due(clock.now()).filter(pk=pk).select_related("organisation")
            row = rows.select_for_update(of=("self",)).first()
            if row is not None:
                talk = Talk.about(row)
                keep(talk, settle(talk))
    except Exception:
        log.exception("what was written on a page as %s could not be handled", pk)
        _failed(pk)


def _due(now: datetime) -> QuerySet[Received]:
    """What waits, the oldest first, and nothing of a sender who has something older that waits too."""
    older = Received.objects.filter(
        Q(came_at__lt=OuterRef("came_at")) | Q(came_at=OuterRef("came_at"), pk__lt=OuterRef("pk")),
        organisation=OuterRef("organisation"),
        sender_index=OuterRef("sender_index"),
        state=Received.State.NEW,
    ).exclude(sender_index="")
    return (
        Received.objects.filter(Q(try_after=None) | Q(try_after__lte=now), state=Received.State.NEW)
        .exclude(Exists(older))
        .order_by("came_at", "pk")
    )


def keep(talk: Talk, outcome: Outcome) -> None:
    """Write down what it was and what came of it, and tell the pages that show it."""
    row = talk.row
    row.state, row.meaning, row.about = Received.State.SETTLED, Meaning(outcome.meaning), outcome.about
    row.answer, row.person, row.try_after = outcome.answer, talk.person or row.person, None
    row.save(update_fields=["state", "meaning", "about", "answer", "person", "try_after"])
    if outcome.read:
        to_read, is_new = ToRead.objects.get_or_create(
            received=row,
            defaults={
                "organisation": talk.organisation,
                "case_id": outcome.case_id,
                "contact_id": outcome.contact_id,
                "at": talk.now,
            },
        )
        # An alert goes around somebody: it tells whom it may.
        if is_new and not talk.aside:
            _promise_to_read(talk, to_read)
    actor = talk.actor()
    audit.record(
        organisation_id=talk.organisation.pk,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="received.settle",
        subject_kind="received",
        subject_id=row.pk,
        details={"meaning": row.meaning, "channel": row.channel, "to_read": outcome.read},
    )
    topics = cases.topics_of(outcome.case_id) if outcome.case_id else []
    if outcome.meaning == Meaning.RELAYED:
        # Not by the case: somebody who goes there hears of nothing else of it.
        topics.append(f"{WORDS_TOPIC}:{outcome.about}")
    live.touch(talk.organisation.pk, "messages", *(["board"] if outcome.read else []), *topics)


def _promise_to_read(talk: Talk, to_read: ToRead) -> None:
    """One of the team reads it by then. No hour was named to who wrote, so the team alone hears when it is past."""
    # After a death each hour counts in which somebody else rings the bell, or writes.
    body = talk.row.body
    is_urgent = understanding.says_nobody_need_come(body) and not danger.is_of_long_ago(body)
    urgency = Request.Urgency.NOW if is_urgent else Request.Urgency.DAY
    spec = PromiseSpec(
        kind=Promise.Kind.CARE,
        subject_kind="to_read",
        subject_id=to_read.pk,
        person=None,
        due_at=hour_on_duty(talk.organisation, case_rules.promise(talk.now, urgency, talk.organisation)),
        told_by=Promise.ToldBy.NOBODY,
        urgent=is_urgent,
    )
    promises.make_promise(organisation=talk.organisation, spec=spec)


@transaction.atomic
def _failed(pk: UUID) -> None:
    row = Received.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)
    if row.state != Received.State.NEW:
        return
    row.tries += 1
    if row.tries < TRIES:
        row.try_after = clock.now() + PAUSES[row.tries - 1]
        row.save(update_fields=["tries", "try_after"])
        return
    row.save(update_fields=["tries"])
    log.error("what was received as %s is put before the team after %s tries", pk, row.tries)
    keep(Talk.about(row), Outcome(Meaning.WORDS, read=True))

"""Somebody of the team has read it."""

from django.db import transaction

from quartier.audit import actions as audit
from quartier.cases import actions as cases
from quartier.conversation.models import ToRead
from quartier.lib import clock
from quartier.live import actions as live
from quartier.promises import actions as promises
from quartier.team.access import Actor


@transaction.atomic
def read(*, actor: Actor, to_read: ToRead) -> bool:
    """It waits no longer. False when somebody else has read it before."""
    waiting = ToRead.objects.filter(pk=to_read.pk, organisation=actor.organisation, read_at=None)
    if not waiting.update(read_at=clock.now(), read_by=actor.account):
        return False
    promises.keep_promises(subject_kind="to_read", subject_id=to_read.pk)
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="received.read",
        subject_kind="received",
        subject_id=to_read.received_id,
    )
    topics = cases.topics_of(to_read.case_id) if to_read.case_id else []
    live.touch(actor.organisation.id, "board", *topics)
    return True

"""What cannot be written to somebody is said to them on the phone: one of the team owes it, as a promise."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from quartier.lib import clock
from quartier.live import actions as live
from quartier.people.models import Person
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.promises.queries import open_about
from quartier.promises.rules import PromiseSpec
from quartier.team.access import Actor
from quartier.team.models import Organisation
from quartier.telephony.actions import ledger
from quartier.telephony.queries import hour_on_duty

# Somebody of the team has so long for it, at least.
TIME_TO_CALL = timedelta(hours=2)


def owe_words(*, organisation: Organisation, subject_kind: str, subject_id: UUID, person: Person) -> None:
    """One of the team must call them and say how things stand with this. Owed twice, it is one call, by its first hour;
    nothing to who has no number, or has died."""
    if not person.phone or person.died_at:
        return
    now, owed = clock.now(), open_about(subject_kind, subject_id)
    soonest = (now + TIME_TO_CALL).replace(minute=0, second=0, microsecond=0)
    due_at = hour_on_duty(organisation, soonest)
    spec = PromiseSpec(
        kind=Promise.Kind.CALL,
        subject_kind=subject_kind,
        subject_id=subject_id,
        person=person,
        due_at=owed.due_at if owed is not None and owed.due_at > now else due_at,
        told_by=Promise.ToldBy.NOBODY,
    )
    promises.make_promise(organisation=organisation, spec=spec)
    live.touch(organisation.pk, "board")


@transaction.atomic
def words_said(*, actor: Actor, promise: Promise) -> None:
    """Somebody of the team has called and said it. Pressed twice, it changes nothing."""
    if promises.keep_promises(subject_kind=promise.subject_kind, subject_id=promise.subject_id):
        ledger.changed(actor, f"{promise.subject_kind}.told", promise.subject_kind, promise.subject_id)
        live.touch(actor.organisation.pk, "board")

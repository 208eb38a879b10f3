"""What was pressed by mistake: a request that was closed as done, and was not; one that was taken from a colleague."""

from datetime import timedelta

from django.db import transaction

from quartier.audit.queries import of_subject
from quartier.cases.actions import promising
from quartier.cases.actions.ledger import changed
from quartier.cases.models import Request
from quartier.lib import clock
from quartier.promises import actions as promises
from quartier.team.access import Actor
from quartier.team.models import Account

TAKE_VERB = "request.take"
# After these it is theirs, or somebody else's, and no mistake any more.
SETTLING_VERBS = (TAKE_VERB, "request.give_back", "request.contact")
TAKE_UNDO_WINDOW = timedelta(minutes=10)


@transaction.atomic
def undo_fulfilled(*, actor: Actor, request: Request) -> Request:
    """Those who go still go: it is covered again, and nobody is looked for. The request's row is locked before."""
    if request.state == Request.State.CLOSED:
        request.state, request.closure, request.closed_at = Request.State.COVERED, "", None
        request.closure_note = ""
        request.save(update_fields=["state", "closure", "closed_at", "closure_note"])
        changed(actor, "request.undo_close", request)
    return request


def taken_from(actor: Actor, request: Request) -> Account | None:
    """The colleague from whom this one has taken the request a moment ago, and has done nothing with it. One query, two
    where there is one."""
    if request.taken_by_id != actor.id:
        return None
    taken = of_subject(request.organisation_id, request.pk).filter(verb__in=SETTLING_VERBS).first()
    if taken is None or taken.verb != TAKE_VERB or taken.actor_id != actor.id:
        return None
    before = taken.details.get("before")
    if before is None or clock.now() >= taken.at + TAKE_UNDO_WINDOW:
        return None
    return Account.objects.filter(pk=before, organisation=request.organisation_id, is_active=True).first()


@transaction.atomic
def undo_take(*, actor: Actor, request: Request, before: Account) -> Request:
    """The colleague has it again, with what they owe. The request's row is locked before."""
    request.taken_by = before
    request.save(update_fields=["taken_by"])
    changed(actor, "request.undo_take", request)
    for kind in (promising.SUBJECT, promising.CALL_OFF):
        promises.give_to_account(subject_kind=kind, subject_id=request.pk, account=before)
    return request

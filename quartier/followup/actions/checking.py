"""What somebody answers to a check-in, and what one of the team finds out by a call."""

from datetime import datetime, timedelta

from django.db import transaction

from quartier.audit.queries import of_subjects
from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.followup import access
from quartier.followup.actions import climbing
from quartier.followup.actions.calling import TakenAlready
from quartier.followup.actions.ledger import changed, tell_coordinators
from quartier.followup.models import CheckIn, FollowUp
from quartier.followup.queries.ladder import TRIED_VERB
from quartier.followup.rules import CALLS, CLAIM_LASTS, may_become
from quartier.lib import clock
from quartier.lib.text import clean
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.team.access import TEAM, Actor
from quartier.visits import actions as visits

State = CheckIn.State
WORDS_AT_MOST = 2000
OVER = frozenset({State.FINE, State.KNOCKED, State.ENDED})
# Nobody calls twice in so short a time.
PRESSED_TWICE = timedelta(seconds=30)


@transaction.atomic
def check_answer(*, actor: Actor, check_in: CheckIn, fine: bool, by: str, words: str = "") -> CheckIn:
    """They are well, or need help; said again, nothing happens. A cry for help is heard whenever it comes, also after
    the campaign; who needs help is well again only when one of the team has spoken with them."""
    row = _locked(check_in)
    words = clean(words, WORDS_AT_MOST)
    if not may_become(row.state, fine, of_team=actor.has(*TEAM)):
        if words and words not in row.words:
            row.words = f"{row.words}\n{words}".strip()[-WORDS_AT_MOST:]
            row.save(update_fields=["words"])
        return row
    before = row.state
    row.state = State.FINE if fine else State.NEEDS_HELP
    row.answered_at, row.by, row.next_at = clock.now(), FollowUp.By(by), None
    row.words = f"{row.words}\n{words}".strip()[-WORDS_AT_MOST:]
    row.claimed_by = row.claimed_until = None
    row.tries = 0
    if fine:
        _nobody_need_go(actor, row, before)
        promises.keep_promises(subject_kind="check_in", subject_id=row.pk)
    else:
        _help(actor, row)
    row.save()
    changed(actor, "check_in.answer", "check_in", row.pk, state=row.state, by=by)
    return row


def _nobody_need_go(actor: Actor, row: CheckIn, before: str) -> None:
    """The knock is not needed any more. What was opened because help is needed stays a human's to close."""
    if before in {State.KNOCKING, State.ALERTED} and row.request is not None:
        visits.end_request(actor=actor, request=row.request, closure=Request.Closure.WITHDRAWN, gently=False)


def _help(actor: Actor, row: CheckIn) -> None:
    """First among the calls, a request before a human, and the coordinators know."""
    member = row.member
    if row.request is not None and row.request.state != Request.State.CLOSED:
        # What was a knock that nobody had asked for is asked for now.
        cases.somebody_asks_for_it(row.request)
        row.request = cases.ask_human(actor=actor, request=row.request, why=Request.Why.ASKED)
    elif member.case_id is not None or member.cell is not None:
        row.request = climbing.open_request(row, words=row.words)
    if row.request is not None:
        cases.promise_about(
            row.request,
            Promise.Kind.CARE,
            person=member.person,
            told_by=Promise.ToldBy.NOBODY,
            needs_team=True,
        )
    values = {"page": ("check_call", row.pk)}
    if tell_coordinators(row.organisation, "check_help", str(row.pk), values) and row.request is not None:
        # `duty` tells them once more only when the word is nearly broken.
        cases.team_knows(row.request)


@transaction.atomic
def claim_check(*, actor: Actor, check_in: CheckIn) -> CheckIn:
    """I call. Raises `TakenAlready`, and `Http404` for who may not."""
    access.check_in_for(actor, check_in.pk)
    row, now = _locked(check_in), clock.now()
    others = row.claimed_by_id not in {None, actor.id} and (row.claimed_until or now) > now
    if row.state not in access.TO_CALL or others:
        raise TakenAlready
    row.claimed_by, row.claimed_until = actor.account, now + CLAIM_LASTS
    row.save(update_fields=["claimed_by", "claimed_until"])
    changed(actor, "check_in.claim", "check_in", row.pk)
    return row


@transaction.atomic
def check_unanswered(*, actor: Actor, check_in: CheckIn) -> CheckIn:
    """Nobody answered a call, whoever has it; said twice, it is one try. Each counts: on how often they were called
    somebody decides whether to break a door. Who of the team has it now keeps it."""
    access.check_in_for(actor, check_in.pk)
    row, now = _locked(check_in), clock.now()
    if row.state in OVER or (row.claimed_by_id != actor.id and _is_pressed_twice(actor, row, now)):
        return row
    if row.claimed_by_id not in {None, actor.id} and (row.claimed_until or now) > now:
        row.tries += 1
        row.save(update_fields=["tries"])
    else:
        climbing.called_in_vain(row, now, CALLS)
    changed(actor, TRIED_VERB, "check_in", row.pk, tries=row.tries)
    return row


def _is_pressed_twice(actor: Actor, row: CheckIn, now: datetime) -> bool:
    """Whether this one has just said the same."""
    tried = of_subjects(row.organisation_id, [row.pk]).filter(verb=TRIED_VERB, actor_id=actor.id)
    return tried.filter(at__gt=now - PRESSED_TWICE).exists()


@transaction.atomic
def send_neighbour(*, actor: Actor, check_in: CheckIn) -> CheckIn:
    """One of the team wants a neighbour to knock now, whatever the ladder says."""
    access.check_in_for(actor, check_in.pk)
    row = _locked(check_in)
    may = {*access.TO_CALL, State.WAITING, State.ASKED, State.ALERTED} - {State.NEEDS_HELP}
    if row.state in may and (row.member.case_id is not None or row.member.cell is not None):
        row.claimed_by = row.claimed_until = None
        climbing.knock(row, clock.now())
        changed(actor, "check_in.knock", "check_in", row.pk)
    return row


def _locked(check_in: CheckIn) -> CheckIn:
    return (
        CheckIn.objects.select_for_update(of=("self",))
        .select_related("organisation", "campaign", "member__person", "member__case__person")
        .get(pk=check_in.pk)
    )

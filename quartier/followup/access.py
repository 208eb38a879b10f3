"""The gate to what people said: the link of who was asked, and the team's."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from quartier.audit import actions as audit
from quartier.followup import rules
from quartier.followup.models import Campaign, CheckIn, FollowUp, Member
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.lib.ids import token_hash
from quartier.people.access import looked
from quartier.team.access import TEAM, Actor
from quartier.team.models import Role

# What people say of each other is read by those who look after an area.
READERS = (Role.Name.COORDINATOR, Role.Name.ADMIN)


def token_of(follow_up: FollowUp) -> str:
    """The unguessable part of the link's address; worked out, never stored."""
    return blind("follow-up", follow_up.organisation_id, str(follow_up.pk))[:22]


def by_token(token: str) -> FollowUp:
    """The question behind a link; raises `Http404` when there is none, or it takes no answer any more."""
    found = _rows().filter(token_hash=token_hash(token)).first()
    if (
        found is None
        or not rules.may_still_answer(found, clock.now())
        or found.assignment.request.case.person.died_at
    ):
        raise Http404
    return found


def answer_for(actor: Actor, follow_up_id: UUID) -> FollowUp:
    """What somebody said, for coordinators; raises `Http404`."""
    found = _rows().filter(pk=follow_up_id, organisation=actor.organisation).first()
    if found is None or not actor.has(*READERS):
        raise Http404
    looked(actor, "follow_up", found.pk)
    return found


def call_for(actor: Actor, follow_up_id: UUID) -> FollowUp:
    """Somebody who is to be called, for the team; raises `Http404`."""
    found = _rows().filter(pk=follow_up_id, organisation=actor.organisation).exclude(asked_at=None).first()
    if found is None or not actor.has(*TEAM):
        raise Http404
    looked(actor, "follow_up", found.pk)
    return found


def _rows() -> QuerySet[FollowUp]:
    return FollowUp.objects.select_related(
        "organisation",
        "person",
        "claimed_by",
        "assignment__volunteer__person",
        "assignment__request__case__person",
    )


# Whom the team calls: who did not answer, and first of all who needs help.
TO_CALL = (CheckIn.State.NEEDS_HELP, CheckIn.State.CALLING, CheckIn.State.ALERTED)


def check_token_of(check_in: CheckIn) -> str:
    """The unguessable part of the link in a check-in; worked out, never stored."""
    return blind("check-in", check_in.organisation_id, str(check_in.pk))[:22]


def check_by_token(token: str) -> CheckIn:
    """The check-in behind a link; raises `Http404`."""
    found = _check_ins().filter(token_hash=token_hash(token)).first()
    if found is None or found.member.person.died_at:
        raise Http404
    return found


def check_in_for(actor: Actor, check_in_id: UUID) -> CheckIn:
    """Somebody in a campaign, for the team; raises `Http404`."""
    found = _check_ins().filter(pk=check_in_id, organisation=actor.organisation).first()
    if found is None or not actor.has(*TEAM):
        raise Http404
    looked(actor, "check_in", found.pk)
    return found


def campaign_for(actor: Actor, campaign_id: UUID) -> Campaign:
    """A campaign, for the team; raises `Http404`."""
    rows = Campaign.objects.select_related("organisation", "started_by")
    found = rows.filter(pk=campaign_id, organisation=actor.organisation).first()
    if found is None or not actor.has(*TEAM):
        raise Http404
    return found


def member_for(actor: Actor, member_id: UUID) -> Member:
    """Somebody who agreed to be called, for the team; raises `Http404`."""
    found = Member.objects.select_related("person", "case").filter(
        pk=member_id, organisation=actor.organisation
    )
    row = found.first()
    if row is None or not actor.has(*TEAM):
        raise Http404
    looked(actor, "member", row.pk)
    return row


def _check_ins() -> QuerySet[CheckIn]:
    return CheckIn.objects.select_related(
        "organisation", "campaign", "member__person", "member__case", "claimed_by", "request"
    )


def looked_at_all(actor: Actor, kind: str, ids: Iterable[UUID]) -> None:
    """Write down that `actor` read these rows, with few statements."""
    about = [(actor.id, each) for each in ids]
    if about:
        audit.record_all(
            organisation_id=actor.organisation.pk, verb=f"{kind}.look", subject_kind=kind, about=about
        )

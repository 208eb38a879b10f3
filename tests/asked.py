"""Who was helped is to be called and asked how it was; and a campaign asks her whether she is well."""

from datetime import timedelta
from typing import Any

from quartier.followup import access, actions
from quartier.followup.models import CheckIn, FollowUp, Member
from quartier.lib.ids import token_hash
from quartier.team.access import of_account


def to_call(assignment: Any, at: Any) -> dict[str, Any]:
    """She can only be called."""
    row = FollowUp(
        organisation=assignment.organisation,
        assignment=assignment,
        person=assignment.request.case.person,
        state=FollowUp.State.TO_CALL,
        due_at=at,
        asked_at=at,
        expires_at=at + timedelta(days=3),
    )
    row.token_hash = token_hash(access.token_of(row))
    row.save()
    return {"follow_up_id": row.pk, "after": access.token_of(row)}


def checked(case: Any, coordinator: Any, at: Any) -> dict[str, Any]:
    """She agreed to be called; a campaign has asked her, and one of the team is to call."""
    actor = of_account(coordinator)
    agreed = actions.Agreed(("heat",), Member.Consent.CALL, at.date(), notes=case.access_notes)
    member = actions.agree(actor=actor, person=case.person, agreed=agreed, case=case)
    campaign = actions.start(actor=actor, plan=actions.Plan("heat"))
    row = campaign.check_ins.get()
    CheckIn.objects.filter(pk=row.pk).update(state=CheckIn.State.CALLING, since=at)
    return {
        "member_id": member.pk,
        "campaign_id": campaign.pk,
        "check_in_id": row.pk,
        "check": access.check_token_of(row),
    }

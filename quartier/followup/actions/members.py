"""Who agreed to be called, and for what: nobody is called without having agreed."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.http import Http404

from quartier.cases.models import Case
from quartier.followup.actions.ledger import changed
from quartier.followup.models import CheckIn, Member
from quartier.followup.rules import OCCASIONS
from quartier.lib import choices, clock
from quartier.lib.text import clean, one_line
from quartier.people.models import Person
from quartier.team.access import TEAM, Actor


@dataclass(frozen=True)
class Agreed:
    """To what somebody agreed: codes of `OCCASIONS`, how (`Member.Consent`) and on which day. Without a file, where
    they live: `cell` (resolution 9) or `None`."""

    occasions: tuple[str, ...]
    consent: str
    on: date
    notes: str = ""
    address: str = ""
    postcode: str = ""
    place_name: str = ""
    cell: int | None = None

    def __post_init__(self) -> None:
        if not self.occasions:
            raise ValueError("agreed to nothing")
        Member.Consent(self.consent)

    @property
    def mask(self) -> int:
        return choices.mask(OCCASIONS, list(self.occasions))


@transaction.atomic
def agree(*, actor: Actor, person: Person, agreed: Agreed, case: Case | None = None) -> Member:
    """Somebody agrees, or agrees anew: what they said last holds. By one of the team, or by the holder of the link.

    Raises `Http404` for others.
    """
    allowed = actor.has(*TEAM) or actor.kind in {"link", "system"}
    if not allowed or person.organisation_id != actor.organisation.pk:
        raise Http404
    fresh = Member(
        organisation=actor.organisation,
        person=person,
        occasions=agreed.mask,
        consent=agreed.consent,
        consented_on=agreed.on,
        created_at=clock.now(),
    )
    Member.objects.bulk_create([fresh], ignore_conflicts=True)
    row = Member.objects.select_for_update().get(organisation=actor.organisation, person=person)
    row.occasions, row.consent, row.consented_on = agreed.mask, Member.Consent(agreed.consent), agreed.on
    row.noted_by, row.left_at = actor.account, None
    row.case = case or row.case
    row.notes = clean(agreed.notes, 1000) or row.notes
    if agreed.address or agreed.cell:
        row.address, row.cell = one_line(agreed.address, 200), agreed.cell
        row.postcode, row.place_name = agreed.postcode[:12], agreed.place_name[:120]
    row.save()
    changed(actor, "check_in.agree", "person", person.pk, occasions=row.occasions, consent=row.consent)
    return row


@transaction.atomic
def leave(*, actor: Actor, member: Member) -> None:
    """They agree no more: nobody calls them, from now on. Who was promised a visit keeps it."""
    if member.organisation_id != actor.organisation.pk or not (actor.has(*TEAM) or actor.kind == "link"):
        raise Http404
    if not Member.objects.filter(pk=member.pk, left_at=None).update(left_at=clock.now()):
        return
    waiting = [CheckIn.State.WAITING, CheckIn.State.ASKED, CheckIn.State.CALLING]
    CheckIn.objects.filter(member=member, state__in=waiting).update(state=CheckIn.State.ENDED, next_at=None)
    changed(actor, "check_in.leave", "person", member.person_id)

"""What holds for every list of a household. Allergies are data about health: kept with an explicit consent, gone with
it (decision 0040)."""

from django.db import transaction

from quartier.audit import actions as audit
from quartier.cases import actions as cases
from quartier.cases.models import Case
from quartier.lib import clock
from quartier.live import actions as live
from quartier.shopping import rules
from quartier.shopping.models import Household
from quartier.shopping.rules import Wishes
from quartier.team.access import Actor


def keep(*, actor: Actor, case: Case, wishes: Wishes) -> Household:
    """Keep what was said, in the caller's transaction: allergies only with a consent. What stood in files that were
    merged into this one stands here from now on."""
    merged = Household.objects.select_for_update().filter(case__merged_into=case)
    row = Household.objects.select_for_update().filter(case=case).first() or Household(
        organisation=case.organisation, case=case
    )
    if wishes.never is not None:
        row.never = wishes.never
    if wishes.allergies is not None:
        _allergies(actor, row, wishes, had_some=any(each.allergies for each in [row, *merged]))
    row.changed_at = clock.now()
    row.save()
    if wishes.never is not None and wishes.allergies is not None:
        merged.delete()
    return row


def _allergies(actor: Actor, row: Household, wishes: Wishes, *, had_some: bool) -> None:
    words = wishes.allergies if wishes.agreed else ""
    if words:
        if words == row.allergies and row.consent_script == rules.CONSENT:
            return
        row.allergies = words
        row.consent = Household.Consent.ORAL if wishes.spoken else Household.Consent.OWN
        row.consent_script, row.consent_at = rules.CONSENT, clock.now()
        row.consent_by = actor.account if wishes.spoken else None
        row.forgotten_at = None
        _note(actor, "allergies.agree", row, script=rules.CONSENT, oral=wishes.spoken)
    elif had_some:
        row.allergies, row.consent, row.consent_script = "", "", ""
        row.consent_by, row.consent_at, row.forgotten_at = None, None, clock.now()
        _note(actor, "allergies.forget", row)


@transaction.atomic
def forget_allergies(*, actor: Actor, case: Case) -> bool:
    """She takes her consent back: allergies are deleted, here and in files that were merged into this one. False when
    there were none."""
    rows = list(Household.objects.select_for_update().filter(case=case))
    rows += Household.objects.select_for_update().filter(case__merged_into=case)
    found = False
    for row in rows:
        if row.allergies:
            _allergies(actor, row, Wishes("", allergies=""), had_some=True)
            row.changed_at = clock.now()
            row.save()
            found = True
    return found


def _note(actor: Actor, verb: str, row: Household, **details: object) -> None:
    audit.record(
        organisation_id=row.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="case",
        subject_id=row.case_id,
        details=details,
    )
    live.touch(row.organisation_id, *cases.topics_of(row.case_id))

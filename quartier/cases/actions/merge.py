"""Two files for one household become one."""

from django.db import transaction

from quartier.cases.actions.ledger import changed
from quartier.cases.models import Case, CaseContact, Note, Request, Series, StatusLink
from quartier.cases.rules import NotPossible
from quartier.team.access import Actor


@transaction.atomic
def merge_cases(*, actor: Actor, keep: Case, other: Case) -> Case:
    """Everything of `other` moves to `keep`; `other` stays as a sign that points there. Doing it again is harmless.

    Private links to the other file show the one that is kept, unless somebody else's household stood there.
    Raises `NotPossible` for a file merged into itself or kept in one that was itself merged away.
    """
    locked = {
        case.pk: case
        for case in Case.objects.select_for_update().filter(pk__in=[keep.pk, other.pk]).order_by("pk")
    }
    if len(locked) != 2 or locked[keep.pk].organisation_id != locked[other.pk].organisation_id:
        raise NotPossible
    keep, other = locked[keep.pk], locked[other.pk]
    if other.merged_into_id == keep.pk:
        return keep
    if keep.merged_into_id or other.merged_into_id:
        raise NotPossible
    Request.objects.filter(case=other).update(case=keep)
    Series.objects.filter(case=other).update(case=keep)
    CaseContact.objects.filter(case=other).update(case=keep)
    # Sealed notes are bound to their own row, so they move without being opened.
    Note.objects.filter(case=other).update(case=keep)
    StatusLink.objects.filter(case=other).update(case=keep)
    other.merged_into = keep
    other.save(update_fields=["merged_into"])
    if not keep.address and other.address:
        keep.address = other.address
        keep.save(update_fields=["address"])
    changed(actor, "case.merge", keep, other=str(other.pk))
    return keep

"""That a number is somebody's own, since a code reached them there."""

from django.db import transaction

from quartier.audit import actions as audit
from quartier.people.models import Person


@transaction.atomic
def prove_phone(*, person: Person, number_index: str, how: str) -> None:
    """They have typed a code that went to this number (`number_index`) alone. `how`: `call`, or `sign_in`."""
    if not number_index or person.proven_phone_index == number_index:
        return
    Person.objects.filter(pk=person.pk).update(proven_phone_index=number_index)
    person.proven_phone_index = number_index
    audit.record(
        organisation_id=person.organisation_id,
        actor_kind="account",
        actor_id=person.account_id,
        verb="person.prove_phone",
        subject_kind="person",
        subject_id=person.pk,
        details={"how": how},
    )

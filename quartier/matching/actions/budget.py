"""How often each volunteer may still be asked today: one count, whatever they are asked.

Two who ask at once never spend the same place of a budget: the rows are locked and looked at again.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Case as When_
from django.db.models import F, Q, QuerySet, Value, When
from django.db.models.functions import Least

from quartier.people.models import Volunteer


def within(today: date, budget: int) -> Q:
    """Those who may be asked once more on this local day: by their own budget, and by the organisation's."""
    return Q(asked_on=None) | Q(asked_on__lt=today) | Q(asked_count__lt=Least(F("budget"), budget))


def lock(ids: Sequence[UUID], today: date, *, budget: int | None) -> QuerySet[Volunteer]:
    """The active ones of these who may still be asked, with their person, held until the end of the transaction.

    Whom somebody else holds is left out. Without a budget somebody has chosen them, and waits the moment.
    """
    rows = Volunteer.objects.filter(pk__in=ids, state=Volunteer.State.ACTIVE)
    # Writing to them asks how they want to be told.
    rows = rows.select_related("person__wishes")
    if budget is not None:
        rows = rows.filter(within(today, budget))
    return rows.select_for_update(of=("self",), skip_locked=budget is not None)


def count(volunteers: Sequence[Volunteer], today: date) -> None:
    """Each of these, locked before, is asked once more."""
    Volunteer.objects.filter(pk__in=[volunteer.pk for volunteer in volunteers]).update(
        asked_count=When_(When(asked_on=today, then=F("asked_count") + 1), default=Value(1)),
        asked_on=today,
        asked_total=F("asked_total") + 1,
    )


def give_back(volunteers: Sequence[Volunteer]) -> None:
    """Each of these, counted in this transaction, could not be asked after all: no message reaches them."""
    Volunteer.objects.filter(pk__in=[volunteer.pk for volunteer in volunteers]).update(
        asked_count=F("asked_count") - 1, asked_total=F("asked_total") - 1
    )

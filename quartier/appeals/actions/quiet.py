"""Whoever was asked often and has not answered for a month is asked once whether they want a break; from then on others
are asked before them, until they answer something."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from quartier.appeals import queries, rules
from quartier.appeals.actions.ledger import changed
from quartier.appeals.models import Appeal, Invitation
from quartier.matching.models import Offer
from quartier.people.models import Volunteer
from quartier.team.access import system
from quartier.team.models import Organisation


def ask_quiet(now: datetime) -> int:
    """Make an appeal to those who have been silent, once a week for each organisation in which there are some. Returns
    how many."""
    lately = Appeal.objects.filter(
        organisation=OuterRef("pk"), purpose=Appeal.Purpose.QUIET, created_at__gt=now - rules.QUIET_EVERY
    )
    return sum(_ask_quiet(each, now) for each in Organisation.objects.exclude(Exists(lately)).order_by("pk"))


@transaction.atomic
def _ask_quiet(organisation: Organisation, now: datetime) -> bool:
    locked = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    appeal = Appeal(
        organisation=locked,
        purpose=Appeal.Purpose.QUIET,
        idle_days=rules.QUIET_DAYS,
        wanted=1,
        most=1,
        next_at=now,
        ends_at=now + rules.QUIET_LASTS,
        created_at=now,
    )
    found = len(queries.could_be_asked(appeal, now))
    if not found:
        return False
    # Everybody is asked, and a yes of some is not enough.
    appeal.wanted = appeal.most = min(found, rules.MOST_ASKED)
    appeal.save()
    changed(system(locked), "make", appeal, purpose=appeal.purpose, wanted=appeal.wanted, most=appeal.most)
    return True


def ask_less(volunteers: list[Volunteer]) -> None:
    """From now on others are asked before these. What is learnt of their answers may say more, and stays."""
    rows = Volunteer.objects.filter(pk__in=[each.pk for each in volunteers])
    rows.filter(habit_m__lt=rules.QUIET_HABIT_M).update(habit_m=rules.QUIET_HABIT_M)


def ask_as_before(now: datetime) -> int:
    """Whoever has answered an offer since they were asked, or that question, is asked as everybody is after a break.
    Returns how many. Where a group learns from answers, that is learnt there."""
    quiet = Invitation.objects.filter(
        appeal__purpose=Appeal.Purpose.QUIET, created_at__gt=now - rules.QUIET_AGAIN
    )
    asked = quiet.filter(volunteer=OuterRef("pk"))
    before = quiet.filter(volunteer=OuterRef("volunteer"), created_at__lt=OuterRef("answered_at"))
    offers = Offer.objects.filter(Exists(before), volunteer=OuterRef("pk"), answered_at__isnull=False)
    said = Exists(asked.filter(answered_at__isnull=False))
    rows = Volunteer.objects.filter(Exists(asked), habit_m=rules.QUIET_HABIT_M)
    return rows.filter(Q(said) | Exists(offers)).update(habit_m=0)

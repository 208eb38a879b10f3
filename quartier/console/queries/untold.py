"""What could not be written to somebody, so that one of us tells them by phone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.functional import Promise as Words
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.companions.actions.ledger import PAIRING
from quartier.companions.models import Pairing
from quartier.companions.rules import first_call
from quartier.look import rules as look
from quartier.messaging.window_words import pause_words
from quartier.people.models import Person, Volunteer
from quartier.promises.models import Promise
from quartier.team.models import Organisation
from quartier.visits.actions.membership import VOLUNTEER

KINDS = (PAIRING, VOLUNTEER)
MEMBERSHIP = {
    Volunteer.State.ACTIVE: gettext_lazy("Say that we can ask them for help again."),
    Volunteer.State.SUSPENDED: gettext_lazy("Say, with thanks, that they are no longer a volunteer for now."),
}


@dataclass(frozen=True)
class UntoldRow:
    """Somebody to call: what to say, and the page on which their number stands."""

    promise: Promise
    person: Person
    words: str | Words
    page: str
    key: object

    @property
    def minutes(self) -> int:
        return max(1, round((self.promise.due_at - self.promise.waiting_since) / timedelta(minutes=1)))


def untold_promises(organisation: Organisation) -> QuerySet[Promise]:
    """What we could not write to somebody, and tell them."""
    return Promise.objects.filter(
        organisation=organisation, subject_kind__in=KINDS, outcome="", person__isnull=False
    )


def untold(organisation: Organisation, now: datetime, limit: int) -> list[UntoldRow]:
    """Whose hour comes first, first. Three queries at most, one where there is nobody."""
    owed = untold_promises(organisation)
    rows = list(owed.select_related("person").order_by("due_at", "pk")[:limit])
    ids = {kind: [row.subject_id for row in rows if row.subject_kind == kind] for kind in KINDS}
    pairings = Pairing.objects.filter(pk__in=ids[PAIRING]).select_related("wish") if ids[PAIRING] else []
    volunteers = Volunteer.objects.filter(pk__in=ids[VOLUNTEER]) if ids[VOLUNTEER] else []
    about = {
        **{
            each.pk: (_of_calls(each, organisation, now), "case_page", each.wish.case_id) for each in pairings
        },
        **{each.pk: (_of_membership(each), "volunteer_page", each.pk) for each in volunteers},
    }
    return [
        UntoldRow(row, row.person, *about[row.subject_id])
        for row in rows
        if row.person is not None and row.subject_id in about
    ]


def _of_calls(pairing: Pairing, organisation: Organisation, now: datetime) -> str:
    if pairing.state == Pairing.State.PAUSED:
        last = pairing.paused_until and pairing.paused_until - timedelta(days=1)
        return _("Say that their regular calls are paused %(rests)s.") % {"rests": pause_words(None, last)}
    first = first_call(pairing, now, organisation.zone)
    if first is None:
        return _("Say when they will be called regularly.")
    when = look.day_time(first, now)
    return _("Say when they will be called regularly: the next time is %(when)s.") % {"when": when}


def _of_membership(volunteer: Volunteer) -> str | Words:
    if volunteer.state in MEMBERSHIP:
        return MEMBERSHIP[Volunteer.State(volunteer.state)]
    last = volunteer.paused_until and volunteer.paused_until - timedelta(days=1)
    return _("Say that we have noted a break for them %(rests)s.") % {"rests": pause_words(None, last)}

"""What was really done to reach somebody of a campaign: who called, who was asked to go, who went. On these words
somebody decides whether to break a door, so each stands on a row: a call on its audit entry, a neighbour on their
offer or visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quartier.audit.models import Entry
from quartier.followup.models import CheckIn
from quartier.look import rules as look
from quartier.matching.models import Offer
from quartier.people.queries import first_name
from quartier.team.models import Account
from quartier.visits.models import Assignment

TRIED_VERB = "check_in.tried"
State = CheckIn.State


@dataclass(frozen=True)
class DoorVisit:
    """A neighbour who said yes to knocking: who, since when it stands like this, and how (as `Assignment`)."""

    name: str
    state: str
    failure: str
    at: datetime

    def __str__(self) -> str:
        values = {"name": self.name, "time": look.clock_time(self.at)}
        if self.state == Assignment.State.DONE:
            return _("{name} was there at {time}").format(**values)
        if self.state == Assignment.State.ON_WAY:
            return _("{name} has been on the way since {time}").format(**values)
        if self.state == Assignment.State.ACCEPTED:
            return _("{name} has said yes, and nothing since").format(**values)
        if self.failure == Assignment.Failure.NOBODY_HOME:
            return _("{name} was there at {time}, nobody opened").format(**values)
        if self.failure == Assignment.Failure.WRONG_ADDRESS:
            return _("{name} did not find the door at {time}").format(**values)
        return _("{name} said yes and did not go").format(**values)


@dataclass(frozen=True)
class LadderHistory:
    """What was done for one person. `callers`: who of the team called, each once; `asked`: neighbours who were asked to
    knock."""

    calls: int = 0
    callers: tuple[str, ...] = ()
    asked: int = 0
    visits: tuple[DoorVisit, ...] = ()

    @property
    def anybody_went(self) -> bool:
        went = {Assignment.Failure.NOBODY_HOME, Assignment.Failure.WRONG_ADDRESS}
        return any(each.state == Assignment.State.DONE or each.failure in went for each in self.visits)

    def __str__(self) -> str:
        """`called twice by Lotte, 4 neighbours asked, nobody went`: in the language that is active."""
        said = []
        if self.calls:
            words = ngettext("called {count} time by {names}", "called {count} times by {names}", self.calls)
            said.append(words.format(count=self.calls, names=", ".join(self.callers) or _("one of us")))
        else:
            said.append(_("nobody called"))
        if self.asked:
            words = ngettext("{count} neighbour asked to go", "{count} neighbours asked to go", self.asked)
            said.append(words.format(count=self.asked))
        said += [str(each) for each in self.visits]
        if not self.anybody_went:
            said.append(_("nobody went"))
        return ", ".join(said)


def ladder_histories(rows: Sequence[CheckIn]) -> dict[UUID, LadderHistory]:
    """By check-in, what was done. Four queries, however many."""
    tried: dict[UUID, list[UUID | None]] = {row.pk: [] for row in rows}
    requests = {row.request_id: row.pk for row in rows if row.request_id}
    if rows:
        entries = Entry.objects.filter(
            organisation_id=rows[0].organisation_id, subject_id__in=list(tried), verb=TRIED_VERB
        )
        for subject, actor in entries.order_by("at").values_list("subject_id", "actor_id"):
            if subject is not None:
                tried[subject].append(actor)
    accounts = {actor for actors in tried.values() for actor in actors if actor}
    # Names are sealed: rows open them, lists of values do not.
    callers = Account.objects.filter(pk__in=accounts).only("name") if accounts else []
    names = {account.pk: account.name.split(" ")[0] for account in callers}
    asked, visits = _of_neighbours(list(requests)) if requests else ({}, {})
    return {
        row.pk: LadderHistory(
            calls=len(tried[row.pk]),
            callers=tuple(dict.fromkeys(names[actor] for actor in tried[row.pk] if actor in names)),
            asked=asked.get(row.request_id, 0),
            visits=tuple(visits.get(row.request_id, ())),
        )
        for row in rows
    }


def _of_neighbours(
    requests: list[UUID],
) -> tuple[dict[UUID | None, int], dict[UUID | None, list[DoorVisit]]]:
    offers = Offer.made.filter(request__in=requests).order_by()
    counted = offers.values_list("request").annotate(count=Count("volunteer", distinct=True))
    asked: dict[UUID | None, int] = dict(counted)
    visits: dict[UUID | None, list[DoorVisit]] = {}
    rows = Assignment.objects.filter(request__in=requests).exclude(state=Assignment.State.CANCELLED)
    for row in rows.select_related("volunteer__person").order_by("accepted_at"):
        at = row.ended_at or row.on_way_at or row.accepted_at
        visit = DoorVisit(first_name(row.volunteer.person), row.state, row.failure, at)
        visits.setdefault(row.request_id, []).append(visit)
    return asked, visits


def tally_words(states: Mapping[str, int]) -> str:
    """How many are well, need help, were not reached: in the language that is active."""
    well = states.get(State.FINE, 0) + states.get(State.KNOCKED, 0)
    said = [ngettext("{count} is well", "{count} are well", well).format(count=well)]
    if count := states.get(State.NEEDS_HELP, 0):
        said.append(ngettext("{count} needs help", "{count} need help", count).format(count=count))
    if count := states.get(State.ALERTED, 0):
        said.append(
            ngettext("{count} was not reached", "{count} were not reached", count).format(count=count)
        )
    return ", ".join(said)

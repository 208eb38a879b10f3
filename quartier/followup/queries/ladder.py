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
from quartier.lib.elision import elided
from quartier.lib.names import first_name_in
from quartier.look import rules as look
from quartier.matching.models import ASKED, Offer
from quartier.people.queries import first_name
from quartier.team.models import Account
from quartier.visits.models import Assignment

TRIED_VERB = "check_in.tried"
MAX_NAMES = 3
State = CheckIn.State


@dataclass(frozen=True)
class DoorVisit:
    """A neighbour who said yes to knocking: who, since when it stands like this, and how (as `Assignment`)."""

    name: str
    state: str
    failure: str
    at: datetime

    def __str__(self) -> str:
        # With its day, whenever it is read: these words stand in letters of the next morning too.
        when = _("%(day)s at %(time)s") % {"day": look.full_day(self.at), "time": look.clock_time(self.at)}
        values = {"name": self.name, "when": when}
        if self.state == Assignment.State.DONE:
            return _("{name} was there on {when}").format(**values)
        if self.state == Assignment.State.ON_WAY:
            return _("{name} has been on the way since {when}").format(**values)
        if self.state == Assignment.State.ACCEPTED:
            return _("{name} has said yes, and nothing since").format(**values)
        if self.failure == Assignment.Failure.NOBODY_HOME:
            return _("{name} was there on {when}, no one opened the door").format(**values)
        if self.failure == Assignment.Failure.WRONG_ADDRESS:
            return _("{name} did not find the door on {when}").format(**values)
        return _("{name} said yes and did not go").format(**values)


@dataclass(frozen=True)
class LadderHistory:
    """What was done for one person. `callers`: who of the team called, each once; `asked`: neighbours who were asked to
    knock; `unanswered`: how many calls nobody has answered since they said something, the last of them at
    `last_call_at`."""

    calls: int = 0
    callers: tuple[str, ...] = ()
    asked: int = 0
    visits: tuple[DoorVisit, ...] = ()
    unanswered: int = 0
    last_call_at: datetime | None = None

    def vain_words(self, now: datetime) -> str:
        """`No one answered 2 calls, the last one today at 2.20 pm`; '' where nobody called in vain. In the language
        that is active."""
        if not self.unanswered or self.last_call_at is None:
            return ""
        words = ngettext(
            "No one answered {count} call, {when}",
            "No one answered {count} calls, the last one {when}",
            self.unanswered,
        )
        return words.format(count=self.unanswered, when=look.day_time(self.last_call_at, now))

    @property
    def is_left_alone(self) -> bool:
        """Nobody has called, and nobody was at the door or is on the way."""
        going = any(each.state in Assignment.ACTIVE for each in self.visits)
        return not (self.calls or going or self.anybody_went)

    @property
    def anybody_went(self) -> bool:
        went = {Assignment.Failure.NOBODY_HOME, Assignment.Failure.WRONG_ADDRESS}
        return any(each.state == Assignment.State.DONE or each.failure in went for each in self.visits)

    def __str__(self) -> str:
        """`called twice by Lotte, 4 neighbours asked, nobody went`: in the language that is active."""
        said = []
        if self.calls:
            words = ngettext("called {count} time by {names}", "called {count} times by {names}", self.calls)
            names = ", ".join(self.callers) or _("one of us")
            said.append(elided(words.format(count=self.calls, names=names)))
        else:
            said.append(_("no one called"))
        if self.asked:
            words = ngettext("{count} neighbour asked to go", "{count} neighbours asked to go", self.asked)
            said.append(words.format(count=self.asked))
        said += [str(each) for each in self.visits]
        if not self.anybody_went:
            said.append(_("no one went"))
        return ", ".join(said)


def ladder_histories(rows: Sequence[CheckIn]) -> dict[UUID, LadderHistory]:
    """By check-in, what was done. Four queries, however many."""
    tried: dict[UUID, list[tuple[UUID | None, datetime]]] = {row.pk: [] for row in rows}
    requests = {row.request_id: row.pk for row in rows if row.request_id}
    if rows:
        entries = Entry.objects.filter(
            organisation_id=rows[0].organisation_id, subject_id__in=list(tried), verb=TRIED_VERB
        )
        for subject, actor, at in entries.order_by("at").values_list("subject_id", "actor_id", "at"):
            if subject is not None:
                tried[subject].append((actor, at))
    accounts = {actor for calls in tried.values() for actor, _at in calls if actor}
    # Names are sealed: rows open them, lists of values do not.
    callers = Account.objects.filter(pk__in=accounts).only("name") if accounts else []
    names = {account.pk: first_name_in(account.name) for account in callers}
    asked, visits = _of_neighbours(list(requests)) if requests else ({}, {})
    found = {}
    for row in rows:
        vain = [at for _actor, at in tried[row.pk] if row.answered_at is None or at > row.answered_at]
        found[row.pk] = LadderHistory(
            calls=len(tried[row.pk]),
            callers=tuple(dict.fromkeys(names[actor] for actor, _at in tried[row.pk] if actor in names)),
            asked=asked.get(row.request_id, 0),
            visits=tuple(visits.get(row.request_id, ())),
            unanswered=len(vain),
            last_call_at=vain[-1] if vain else None,
        )
    return found


def _of_neighbours(
    requests: list[UUID],
) -> tuple[dict[UUID | None, int], dict[UUID | None, list[DoorVisit]]]:
    offers = Offer.made.filter(ASKED, request__in=requests).order_by()
    counted = offers.values_list("request").annotate(count=Count("volunteer", distinct=True))
    asked: dict[UUID | None, int] = dict(counted)
    visits: dict[UUID | None, list[DoorVisit]] = {}
    rows = Assignment.objects.filter(request__in=requests).exclude(state=Assignment.State.CANCELLED)
    for row in rows.select_related("volunteer__person").order_by("accepted_at"):
        at = row.ended_at or row.on_way_at or row.accepted_at
        visit = DoorVisit(first_name(row.volunteer.person), row.state, row.failure, at)
        visits.setdefault(row.request_id, []).append(visit)
    return asked, visits


def tally_words(states: Mapping[str, int], left_alone: Sequence[str] = ()) -> str:
    """How many are well, need help, were not reached: in the language that is active. `left_alone`: the names of those
    among these whom nobody has called, and to whose door nobody went."""
    well = states.get(State.FINE, 0) + states.get(State.KNOCKED, 0)
    said = [ngettext("{count} is OK", "{count} are OK", well).format(count=well)]
    if count := states.get(State.NEEDS_HELP, 0):
        said.append(ngettext("{count} needs help", "{count} need help", count).format(count=count))
    if count := states.get(State.ALERTED, 0) - len(left_alone):
        said.append(
            ngettext("{count} was not reached", "{count} were not reached", count).format(count=count)
        )
    if left_alone:
        words = ngettext(
            "{count} did not answer, with no call and no visit ({names})",
            "{count} did not answer, with no call and no visit ({names})",
            len(left_alone),
        )
        said.append(words.format(count=len(left_alone), names=names_words(left_alone)))
    return ", ".join(said)


def names_words(names: Sequence[str]) -> str:
    """`Albert, Rosa, Zoé and 4 more`, in the language that is active."""
    return and_more(list(names[:MAX_NAMES]), len(names) - MAX_NAMES, ", ")


def and_more(said: list[str], more: int, between: str) -> str:
    """These, and how many more there are."""
    words = between.join(said)
    if more <= 0:
        return words
    return ngettext("{words} and {count} more", "{words} and {count} others", more).format(
        words=words, count=more
    )

"""Everybody of a list is asked whether they are well; a concern is looked after; an incident runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from quartier.alerts import actions as alerts
from quartier.cases.models import Case, Request
from quartier.concerns import actions as concerns
from quartier.concerns.actions import Raised
from quartier.followup import actions as followup
from quartier.followup.models import Campaign, CheckIn, FollowUp, Member
from quartier.incidents import actions as incidents
from quartier.incidents.actions import Opening
from quartier.incidents.shipped import TEMPLATES
from quartier.lib import choices, clock
from quartier.sim.showing import words
from quartier.team.access import link, system

if TYPE_CHECKING:
    from quartier.sim.showing.shown import Shown

MEMBERS = 40
OCCASION = "lockdown"
BEGAN = timedelta(minutes=110)
# Long enough at each step that whoever looks at it within some hours finds it half way.
ANSWER_MINUTES, CALL_MINUTES, KNOCK_MINUTES = 300, 480, 480
FINE_NOW = 0.09


class Watched:
    """Who is asked whether they are well."""

    def __init__(self, shown: "Shown") -> None:
        self._shown = shown
        self._campaign: Campaign | None = None

    def plan(self, first: datetime) -> None:
        """The incident from the first day on, the concern of yesterday, the campaign of the last hours."""
        shown = self._shown
        shown.at(first, ("incident",), self._opens)
        shown.at(shown.ends - timedelta(hours=21), ("concern",), self._worries)
        shown.at(shown.ends - BEGAN, ("check-ins",), self._begins)
        step = BEGAN - timedelta(minutes=10)
        while step > timedelta(minutes=2):
            shown.at(shown.ends - step, ("answers",), self._goes_on)
            step -= timedelta(minutes=12)

    def _opens(self) -> None:
        """An illness that goes around; whatever is needed besides can still be asked for."""
        usual = [kind.code for kind in choices.EVERYDAY]
        kinds = [*TEMPLATES["pandemic"].kinds, *usual]
        incidents.open_incident(
            actor=self._shown.admin,
            incident_id=uuid4(),
            opening=Opening("pandemic", list(dict.fromkeys(kinds))),
        )

    def _worries(self) -> None:
        """Somebody's daughter is worried; a coordinator has taken it."""
        concern, _token = concerns.raise_concern(
            actor=system(self._shown.organisation),
            said=Raised("unknown", words.WORRY, "anybody", contact="Nathalie, 02 000 98 12"),
        )
        alerts.take(actor=self._shown.coordinator, alert_id=concern.alert_id)

    def _begins(self) -> None:
        shown = self._shown
        found = Case.objects.filter(
            organisation=shown.organisation, requests__closure=Request.Closure.FULFILLED, person__died_at=None
        ).exclude(requests__state__in=[Request.State.OPEN, Request.State.HUMAN, Request.State.COVERED])
        seen: set[object] = set()
        for case in found.select_related("person").order_by("opened_at").distinct():
            if case.person_id in seen or len(seen) >= MEMBERS:
                continue
            seen.add(case.person_id)
            day = case.opened_at.astimezone(shown.organisation.zone).date()
            agreed = followup.Agreed((OCCASION, "heat"), Member.Consent.CALL, day)
            followup.agree(actor=shown.operator, person=case.person, agreed=agreed, case=case)
        if not seen:
            return
        plan = followup.Plan(
            OCCASION,
            asks=1,
            answer_minutes=ANSWER_MINUTES,
            call_minutes=CALL_MINUTES,
            knock_minutes=KNOCK_MINUTES,
        )
        self._campaign = followup.start(actor=shown.coordinator, plan=plan)
        self._goes_on()

    def _goes_on(self) -> None:
        """The ladder climbs; some answer, some are called by the team, one needs help, to one a neighbour goes."""
        if self._campaign is None:
            return
        while followup.climb(clock.now()):
            pass
        self._answer()
        self._call()

    def _rows(self, state: str) -> Sequence[CheckIn]:
        assert self._campaign is not None
        rows = self._campaign.check_ins.filter(state=state).select_related("member__person", "organisation")
        return list(rows.order_by("pk"))

    def _answer(self) -> None:
        shown = self._shown
        for place, row in enumerate(self._rows(CheckIn.State.ASKED)):
            chance = shown.chance.of("well", clock.now(), place).random()
            if chance < FINE_NOW:
                actor = link(shown.organisation, row.member.person_id)
                followup.check_answer(actor=actor, check_in=row, fine=True, by=FollowUp.By.WEB)

    def _call(self) -> None:
        """One of those who can only be called, each time; the first of them needs help, nobody opens to the third."""
        shown = self._shown
        assert self._campaign is not None
        calling = self._rows(CheckIn.State.CALLING)
        spoken = self._campaign.check_ins.filter(by=FollowUp.By.CALL).count()
        if len(calling) < 4:
            return
        row = calling[0]
        if not self._rows(CheckIn.State.KNOCKING) and spoken >= 3:
            followup.send_neighbour(actor=shown.operator, check_in=row)
            return
        followup.claim_check(actor=shown.operator, check_in=row)
        needs = spoken == 0
        said = words.of(words.COLD, row.member.person.language) if needs else ""
        followup.check_answer(
            actor=shown.operator, check_in=row, fine=not needs, by=FollowUp.By.CALL, words=said
        )

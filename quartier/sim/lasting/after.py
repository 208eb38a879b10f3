"""Afterwards: who was helped says how it was, by text, on a page or to an operator; a coordinator calls back."""

import random
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.followup import actions
from quartier.followup.models import FollowUp, HelperSays
from quartier.followup.rules import FINE, NOT_FINE, Said
from quartier.lib import background, clock
from quartier.people.models import Person
from quartier.sim.behaviour import behaviour, lognormal
from quartier.sim.lasting import said
from quartier.team.access import Actor, link
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

if TYPE_CHECKING:
    from quartier.sim.crisis import Crisis

# The schedules of the worker that matter here, looked at so often: a question is due hours after its visit.
SCHEDULES = ("followup.plan", "followup.expire")
EVERY = timedelta(hours=2)
LATE = timedelta(seconds=10)
# Of a visit that failed: the share that still wants a call.
STILL_WANTS = 0.2
# An operator has called so many minutes after somebody stands on the list; a coordinator looks after a bad answer.
CALLS_MIN, LOOKS_AFTER_MIN = 60.0, 90.0
ASKED, TO_CALL = FollowUp.State.ASKED, FollowUp.State.TO_CALL


class After:
    """The questions of one crisis. `reopened`: how many bad answers opened a request again."""

    def __init__(self, crisis: "Crisis") -> None:
        self._crisis = crisis
        self._seen: set[UUID] = set()
        self._since = clock.now()
        self.reopened = 0
        self._tick()

    def _tick(self) -> None:
        for name in SCHEDULES:
            background.SCHEDULES[name].function()
        self._crisis.at(clock.now() + EVERY, ("afterwards",), self._tick)

    def look(self) -> None:
        """Who has just been asked reads it; who is to be called stands on the operators' list."""
        fresh = FollowUp.objects.filter(state__in=FollowUp.OPEN, asked_at__gte=self._since - LATE)
        self._since = clock.now()
        for row in fresh.select_related("person", "assignment__request"):
            if row.pk not in self._seen:
                self._seen.add(row.pk)
                self._asked(row)

    def _asked(self, row: FollowUp) -> None:
        crisis, figures = self._crisis, behaviour()["afterwards"]
        what, draw = crisis.number(row.assignment.request_id), self._draw(row)
        if row.state == TO_CALL:
            at = crisis.in_office(crisis.after(lognormal(draw, CALLS_MIN), "team"))
            crisis.at(at, ("ask her", what), lambda: self._call(row.pk, draw))
        elif draw.random() < figures["answers"]:
            at = crisis.awake(crisis.after(lognormal(draw, figures["answers_median_min"]), "answer"))
            by = FollowUp.By.TEXT if row.person.channel == Person.Channel.TEXT else FollowUp.By.WEB
            actor = link(crisis.organisation, row.person_id)
            crisis.at(at, ("says", what), lambda: self._answer(row.pk, actor, by, draw))

    def _call(self, follow_up_id: UUID, draw: random.Random) -> None:
        """An operator calls, and writes down what is said; if nobody answers, some hours later once more."""
        row, crisis = self._row(follow_up_id), self._crisis
        if row.state != TO_CALL or row.person.died_at or row.expires_at <= clock.now():
            return
        try:
            actions.claim(actor=crisis.operator, follow_up=row)
        except actions.TakenAlready:
            return
        if draw.random() < behaviour()["line"]["picks_up"]:
            self._answer(follow_up_id, crisis.operator, FollowUp.By.CALL, draw)
            return
        row = actions.nobody_answered(actor=crisis.operator, follow_up=row)
        if row.state == TO_CALL:
            at = crisis.in_office(row.due_at + timedelta(minutes=lognormal(draw, CALLS_MIN)))
            what = crisis.number(row.assignment.request_id)
            crisis.at(at, ("ask her", what), lambda: self._call(follow_up_id, draw))

    def _answer(self, follow_up_id: UUID, actor: Actor, by: str, draw: random.Random) -> None:
        row, crisis = self._row(follow_up_id), self._crisis
        if row.assignment.request.case.person.died_at or row.person.died_at:
            return
        says = self._says(row, draw)
        before = Request.objects.values_list("reopened", flat=True).get(pk=row.assignment.request_id)
        kept = actions.answer(actor=actor, follow_up=row, said=says, by=by)
        if not kept.is_bad:
            return
        now = Request.objects.values_list("reopened", flat=True).get(pk=row.assignment.request_id)
        self.reopened += now > before
        at = crisis.in_office(crisis.after(lognormal(draw, LOOKS_AFTER_MIN), "team"))
        what = crisis.number(row.assignment.request_id)
        crisis.at(at, ("look after", what), lambda: self._look_after(row.pk))

    def _look_after(self, follow_up_id: UUID) -> None:
        """A coordinator has read it, and called her."""
        actions.look_after(actor=self._crisis.coordinator, follow_up=self._row(follow_up_id))

    def _says(self, row: FollowUp, draw: random.Random) -> Said:
        figures = behaviour()["afterwards"]
        if row.assignment.state != Assignment.State.DONE:
            return NOT_FINE if draw.random() < STILL_WANTS else FINE
        words = ""
        if draw.random() < figures["words"]:
            words = said.afterwards(draw, row.person.language)
        if draw.random() < figures["nobody_came"]:
            return Said(happened=False, words=words)
        chance = draw.random()
        how = FollowUp.How.GOOD
        if chance < figures["very_good"]:
            how = FollowUp.How.VERY_GOOD
        elif chance > 1 - figures["not_good"]:
            how = FollowUp.How.NOT_GOOD
        return Said(True, how, draw.random() < figures["wants_call"], words)

    def talks(self, request: Request, tries: int) -> bool:
        """A coordinator calls about a bad answer: what was said is enough, or a neighbour goes again. False: it is here
        for another reason."""
        bad = FollowUp.objects.filter(assignment__request=request, is_bad=True, state=FollowUp.State.ANSWERED)
        rows = list(bad.order_by("answered_at", "pk"))
        if not rows:
            return False
        crisis = self._crisis
        for row in rows:
            if row.looked_after_at is None:
                actions.look_after(actor=crisis.coordinator, follow_up=row)
        draw = crisis.chance.of("talks", crisis.number(request.pk), request.reopened, tries)
        if draw.random() < behaviour()["afterwards"]["settled_by_a_call"]:
            visits.end_request(actor=crisis.coordinator, request=request, closure=Request.Closure.FULFILLED)
        else:
            cases.look_again(actor=crisis.coordinator, request=request, from_start=True)
        return True

    def done(self, assignment: Assignment, actor: Actor) -> None:
        """Some volunteers say how it was for them."""
        figures, crisis = behaviour()["afterwards"], self._crisis
        what, who = crisis.number(assignment.request_id), crisis.who(assignment)
        draw = crisis.chance.of("helper says", what, who, assignment.request.reopened)
        if draw.random() >= figures["helper_says"]:
            return
        chance, how = draw.random(), HelperSays.How.GOOD
        if chance < figures["helper_hard"]:
            how = HelperSays.How.HARD
        elif chance < figures["helper_hard"] + figures["helper_fair"]:
            how = HelperSays.How.FAIR
        at = crisis.awake(crisis.after(lognormal(draw, CALLS_MIN), "answer"))
        crisis.at(
            at,
            ("helper says", who, what),
            lambda: self._helper_says(assignment, actor, how),
        )

    def _helper_says(self, assignment: Assignment, actor: Actor, how: str) -> None:
        actions.helper_says(actor=actor, assignment=assignment, how=how)

    def _draw(self, row: FollowUp) -> random.Random:
        crisis, visit = self._crisis, row.assignment
        return crisis.chance.of(
            "afterwards", crisis.number(visit.request_id), crisis.who(visit), visit.request.reopened
        )

    def _row(self, follow_up_id: UUID) -> FollowUp:
        return FollowUp.objects.select_related(
            "organisation", "person", "assignment__request__case__person"
        ).get(pk=follow_up_id)

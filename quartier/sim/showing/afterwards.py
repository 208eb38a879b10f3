"""What people say after a visit: on their page, or to somebody of the team who calls."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from quartier.followup import actions as followup
from quartier.followup.models import FollowUp
from quartier.followup.rules import Said
from quartier.lib import clock
from quartier.sim.showing import words
from quartier.team.access import link

if TYPE_CHECKING:
    from quartier.sim.showing.shown import Shown

ANSWERS, SAYS_MORE, HAS_WORDS = 0.6, 0.4, 0.35
# One of so many says that it was not good; and one of the last day, who still waits for somebody.
BAD_AMONG = 45


class Afterwards:
    """Answers, three times a day."""

    def __init__(self, shown: "Shown") -> None:
        self._shown = shown
        self._heard: set[object] = set()
        self._waits = False

    def plan(self, first: datetime) -> None:
        """From the first day on."""
        for hour in (9, 13, 18):
            self._shown.every_day(first, hour, f"after {hour}", self._hear)
        self._shown.at(self._shown.ends - timedelta(minutes=90), ("waits",), self._leave_open)

    def _leave_open(self) -> None:
        """Whoever looks around finds one answer that waits: if none came of itself, somebody answers late."""
        rows = FollowUp.objects.filter(
            organisation=self._shown.organisation, state__in=[FollowUp.State.ASKED, FollowUp.State.EXPIRED]
        )
        for row in rows.select_related("person").order_by("-asked_at")[:1]:
            if not self._waits:
                self._waits = True
                actor = link(self._shown.organisation, row.person_id)
                said = Said(True, 1, words=words.of(words.NOT_WELL, row.person.language)[0])
                followup.answer(actor=actor, follow_up=row, said=said, by=FollowUp.By.WEB)

    def _hear(self) -> None:
        shown = self._shown
        followup.plan(clock.now())
        followup.expire(clock.now())
        bad = FollowUp.objects.filter(organisation=shown.organisation, is_bad=True, looked_after_at=None)
        for row in bad.order_by("answered_at") if not shown.last_day else []:
            followup.look_after(actor=shown.coordinator, follow_up=row)
        asked = FollowUp.objects.filter(
            organisation=shown.organisation, state__in=[FollowUp.State.ASKED, FollowUp.State.TO_CALL]
        ).select_related("person")
        for row in asked.order_by("asked_at"):
            if row.pk not in self._heard and not (shown.last_day and row.state == FollowUp.State.TO_CALL):
                self._heard.add(row.pk)
                self._answers(row)

    def _answers(self, row: FollowUp) -> None:
        shown = self._shown
        draw = shown.chance.of("after", len(self._heard))
        called = row.state == FollowUp.State.TO_CALL
        if draw.random() > (0.85 if called else ANSWERS):
            return
        bad = len(self._heard) % BAD_AMONG == BAD_AMONG // 2
        if shown.last_day:
            bad, self._waits = not self._waits, True
        how = 1 if bad else draw.choice((2, 3, 3))
        text = words.of(words.NOT_WELL if bad else words.WELL, row.person.language)
        said = Said(
            happened=not bad or draw.random() < 0.6,
            how=how,
            words=draw.choice(text) if bad or draw.random() < HAS_WORDS else "",
        )
        if called:
            with suppress(followup.TakenAlready):
                followup.claim(actor=shown.operator, follow_up=row)
                followup.answer(actor=shown.operator, follow_up=row, said=said, by=FollowUp.By.CALL)
            return
        by = draw.choice((FollowUp.By.WEB, FollowUp.By.WEB, FollowUp.By.TEXT))
        followup.answer(actor=link(shown.organisation, row.person_id), follow_up=row, said=said, by=by)

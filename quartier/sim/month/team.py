"""A team that is awake: it reads what it is told, calls back, and looks at the board by day."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse
from django.utils import translation

from quartier.alerts.models import Alert
from quartier.cases.models import Request
from quartier.followup.models import CheckIn
from quartier.lib import clock, hours
from quartier.promises.models import Promise
from quartier.sim.month.pages import PageVisitor
from quartier.visits.models import Assignment

if TYPE_CHECKING:
    from quartier.sim.month.play import MonthPlay

# So often somebody looks, and so much later what they have seen is done.
LOOK_INTERVAL = timedelta(minutes=60)
CLOSING_WORDS = "Appelée, tout va bien."
GOES_TO_PARTNER_SHARE = 0.5


class AwakeTeam:
    """What Thomas does, and Sara while he is on holiday. What he can be told in the evening or on a Sunday waits."""

    def __init__(self, play: "MonthPlay") -> None:
        self._play = play
        self._next = clock.now()

    def look(self) -> None:
        """Do what is waiting, if it is time to look."""
        now, org = clock.now(), self._play.organisation
        if now < self._next or not hours.is_within(now, org.opens, org.closes, org.zone):
            return
        self._next = now + LOOK_INTERVAL
        today = now.astimezone(org.zone).date()
        first, last = self._play.plan.holiday
        name = "Sara" if first <= today <= last else "Thomas"
        visitor = PageVisitor(account=self._play.cast.team[name])
        self._call_who_waits(visitor)
        self._tell_who_comes(visitor)
        self._call_members(visitor)
        self._see_to_alerts(visitor)

    def _call_who_waits(self, visitor: PageVisitor) -> None:
        """Whoever needs one of us is called; then neighbours are asked again, or it goes to a partner."""
        rows = Request.objects.filter(organisation=self._play.organisation, state=Request.State.HUMAN)
        for request in rows.order_by("waiting_since", "pk"):
            number = self._play.askers.number(request.pk)
            if request.taken_by_id is None:
                _press(visitor, "request_act", request.pk, do="take")
                _press(visitor, "request_act", request.pk, do="contact", sure="1")
            draw = self._play.chance.of("handled", number, request.reopened)
            if request.why_human in {Request.Why.MODERATION, Request.Why.WORDS, Request.Why.FAILED}:
                _press(visitor, "request_act", request.pk, do="look_again", from_start="1")
            elif self._is_promise_near(request) or draw.random() < GOES_TO_PARTNER_SHARE:
                _press(visitor, "request_close", request.pk, closure=Request.Closure.REFERRED, note="")

    def _is_promise_near(self, request: Request) -> bool:
        soon = clock.now() + timedelta(hours=2)
        return Promise.objects.filter(subject_id=request.pk, outcome="", due_at__lte=soon).exists()

    def _tell_who_comes(self, visitor: PageVisitor) -> None:
        rows = Assignment.objects.filter(
            organisation=self._play.organisation, state__in=Assignment.ACTIVE, told_at=None
        )
        for row in rows.order_by("accepted_at", "pk"):
            _press(visitor, "request_act", row.request_id, do="told", assignment=str(row.pk))

    def _call_members(self, visitor: PageVisitor) -> None:
        rows = CheckIn.objects.filter(
            organisation=self._play.organisation,
            state__in=[CheckIn.State.CALLING, CheckIn.State.NEEDS_HELP, CheckIn.State.ALERTED],
        ).select_related("member__person")
        for row in rows.order_by("member__created_at", "pk"):
            draw = self._play.chance.of("called", row.member.person.name, row.tries)
            if row.state != CheckIn.State.ALERTED:
                _press(visitor, "check_call", row.pk, do="claim")
                _press(
                    visitor, "check_call", row.pk, do="fine" if draw.random() < 0.5 else "nobody", sure="1"
                )

    def _see_to_alerts(self, visitor: PageVisitor) -> None:
        rows = Alert.objects.filter(organisation=self._play.organisation, state=Alert.State.OPEN)
        for row in rows.order_by("raised_at", "pk"):
            if row.kind == Alert.Kind.CONCERN:
                _press(visitor, "concern_act", row.concern.pk, do="take")
                _press(
                    visitor,
                    "concern_act",
                    row.concern.pk,
                    do="close",
                    words=CLOSING_WORDS,
                    answer=CLOSING_WORDS,
                )
            else:
                _press(visitor, "alert_act", row.pk, do="take")
                _press(visitor, "alert_act", row.pk, do="close", words=CLOSING_WORDS)


def _press(visitor: PageVisitor, name: str, key: object, **fields: str) -> None:
    """Press a button of a page of the team; what is over meanwhile changes nothing."""
    with translation.override("fr"):
        address = reverse(name, args=[key])
    try:
        visitor.post(address, **fields)
    except (OSError, Http404):
        return

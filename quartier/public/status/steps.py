"""What has happened with a request and what comes next, a line each, for the holder of its link."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from quartier.cases.models import Request, Series
from quartier.lib.elision import elided
from quartier.lib.names import first_name_in
from quartier.look import rules as saying
from quartier.people.models import Person
from quartier.visits.models import Assignment

# They were there, and nobody opened or answered.
MET_NOBODY = frozenset({Assignment.Failure.NOBODY_HOME, Assignment.Failure.WRONG_ADDRESS})
# Whoever named no hour of a day has a longer time than this.
WHOLE_DAY = timedelta(hours=10)


@dataclass
class Step:
    """One line of "where we are". `state` as the timeline wants it: '', now, next."""

    title: str
    when: str = ""
    state: str = ""


def first_name(person: Person) -> str:
    """How somebody is called in front of others."""
    return first_name_in(person.name)


def is_day_past(end: datetime, now: datetime) -> bool:
    """Whether a time ended on a day before this one."""
    return timezone.localtime(end).date() < timezone.localtime(now).date()


def steps_of(request: Request, visits: list[Assignment], now: datetime) -> list[Step]:
    """From the asking on; what is next comes last."""

    def at(moment: datetime) -> str:
        return saying.day_time(moment, now)

    steps = [Step(_("Asked"), at(request.created_at))]
    for visit in visits:
        words = {"name": first_name(visit.volunteer.person)}
        if visit.state == Assignment.State.CANCELLED and request.state != Request.State.CLOSED:
            continue
        steps.append(Step(_("%(name)s said yes") % words, at(visit.accepted_at)))
        if visit.failure == Assignment.Failure.NO_SHOW and visit.ended_at:
            steps.append(Step(elided(_("We have not heard from %(name)s") % words), at(visit.ended_at)))
        elif visit.failure == Assignment.Failure.UNTOLD and visit.ended_at:
            steps.append(Step(_("Our message reached %(name)s too late") % words, at(visit.ended_at)))
        elif visit.failure == Assignment.Failure.WRONG_ADDRESS and not request.remote and visit.ended_at:
            steps.append(Step(_("%(name)s did not find the address") % words, at(visit.ended_at)))
        elif visit.failure in MET_NOBODY and visit.ended_at:
            # They were there: nobody reads of them that they did not come.
            tried = (
                _("%(name)s called, with no answer") if request.remote else _("%(name)s rang, with no answer")
            )
            steps.append(Step(tried % words, at(visit.ended_at)))
        elif visit.state == Assignment.State.FAILED and visit.ended_at:
            steps.append(Step(_("%(name)s could not come after all") % words, at(visit.ended_at)))
        if visit.state == Assignment.State.DONE and visit.ended_at:
            steps.append(Step(_("%(name)s says that it is done") % words, at(visit.ended_at)))
    if request.state == Request.State.CLOSED:
        if request.closure == Request.Closure.WITHDRAWN and request.closed_at:
            rests = request.series is not None and request.series.state != Series.State.ENDED
            title = _("Not needed this time") if rests else _("Cancelled")
            steps.append(Step(title, at(request.closed_at)))
        return steps
    active = [visit for visit in visits if visit.state in Assignment.ACTIVE]
    for visit in active:
        words = {"name": first_name(visit.volunteer.person)}
        if visit.state == Assignment.State.ON_WAY and visit.on_way_at:
            steps.append(Step(_("%(name)s is on the way") % words, at(visit.on_way_at), "now"))
        when = when_said(visit.comes_from, visit.comes_until, now)
        rings = _("The phone rings") if request.remote else _("%(name)s rings the bell") % words
        if not is_day_past(visit.comes_until, now):
            steps.append(Step(rings, when, "next"))
    if not active and request.window_until > now:
        if request.state == Request.State.HUMAN and request.why_human in {
            Request.Why.MODERATION,
            Request.Why.WORDS,
        }:
            steps += [
                Step(_("Someone from our team reads it"), "", "now"),
                Step(_("We ask neighbours"), "", "next"),
            ]
        elif request.state == Request.State.HUMAN:
            steps += [Step(_("Someone from our team looks for a way"), "", "now")]
        else:
            steps += [Step(_("We ask neighbours who can do it"), "", "now")]
        steps.append(Step(_("A neighbour says yes"), "", "next"))
    return steps


def when_said(start: datetime, end: datetime, now: datetime) -> str:
    """When somebody comes: a time that was agreed as it is, a long span by its end."""
    if end - start <= WHOLE_DAY and end.minute % 5 == 0:
        return saying.window(start, end, now)
    # Nobody named this minute: it is so many hours after the request.
    return saying.before(end if end.minute % 5 == 0 else end.replace(minute=0), now)

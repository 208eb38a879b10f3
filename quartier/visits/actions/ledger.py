"""What goes with every change of a visit: the audit entry, the open pages, the words to both sides."""

from datetime import datetime
from typing import Any

from quartier.audit import actions as audit
from quartier.cases import actions as cases
from quartier.cases.models import Case
from quartier.lib import clock
from quartier.live import actions as live
from quartier.matching import actions as matching
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.words import TEMPLATES
from quartier.people.models import Person, Volunteer
from quartier.team.access import Actor
from quartier.telephony import actions as telephony
from quartier.visits import rules
from quartier.visits.models import Assignment

# What says that somebody goes or calls: sent after that time, it would say what is over.
AHEAD_TEMPLATES = frozenset(
    {
        "someone_comes",
        "someone_calls",
        "comes_ahead",
        "call_ahead",
        "accepted",
        "call_accepted",
        "visit_ahead",
    }
)


def changed(actor: Actor, verb: str, assignment: Assignment, **details: Any) -> None:
    """Write down what was done, and tell the pages that show it."""
    audit.record(
        organisation_id=assignment.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="assignment",
        subject_id=assignment.id,
        details=details,
    )
    live.touch(
        assignment.organisation_id,
        "board",
        *cases.topics_of(assignment.request.case_id),
        f"volunteer:{assignment.volunteer_id}",
    )


def whom_to_tell(assignment: Assignment) -> Person:
    """Who hears how it goes: who needs help, or who asked for her."""
    case = assignment.request.case
    return case.asked_by if case.tell_asker else case.person


def may_call_each_other(assignment: Assignment) -> None:
    """Both reach each other through the line, as long as the address may be seen. Whoever asked for her stands in
    for somebody who has no phone."""
    case = assignment.request.case
    telephony.open_masked(
        organisation=assignment.request.organisation,
        helper=assignment.volunteer.person,
        helped=case.person if case.person.phone_index else case.asked_by,
        about=assignment.id,
        at=clock.now(),
        until=assignment.comes_until + rules.ACCESS_LASTS,
        coming=telephony.Coming(
            first_name(assignment.volunteer.person),
            assignment.comes_from,
            assignment.comes_until,
            assignment.code_word,
            assignment.request.remote,
        ),
    )


def first_name(person: Person) -> str:
    """How a volunteer is called in front of others: the first name alone."""
    return person.name.split()[0] if person.name.split() else ""


def tell(assignment: Assignment, template: str, **values: Any) -> bool:
    """Write to who hears how it goes. False: they can only be called, and the board shows that."""
    request, person = assignment.request, whom_to_tell(assignment)
    token = cases.issue_link(case=request.case, person=person)
    promises_news = bool(TEMPLATES[template].promises)
    message = messaging.write(
        organisation=request.organisation,
        letter=Letter(
            person,
            template,
            f"{template}:{assignment.id}:{values.pop('again', '')}",
            {
                "name": first_name(assignment.volunteer.person),
                "word": assignment.code_word,
                "kind": request.kind,
                "window": (assignment.comes_from, assignment.comes_until),
                "page": ("status", token),
                **values,
            },
            not_after=_not_after(assignment, template),
            promise=cases.promise_about(request, person=person) if promises_news else None,
        ),
    )
    return message is not None


def _not_after(assignment: Assignment, template: str) -> datetime | None:
    return assignment.comes_until if template in AHEAD_TEMPLATES else None


def tell_who_comes(assignment: Assignment, again: str = "") -> None:
    """Say who comes, when, and the code word; if that takes a call, `told_at` stays empty and a human calls."""
    remote = assignment.request.remote
    if tell(assignment, "someone_calls" if remote else "someone_comes", again=again):
        assignment.told_at = assignment.accepted_at
        cases.person_has_heard(assignment.request)
    else:
        assignment.told_at = None
        cases.team_must_tell(assignment.request)
    assignment.save(update_fields=["told_at"])


def tell_volunteer(assignment: Assignment, template: str, again: str = "", **values: str) -> None:
    """Write to the volunteer; the address is on the page, never in the message."""
    request = assignment.request
    messaging.write(
        organisation=request.organisation,
        letter=Letter(
            assignment.volunteer.person,
            template,
            f"{template}:{assignment.id}:{again}",
            {
                "kind": request.kind,
                "place": (request.case.postcode, request.case.place_name),
                "window": (assignment.comes_from, assignment.comes_until),
                "word": assignment.code_word,
                "page": ("offer_link", matching.token_of(assignment.offer)),
                **values,
            },
            not_after=_not_after(assignment, template),
        ),
    )


def tell_death(volunteer: Volunteer, case: Case, kind: str) -> None:
    """The person has died: said once to each volunteer who was going, however often they were."""
    messaging.write(
        organisation=case.organisation,
        letter=Letter(
            volunteer.person,
            "person_died",
            f"person_died:{case.person_id}:{volunteer.pk}",
            {"kind": kind, "place": (case.postcode, case.place_name), "page": ("volunteer_home",)},
        ),
    )

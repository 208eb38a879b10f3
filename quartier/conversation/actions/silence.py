"""STOP and START. STOP holds at once, on every channel; who helps takes a break, and what they promised stays."""

from quartier.audit import actions as audit
from quartier.conversation.actions import hearing
from quartier.conversation.actions.talk import Meaning, Outcome, Talk, answered_lately, reply
from quartier.messaging import stops
from quartier.people import actions as people
from quartier.people.models import Volunteer

REMIND_ONCE_IN = hearing.ONCE_A_DAY


def stop(talk: Talk) -> Outcome:
    """Nothing more comes, but one word that says so. Said twice, it changes nothing and is not answered again."""
    index = talk.row.sender_index
    if stops.is_stopped(talk.organisation, index, []):
        return Outcome(Meaning.STOP)
    active = list(Volunteer.objects.filter(person__in=[person.pk for person in talk.people], state="active"))
    for volunteer in active:
        people.pause(actor=talk.actor(volunteer.person), volunteer=volunteer, until=None)
    if talk.person is None:
        hearing.record(talk)
    for paused in active[1:]:
        mine = [paused.person]
        stops.stop(organisation=talk.organisation, index="", people=mine, paused=paused, beside=talk.people)
    first = active[0] if active else None
    taken_back = stops.stop(organisation=talk.organisation, index=index, people=talk.people, paused=first)
    _note(talk, "received.stop", taken_back)
    return Outcome(Meaning.STOP, answer=reply(talk, "stopped"))


def start(talk: Talk) -> Outcome:
    """Messages may come again; who took a break because of STOP is back."""
    back = stops.start(organisation=talk.organisation, index=talk.row.sender_index, people=talk.people) or []
    for volunteer in back:
        volunteer.refresh_from_db()
        if volunteer.state == Volunteer.State.PAUSED and volunteer.paused_until is None:
            people.resume(actor=talk.actor(volunteer.person), volunteer=volunteer)
    _note(talk, "received.start", len(back))
    return Outcome(Meaning.START, answer=reply(talk, "started"))


def remind(talk: Talk) -> Outcome:
    """Who wants nothing more from us writes all the same: the team reads it; once a day we say how to begin again."""
    heard = hearing.put_down(talk)
    if not answered_lately(talk, "still_stopped", REMIND_ONCE_IN):
        heard.answer = reply(talk, "still_stopped")
    return heard


def _note(talk: Talk, verb: str, count: int) -> None:
    actor = talk.actor()
    audit.record(
        organisation_id=talk.organisation.pk,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="received",
        subject_id=talk.row.pk,
        details={"count": count},
    )

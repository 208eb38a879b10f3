"""What an operator has answered about words of danger in a form: the team is told, and it is kept with the request."""

from quartier.alerts import actions as alerts
from quartier.alerts.models import Alert
from quartier.audit import actions as audit
from quartier.cases.models import Request
from quartier.concerns.queries import team
from quartier.concerns.rules import named
from quartier.console.intake.danger_hint import ALERT, NO_DANGER
from quartier.people.models import Person
from quartier.team.access import Actor
from quartier.telephony.models import Call

VERBS = {ALERT: "request.danger_alert", NO_DANGER: "request.danger_none"}


def keep_danger_answer(
    *, actor: Actor, answer: str, words: str, person: Person, requests: list[Request], call: Call | None
) -> None:
    """In the transaction in which the form becomes requests. Without words of danger, or an answer, nothing."""
    if not words or answer not in VERBS:
        return
    for request in requests:
        audit.record(
            organisation_id=actor.organisation.id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            verb=VERBS[answer],
            subject_kind="request",
            subject_id=request.pk,
        )
    if answer == ALERT:
        _tell_team(actor, words, person, call)


def _tell_team(actor: Actor, words: str, person: Person, call: Call | None) -> None:
    """As the button does. Without a call it is known at least whom it is about; whoever of the team is named in the
    words reads nothing of it (decision 0022)."""
    if call is not None:
        alerts.raise_alert(actor=actor, call=call)
        return
    around = named(team(actor.organisation), words)
    alert = alerts.open_alert(actor=actor, kind=Alert.Kind.CALL, around=around)
    alerts.set_person(alert=alert, person=person)
    alerts.tell_first(alert=alert)

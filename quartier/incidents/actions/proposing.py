"""An alert of an authority: it proposes an incident, replaces what it proposed before, or takes it back."""

from uuid import UUID

from django.db import transaction

from quartier.audit import actions as audit
from quartier.incidents import queries
from quartier.incidents.cap import meaning
from quartier.incidents.cap.reading import Alert
from quartier.incidents.cap.where import touches
from quartier.incidents.models import Incident, Proposal
from quartier.lib import clock
from quartier.team.access import Actor
from quartier.team.models import Organisation

State = Proposal.State


@transaction.atomic
def hear_alert(*, actor: Actor, alert: Alert, by_hand: bool) -> str:
    """What comes of it: `proposed`, `known`, `running` (such an incident runs already), `withdrawn` or `nothing`.

    The same alert again changes nothing. Only a sender's own messages are replaced or taken back by it. `by_hand`:
    somebody of the team brought it, so a small one and one without a readable area count too.
    """
    organisation = actor.organisation
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    mine = Proposal.objects.filter(organisation=organisation, sender=alert.sender)
    if mine.filter(identifier=alert.identifier).exists():
        return "known"
    if alert.status != "Actual" or alert.kind not in {"Alert", "Update", "Cancel"}:
        return "nothing"
    named = [identifier for sender, identifier in alert.references if sender == alert.sender]
    before = list(mine.filter(identifier__in=named)) if alert.kind != "Alert" else []
    counts = meaning.proposes(alert, clock.now(), by_hand=by_hand) and _is_ours(alert, organisation, by_hand)
    gone = mine.filter(pk__in=[each.pk for each in before], state=State.OPEN).update(
        state=State.REPLACED if counts else State.WITHDRAWN
    )
    if not counts:
        return "withdrawn" if gone else "nothing"
    return _propose(actor, alert, before)


def _is_ours(alert: Alert, organisation: Organisation, by_hand: bool) -> bool:
    found = touches((area for info in alert.infos for area in info.areas), organisation.country)
    return by_hand if found is None else found


def _propose(actor: Actor, alert: Alert, before: list[Proposal]) -> str:
    template = meaning.template_of(alert)
    # What was decided about the message that this one updates holds for this one.
    decided = next((each for each in before if each.state in {State.OPENED, State.DISMISSED}), None)
    runs = next((each for each in queries.read(actor.organisation) if each.template == template), None)
    state, incident = (decided.state, decided.incident) if decided else (State.OPEN, None)
    if runs is not None:
        state, incident = State.OPENED, runs
    proposal = Proposal.objects.create(
        organisation=actor.organisation,
        sender=alert.sender,
        identifier=alert.identifier,
        sent_at=alert.sent,
        template=template,
        headlines=meaning.headlines(alert.infos),
        areas=meaning.areas(alert.infos),
        expires_at=meaning.expires(alert),
        signed=alert.signed,
        received_at=clock.now(),
        state=state,
        incident=incident,
    )
    _written(actor, "incident.propose", proposal, template=template, state=str(state))
    return {State.OPEN: "proposed", State.OPENED: "running"}.get(State(state), "known")


@transaction.atomic
def dismiss(*, actor: Actor, proposal: Proposal) -> bool:
    """It is set aside; its updates are too. False when it was decided already."""
    done = Proposal.objects.filter(pk=proposal.pk, state=State.OPEN).update(
        state=State.DISMISSED, decided_by=actor.account
    )
    if done:
        _written(actor, "incident.dismiss", proposal)
    return bool(done)


def opened(*, actor: Actor, proposal_id: UUID, incident: Incident) -> None:
    """The incident came of this proposal, if it is still open; inside the transaction that opens it."""
    Proposal.objects.filter(pk=proposal_id, organisation=actor.organisation, state=State.OPEN).update(
        state=State.OPENED, incident=incident, decided_by=actor.account
    )


def _written(actor: Actor, verb: str, proposal: Proposal, **details: object) -> None:
    audit.record(
        organisation_id=proposal.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="proposal",
        subject_id=proposal.pk,
        details=details,
    )

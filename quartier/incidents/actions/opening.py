"""Opening, changing and ending an incident: the head of the organisation does, and it is written down."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from quartier.audit import actions as audit
from quartier.incidents import queries
from quartier.incidents.actions.proposing import opened
from quartier.incidents.models import Incident
from quartier.incidents.shipped import TEMPLATES
from quartier.lib import choices, clock
from quartier.lib.ids import uuid7
from quartier.team.access import Actor
from quartier.team.models import Organisation


@dataclass(frozen=True)
class Opening:
    """What an incident offers and says. `names`, `sentences`: by language; what is missing is the template's."""

    template: str
    kinds: list[str]
    names: dict[str, str] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.template not in TEMPLATES:
            raise ValueError(f"there is no template {self.template!r}")
        choices.mask(choices.KINDS, self.kinds)
        if not self.kinds:
            raise ValueError("an incident offers at least one kind of help")


@transaction.atomic
def open_incident(
    *, actor: Actor, incident_id: UUID, opening: Opening, proposal_id: UUID | None = None
) -> Incident:
    """From now on it runs. `incident_id`: made by the form, so that pressing twice opens one; `proposal_id`: the alert
    that proposed it."""
    Organisation.objects.select_for_update().get(pk=actor.organisation.pk)
    known = Incident.objects.filter(pk=incident_id).first()
    if known is not None and known.organisation_id == actor.organisation.pk:
        return known
    incident = Incident.objects.create(
        # An id that is another organisation's opens nothing there.
        pk=incident_id if known is None else uuid7(),
        organisation=actor.organisation,
        template=opening.template,
        names=opening.names,
        sentences=opening.sentences,
        kinds=opening.kinds,
        opened_at=clock.now(),
        opened_by=actor.account,
    )
    if proposal_id:
        opened(actor=actor, proposal_id=proposal_id, incident=incident)
    _written(actor, "incident.open", incident, template=incident.template, kinds=incident.kinds)
    return incident


@transaction.atomic
def change_incident(*, actor: Actor, incident: Incident, opening: Opening) -> bool:
    """Other words or kinds, while it runs. False when nothing changes, or it has ended."""
    found = Incident.objects.select_for_update().get(pk=incident.pk, organisation=actor.organisation)
    told = {name: getattr(opening, name) for name in ("names", "sentences", "kinds")}
    if found.ended_at is not None or all(getattr(found, name) == value for name, value in told.items()):
        return False
    for name, value in told.items():
        setattr(found, name, value)
    found.save(update_fields=list(told))
    _written(actor, "incident.change", found, kinds=found.kinds)
    return True


@transaction.atomic
def end_incident(*, actor: Actor, incident: Incident) -> bool:
    """It is over: forms offer the rest, or every day's again; what was asked goes on. False when it had ended."""
    ended = Incident.objects.filter(pk=incident.pk, organisation=actor.organisation, ended_at=None).update(
        ended_at=clock.now()
    )
    if ended:
        _written(actor, "incident.end", incident)
    return bool(ended)


def _written(actor: Actor, verb: str, incident: Incident, **details: object) -> None:
    audit.record(
        organisation_id=incident.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="incident",
        subject_id=incident.pk,
        details=details,
    )
    queries.forget(actor.organisation)

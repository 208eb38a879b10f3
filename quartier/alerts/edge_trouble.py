"""A line whose edge or call control is away, or of which nobody sees which calls leave, is an alert to those who run
it. It ends with its cause, and whoever was told hears so.

(A file of its own beside `actions`: it reads what call control has said of the line.)
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import translation
from django.utils.translation import gettext as _

from quartier.alerts import actions
from quartier.alerts.models import Alert
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people.models import Person
from quartier.team.access import system
from quartier.team.models import Organisation
from quartier.telephony.models import LineSettings

KINDS = (Alert.Kind.AWAY, Alert.Kind.BLIND)
# Called like what is the matter with the edge; without call control nobody is reached either.
_KIND = Case(
    When(edge_trouble=LineSettings.EdgeTrouble.CORE, then=Value(Alert.Kind.AWAY)), default=F("edge_trouble")
)


def settle_edge_alerts() -> bool:
    """Raise what is missing, and end what is over. True when there was something; idle, it only looks."""
    found = {
        *_over().values_list("organisation", flat=True),
        *_missing().values_list("organisation", flat=True),
    }
    for organisation_id in sorted(found):
        _settle(organisation_id)
    return bool(found)


def _over() -> "QuerySet[Alert]":
    still = LineSettings.objects.alias(trouble=_KIND).filter(
        organisation=OuterRef("organisation"), trouble=OuterRef("kind")
    )
    return Alert.objects.filter(~Exists(still), kind__in=KINDS).exclude(state=Alert.State.CLOSED)


def _missing() -> "QuerySet[LineSettings]":
    """Whoever has closed an alert knows that it is still so: it is not raised again before it was over."""
    since = Q(raised_at__gte=OuterRef("edge_trouble_since")) | ~Q(state=Alert.State.CLOSED)
    raised = Alert.objects.filter(since, organisation=OuterRef("organisation"), kind=OuterRef("trouble"))
    return LineSettings.objects.annotate(trouble=_KIND).filter(~Exists(raised)).exclude(edge_trouble="")


@transaction.atomic
def _settle(organisation_id: UUID) -> None:
    # Locked, and looked at again: two workers at once would raise it twice.
    LineSettings.objects.select_for_update().filter(organisation=organisation_id).first()
    organisation = Organisation.objects.get(pk=organisation_id)
    with translation.override(next(iter(organisation.languages), "fr")):
        words = _("The line is working again.")
    for alert in _over().filter(organisation=organisation).order_by("raised_at", "pk"):
        actions.end_with_cause(alert=alert, words=words)
        for person in Person.objects.filter(pk__in=alert.tellings.values("person")).order_by("pk"):
            page = {"page": ("alert", str(alert.pk))}
            letter = Letter(person, "line_back", f"alert:{alert.pk}:back", page)
            messaging.write(organisation=organisation, letter=letter)
    row = _missing().filter(organisation=organisation).first()
    if row is not None:
        is_core = row.edge_trouble == LineSettings.EdgeTrouble.CORE
        kind = Alert.Kind.AWAY if is_core else Alert.Kind(row.edge_trouble)
        alert = actions.open_alert(actor=system(organisation), kind=kind, degree=Alert.Degree.SOON)
        actions.tell_first(alert=alert)

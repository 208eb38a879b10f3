"""Danger that was heard on a call: about whom, and what is still open for a caller or a file.

Everything begins with `alerts.queries.visible`, so that what goes around somebody does not exist here for them
(decision 0030); and only danger heard on a call is named, never a concern.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from quartier.alerts.models import Alert
from quartier.alerts.queries import visible
from quartier.cases.models import Case
from quartier.intake.models import Draft
from quartier.people.models import Person
from quartier.team.access import Actor
from quartier.telephony.models import Call


@dataclass(frozen=True)
class AlertSubject:
    """Whom an alert is about, as far as it is known. `caller`: who was on the phone, where that is somebody else;
    `number`: where nobody is known; `case`: their file."""

    person: Person | None = None
    caller: Person | None = None
    number: str = ""
    case: Case | None = None

    @property
    def place(self) -> str:
        return f"{self.case.postcode} {self.case.place_name}".strip() if self.case else ""


def subjects_of(alerts: Iterable[Alert]) -> dict[UUID, AlertSubject]:
    """Whom these alerts are about, by the alert: those of calls, and of what an operator has typed. Two queries where
    there are any, else none."""
    heard = [each for each in alerts if each.kind == Alert.Kind.CALL and (each.call or each.person)]
    if not heard:
        return {}
    calls = [each.call_id for each in heard if each.call_id]
    taken = Draft.objects.filter(call__in=calls, result__isnull=False)
    of_call = dict(taken.order_by("submitted_at", "pk").values_list("call", "result"))
    people = {pk for each in heard for pk in (each.person_id, each.call and each.call.person_id) if pk}
    by_id, by_person = _files(heard[0].organisation_id, people, {pk for pk in of_call.values() if pk})
    found = {}
    for each in heard:
        call = each.call
        person = each.person or (call.person if call else None)
        case = by_id.get(of_call.get(call.pk)) if call else None
        case = case or (by_person.get(person.pk) if person else None)
        caller = call.person if call and person and call.person_id != person.pk else None
        found[each.pk] = AlertSubject(person, caller, "" if person or not call else call.number, case)
    return found


def _files(
    organisation: UUID, people: set[UUID], cases_: set[UUID]
) -> tuple[dict[UUID | None, Case], dict[UUID, Case]]:
    """The files that were written during these calls, by id; and the newest file of each of these people."""
    rows = Case.objects.filter(Q(pk__in=cases_) | Q(person__in=people), organisation=organisation)
    by_id: dict[UUID | None, Case] = {}
    by_person: dict[UUID, Case] = {}
    for case in rows.select_related("person").order_by("opened_at", "pk"):
        by_id[case.pk] = case
        if case.merged_into_id is None:
            by_person[case.person_id] = case
    return by_id, by_person


def open_danger_of_call(actor: Actor, call: Call) -> Alert | None:
    """Danger heard on this call, or on another one of the same caller, that is not closed. One query."""
    same = Q(call=call)
    if call.number_index:
        same |= Q(call__number_index=call.number_index)
    if call.person_id is not None:
        same |= Q(person=call.person_id) | Q(call__person=call.person_id)
    return _newest(actor, same)


def danger_heard_on(actor: Actor, call: Call) -> Alert | None:
    """Danger heard on this very call that is not closed. One query."""
    return _newest(actor, Q(call=call))


def open_danger_of_case(actor: Actor, case: Case) -> Alert | None:
    """Danger heard about this household, or on a call during which something was asked for it. One query."""
    during = Draft.objects.filter(result=case.pk, call__isnull=False).values("call")
    return _newest(actor, Q(person=case.person_id) | Q(call__person=case.person_id) | Q(call__in=during))


def _newest(actor: Actor, about: Q) -> Alert | None:
    """What nobody looks after first."""
    rows = visible(actor).filter(about, kind=Alert.Kind.CALL).exclude(state=Alert.State.CLOSED)
    return rows.select_related("taken_by").order_by("state", "-raised_at").first()

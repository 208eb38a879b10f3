"""What goes with every change: the row locked first, the audit entry, the open pages, the words to those concerned."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from quartier.audit import actions as audit
from quartier.companions.models import Pairing, StandIn
from quartier.companions.rules import STANDING
from quartier.lib.rows import hold
from quartier.live import actions as live
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people.models import Person
from quartier.people.queries import first_name
from quartier.promises import actions as promises
from quartier.team.access import Actor
from quartier.team.models import Account
from quartier.team.queries import heads, supervisors
from quartier.telephony import actions as telephony
from quartier.telephony.queries import hours_of

# What a promise is about that somebody is told of their calls.
PAIRING = "pairing"


def locked(pairing_id: UUID) -> Pairing:
    """The pairing, held until the transaction is over, with both sides."""
    hold(Pairing, pk=pairing_id)
    return Pairing.objects.select_related(
        "organisation",
        "wish__person",
        "wish__case",
        "listener__account__person",
        "listener__supervisor__person",
    ).get(pk=pairing_id)


def changed(actor: Actor, verb: str, kind: str, subject_id: UUID, **details: Any) -> None:
    """Write down what was done, and tell the pages that show it. Never a word of a note."""
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind=kind,
        subject_id=subject_id,
        details=details,
    )
    live.touch(actor.organisation.id, "companions")


def person_of(account: Account) -> Person | None:
    """How an account is written to."""
    return Person.objects.filter(account=account).first()


def tell_listener(pairing: Pairing, template: str, again: str = "", **values: Any) -> bool:
    """Write to the listener; false when they can only be called. Nothing of it says whom they call."""
    page = ("listen_pairing", str(pairing.pk))
    return _tell(pairing, pairing.listener.account, template, again, {"page": page, **values})


def tell_supervisor(pairing: Pairing, template: str, again: str = "", **values: Any) -> bool:
    """Write to whoever looks after the listener; `not_before`: not sooner than this."""
    account = looks_after(pairing)
    if account is None:
        return False
    return _tell(pairing, account, template, again, {"page": ("companion", str(pairing.pk)), **values})


def looks_after(pairing: Pairing) -> Account | None:
    """Who looks after the listener: their supervisor, another one while that one is suspended or supervises no more,
    else whoever heads the group. Never the listener."""
    listener, group = pairing.listener, pairing.organisation
    others = [each for each in supervisors(group) if each.pk != listener.account_id]
    own = [each for each in others if each.pk == listener.supervisor_id]
    found = own or others or [each for each in heads(group) if each.pk != listener.account_id]
    return next((each for each in found if person_of(each) is not None), None)


def tell_about(row: StandIn, template: str) -> bool:
    """Write to somebody who is asked to stand in. Nothing of it says whom they would call."""
    page = ("listen_instead", str(row.pk)) if row.state in STANDING else ("listen",)
    return _tell(row.pairing, row.listener.account, template, str(row.pk), {"page": page})


def caller(pairing: Pairing, today: date) -> Account:
    """Who calls her on this day: the one who stands in for it, else her listener."""
    return (stands_in(pairing, today) or pairing).listener.account


def stands_in(pairing: Pairing, today: date) -> StandIn | None:
    """Who calls instead of her listener on this day."""
    return (
        pairing.stand_ins.filter(state=StandIn.State.ACCEPTED, first_day__lte=today, last_day__gte=today)
        .select_related("listener__account__person")
        .first()
    )


def tell_caller(pairing: Pairing, template: str, today: date, again: str = "") -> bool:
    """Write to whoever calls her on this day."""
    row = stands_in(pairing, today)
    if row is None:
        return tell_listener(pairing, template, again)
    return _tell(pairing, row.listener.account, template, again, {"page": ("listen_instead", str(row.pk))})


def caller_name(pairing: Pairing, day: date) -> str:
    """The first name of whoever calls her on this day."""
    account = caller(pairing, day)
    person = person_of(account)
    return first_name(person) if person else account.name


def tell_person(
    pairing: Pairing,
    template: str,
    again: str,
    *,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    **values: Any,
) -> bool:
    """Write to her who is called, by the way that she chose; the line reads it to who has only that. False when it has
    to be said by phone."""
    key = f"{template}:{pairing.pk}:{again}"
    letter = Letter(pairing.wish.person, template, key, values, not_before=not_before, not_after=not_after)
    return messaging.write(organisation=pairing.organisation, letter=letter) is not None


def tell_how_it_stands(pairing: Pairing, template: str, again: str, **values: Any) -> None:
    """She hears when she is called from now on, or that she is not; one of the team calls whoever cannot be written
    to."""
    if tell_person(pairing, template, again, **values):
        nothing_to_say(pairing)
        return
    group, person = pairing.organisation, pairing.wish.person
    telephony.owe_words(organisation=group, subject_kind=PAIRING, subject_id=pairing.pk, person=person)


def nothing_to_say(pairing: Pairing) -> None:
    """She knows how things stand, or need not know it any more."""
    promises.withdraw_promises(subject_kind=PAIRING, subject_id=pairing.pk)


def line_answers_from(pairing: Pairing, now: datetime) -> datetime:
    """From when on somebody answers at our number: words that name it, and do not hurry, wait for that."""
    return hours_of(pairing.organisation).next_time(now)


def _tell(pairing: Pairing, account: Account, template: str, again: str, values: dict[str, Any]) -> bool:
    person = person_of(account)
    if person is None:
        return False
    not_before = values.pop("not_before", None)
    letter = Letter(person, template, f"{template}:{pairing.pk}:{again}", values, not_before=not_before)
    return messaging.write(organisation=pairing.organisation, letter=letter) is not None

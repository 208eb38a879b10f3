"""Who listens: a training passed, what they can take on, being away, stopping; and supervision."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.http import Http404

from quartier.companions.actions.ledger import changed, locked
from quartier.companions.actions.standing_in import end_with
from quartier.companions.models import Listener, Meeting, Pairing, Training
from quartier.companions.rules import STANDING, NotPossible
from quartier.lib import clock
from quartier.people.models import Volunteer
from quartier.team.access import Actor, of_account
from quartier.team.models import Account, Role


@dataclass(frozen=True)
class Listening:
    """What somebody can take on: bits (`lib.choices`, `rules.INTERESTS`), and how many people at once."""

    languages: int
    slots: int
    interests: int = 0
    words: str = ""
    capacity: int = 3

    def __post_init__(self) -> None:
        if not self.languages or not self.slots or not 1 <= self.capacity <= 12:
            raise ValueError("a listener needs a language, a time, and room for somebody")


@transaction.atomic
def record_training(
    *, actor: Actor, account: Account, passed_on: date, good_until: date, listening: Listening
) -> Listener:
    """This one has passed the training: a listener from now on, looked after by who records it. Recorded again, the
    training is good for longer. Raises `Http404` unless a supervisor does it."""
    if (
        actor.account is None
        or not actor.has("supervisor")
        or account.organisation_id != actor.organisation.id
    ):
        raise Http404
    if account.pk == actor.id:
        raise NotPossible  # nobody supervises themselves
    now = clock.now()
    area = Volunteer.objects.filter(person__account=account).values_list("area", flat=True).first()
    listener, new = Listener.objects.get_or_create(
        account=account,
        defaults={
            "organisation": actor.organisation,
            "supervisor": actor.account,
            "languages": listening.languages,
            "slots": listening.slots,
            "area": area,
            "trained_until": good_until,
            "created_at": now,
        },
    )
    _describe(listener, listening)
    listener.trained_until = good_until if new else max(listener.trained_until, good_until)
    listener.stopped_at = None
    listener.save()
    Training.objects.get_or_create(
        organisation=actor.organisation,
        listener=listener,
        passed_on=passed_on,
        good_until=good_until,
        defaults={"recorded_by": actor.account, "recorded_at": now},
    )
    Role.objects.get_or_create(organisation=actor.organisation, account=account, name=Role.Name.LISTENER)
    changed(actor, "listener.train", "listener", listener.pk)
    return listener


def _describe(listener: Listener, listening: Listening) -> None:
    listener.languages, listener.slots = listening.languages, listening.slots
    listener.interests, listener.words = listening.interests, listening.words
    listener.capacity = listening.capacity


@transaction.atomic
def change_listener(*, actor: Actor, listener: Listener, listening: Listening) -> None:
    """Other languages, times or interests, or room for more or fewer."""
    _describe(listener, listening)
    listener.save()
    changed(actor, "listener.change", "listener", listener.pk)


@transaction.atomic
def go_away(*, actor: Actor, listener: Listener) -> None:
    """Away for a while: nobody new is entrusted, and the supervisor sees who needs another listener."""
    if Listener.objects.filter(pk=listener.pk, away=False).update(away=True):
        changed(actor, "listener.away", "listener", listener.pk)


@transaction.atomic
def come_back(*, actor: Actor, listener: Listener) -> None:
    """Back again."""
    if Listener.objects.filter(pk=listener.pk, away=True).update(away=False):
        live = Pairing.objects.filter(listener=listener, state__in=Pairing.LIVE)
        live.update(listener_gone_at=None)
        for pk in live.filter(stand_ins__state__in=STANDING).values_list("pk", flat=True):
            end_with(actor, locked(pk))
        changed(actor, "listener.back", "listener", listener.pk)


@transaction.atomic
def stop_listening(*, actor: Actor, listener: Listener) -> None:
    """No listener any more. Raises `NotPossible` while somebody is entrusted to them: those are ended well first."""
    row = Listener.objects.select_for_update().get(pk=listener.pk)
    if row.pairings.filter(state__in=Pairing.LIVE).exists():
        raise NotPossible
    if row.stopped_at is None:
        row.stopped_at = clock.now()
        row.save(update_fields=["stopped_at"])
        Role.objects.filter(account=row.account_id, name=Role.Name.LISTENER).delete()
        changed(actor, "listener.stop", "listener", row.pk)


@transaction.atomic
def hand_over(*, actor: Actor, listener: Listener, to: Account) -> None:
    """Another supervisor looks after this listener, and reads the notebooks from now on. The one until now hands over;
    only when that one supervises no more, or is suspended, can another supervisor take over. Raises `Http404`, or
    `NotPossible` when `to` is no supervisor, or is the listener."""
    row = Listener.objects.select_for_update().get(pk=listener.pk)
    before = Account.objects.get(pk=row.supervisor_id)
    is_there = before.is_active and _supervises(before)
    if not actor.has("supervisor") or (is_there and before.pk != actor.id):
        raise Http404
    if not _supervises(to) or to.pk == row.account_id or to.organisation_id != row.organisation_id:
        raise NotPossible
    if row.supervisor_id != to.pk:
        row.supervisor = to
        row.save(update_fields=["supervisor"])
        changed(actor, "listener.hand_over", "listener", row.pk, to=to.pk)


def _supervises(account: Account) -> bool:
    return account.is_active and of_account(account).has(Role.Name.SUPERVISOR)


@transaction.atomic
def meet(*, actor: Actor, listener: Listener, on: date, notes: str = "") -> Meeting:
    """A supervision took place. The same day twice: the notes are those said last."""
    if actor.account is None or not actor.has("supervisor"):
        raise Http404
    meeting, _new = Meeting.objects.get_or_create(
        organisation=actor.organisation,
        listener=listener,
        supervisor=actor.account,
        on=on,
        defaults={"recorded_at": clock.now()},
    )
    meeting.notes = notes[:10_000]
    meeting.save(update_fields=["notes"])
    changed(actor, "listener.meet", "listener", listener.pk)
    return meeting

"""Writing in a notebook, breaking its glass, and emptying it."""

from datetime import datetime

from django.db import transaction
from django.http import Http404

from quartier.companions import rules
from quartier.companions.actions.ledger import caller, changed, locked, tell_listener
from quartier.companions.actions.watching import raise_sign
from quartier.companions.models import Entry, Glass, Pairing, Sign, Talk
from quartier.companions.rules import NotPossible
from quartier.lib import clock, crypto
from quartier.lib.text import clean
from quartier.people.models import Person
from quartier.team.access import Actor, system

LONGEST = 10_000


def place(row: object, pairing: Pairing) -> str:
    """Where a sealed value stands: it cannot be opened in another row, pairing or organisation."""
    kind = type(row).__name__.lower()
    return f"{pairing.organisation_id}|{kind}|{row.pk}|{pairing.pk}"  # type: ignore[attr-defined]


@transaction.atomic
def write_note(*, actor: Actor, pairing: Pairing, words: str, talk: Talk | None = None) -> Entry | None:
    """The listener writes a note, sealed with the key of this pairing; so does who stands in for some days, for her
    listener to read, and without reading any. Nothing for no words. Raises `Http404` for anybody else, `NotPossible`
    once the notebook is emptied."""
    row = locked(pairing.pk)
    today = clock.now().astimezone(row.organisation.zone).date()
    if actor.account is None or actor.id not in (row.listener.account_id, caller(row, today).pk):
        raise Http404
    words = clean(words, LONGEST).strip()
    if not words:
        return None
    if not row.key:
        raise NotPossible
    entry = Entry(
        organisation_id=row.organisation_id, pairing=row, talk=talk, author=actor.account, at=clock.now()
    )
    entry.sealed = crypto.seal_with(row.key, words.encode(), place(entry, row))
    entry.save(force_insert=True)
    changed(actor, "notebook.write", "pairing", row.pk)
    return entry


@transaction.atomic
def break_glass(*, actor: Actor, pairing: Pairing, reason: str) -> Glass:
    """Somebody opens a notebook that is not theirs to read, for half an hour: the reason is kept, an alert climbs, and
    supervisor and listener are told. Raises `Http404` but for coordinators and administrators, `NotPossible` without
    a reason."""
    row = locked(pairing.pk)
    if actor.account is None or not actor.has("coordinator", "admin"):
        raise Http404
    reason = clean(reason, 2000).strip()
    if len(reason) < 10:
        raise NotPossible
    now = clock.now()
    standing = row.glasses.filter(account=actor.account, until__gt=now).first()
    if standing is not None:
        return standing
    glass = Glass(
        organisation_id=row.organisation_id,
        pairing=row,
        account=actor.account,
        at=now,
        until=now + rules.GLASS_OPEN,
    )
    glass.reason = reason
    glass.save(force_insert=True)
    changed(actor, "notebook.break_glass", "pairing", row.pk)
    raise_sign(row, Sign.What.GLASS, actor.account)
    tell_listener(row, "companion_opened", again=str(glass.pk), name=actor.account.name)
    return glass


def empty_due(now: datetime) -> int:
    """Notebooks of pairings that ended long enough ago are emptied; returns how many."""
    over = Pairing.objects.filter(
        state=Pairing.State.ENDED, emptied_at=None, ended_at__lte=now - rules.NOTES_KEPT
    )
    return sum(_empty(row, now) for row in over.select_related("organisation")[:200])


@transaction.atomic
def _empty(pairing: Pairing, now: datetime) -> bool:
    """Notes and moods go, and the key with them: what stands in an old copy of the database stays closed without it."""
    row = locked(pairing.pk)
    if row.emptied_at is not None:
        return False
    row.entries.all().delete()
    row.moods.all().delete()
    row.glasses.all().delete()
    row.stand_ins.all().delete()
    row.key, row.emptied_at = "", now
    row.save(update_fields=["key", "emptied_at"])
    changed(system(row.organisation), "notebook.empty", "pairing", row.pk)
    return True


@transaction.atomic
def erase(*, actor: Actor, person: Person) -> None:
    """She wants everything gone: what runs ends, and notebooks, wishes and words about her are emptied at once."""
    from quartier.companions.actions import pairing as pairings

    for row in Pairing.objects.filter(wish__person=person).select_related("organisation"):
        pairings.end(actor=actor, pairing=row, ending=pairings.Ending(Pairing.Why.PERSON))
        _empty(row, clock.now())
    for wish in person.call_wishes.all():
        wish.words = wish.to_know = ""
        wish.interests = 0
        wish.save()
        pairings.close_wish(actor=actor, wish=wish)

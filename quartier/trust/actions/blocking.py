"""Suspensions in words; the list of numbers and addresses that are not put on the list, and objections to it."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.http import Http404

from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.lib.text import clean, one_line
from quartier.people.models import Volunteer
from quartier.team.access import Actor
from quartier.team.models import Organisation, Role
from quartier.trust.models import Block, Objection, Suspension


class NothingSaid(ValueError):
    """Such a decision is taken with words, never without."""


class NotYours(Exception):
    """Who blocked somebody does not decide on the objection to it."""


# ---- suspensions: `visits` ends what is under way, this room keeps why ----


@transaction.atomic
def suspended(*, actor: Actor, volunteer: Volunteer, words: str) -> Suspension:
    """Why this volunteer is suspended, by whom, since when. Suspended already, the first one stands."""
    Volunteer.objects.select_for_update().get(pk=volunteer.pk)
    row = Suspension.objects.filter(volunteer=volunteer, lifted_at=None).first()
    return row or Suspension.objects.create(
        organisation=volunteer.organisation,
        volunteer=volunteer,
        words=clean(words),
        by=actor.account,
        since=clock.now(),
    )


@transaction.atomic
def lifted(*, actor: Actor, volunteer: Volunteer, words: str) -> None:
    """Why the suspension is over. Lifted already, nothing changes."""
    row = Suspension.objects.select_for_update().filter(volunteer=volunteer, lifted_at=None).first()
    if row is not None:
        row.lifted_at, row.lifted_by, row.lifted_words = clock.now(), actor.account, clean(words)
        row.save(update_fields=["lifted_at", "lifted_by", "lifted_words"])


# ---- the list ----


def marks(organisation: Organisation, phone: str, email: str) -> list[str]:
    """The keyed hashes of a number (E.164) and a mail address, as they are kept."""
    found = [blind("phone", organisation.pk, phone), blind("email", organisation.pk, email.strip().lower())]
    return [mark for mark in found if mark]


@transaction.atomic
def block(
    *, actor: Actor, phone: str = "", email: str = "", words: str, until: date | None = None
) -> list[Block]:
    """Keep this number and address from the list of volunteers, until that day or until it is lifted. Only keyed hashes
    are kept. Raises `NothingSaid` without a reason, or without a number and an address; `Http404`."""
    _coordinates(actor)
    words = clean(words)
    keys = marks(actor.organisation, phone, email)
    if not words or not keys:
        raise NothingSaid
    rows = []
    for mark in keys:
        row = Block.objects.filter(organisation=actor.organisation, mark=mark, lifted_at=None).first()
        if row is None:
            row = Block.objects.create(
                organisation=actor.organisation,
                mark=mark,
                words=words,
                by=actor.account,
                since=clock.now(),
                until=until,
            )
            _note(actor, "block.add", row.pk)
        rows.append(row)
    return rows


@transaction.atomic
def lift(*, actor: Actor, block_id: UUID) -> None:
    """They may join again. Raises `Http404`."""
    _coordinates(actor)
    row = Block.objects.select_for_update().filter(pk=block_id, organisation=actor.organisation).first()
    if row is None:
        raise Http404
    _lift(actor, row)


@transaction.atomic
def appeal(*, organisation: Organisation, phone: str = "", email: str = "", words: str) -> Objection:
    """Somebody objects. It is kept whether they are on the list or not: nobody learns here whether they are. Raises
    `NothingSaid`."""
    words = clean(words)
    keys = marks(organisation, phone, email)
    if not words or not keys:
        raise NothingSaid
    found = (
        Block.objects.filter(organisation=organisation, mark__in=keys, lifted_at=None)
        .order_by("since")
        .first()
    )
    row = Objection.objects.create(
        organisation=organisation,
        block=found,
        contact=one_line(phone or email, 200),
        words=words,
        at=clock.now(),
    )
    audit.record(
        organisation_id=organisation.pk, verb="block.appeal", subject_kind="appeal", subject_id=row.pk
    )
    return row


@transaction.atomic
def decide(*, actor: Actor, appeal_id: UUID, words: str, lifts: bool) -> Objection:
    """Somebody else than who blocked decides, with words. Decided already, the first decision stands.

    Raises `NotYours`, `NothingSaid`, `Http404`.
    """
    _coordinates(actor)
    row = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("block")
        .filter(pk=appeal_id, organisation=actor.organisation)
        .first()
    )
    if row is None:
        raise Http404
    if row.decided_at is not None:
        return row
    if row.block is not None and row.block.by_id == actor.id:
        raise NotYours
    words = clean(words)
    if not words:
        raise NothingSaid
    row.decided_at, row.decided_by, row.decision, row.lifts = clock.now(), actor.account, words, lifts
    row.save()
    if lifts and row.block is not None:
        _lift(actor, row.block)
    _note(actor, "block.decide", row.pk)
    return row


def _lift(actor: Actor, row: Block) -> None:
    if row.lifted_at is None:
        row.lifted_at, row.lifted_by = clock.now(), actor.account
        row.save(update_fields=["lifted_at", "lifted_by"])
        _note(actor, "block.lift", row.pk)


def _coordinates(actor: Actor) -> None:
    if actor.account is None or not actor.has(Role.Name.COORDINATOR, Role.Name.ADMIN):
        raise Http404


def _note(actor: Actor, verb: str, pk: UUID) -> None:
    audit.record(
        organisation_id=actor.organisation.pk,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="block",
        subject_id=pk,
    )

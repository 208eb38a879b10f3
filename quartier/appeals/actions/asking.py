"""One wave of an appeal: whom it asks, the count against their budget, the messages, all in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.functional import lazy
from django.utils.translation import get_language

from quartier.appeals import queries, rules
from quartier.appeals.actions.ledger import changed
from quartier.appeals.actions.quiet import ask_less
from quartier.appeals.models import Appeal, Invitation
from quartier.lib import clock, hours
from quartier.lib.crypto import blind
from quartier.lib.ids import token_hash
from quartier.matching.actions import budget
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people.models import Volunteer
from quartier.places.queries import name_of_area
from quartier.team.access import system
from quartier.team.models import Organisation


@dataclass(frozen=True)
class Wording:
    """What the messages of one appeal fill in, each in the language of its reader."""

    template: str
    values: dict[str, Any]

    @classmethod
    def of(cls, appeal: Appeal) -> "Wording":
        values: dict[str, Any] = {"note": _in_their_language(appeal.words, " ")}
        if appeal.kind:
            values["kind"] = appeal.kind
        if appeal.role:
            values["role"] = rules.ROLES[Appeal.Role(appeal.role)]
        if appeal.incident is not None:
            values["event"] = appeal.incident.shipped.asks
        if appeal.area:
            ours = [str(code) for code, _name in settings.LANGUAGES]
            values["where"] = _in_their_language({code: name_of_area(appeal.area, code) for code in ours})
        return cls(f"appeal_{appeal.purpose}", values)


def _in_their_language(words: dict[str, str], before: str = "") -> Any:
    def said() -> str:
        text = words.get((get_language() or "")[:2], "")
        return f"{before}{text}" if text else ""

    return lazy(said, str)()


def token_of(invitation: Invitation) -> str:
    """The unguessable part of its address; worked out, never stored."""
    return _token(invitation.organisation_id, invitation.pk)


def _token(organisation_id: UUID, pk: UUID) -> str:
    return blind("appeal", organisation_id, str(pk))[:22]


def letters(
    appeal: Appeal, invitations: Sequence[Invitation], *, not_after: datetime | None = None
) -> list[Letter]:
    """A letter for each; the invitations with volunteer and person."""
    wording = Wording.of(appeal)
    return [
        Letter(
            each.volunteer.person,
            wording.template,
            f"appeal:{each.pk}",
            wording.values | {"page": ("appeal_link", token_of(each))},
            not_after=not_after,
            about=each.pk,
        )
        for each in invitations
    ]


def invitations(appeal: Appeal, volunteers: Iterable[Volunteer], now: datetime) -> list[Invitation]:
    """One for each of these, not saved."""
    made = []
    for volunteer in volunteers:
        each = Invitation(
            organisation=appeal.organisation,
            appeal=appeal,
            volunteer=volunteer,
            wave=appeal.wave + 1,
            farther_m=queries.short_m(volunteer, appeal) or None,
            created_at=now,
        )
        each.token_hash = token_hash(token_of(each))
        made.append(each)
    return made


def first_ones(appeal: Appeal, now: datetime) -> tuple[list[Letter], int]:
    """Whom the first wave would reach, as letters of which none is written, and how many could be asked in all."""
    found = queries.could_be_asked(appeal, now)
    size = rules.wave_size(wanted=appeal.wanted, most=appeal.most, asked=0, yes=0)
    ids = [each.volunteer_id for each in found[: rules.MOST_WAVE]]
    rows = {row.pk: row for row in Volunteer.objects.filter(pk__in=ids).select_related("person")}
    written = letters(appeal, invitations(appeal, [rows[pk] for pk in ids if pk in rows], now))
    drafted = messaging.drafts(organisation=appeal.organisation, letters=written)
    reached = [letter for letter, draft in zip(written, drafted, strict=True) if draft is not None]
    return reached[:size], len(found)


def due(now: datetime, limit: int = 20) -> list[UUID]:
    """Open appeals whose next step has come. One query."""
    rows = Appeal.objects.filter(state=Appeal.State.OPEN, next_at__lte=now).order_by("next_at")
    return list(rows.values_list("pk", flat=True)[:limit])


@transaction.atomic
def send_wave(*, appeal_id: UUID) -> list[Invitation]:
    """Do what is due for an open appeal, and set when to look again. Returns whom it asked (perhaps nobody).

    Harmless when nothing is due: the row is looked at again under its lock.
    """
    now = clock.now()
    appeal = (
        Appeal.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("organisation", "incident")
        .filter(pk=appeal_id, state=Appeal.State.OPEN, next_at__lte=now)
        .first()
    )
    if appeal is None:
        return []
    organisation = appeal.organisation
    wakes = hours.after_quiet(now, organisation.quiet_from, organisation.quiet_until, organisation.zone)
    tally = queries.tally(appeal)
    if tally.yes >= appeal.wanted:
        return _end(appeal, Appeal.State.ENOUGH, now)
    if now >= appeal.ends_at:
        return _end(appeal, Appeal.State.OVER, now)
    if wakes > now:
        return _look_again(appeal, wakes)
    size = rules.wave_size(wanted=appeal.wanted, most=appeal.most, asked=tally.sent, yes=tally.yes)
    if not size:
        # As many as may be asked have been asked; they may still answer.
        return _look_again(appeal, appeal.ends_at)
    made = _ask(appeal, size, now)
    if made:
        appeal.wave += 1
        changed(system(organisation), "wave", appeal, wave=appeal.wave, asked=len(made))
    _look_again(appeal, min(now + rules.PAUSE, appeal.ends_at))
    return made


def _ask(appeal: Appeal, size: int, now: datetime) -> list[Invitation]:
    organisation = appeal.organisation
    today = now.astimezone(organisation.zone).date()
    cap = organisation.daily_budget
    # Twice as many as needed: some cannot be written to, and some another wave holds at this moment.
    ids = [each.volunteer_id for each in queries.could_be_asked(appeal, now)[: 2 * size + 20]]
    held = {row.pk: row for row in budget.lock(ids, today, budget=cap)}
    # Looked at once more under the lock: what another appeal did a moment ago is seen now.
    again = {row.pk: row for row in queries.with_history(Volunteer.objects.filter(pk__in=held))}
    free = [
        held[pk]
        for pk in ids
        if pk in again
        and rules.may_be_asked(
            queries.known(again[pk], appeal), today=today, now=now, cap=cap, idle_days=appeal.idle_days
        )
    ]
    written = letters(
        appeal, made := invitations(appeal, free, now), not_after=_before_night(organisation, now)
    )
    drafted = messaging.drafts(organisation=organisation, letters=written)
    reached = [place for place, draft in enumerate(drafted) if draft is not None][:size]
    made, written = [made[place] for place in reached], [written[place] for place in reached]
    budget.count([each.volunteer for each in made], today)
    for each, message in zip(
        made, messaging.write_all(organisation=organisation, letters=written), strict=True
    ):
        each.message = message
    Invitation.objects.bulk_create(made)
    if appeal.purpose == Appeal.Purpose.QUIET:
        ask_less([each.volunteer for each in made])
    return made


def _before_night(organisation: Organisation, now: datetime) -> datetime | None:
    """What could not be sent by then is not sent at all: nobody is woken by an appeal."""
    if organisation.quiet_from == organisation.quiet_until:
        return None
    return hours.next_time(now, organisation.quiet_from, organisation.zone)


def _look_again(appeal: Appeal, at: datetime) -> list[Invitation]:
    appeal.next_at = at
    appeal.save(update_fields=["wave", "next_at"])
    return []


def _end(appeal: Appeal, state: str, now: datetime) -> list[Invitation]:
    appeal.state, appeal.ended_at, appeal.next_at = state, now, None
    appeal.save(update_fields=["state", "ended_at", "next_at"])
    changed(system(appeal.organisation), state, appeal)
    return []

"""The gates: to the programme, to one's own people, and the one gate to the words of a notebook."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from quartier.companions import rules
from quartier.companions.actions.notebook import place
from quartier.companions.models import CallWish, Listener, Mood, Pairing, StandIn, Talk
from quartier.companions.scales import SCALES, Scale
from quartier.lib import clock, crypto
from quartier.people.access import looked
from quartier.people.models import Volunteer
from quartier.team.access import Actor
from quartier.team.models import Account
from quartier.telephony import queries as telephony

PROGRAMME = ("supervisor", "coordinator", "admin")
TEAM = (*PROGRAMME, "operator")
# Answers that say how she has been lately, and how many of them are compared.
TONE_WINDOW = timedelta(weeks=26)
ANSWERS_COMPARED = 3


@dataclass(frozen=True)
class Note:
    """One note, opened."""

    at: datetime
    words: str
    author: str


@dataclass(frozen=True)
class Feeling:
    """One answer to a scale: its score, as `companions.scales` counts it."""

    at: datetime
    score: int


@dataclass(frozen=True)
class Curve:
    """All answers to one scale, the oldest first, as they are drawn: each scale by itself."""

    scale: Scale
    moods: tuple[Feeling, ...]

    @property
    def mood(self) -> str:
        """What her last answer asks of us: `fine`, `low` or `very_low`."""
        return str(self.scale.mood([each.score for each in self.moods]))

    @property
    def may_ask(self) -> bool:
        """Whether it is long enough since she was asked how she is."""
        return not self.moods or clock.now() - self.moods[-1].at >= self.scale.every

    @property
    def line(self) -> str:
        """The moods as the points of a drawing, 300 wide and 100 high."""
        return " ".join(f"{x},{y}" for x, y in self.dots)

    @property
    def dots(self) -> list[tuple[int, int]]:
        moments, scores = [each.at for each in self.moods], [each.score for each in self.moods]
        return rules.drawn(moments, scores, self.scale.most, 300, 100)


@dataclass(frozen=True)
class Notebook:
    """What is kept of a pairing and only two read: notes, the newest first, and a curve for each scale that was asked;
    `asked`: the one by which she is asked now."""

    notes: tuple[Note, ...]
    curves: tuple[Curve, ...] = ()
    asked: Curve | None = None

    @property
    def mood(self) -> str:
        """What the newest answer asks of us, by whichever scale: `fine`, `low` or `very_low`."""
        newest = max(
            (each for each in self.curves if each.moods), key=lambda one: one.moods[-1].at, default=None
        )
        return newest.mood if newest else "fine"


@dataclass(frozen=True)
class Contact:
    """How she is reached: by the group's number (`line`), or her own where there is no line. Only about the time of a
    call."""

    name: str
    line: str = ""
    phone: str = ""
    phone_is_shared: bool = False


def _pairings() -> QuerySet[Pairing]:
    return Pairing.objects.select_related(
        "organisation", "wish__person", "wish__case", "listener__account__person", "listener__supervisor"
    )


def pairing_for(actor: Actor, pairing_id: UUID) -> Pairing:
    """A pairing, for supervisors, coordinators and administrators; raises `Http404`. Its notebook is another matter."""
    found = _pairings().filter(pk=pairing_id, organisation=actor.organisation).first()
    if found is None or not actor.has(*PROGRAMME):
        raise Http404
    looked(actor, "pairing", found.pk)
    return found


def wish_for(actor: Actor, wish_id: UUID) -> CallWish:
    """What somebody wishes who would like to be called, for the programme; raises `Http404`."""
    found = (
        CallWish.objects.select_related("organisation", "person", "case")
        .filter(pk=wish_id, organisation=actor.organisation)
        .first()
    )
    if found is None or not actor.has(*PROGRAMME):
        raise Http404
    looked(actor, "wish", found.pk)
    return found


def listener_for(actor: Actor, listener_id: UUID) -> Listener:
    """A listener, for the programme; raises `Http404`."""
    found = (
        Listener.objects.select_related("organisation", "account__person", "supervisor")
        .filter(pk=listener_id, organisation=actor.organisation)
        .first()
    )
    if found is None or not actor.has(*PROGRAMME):
        raise Http404
    looked(actor, "listener", found.pk)
    return found


def own_listener(actor: Actor) -> Listener:
    """The listener who is signed in; raises `Http404` for everybody else, and for somebody who is suspended."""
    found = (
        Listener.objects.select_related("organisation", "account__person", "supervisor__person")
        .filter(account_id=actor.id, organisation=actor.organisation, stopped_at=None)
        .first()
        if actor.kind == "account" and actor.id is not None
        else None
    )
    if found is None or is_suspended(found.account):
        raise Http404
    return found


def is_suspended(account: Account) -> bool:
    """Whether somebody of the team has put a stop to what this one does."""
    suspended = Volunteer.objects.filter(person__account=account, state=Volunteer.State.SUSPENDED)
    return not account.is_active or suspended.exists()


def own_pairing(actor: Actor, pairing_id: UUID) -> Pairing:
    """One of the listener's own; raises `Http404`. Once it is over, it is a page no more."""
    listener = own_listener(actor)
    found = _pairings().filter(pk=pairing_id, listener=listener).exclude(state=Pairing.State.ENDED).first()
    if found is None:
        raise Http404
    looked(actor, "pairing", found.pk)
    return found


def own_stand_in(actor: Actor, stand_in_id: UUID) -> StandIn:
    """Somebody whom this listener is asked to call for some days; raises `Http404`. From the day after the last one it
    is a page no more, by itself; and so once it is declined or ended, or she is not called at all any more."""
    listener = own_listener(actor)
    found = (
        StandIn.objects.select_related(
            "organisation",
            "listener__account__person",
            "pairing__organisation",
            "pairing__wish__person",
            "pairing__listener__account__person",
            "pairing__listener__supervisor",
        )
        .filter(pk=stand_in_id, listener=listener, state__in=rules.STANDING, last_day__gte=today_of(actor))
        .exclude(pairing__state=Pairing.State.ENDED)
        .first()
    )
    if found is None:
        raise Http404
    looked(actor, "pairing", found.pairing_id)
    return found


def today_of(actor: Actor) -> date:
    """The day on the organisation's clock."""
    return clock.now().astimezone(actor.organisation.zone).date()


def of_person(pairing_id: UUID, person_id: UUID) -> Pairing | None:
    """Her own pairing, for who holds her private link."""
    return _pairings().filter(pk=pairing_id, wish__person=person_id).first()


def contact(actor: Actor, talk: Talk, pairing: Pairing) -> Contact:
    """How the listener reaches her for this call. By the line where there is one; else the look at her number is
    written down."""
    person = pairing.wish.person
    by_line = (
        pairing.organisation.phone if talk.line and telephony.reaches_by_line(talk.line, clock.now()) else ""
    )
    if not by_line:
        looked(actor, "talk", talk.pk)
    return Contact(person.name, by_line, "" if by_line else person.phone, person.phone_is_shared)


def has_line(pairing: Pairing, caller: Account | None = None) -> bool:
    """Whether the two can speak through the line, without numbers. `caller`: who calls instead of the listener."""
    numbers = [(caller or pairing.listener.account).person, pairing.wish.person]
    return telephony.can_mask(numbers)


def reads(actor: Actor, pairing: Pairing) -> bool:
    """Whether this one reads the notebook: its listener, who supervises the listener, or who has broken the glass just
    now. Nobody else, whatever else they may do."""
    if actor.kind != "account" or actor.account is None or actor.organisation.id != pairing.organisation_id:
        return False
    listener = pairing.listener
    if listener.account_id == actor.id:
        return listener.stopped_at is None and not is_suspended(actor.account)
    if listener.supervisor_id == actor.id:
        return actor.has("supervisor")
    glass = pairing.glasses.filter(account=actor.account, until__gt=clock.now())
    return actor.has("coordinator", "admin") and glass.exists()


def notebook(actor: Actor, pairing: Pairing) -> Notebook | None:
    """The one gate to the words: `None` for who must not read them. Each look is written down."""
    if not reads(actor, pairing):
        return None
    if not pairing.key:
        return Notebook(())
    looked(actor, "notebook", pairing.pk)
    notes = tuple(
        Note(row.at, _open(pairing, row).decode(), row.author.name)
        for row in pairing.entries.select_related("author").order_by("-at", "-id")[:200]
    )
    said: dict[str, list[Feeling]] = {code: [] for code in SCALES}
    for row in reversed(pairing.moods.order_by("-at", "-id")[:200]):
        said[row.scale].append(Feeling(row.at, _score(pairing, row)))
    curves = {code: Curve(scale, tuple(said[code])) for code, scale in SCALES.items()}
    return Notebook(notes, tuple(each for each in curves.values() if each.moods), curves[pairing.scale])


def tones(actor: Actor, pairings: Iterable[Pairing]) -> dict[UUID, str]:
    """What her last answers ask of us (`scales.Tone`, or `falling`), by pairing: for whoever supervises its listener
    alone, and without a word of the notebook. The look is written down. One query for all answers."""
    if not actor.has("supervisor"):
        return {}
    own = {each.pk: each for each in pairings if each.listener.supervisor_id == actor.id and each.key}
    since = clock.now() - TONE_WINDOW
    found: dict[UUID, list[Mood]] = {}
    for row in Mood.objects.filter(pairing__in=own, at__gt=since).order_by("-at", "-pk"):
        rows = found.setdefault(row.pairing_id, [])
        if len(rows) < ANSWERS_COMPARED and (not rows or rows[0].scale == row.scale):
            rows.append(row)
    if found:
        looked(actor, "moods", actor.organisation.id, count=len(found))
    return {
        pk: SCALES[rows[0].scale].trend([_score(own[pk], row) for row in reversed(rows)])
        for pk, rows in found.items()
    }


def _score(pairing: Pairing, row: Mood) -> int:
    return int(json.loads(_open(pairing, row))["score"])


def _open(pairing: Pairing, row: object) -> bytes:
    return crypto.unseal_with(pairing.key, row.sealed, place(row, pairing))  # type: ignore[attr-defined]

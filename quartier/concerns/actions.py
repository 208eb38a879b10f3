"""Raising a concern, saying whom it is about, and closing it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import get_language

from quartier.alerts import actions as alerts
from quartier.alerts.models import Alert, Trustee
from quartier.alerts.queries import trustee_of
from quartier.audit import actions as audit
from quartier.cases.models import Case
from quartier.concerns import queries, rules
from quartier.concerns.models import Concern
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.lib.ids import token_hash, uuid7
from quartier.lib.rows import hold
from quartier.lib.text import clean, one_line
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.people.models import Person, Volunteer
from quartier.team.access import Actor
from quartier.team.models import Account
from quartier.telephony.models import Call

NothingSaid = alerts.NothingSaid
# The same words of the same one within this are pressed twice.
ONCE_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Raised:
    """A concern as somebody raises it. `about`, `by`: codes of `Concern`; who it is about as far as is known; `named`,
    `address`, `contact` as typed; `unproven`: the form came without its proof of work. `around`: accounts around which
    it goes besides, whoever it is about."""

    about: str
    words: str
    by: str
    danger: bool = False
    account: Account | None = None
    volunteer: Volunteer | None = None
    person: Person | None = None
    named: str = ""
    address: str = ""
    by_person: Person | None = None
    contact: str = ""
    case: Case | None = None
    call: Call | None = None
    unproven: bool = False
    around: frozenset[UUID] = frozenset()


@transaction.atomic
def raise_concern(*, actor: Actor, said: Raised) -> tuple[Concern, str]:
    """Keep it, and tell the first who may hear of it. Returns it with the word of the link by which whoever raised it
    follows it. `actor`: an account, the holder of a link, or the system for who does not say who they are. The same
    from the same one within an hour is one concern.

    Raises `NothingSaid` without words.
    """
    words = clean(said.words, 4000)
    if not words:
        raise NothingSaid
    organisation = actor.organisation
    if (known := _raised_just_now(actor, said, words)) is not None:
        return known, token_of(known)
    key = uuid7()
    token = blind("concern", organisation.pk, str(key))[:32]
    around = rules.around(
        queries.team(organisation),
        said.about,
        _names_in(said, words),
        _accounts(said),
        outside=trustee_of(organisation) is not None,
    )
    degree = Alert.Degree.DANGER if said.danger else Alert.Degree.CALM
    alert = alerts.open_alert(actor=actor, kind=Alert.Kind.CONCERN, degree=degree, around=around)
    concern = Concern.objects.create(
        id=key,
        organisation=organisation,
        alert=alert,
        about=Concern.About(said.about),
        account=said.account,
        volunteer=said.volunteer,
        person=said.person,
        named=one_line(said.named, 120),
        address=one_line(said.address, 200),
        words=words,
        by=Concern.By(said.by),
        by_person=said.by_person,
        contact=one_line(said.contact, 200),
        language=(get_language() or "fr")[:2],
        case=said.case,
        call=said.call,
        token_hash=token_hash(token),
        unproven=said.unproven,
        raised_at=alert.raised_at,
    )
    _note(actor, "concern.raise", concern)
    alerts.tell_first(alert=alert)
    alert.refresh_from_db()
    return concern, token


def _raised_just_now(actor: Actor, said: Raised, words: str) -> Concern | None:
    """The same concern of the same one, pressed again. Whoever holds a row of their own is waited for, so that two
    presses at once are one; of who does not say who they are nobody can tell, so that theirs are all kept."""
    if said.by_person is not None:
        hold(Person, pk=said.by_person.pk)
        mine = Q(by_person=said.by_person)
    elif actor.account is not None:
        hold(Account, pk=actor.account.pk)
        mine = Q(by_person=None, alert__raised_by=actor.account.pk)
    else:
        return None
    since = clock.now() - ONCE_WITHIN
    rows = Concern.objects.filter(mine, organisation=actor.organisation, raised_at__gte=since)
    rows = rows.filter(
        about=said.about, by=said.by, account=said.account, volunteer=said.volunteer, person=said.person
    )
    for known in rows.filter(case=said.case, call=said.call).select_related("alert"):
        is_same = known.words == words and known.named == one_line(said.named, 120)
        # Sent once more with where they live, or how to reach whoever says it: that must not be lost.
        is_same &= (known.address, known.contact) == (
            one_line(said.address, 200),
            one_line(said.contact, 200),
        )
        # A danger is never taken for what was said calmly before.
        if is_same and known.alert.state != Alert.State.CLOSED and _is_as_grave(known, said):
            return known
    return None


def _is_as_grave(known: Concern, said: Raised) -> bool:
    return known.alert.degree == Alert.Degree.DANGER or not said.danger


def _names_in(said: Raised, words: str) -> str:
    """Where names of the team are looked for: in the name that was given, and in the words when it could be anybody."""
    if said.by == Concern.By.PHONE:
        return said.named  # the words are ours
    loose = said.about in {Concern.About.TEAM, Concern.About.UNKNOWN, Concern.About.PARTNER}
    return f"{said.named} {words}" if loose and said.account is None else said.named


def _accounts(said: Raised) -> set[UUID]:
    """The accounts of whom it is about: a volunteer or somebody helped can be of the team too."""
    people_ = [said.volunteer.person if said.volunteer else None, said.person]
    found = {each.account_id for each in people_ if each is not None}
    found |= said.around | {said.account.pk if said.account else None}
    return {each for each in found if each is not None}


@transaction.atomic
def name_whom(*, actor: Actor, concern: Concern, account: Account) -> None:
    """Somebody of the team reads whom it is about: from now on it goes around that one. Raises `Http404` for an account
    of elsewhere, or one's own."""
    if account.organisation_id != concern.organisation_id or account.pk == actor.id:
        raise Http404
    concern.about, concern.account = Concern.About.TEAM, account
    concern.save(update_fields=["about", "account"])
    alerts.go_around(alert=concern.alert, accounts=[account.pk])
    _note(actor, "concern.name", concern)


@transaction.atomic
def is_danger(*, actor: Actor, concern: Concern) -> None:
    """Somebody is in danger after all: the ladder of minutes begins, around the same people."""
    alerts.set_danger(actor=actor, alert=concern.alert)


@transaction.atomic
def close(*, actor: Actor, concern: Concern, words: str, answer: str) -> None:
    """It is over. `words`: what was done, for the team; `answer`: what whoever raised it may be told. Both are needed.

    `actor` passed the gate: it is not who it is about. Raises `NothingSaid`, `Http404`.
    """
    words, answer = clean(words), clean(answer)
    if not words or not answer:
        raise NothingSaid
    row = Alert.objects.select_for_update().get(pk=concern.alert_id)
    if row.around.filter(account=actor.id).exists():
        raise Http404
    if row.state == Alert.State.CLOSED:
        return
    alerts.close_for(actor=actor, alert=row, words=words)
    concern.answer = answer
    concern.save(update_fields=["answer"])
    _note(actor, "concern.close", concern)
    person = concern.by_person or (
        Person.objects.filter(account=row.raised_by).first() if row.raised_by_id else None
    )
    if person is not None:
        messaging.write(
            organisation=concern.organisation,
            letter=Letter(
                person,
                "concern_answered",
                f"concern:{concern.pk}:{row.told}",
                {"page": ("concern_follow", token_of(concern))},
            ),
        )


def token_of(concern: Concern) -> str:
    """The unguessable part of the link of whoever raised it; worked out, never stored."""
    return blind("concern", concern.organisation_id, str(concern.pk))[:32]


@transaction.atomic
def trust(*, actor: Actor, who: Who) -> Trustee:
    """The head says whom the group trusts outside of its team. Raises `ValueError` without a way to reach them."""
    if not who.name.strip() or not (who.phone or who.email):
        raise ValueError("no name, or no way to reach them")
    before = trustee_of(actor.organisation)
    person = people.record_person(organisation=actor.organisation, who=replace(who, noted_by_team=True))
    if person.account_id is not None:
        raise ValueError("of the team")
    row, _new = Trustee.objects.update_or_create(
        organisation=actor.organisation, defaults={"person": person, "since": clock.now()}
    )
    if before is None or before.person_id != person.pk:
        alerts.trustee_changed(actor.organisation)
    audit.record(
        organisation_id=actor.organisation.pk,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="trustee.change" if before else "trustee.name",
        subject_kind="person",
        subject_id=person.pk,
    )
    return row


def _note(actor: Actor, verb: str, concern: Concern) -> None:
    audit.record(
        organisation_id=concern.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="concern",
        subject_id=concern.pk,
    )

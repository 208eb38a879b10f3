"""What changes people: recording somebody, becoming a volunteer, pausing, leaving."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from quartier.audit import actions as audit
from quartier.lib import cells, choices, clock
from quartier.lib.crypto import blind
from quartier.lib.text import one_line
from quartier.people import own_way, queries, wishes
from quartier.people.codes import CODE_LIVES as CODE_LIVES
from quartier.people.codes import NewCode as NewCode
from quartier.people.codes import may_have_long_code as may_have_long_code
from quartier.people.codes import new_code as new_code
from quartier.people.codes import new_long_code as new_long_code
from quartier.people.codes import use_code as use_code
from quartier.people.models import Exclusion, Person, Volunteer
from quartier.team.access import Actor
from quartier.team.models import Account, Organisation, Role
from quartier.team.sessions import end_sessions

FARTHEST_M = 100_000


@dataclass(frozen=True)
class Who:
    """A human as a form describes one. `phone` in E.164 or ''; `email` as typed, checked by the form, or ''.
    `noted_by_team`: one of the team has spoken with them, and writes it down."""

    name: str
    phone: str = ""
    email: str = ""
    language: str = "fr"
    channel: str = Person.Channel.CALL
    phone_is_shared: bool = False
    noted_by_team: bool = False


@dataclass(frozen=True)
class Readiness:
    """What a volunteer can do. Sets are bits (`lib.choices`), `cell` an H3 cell of resolution 9, metres."""

    kinds: int
    languages: int
    slots: int
    travel: str
    radius_m: int
    capacity: int
    budget: int
    cell: int
    postcode: str = ""
    place_name: str = ""

    def __post_init__(self) -> None:
        if not self.kinds or not self.languages or not self.slots:
            raise ValueError("a volunteer needs a kind of help, a language and a time")
        if not (500 <= self.radius_m <= FARTHEST_M and 1 <= self.capacity <= 20 and 1 <= self.budget <= 10):
            raise ValueError("radius, capacity or budget out of bounds")
        if self.kinds & choices.LIFT and self.travel != choices.CAR:
            raise ValueError("a lift needs a car")


def indexes(organisation: Organisation, who: Who) -> dict[str, str]:
    """The keyed hashes under which somebody is found again."""
    return {
        "phone_index": blind("phone", organisation.id, who.phone),
        "email_index": blind("email", organisation.id, who.email.lower()),
    }


@transaction.atomic
def record_person(*, organisation: Organisation, who: Who) -> Person:
    """The person described by `who`: known already by the same name and the same number and address, or new.

    Anybody can fill in a form with somebody else's name and number. Whoever is known keeps how they are reached, unless
    the team has spoken with them; with another number or address it is a new person: perhaps a duplicate.
    """
    by_form, marks = not who.noted_by_team, indexes(organisation, who)
    known = queries.known(organisation, **marks, name=who.name, by_form=by_form)
    if known is None:
        known = Person(organisation=organisation, created_at=clock.now())
        _describe(known, who)
        known.save()
    elif known.account_id is None and not by_form:
        known.language, known.channel = who.language, who.channel
        known.phone_is_shared = known.phone_is_shared or who.phone_is_shared
        known.sharing_noted_by_team |= who.phone_is_shared
        known.save(update_fields=["language", "channel", "phone_is_shared", "sharing_noted_by_team"])
    return known


@transaction.atomic
def correct_person(*, actor: Actor, person: Person, who: Who) -> Person:
    """Somebody of the team has spoken with the person, and writes down what they say of themselves.

    Who has an account keeps it as it is: it opens with that number or address.
    """
    if person.account_id is not None:
        return person
    wishes.chosen_anew(person, who.channel)
    _describe(person, who)
    person.save()
    _note(actor, "person.correct", person)
    return person


@transaction.atomic
def record_death(*, actor: Actor, person: Person) -> None:
    """We were told that this person has died. What was planned for them is ended by `visits.person_died`."""
    told = Person.objects.filter(pk=person.pk, died_at=None).update(died_at=clock.now())
    if told:
        _note(actor, "person.died", person)


@transaction.atomic
def undo_death(*, actor: Actor, person: Person) -> None:
    """It was a mistake: they can be written to again. What was ended stays so, and is asked for anew."""
    undone = Person.objects.filter(pk=person.pk, died_at__isnull=False).update(died_at=None)
    if undone:
        _note(actor, "person.lives", person)


def _describe(person: Person, who: Who) -> None:
    person.name = one_line(who.name, 120)
    person.phone, person.email = who.phone, who.email
    person.language, person.channel = who.language, who.channel
    person.phone_is_shared = who.phone_is_shared
    person.sharing_noted_by_team = who.phone_is_shared and who.noted_by_team
    for column, value in indexes(person.organisation, who).items():
        setattr(person, column, value)


@transaction.atomic
def create_account(*, organisation: Organisation, who: Who, roles: list[str]) -> Account:
    """An account with these roles, and its person."""
    now = clock.now()
    account = Account.objects.create(organisation=organisation, name=one_line(who.name, 120), created_at=now)
    person = Person(organisation=organisation, account=account, created_at=now)
    _describe(person, who)
    person.save()
    Role.objects.bulk_create(Role(organisation=organisation, account=account, name=name) for name in roles)
    return account


@transaction.atomic
def join(*, organisation: Organisation, who: Who, ready: Readiness) -> tuple[Volunteer, bool]:
    """Somebody becomes a volunteer. Returns the volunteer, and whether it is a new one.

    Who is known already (`own_way`) keeps the file as it is: only who can sign in may change it.
    """
    person = own_way.known_as(organisation, who.name, who.phone, indexes(organisation, who))
    if person is None:
        account = create_account(organisation=organisation, who=who, roles=[Role.Name.VOLUNTEER])
        person = account.person
    existing = Volunteer.objects.filter(person=person).first()
    if existing is not None:
        return existing, False
    assert person.account is not None
    Role.objects.get_or_create(organisation=organisation, account=person.account, name=Role.Name.VOLUNTEER)
    volunteer = Volunteer(organisation=organisation, person=person, created_at=clock.now())
    _make_ready(volunteer, ready)
    volunteer.save()
    audit.record(
        organisation_id=organisation.id,
        actor_kind="account",
        actor_id=person.account_id,
        verb="volunteer.join",
        subject_kind="volunteer",
        subject_id=volunteer.id,
    )
    return volunteer, True


@transaction.atomic
def join_many(*, organisation: Organisation, joining: Sequence[tuple[Who, Readiness]]) -> list[Volunteer]:
    """Many become volunteers at once, as `join` does it for one, with few statements: an association brings its
    members. Who is known already (`own_way`), or comes twice in the list, is left out. Returns the new ones, in the
    order of the list.
    """
    now = clock.now()
    marks = [indexes(organisation, who) for who, _ready in joining]
    known = _known_by_mark(organisation, marks)
    accounts, persons, roles, volunteers = [], [], [], []
    for (who, ready), mark in zip(joining, marks, strict=True):
        alike = [each for pair in mark.items() for each in known.get(pair, ())]
        if any(own_way.is_same(each, who.name, who.phone, mark) for each in alike):
            continue
        account = Account(organisation=organisation, name=one_line(who.name, 120), created_at=now)
        person = Person(organisation=organisation, account=account, created_at=now)
        _describe(person, who)
        for pair in mark.items():
            known.setdefault(pair, []).append(person)
        volunteer = Volunteer(organisation=organisation, person=person, created_at=now)
        _make_ready(volunteer, ready)
        accounts.append(account)
        persons.append(person)
        roles.append(Role(organisation=organisation, account=account, name=Role.Name.VOLUNTEER))
        volunteers.append(volunteer)
    Account.objects.bulk_create(accounts)
    Person.objects.bulk_create(persons)
    Role.objects.bulk_create(roles)
    Volunteer.objects.bulk_create(volunteers)
    audit.record_all(
        organisation_id=organisation.id,
        verb="volunteer.join",
        subject_kind="volunteer",
        about=[
            (person.account_id, volunteer.id) for person, volunteer in zip(persons, volunteers, strict=True)
        ],
    )
    return volunteers


def _known_by_mark(
    organisation: Organisation, marks: Sequence[dict[str, str]]
) -> dict[tuple[str, str], list[Person]]:
    """Who can sign in already, by column and hash of the numbers and addresses that are given."""
    found: dict[tuple[str, str], list[Person]] = {}
    for column in ("phone_index", "email_index"):
        for person in own_way.accounts_at(organisation, column, [mark[column] for mark in marks]):
            found.setdefault((column, getattr(person, column)), []).append(person)
    return found


def _make_ready(volunteer: Volunteer, ready: Readiness) -> None:
    for name in ("kinds", "languages", "slots", "travel", "radius_m", "capacity", "budget", "cell"):
        setattr(volunteer, name, getattr(ready, name))
    # Fewer places than are taken now would break the count; the lower number holds once visits have ended.
    volunteer.capacity = max(ready.capacity, volunteer.open_count)
    volunteer.postcode, volunteer.place_name = ready.postcode, ready.place_name
    volunteer.area, volunteer.region = cells.area_of(ready.cell), cells.region_of(ready.cell)
    volunteer.lat, volunteer.lon = cells.centre(ready.cell)
    volunteer.strip = cells.strip_of(volunteer.lat)


@transaction.atomic
def edit_volunteer(*, actor: Actor, volunteer: Volunteer, who: Who, ready: Readiness) -> Volunteer:
    """Change what a volunteer said. Raises `AlreadyInUse` where codes would come by the way of somebody else's."""
    locked = (
        Volunteer.objects.select_for_update(of=("self",))
        .select_related("person__organisation", "person__account")
        .get(pk=volunteer.pk)
    )
    if own_way.has_way_of_another(locked.person, who.phone, indexes(actor.organisation, who)):
        raise AlreadyInUse
    wishes.chosen_anew(locked.person, who.channel)
    _describe(locked.person, who)
    locked.person.save()
    if locked.person.account is not None:
        locked.person.account.name = locked.person.name
        locked.person.account.save(update_fields=["name"])
    _make_ready(locked, ready)
    locked.save()
    _note(actor, "volunteer.edit", locked)
    return locked


@transaction.atomic
def change_readiness(
    *, actor: Actor, volunteer: Volunteer, radius_m: int = 0, only_from: int = 0, add: int = 0, drop: int = 0
) -> tuple[int, int]:
    """Another radius in metres (with `only_from`, unless it is not that any more), and kinds of help added or dropped
    (bits; the last kind stays, and a lift is added to whoever drives). Returns radius and kinds as they were."""
    locked = Volunteer.objects.select_for_update(of=("self",)).get(pk=volunteer.pk)
    before = locked.radius_m, locked.kinds
    if radius_m and only_from in {0, locked.radius_m}:
        locked.radius_m = min(radius_m, FARTHEST_M)
    if locked.travel != choices.CAR:
        add &= ~choices.LIFT
    locked.kinds = (locked.kinds | add) & ~drop or locked.kinds
    if (locked.radius_m, locked.kinds) != before:
        locked.save(update_fields=["radius_m", "kinds"])
        _note(actor, "volunteer.edit", locked)
    return before


def show_milestones(*, volunteer: Volunteer, shown: bool) -> None:
    """Whether a volunteer's own page shows the dates worth remembering."""
    Volunteer.objects.filter(pk=volunteer.pk).update(shows_milestones=shown)


class AlreadyInUse(Exception):
    """The number or address belongs to another account."""


@transaction.atomic
def pause(*, actor: Actor, volunteer: Volunteer, until: date | None) -> None:
    """No more offers until that day (or until `resume`). What was accepted stays accepted."""
    _set_state(actor, volunteer, Volunteer.State.PAUSED, until)


@transaction.atomic
def resume(*, actor: Actor, volunteer: Volunteer) -> None:
    """Offers may come again. Who is suspended stays so: only `lift_suspension` ends that."""
    _set_state(actor, volunteer, Volunteer.State.ACTIVE, None)


@transaction.atomic
def leave(*, actor: Actor, volunteer: Volunteer) -> None:
    """No more offers, ever. `visits` gives back what was promised and then closes the account."""
    _set_state(actor, volunteer, Volunteer.State.LEFT, None)


@transaction.atomic
def close_account(*, actor: Actor, volunteer: Volunteer) -> None:
    """Who has left and promised nothing any more: no sign-in as a volunteer. Other roles stay."""
    account = volunteer.person.account
    if (
        account is None
        or not Volunteer.objects.filter(pk=volunteer.pk, state=Volunteer.State.LEFT, open_count=0).exists()
    ):
        return
    Role.objects.filter(account=account, name=Role.Name.VOLUNTEER).delete()
    if not Role.objects.filter(account=account).exists():
        account.is_active = False
        account.save(update_fields=["is_active"])
    _note(actor, "volunteer.close_account", volunteer)


@transaction.atomic
def suspend(*, actor: Actor, volunteer: Volunteer) -> None:
    """At once: no offers, and no role of theirs works any more (`team.access.of_account`), here or on any device."""
    Volunteer.objects.filter(pk=volunteer.pk).update(state=Volunteer.State.SUSPENDED, paused_until=None)
    if volunteer.person.account is not None:
        end_sessions(volunteer.person.account)
    _note(actor, "volunteer.suspend", volunteer)


@transaction.atomic
def lift_suspension(*, actor: Actor, volunteer: Volunteer) -> None:
    """The volunteer may be asked again."""
    Volunteer.objects.filter(pk=volunteer.pk, state=Volunteer.State.SUSPENDED).update(
        state=Volunteer.State.ACTIVE
    )
    _note(actor, "volunteer.lift_suspension", volunteer)


def _set_state(actor: Actor, volunteer: Volunteer, state: str, until: date | None) -> None:
    Volunteer.objects.filter(pk=volunteer.pk).exclude(state=Volunteer.State.SUSPENDED).update(
        state=state, paused_until=until
    )
    _note(actor, f"volunteer.{state}", volunteer)


def _note(actor: Actor, verb: str, subject: Person | Volunteer) -> None:
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="person" if isinstance(subject, Person) else "volunteer",
        subject_id=subject.id,
    )


@transaction.atomic
def wake_paused(today: date) -> int:
    """Volunteers whose pause is over are active again. Returns how many."""
    return Volunteer.objects.filter(state=Volunteer.State.PAUSED, paused_until__lte=today).update(
        state=Volunteer.State.ACTIVE, paused_until=None
    )


@transaction.atomic
def exclude(*, actor: Actor, volunteer: Volunteer, person: Person, reason: str = "") -> None:
    """Never bring these two together (again)."""
    Exclusion.objects.get_or_create(
        volunteer=volunteer,
        person=person,
        defaults={"organisation": actor.organisation, "reason": reason[:200], "created_at": clock.now()},
    )


def keep_apart_from_all(people: Sequence[Person]) -> None:
    """These are written down in one file from now on: whoever is kept apart from one of them is from each. In the
    caller's transaction."""
    Exclusion.objects.bulk_create(
        [
            Exclusion(
                organisation_id=row.organisation_id,
                volunteer_id=row.volunteer_id,
                person=person,
                reason=row.reason,
                created_at=row.created_at,
            )
            for row in Exclusion.objects.filter(person__in=people).order_by("pk")
            for person in people
        ],
        ignore_conflicts=True,
    )

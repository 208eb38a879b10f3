"""Finding people again, and who is not to be asked now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, TimeField, Value, When

from quartier.lib import hours
from quartier.lib.crypto import blind
from quartier.lib.names import first_name_in
from quartier.people import own_way
from quartier.people.models import Away, Exclusion, Person, Volunteer, Wishes
from quartier.team.models import Organisation

# From and until: when help is useful.
Window = tuple[datetime, datetime]
# A gap is told once it begins within so many days; its end is looked for no farther than the second.
GAP_NOTICE_DAYS, GAP_HORIZON_DAYS = 7, 60


def known(
    organisation: Organisation, *, phone_index: str, email_index: str, name: str, by_form: bool = False
) -> Person | None:
    """The person with this name and with every number and address that is given; a household can share them. `by_form`:
    by whoever has shown nothing else, not one who may be somebody else (`may_be_of_another`)."""
    marks = {"phone_index": phone_index, "email_index": email_index}
    given = {column: value for column, value in marks.items() if value}
    if not given:
        return None
    alike = Person.objects.filter(organisation=organisation, **given).order_by("-created_at", "-id")[:10]
    same = [person for person in alike if person.name.casefold() == name.strip().casefold()]
    if by_form:
        same = [person for person in same if not may_be_of_another(person, marks)]
    return min(
        same,
        # Of two of this name and number, not the one beside which somebody may have written an address of their own.
        key=lambda person: (person.account_id is None, may_be_of_another(person, marks)),
        default=None,
    )


def may_be_of_another(known: Person, given: dict[str, str]) -> bool:
    """Whether this file has a number or an address that is not among those given, and nobody knows that it is
    theirs: no account, no code typed, and no call in which one of the team has spoken with them. Whoever wrote
    their own address beside somebody else's name and number is not to be written to about what that person
    asks later."""
    more = [column for column, value in given.items() if getattr(known, column) and not value]
    return bool(more) and not is_confirmed(known)


def is_confirmed(person: Person) -> bool:
    """Whether we know that this number or address is theirs: they have an account, have typed a code that came there,
    or one of the team has spoken with them. Whatever stands in a form, anybody may have written."""
    if person.account_id is not None or person.proven_phone_index:
        return True
    return person.contacts.filter(channel="phone", taken_by__isnull=False).exists()


def is_shown(person: Person) -> bool:
    """Whether somebody has shown that this number or address is theirs. An account alone says nothing: the form for
    volunteers makes one for whoever fills it in."""
    account = person.account
    if person.is_phone_proven or (account is not None and account.last_login is not None):
        return True
    return person.contacts.filter(channel="phone", taken_by__isnull=False).exists()


# Whoever writes is looked for among so many: a few forms with somebody's number push nobody out.
MOST_OF_ONE_WAY = 60


def by_phone(organisation: Organisation, e164: str, limit: int = 5) -> list[Person]:
    """Everybody known under a number: who can sign in first, then who has shown that it is theirs, then the newest."""
    return _known_by(organisation, "phone_index", blind("phone", organisation.id, e164), limit)


def by_email(organisation: Organisation, address: str, limit: int = 5) -> list[Person]:
    """Everybody known under a mail address: who can sign in first, then who has shown that their number is theirs, then
    the newest."""
    return _known_by(
        organisation, "email_index", blind("email", organisation.id, address.strip().lower()), limit
    )


def _known_by(organisation: Organisation, column: str, index: str, limit: int) -> list[Person]:
    if not index:
        return []
    rows = Person.objects.filter(organisation=organisation, **{column: index})
    return list(rows.order_by(known_best(), "-created_at", "-id")[:limit])


def known_best(prefix: str = "") -> Case:
    """To order by: who can sign in, then who has shown that their number is theirs, then whoever a form has made.
    `prefix`: of the person in another table, as `person__`."""
    number = f"{prefix}phone_index"
    is_proven = ~Q(**{number: ""}) & Q(**{f"{prefix}proven_phone_index": F(number)})
    return Case(When(Q(**{f"{prefix}account__is_active": True}), then=0), When(is_proven, then=1), default=2)


def number_alone(prefix: str = "") -> Q:
    """Files of which nothing is known but a number: no name, mail address or account, no volunteer, nobody whom we
    help or who has asked for somebody, and nothing that they have told us. The group's own text to a caller makes such
    a file. `prefix`: of the person in another table, as `person__`."""
    relations = ("account", "volunteer", "cases", "cases_asked", "contacts", "received")
    alone = {f"{prefix}name": "", f"{prefix}email_index": ""}
    return Q(**alone, **{f"{prefix}{each}__isnull": True for each in relations})


def is_number_alone(people: Sequence[Person]) -> bool:
    """Whether nothing but their number is known of all these. One query, none for nobody."""
    keys = [person.pk for person in people]
    return not keys or Person.objects.filter(number_alone(), pk__in=keys).distinct().count() == len(keys)


def to_sign_in(organisation: Organisation, *, phone: str = "", email: str = "") -> list[Person]:
    """Whose accounts a number (E.164) or a mail address opens: each of those who share it, first whoever has no other
    way to a code."""
    if phone:
        column, mark = "phone_index", blind("phone", organisation.id, phone)
    else:
        column, mark = "email_index", blind("email", organisation.id, email.lower())
    found = own_way.accounts_at(organisation, column, [mark])
    found.sort(key=own_way.has_own_mobile)
    return found[: own_way.MAX_OF_ONE_MAILBOX]


def switched_off(organisation: Organisation, *, phone: str = "", email: str = "") -> list[Person]:
    """Whose accounts a number (E.164) or a mail address would open, had they not been switched off; the newest
    first."""
    if phone:
        mark = {"phone_index": blind("phone", organisation.id, phone)}
    else:
        mark = {"email_index": blind("email", organisation.id, email.lower())}
    rows = Person.objects.filter(organisation=organisation, account__is_active=False, died_at=None, **mark)
    return list(rows.select_related("account", "organisation").order_by("-created_at", "-id")[:10])


def kept_apart(volunteer: Any, person: Any) -> Exists:
    """Whether these two are never to be brought together; as part of a query, with their ids or `OuterRef`s."""
    return Exists(Exclusion.objects.filter(volunteer=volunteer, person=person))


def are_kept_apart(volunteer: Volunteer, person_id: UUID) -> bool:
    """Whether these two are never to be brought together. One query."""
    return Exclusion.objects.filter(volunteer=volunteer, person=person_id).exists()


def active_volunteers(people: Sequence[Person]) -> set[UUID]:
    """Which of these people have a page of their own as volunteers."""
    rows = Volunteer.objects.filter(person__in=[each.pk for each in people])
    return set(rows.exclude(state=Volunteer.State.SUSPENDED).values_list("person", flat=True))


def asleep(at: time, prefix: str = "") -> Q:
    """Who has quiet hours of their own at this time of the day. `prefix`: of the wishes' columns."""
    start, end = f"{prefix}quiet_from", f"{prefix}quiet_until"
    within = Q(**{f"{start}__lte": at, f"{end}__gt": at, f"{start}__lt": F(end)})
    over_midnight = Q(**{f"{start}__gt": F(end)}) & (Q(**{f"{start}__lte": at}) | Q(**{f"{end}__gt": at}))
    return within | over_midnight


def away(organisation: Organisation, now: datetime, window: Window | None = None) -> Q:
    """Times away (rows of `Away`) that hold today, or all of what is left of `window`."""
    today = now.astimezone(organisation.zone).date()
    found = Q(starts_on__lte=today, ends_on__gte=today)
    if window is not None:
        first = max(window[0], now).astimezone(organisation.zone).date()
        last = (window[1] - timedelta(microseconds=1)).astimezone(organisation.zone).date()
        found |= Q(starts_on__lte=first, ends_on__gte=max(first, last))
    return found


def not_now(
    organisation: Organisation,
    now: datetime,
    *,
    window: Window | None = None,
    urgent: bool = False,
    among: Sequence[UUID] | None = None,
) -> dict[UUID, datetime | None]:
    """Volunteers (ids) who are not to be asked now, and when their quiet hours end; `None` for who is away.

    `window`: when the help is useful; `urgent`: it is needed at once, which some may be asked for at any hour; `among`:
    only these, one query for each 500. Everybody of the organisation: one query that reads only who is meant.
    """
    if among is not None:
        found: dict[UUID, datetime | None] = {}
        for start in range(0, len(among), 500):
            found |= _not_now(organisation, now, window, urgent, among[start : start + 500])
        return found
    return _not_now(organisation, now, window, urgent, None)


def _not_now(
    organisation: Organisation,
    now: datetime,
    window: Window | None,
    urgent: bool,
    among: Sequence[UUID] | None,
) -> dict[UUID, datetime | None]:
    sleeping = Wishes.objects.filter(
        asleep(now.astimezone(organisation.zone).time()),
        organisation=organisation,
        person__volunteer__isnull=False,
    )
    gone = Away.objects.filter(away(organisation, now, window), organisation=organisation)
    if urgent:
        sleeping = sleeping.filter(urgent=False)
    if among is not None:
        sleeping = sleeping.filter(person__volunteer__in=among)
        gone = gone.filter(volunteer__in=among)
    rows = sleeping.order_by().values_list("person__volunteer", "quiet_until")
    nobody = Value(None, output_field=TimeField())
    rows = rows.union(gone.order_by().values_list("volunteer", nobody), all=True)
    found: dict[UUID, datetime | None] = {}
    for volunteer_id, until in rows:
        if until is None:
            found[volunteer_id] = None
        else:
            found.setdefault(volunteer_id, hours.next_time(now, until, organisation.zone))
    return found


@dataclass(frozen=True)
class NobodyThere:
    """Days on which no volunteer can be asked. `until`: the last one; `None` where nobody knows."""

    since: date
    until: date | None


def next_days_without_anybody(organisation: Organisation, now: datetime) -> NobodyThere | None:
    """The first of the coming days on which all volunteers are away, on a break or have left. One query as long as
    somebody is there all the time, as nearly always, or nobody has joined; else four."""
    today = now.astimezone(organisation.zone).date()
    last = today + timedelta(days=GAP_NOTICE_DAYS - 1)
    team = Volunteer.objects.filter(organisation=organisation).order_by()
    soon = Away.objects.filter(volunteer=OuterRef("pk"), starts_on__lte=last, ends_on__gte=today)
    is_active = Q(state=Volunteer.State.ACTIVE)
    first = (
        team.annotate(is_there=Exists(team.filter(is_active, ~Exists(soon))))
        .values_list("is_there", flat=True)
        .first()
    )
    if first is not False:
        return None
    backs: dict[UUID, date] = dict.fromkeys(team.filter(is_active).values_list("pk", flat=True), today)
    paused = team.filter(state=Volunteer.State.PAUSED, paused_until__isnull=False)
    backs |= {pk: until for pk, until in paused.values_list("pk", "paused_until") if until}
    gone = list(
        Away.objects.filter(organisation=organisation, ends_on__gte=today).values_list(
            "volunteer", "starts_on", "ends_on"
        )
    )
    days = [today + timedelta(days=number) for number in range(GAP_HORIZON_DAYS)]
    empty = [
        not ({pk for pk, back in backs.items() if back <= day} - {pk for pk, a, b in gone if a <= day <= b})
        for day in days
    ]
    if True not in empty[:GAP_NOTICE_DAYS]:
        return None
    begins = empty.index(True)
    until = days[empty.index(False, begins) - 1] if False in empty[begins:] else None
    return NobodyThere(days[begins], until)


def first_name(person: Person) -> str:
    """How somebody is called in front of others: the first name alone."""
    return first_name_in(person.name)

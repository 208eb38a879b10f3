"""Finding people again, and who is not to be asked now."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import F, Q, TimeField, Value

from quartier.lib import hours
from quartier.lib.crypto import blind
from quartier.people.models import Away, Person, Wishes
from quartier.team.models import Organisation

# From and until: when help is useful.
Window = tuple[datetime, datetime]


def known(organisation: Organisation, *, phone_index: str, email_index: str, name: str) -> Person | None:
    """The person with this name and with every number and address that is given; a household can share them."""
    given = {"phone_index": phone_index, "email_index": email_index}
    given = {column: value for column, value in given.items() if value}
    if not given:
        return None
    alike = Person.objects.filter(organisation=organisation, **given).order_by("-created_at", "-id")[:10]
    same = [person for person in alike if person.name.casefold() == name.strip().casefold()]
    return min(same, key=lambda person: person.account_id is None, default=None)


def with_account(organisation: Organisation, *, phone_index: str, email_index: str) -> Person | None:
    """Who can sign in with this number or this address."""
    people = Person.objects.filter(organisation=organisation, account__is_active=True).select_related(
        "account"
    )
    for column, value in (("phone_index", phone_index), ("email_index", email_index)):
        if value and (found := people.filter(**{column: value}).order_by("created_at", "id").first()):
            return found
    return None


def by_phone(organisation: Organisation, e164: str, limit: int = 5) -> list[Person]:
    """Everybody known under a number, the newest first."""
    index = blind("phone", organisation.id, e164)
    if not index:
        return []
    return list(
        Person.objects.filter(organisation=organisation, phone_index=index).order_by("-created_at", "-id")[
            :limit
        ]
    )


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


def to_sign_in(organisation: Organisation, *, phone: str = "", email: str = "") -> Person | None:
    """Whose account a number (E.164) or a mail address opens."""
    return with_account(
        organisation,
        phone_index=blind("phone", organisation.id, phone),
        email_index=blind("email", organisation.id, email.lower()),
    )


def by_email(organisation: Organisation, address: str, limit: int = 5) -> list[Person]:
    """Everybody known under a mail address, the newest first."""
    index = blind("email", organisation.id, address.strip().lower())
    if not index:
        return []
    return list(
        Person.objects.filter(organisation=organisation, email_index=index).order_by("-created_at")[:limit]
    )


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


def first_name(person: Person) -> str:
    """How somebody is called in front of others: the first name alone."""
    return person.name.split()[0] if person.name.split() else ""

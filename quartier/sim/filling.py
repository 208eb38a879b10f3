"""What a demonstration has at its start: volunteers, a fortnight that is over, and a morning that is not."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import QuerySet

from quartier.cases.models import Request
from quartier.lib import choices, clock
from quartier.matching.queries import only_who_had_joined
from quartier.people import actions as people
from quartier.people.actions import Readiness, Who
from quartier.people.models import Volunteer
from quartier.places.models import Place
from quartier.sim.crisis import Crisis, arrivals
from quartier.sim.people import mobile
from quartier.sim.showing import listening
from quartier.sim.showing.afterwards import Afterwards
from quartier.sim.showing.again import Again
from quartier.sim.showing.shown import Shown
from quartier.sim.showing.watched import Watched
from quartier.team import actions as team
from quartier.team.access import Actor, of_account
from quartier.team.models import Account, Organisation, Role
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

VOLUNTEERS = 8000
PAST, OPEN = 300, 60
# To so many households somebody comes each time.
HOUSEHOLDS = 10
PAST_DAYS = 14
# The open requests came in within the last hours.
RECENT = timedelta(hours=3)
JUST_NOW = 26
# Shares of the whole work, as processor time: how much there is once everybody has joined, and once the past is over.
JOINED_SHARE, PAST_SHARE = 0.1, 0.92
# Rows of each index that are looked at to know how much it tells apart.
ROWS_COUNTED = 1000
ZONE = ZoneInfo("Europe/Brussels")
# Those who can sign in, by their part; the first of each role is the one of the ready-made sign-ins.
TEAM = (
    ("Sara Lambert", "sara@example.org", "fr", [Role.Name.ADMIN]),
    ("Thomas Maes", "thomas@example.org", "fr", [Role.Name.COORDINATOR]),
    ("Lotte Peeters", "lotte@example.org", "nl", [Role.Name.OPERATOR]),
    ("Anke Heinen", "anke@example.org", "de", [Role.Name.OPERATOR]),
)
VOLUNTEER = ("Youssef Benali", "youssef@example.org")


def found(now: datetime) -> Organisation:
    """The organisation, its team, and one volunteer with a name that is easy to remember."""
    organisation = team.found_organisation(
        name="Quartier Solidaire", languages=["fr", "nl", "de", "en"], country="BE", phone="+3280000020"
    )
    # Somebody may look at it at night, and wants to see things move.
    team.change_quiet_hours(organisation=organisation, start=time(0), end=time(0))
    for name, email, language, roles in TEAM:
        who = Who(name, email=email, language=language, channel="email")
        people.create_account(organisation=organisation, who=who, roles=list(roles))
    team.change_details(
        actor=actor_of(organisation, Role.Name.ADMIN),
        legal_name="Quartier Solidaire asbl/vzw",
        postal_address="Place Eugène Flagey 18, 1050 Bruxelles",
        contact_email="bonjour@example.org",
    )
    name, email = VOLUNTEER
    place = Place.objects.filter(country="BE", postcode="1050").order_by("-main", "key").first()
    if place is not None:
        joined, _new = people.join(
            organisation=organisation,
            who=Who(name, phone=mobile(9999), email=email, language="fr", channel="email"),
            ready=Readiness(
                kinds=choices.mask(choices.KINDS, ["groceries", "pharmacy", "dog", "talk"]),
                languages=choices.mask(choices.LANGUAGES, ["fr", "nl", "ar"]),
                slots=choices.ALL_SLOTS,
                travel="bike",
                radius_m=5000,
                capacity=3,
                budget=5,
                cell=place.cell,
                postcode=place.postcode,
                place_name=place.name,
            ),
        )
        # The past that is played asks only those who had joined (`fill`), and has something for this one too.
        Volunteer.objects.filter(pk=joined.pk).update(created_at=now - timedelta(days=PAST_DAYS + 2))
    return organisation


def actor_of(organisation: Organisation, role: str) -> Actor:
    """The first account with this role."""
    account = (
        Account.objects.filter(organisation=organisation, roles__name=role)
        .order_by("created_at", "id")
        .first()
    )
    assert account is not None
    return of_account(account)


@only_who_had_joined()
def fill(
    organisation: Organisation,
    seed: int,
    say: Callable[[str], None],
    *,
    reached: Callable[[float], None] = lambda share: None,
) -> None:
    """Fill the demonstration up to the present moment. Sets the clock meanwhile, and sets it free again. `reached`
    hears, as a share of 1, how far it is."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Invented data: what a power cut would take can be invented again.
            cursor.execute("PRAGMA synchronous=OFF")
    now = clock.now()
    recent = now - RECENT
    first_day = datetime.combine(
        (now.astimezone(ZONE) - timedelta(days=PAST_DAYS)).date(), time(0), tzinfo=ZONE
    ).astimezone(UTC)
    before = first_day - timedelta(hours=6)
    clock.set_time(before - listening.BEFORE)
    try:
        crisis = Shown(
            organisation,
            seed,
            operator=actor_of(organisation, Role.Name.OPERATOR),
            coordinator=actor_of(organisation, Role.Name.COORDINATOR),
            day_and_night=True,
            ends=now,
        )
        listening.Programme(crisis).begin()
        crisis.run(before)

        def joined(done: int) -> None:
            say(f"{done} of {VOLUNTEERS} volunteers")
            reached(JOINED_SHARE * done / VOLUNTEERS)

        def played(requests: int) -> None:
            say(f"{requests} of {PAST} past requests")
            reached(JOINED_SHARE + (PAST_SHARE - JOINED_SHARE) * requests / PAST)

        crisis.join(range(VOLUNTEERS), step=joined)
        _count_rows()
        Again(crisis).begin(first_day, HOUSEHOLDS)
        Afterwards(crisis).plan(first_day)
        crisis.at(now - timedelta(minutes=80), ("dispute",), crisis.money.leave_open)
        Watched(crisis).plan(first_day)
        _past(crisis, first_day, recent, played)
        _present(crisis, recent, now)
    finally:
        clock.set_time(None)


def _count_rows() -> None:
    """Let SQLite count what is there: else it takes the index of the organisation, which is all of them, before that of
    a phone number."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={ROWS_COUNTED}")
            cursor.execute("ANALYZE")


def _past(crisis: Crisis, first_day: datetime, until: datetime, played: Callable[[int], None]) -> None:
    days = PAST_DAYS - 1
    for day in range(days):
        numbers = range(day * PAST // days, (day + 1) * PAST // days)
        for moment, number in arrivals(crisis.chance, first_day + timedelta(days=day), numbers):
            crisis.asks_at(moment, number)
        end = min(first_day + timedelta(days=day + 1), until)
        crisis.run(end)
        played(numbers.stop)
    crisis.run(until)
    _settle(crisis)


def _settle(crisis: Crisis) -> None:
    """The few that are still under way are brought to their end, so that the past is over. What comes again goes on."""
    still = _under_way(crisis.organisation).filter(series=None)
    for request in still.order_by("created_at", "pk"):
        active = request.assignments.filter(state__in=Assignment.ACTIVE).exists()
        closure = Request.Closure.FULFILLED if active else Request.Closure.REFERRED
        visits.end_request(actor=crisis.coordinator, request=request, closure=closure)


def _present(crisis: Crisis, since: datetime, now: datetime) -> None:
    """The last hours: some covered, some not, none of them over."""
    draw = crisis.chance.of("present")
    # Many only just now, so that the board shows every state; what needs a human is left to who looks at it.
    crisis.speed["team"] = 0.1
    starts = [since] * (OPEN - JUST_NOW) + [now - timedelta(minutes=20)] * JUST_NOW
    moments = sorted(start + (now - start) * draw.random() for start in starts)
    for number, moment in enumerate(moments, start=PAST):
        crisis.asks_at(moment, number)
    crisis.run(now)
    number = PAST + OPEN
    while (open_now := _under_way(crisis.organisation).count()) < OPEN:
        for _ in range(OPEN - open_now):
            crisis.ask(number)
            number += 1
        crisis.pull()


def _under_way(organisation: Organisation) -> "QuerySet[Request]":
    """What was asked for until now, by the clock as it is set, and is not over. Whoever looks at the demonstration
    while it fills may have asked for something themselves, later than that: it is not played."""
    asked = Request.objects.filter(organisation=organisation, created_at__lte=clock.now())
    return asked.exclude(state=Request.State.CLOSED)


def still_open(organisation: Organisation) -> int:
    """How many requests are not over."""
    return Request.objects.filter(organisation=organisation).exclude(state=Request.State.CLOSED).count()

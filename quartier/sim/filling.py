"""What a demonstration has at its start: volunteers, a fortnight that is over, and a morning that is not."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from quartier.cases.models import Request
from quartier.lib import choices, clock
from quartier.people import actions as people
from quartier.people.actions import Readiness, Who
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
    name, email = VOLUNTEER
    place = Place.objects.filter(country="BE", postcode="1050").order_by("-main", "key").first()
    if place is not None:
        people.join(
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


def fill(organisation: Organisation, seed: int, say: Callable[[str], None]) -> None:
    """Fill the demonstration up to the present moment. Sets the clock meanwhile, and sets it free again."""
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
        crisis.join(range(VOLUNTEERS), step=lambda done: say(f"{done} of {VOLUNTEERS} volunteers"))
        Again(crisis).begin(first_day, HOUSEHOLDS)
        Afterwards(crisis).plan(first_day)
        crisis.at(now - timedelta(minutes=80), ("dispute",), crisis.money.leave_open)
        Watched(crisis).plan(first_day)
        _past(crisis, first_day, recent, say)
        _present(crisis, recent, now)
    finally:
        clock.set_time(None)


def _past(crisis: Crisis, first_day: datetime, until: datetime, say: Callable[[str], None]) -> None:
    days = PAST_DAYS - 1
    for day in range(days):
        numbers = range(day * PAST // days, (day + 1) * PAST // days)
        for moment, number in arrivals(crisis.chance, first_day + timedelta(days=day), numbers):
            crisis.asks_at(moment, number)
        end = min(first_day + timedelta(days=day + 1), until)
        crisis.run(end)
        say(f"{numbers.stop} of {PAST} past requests")
    crisis.run(until)
    _settle(crisis)


def _settle(crisis: Crisis) -> None:
    """The few that are still under way are brought to their end, so that the past is over. What comes again goes on."""
    still = Request.objects.filter(organisation=crisis.organisation, series=None)
    still = still.exclude(state=Request.State.CLOSED)
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
    while (open_now := still_open(crisis.organisation)) < OPEN:
        for _ in range(OPEN - open_now):
            crisis.ask(number)
            number += 1
        crisis.pull()


def still_open(organisation: Organisation) -> int:
    """How many requests are not over."""
    return Request.objects.filter(organisation=organisation).exclude(state=Request.State.CLOSED).count()

"""Rules of visits: code words, and when somebody is late. Pure."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from quartier.cases.models import Request
from quartier.lib import choices
from quartier.visits.models import Assignment, Thanks

# Short, known in each language, easy to say through a door; never a name, nothing sad.
# fmt: off
CODE_WORDS = {
    "fr": (
        "tulipe", "citron", "bateau", "soleil", "cerise", "violon", "sapin", "colombe", "biscuit",
        "lanterne", "abeille", "pommier", "nuage", "flocon", "rivière", "moulin", "guitare", "coquille",
        "papillon", "muguet", "orange", "tambour", "hibou", "fougère", "galet", "lavande", "panier",
        "phare", "plume", "prairie", "renard", "rosier", "sablier", "toupie", "trèfle", "vanille",
        "voilier", "cannelle", "marmite", "pivoine",
    ),
    "nl": (
        "tulp", "citroen", "boot", "zon", "kers", "viool", "spar", "duif", "koekje", "lantaarn", "honingbij",
        "appelboom", "wolk", "sneeuwvlok", "rivier", "molen", "gitaar", "schelp", "vlinder", "sering",
        "sinaasappel", "trommel", "uil", "varen", "kiezel", "lavendel", "mand", "vuurtoren", "pluim",
        "weide", "vos", "rozenstruik", "zandloper", "tol", "klaver", "vanille", "zeilboot", "kaneel",
        "kookpot", "pioenroos",
    ),
    "de": (
        "Tulpe", "Zitrone", "Boot", "Sonne", "Kirsche", "Geige", "Tanne", "Taube", "Keks", "Laterne",
        "Biene", "Apfelbaum", "Wolke", "Schneeflocke", "Fluss", "Mühle", "Gitarre", "Muschel",
        "Schmetterling", "Flieder", "Orange", "Trommel", "Eule", "Farn", "Kiesel", "Lavendel", "Korb",
        "Leuchtturm", "Feder", "Wiese", "Fuchs", "Rosenstrauch", "Sanduhr", "Kreisel", "Klee", "Vanille",
        "Segelboot", "Zimt", "Kochtopf", "Pfingstrose",
    ),
    "en": (
        "tulip", "lemon", "boat", "sun", "cherry", "violin", "fir", "dove", "biscuit", "lantern", "bee",
        "apple", "cloud", "snowflake", "river", "windmill", "guitar", "shell", "butterfly", "lilac",
        "orange", "drum", "owl", "fern", "pebble", "lavender", "basket", "lighthouse", "feather", "meadow",
        "fox", "rose", "hourglass", "clover", "vanilla", "sailboat", "cinnamon", "saucepan", "peony",
        "marble",
    ),
}
# fmt: on
# Words that are given no more: help that comes again keeps the word it began with, and it stays one of ours.
# ("Bij" is a bee, and "at" as well: "the code word is: at".)
FORMER_CODE_WORDS = ("bij",)
# So long a volunteer can take back that it is done; until then nobody else is told of it.
DONE_UNDO_WINDOW = timedelta(minutes=30)
# Who sets out so long before the time, or says that it is done, has perhaps only touched the button.
EARLY = timedelta(hours=3)
# Around the time agreed a visit is one of ours for whoever asks (`is_on`): some come early, some stay.
COMES_EARLY, STAYS_LATE = timedelta(hours=1), timedelta(hours=3)
# After the end of the time agreed: a question to the volunteer, then somebody else is looked for.
REMIND_AFTER = timedelta(minutes=30)
NO_SHOW_AFTER = timedelta(minutes=90)
# By day a volunteer has so long to answer that question; whoever waits hears no later than it takes.
ANSWER_TIME = timedelta(minutes=60)
# Whoever hears so shortly before the end of their time that they go, cannot.
MIN_NOTICE = timedelta(minutes=30)
# Whoever set out and has not said so long after the end of the time agreed how it went, is waited for no more.
UNSAID_AFTER = timedelta(hours=12)
# After so many times in a row without a word, whoever comes each time is asked first and not announced.
SILENCES = 2
# So long before a visit both sides are reminded of it, between these hours; who agreed to it less long before is not.
ANNOUNCED_BEFORE, ANNOUNCED_LATEST = timedelta(hours=26), timedelta(hours=2)
REMEMBERS_FOR = timedelta(hours=20)
ANNOUNCE_FROM, ANNOUNCE_UNTIL = time(9), time(20)
# After this the address is hidden again, whatever the state says.
ACCESS_LASTS = timedelta(hours=24)
# For how long a volunteer can go alone before we ask, in minutes.
STAYS = (15, 30, 60, 120, 180)
# Asked whether all is well, and no word after so long: the team is told.
SILENCE = timedelta(minutes=10)
# A phone without a network sends later what was pressed: so much later it is still believed.
PRESSED_BEFORE = timedelta(days=3)

# What who was helped can say in one press.
THANKS = {
    Thanks.Said.HELPED: _("Thank you, that helped me a lot."),
    Thanks.Said.COMPANY: _("Thank you for the company."),
    Thanks.Said.CAREFUL: _("Thank you for being so attentive."),
}


def pressed_at(said_ms: str, now: datetime) -> datetime:
    """When a button was pressed, by the phone's clock (milliseconds since 1970), as far as that can be; else now."""
    try:
        at = datetime.fromtimestamp(int(said_ms[:16]) / 1000, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return now
    return at if now - PRESSED_BEFORE <= at <= now else now


def code_word(language: str) -> str:
    """A word that the volunteer says at the door, in the language of who is helped."""
    return secrets.choice(CODE_WORDS.get(language, CODE_WORDS["en"]))


def may_see_details(assignment: Assignment, now: datetime) -> bool:
    """Whether the volunteer may see name, address and phone: while the visit is active, and a day at most."""
    return assignment.state in Assignment.ACTIVE and now < assignment.comes_until + ACCESS_LASTS


def is_on(assignment: Assignment, now: datetime) -> bool:
    """Whether somebody may stand at that door just now: under way, or near the time agreed."""
    early = assignment.on_way_at is not None or assignment.comes_from - COMES_EARLY <= now
    return assignment.state in Assignment.ACTIVE and early and now < assignment.comes_until + STAYS_LATE


def is_ahead(assignment: Assignment, at: datetime) -> bool:
    """Whether nobody stood at that door yet: they had not set out, and the time agreed was not near."""
    return assignment.on_way_at is None and at < assignment.comes_from - COMES_EARLY


def is_early(assignment: Assignment, now: datetime) -> bool:
    """Whether the time agreed is so far away that somebody is asked once more before they set out, or it is done."""
    return assignment.state in Assignment.ACTIVE and now < assignment.comes_from - EARLY


def is_done_ahead(assignment: Assignment, now: datetime) -> bool:
    """Whether it was said that it is done ahead of its time, and whoever waits has not been told: it can still be taken
    back. Who has set out is believed near the time agreed."""
    ended = assignment.ended_at if assignment.state == Assignment.State.DONE else None
    if ended is None or now >= ended + DONE_UNDO_WINDOW:
        return False
    ahead = timedelta(0) if assignment.on_way_at is None else EARLY
    return ended < assignment.comes_from - ahead


def is_late(assignment: Assignment, now: datetime) -> bool:
    """Whether the time agreed is over and nobody has said how it went."""
    return assignment.state in Assignment.ACTIVE and now > assignment.comes_until


def announce_at(start: datetime, now: datetime, zone: ZoneInfo, *, regular: bool = False) -> datetime | None:
    """When both sides are reminded of a visit that begins at `start` and was agreed `now`: the day before, by day.

    `None` where they remember: it was agreed less than a day before. What stands each week is reminded of each time.
    """
    at = (start - ANNOUNCED_BEFORE).astimezone(zone)
    if at.time() < ANNOUNCE_FROM:
        at = datetime.combine(at.date(), ANNOUNCE_FROM, tzinfo=zone)
    elif at.time() >= ANNOUNCE_UNTIL:
        at = datetime.combine(at.date() + timedelta(days=1), ANNOUNCE_FROM, tzinfo=zone)
    at = at.astimezone(UTC)
    if regular:
        return max(at, now) if start - now > ANNOUNCED_LATEST else None
    return at if at - now >= REMEMBERS_FOR else None


# Between these local hours a volunteer can say that they come: what is urgent has more of the evening, and what takes
# a shop only as much as the shops have.
DAY_BEGINS, DAY_ENDS, URGENT_DAY_ENDS, SHOPS_CLOSE = time(7), time(21), time(22), time(20)
KINDS_FROM_SHOPS = frozenset({"groceries", "pharmacy"})
MOST_DAYS = 7
# Two things that were asked in one call have hours that differ by some minutes.
NEARLY = timedelta(minutes=15)
# Nobody is told to wait for somebody for longer than this.
LONGEST_WAIT = timedelta(hours=3)
# Whoever says yes without an hour, to what is not urgent, has so long before they are waited for.
TIME_TO_SET_OUT = timedelta(hours=1)
# Before this local hour nobody is sent to a door who has not chosen to go so early.
NOT_BEFORE = time(8)


def is_too_long(start: datetime, end: datetime) -> bool:
    """Whether nobody can be asked to wait that long: then an hour has to be named."""
    return end - start > LONGEST_WAIT


def part_of(
    request: Request, start: datetime, end: datetime, slots: int, now: datetime
) -> tuple[datetime, datetime]:
    """The part of a long time in which somebody comes who has named no hour: three hours at most, by day, the first of
    those in which they said that they are free (`slots`), or else the first of all."""
    zone, urgent = request.organisation.zone, request.urgency == Request.Urgency.NOW
    begins = start if urgent else _full_hour(max(start, min(now + TIME_TO_SET_OUT, end)))
    parts = [] if urgent else _parts(request, begins, end)
    touched = [(part, choices.slots_between(*part, zone)) for part in parts]
    free = [part for part, bits in touched if bits & ~slots == 0]
    partly = [part for part, bits in touched if bits & slots]
    if parts:
        return (free or partly or parts)[0]
    last = start + LONGEST_WAIT
    return start, min(
        end, last - timedelta(minutes=last.minute, seconds=last.second, microseconds=last.microsecond)
    )


def _parts(request: Request, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    zone, found = request.organisation.zone, []
    day, last_day = start.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last_day:
        begin = max(start, _at(day, NOT_BEFORE, zone))
        closes = min(end, _at(day, last_hour(request.kind, request.urgency), zone))
        while begin + timedelta(hours=1) <= closes:
            found.append((begin, min(begin + LONGEST_WAIT, closes)))
            begin += timedelta(hours=1)
        day += timedelta(days=1)
    return found


def _full_hour(moment: datetime) -> datetime:
    begun = moment.replace(minute=0, second=0, microsecond=0)
    return begun if begun == moment else begun + timedelta(hours=1)


def until_at_least(window_until: datetime, start: datetime) -> datetime:
    """Until when somebody comes who named no hour: whoever says yes at the very end has an hour all the same, and up to
    the next quarter."""
    hour_later = start + timedelta(hours=1)
    over = timedelta(
        minutes=hour_later.minute % 15, seconds=hour_later.second, microseconds=hour_later.microsecond
    )
    return max(window_until, hour_later - over + timedelta(minutes=15) if over else hour_later)


def fits(request: Request, start: datetime, end: datetime, now: datetime) -> bool:
    """Whether a volunteer can come then: not over yet, and on a day on which help was asked for."""
    zone = request.organisation.zone
    last_day = max(request.window_until, now).astimezone(zone).date()
    first_day_is_over = start.astimezone(zone).date() > last_day
    return max(now, start, request.window_from) < end and not first_day_is_over


def is_asked_for(request: Request, start: datetime, end: datetime, now: datetime) -> bool:
    """Whether these hours lie within those that were asked for: what is taken along keeps to them."""
    until = until_at_least(request.window_until, max(request.window_from, now))
    return request.window_from - NEARLY <= start and end <= until + NEARLY


def hours_of(
    request: Request, window: tuple[datetime, datetime] | None, slots: int, now: datetime
) -> tuple[datetime, datetime]:
    """When a volunteer comes who has chosen this, as far as it can be, or else a part of what was asked."""
    if window and fits(request, *window, now) and not is_too_long(*window):
        return window
    start = max(request.window_from, now)
    end = until_at_least(request.window_until, start)
    return part_of(request, start, end, slots, now) if is_too_long(start, end) else (start, end)


def times_to_choose(request: Request, now: datetime, kind: str = "") -> list[tuple[datetime, datetime]]:
    """Times of an hour (two, when there are many days) at which a volunteer may come, the next ones first.

    In daytime, inside what was asked; at most a week of them. Empty when the time asked for is over. `kind`: its code,
    where the request has it in another form.
    """
    zone = request.organisation.zone
    start, end = max(request.window_from, now), request.window_until
    long = end - start > timedelta(days=2)
    step = timedelta(hours=2 if long else 1)
    day, found = start.astimezone(zone).date(), []
    last = min(end.astimezone(zone).date(), day + timedelta(days=MOST_DAYS - 1))
    while day <= last:
        begin, closes = (
            _at(day, hour, zone) for hour in (DAY_BEGINS, last_hour(kind or request.kind, request.urgency))
        )
        while begin + step <= closes:
            if start <= begin and begin + step <= end:
                found.append((begin, begin + step))
            begin += step
        day += timedelta(days=1)
    return found


def last_hour(kind: str, urgency: str) -> time:
    """The local hour at which the last time to choose ends."""
    if urgency == Request.Urgency.NOW:
        return URGENT_DAY_ENDS
    return SHOPS_CLOSE if kind in KINDS_FROM_SHOPS else DAY_ENDS


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)

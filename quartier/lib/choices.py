"""What people can tick: kinds of help, languages, times of the week, ways to travel.

Sets are kept as bits of one integer, so that one comparison in SQL answers "can she do this?" on every
database. A bit, once given, is never given again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Choice:
    """One thing to tick: its code in the database and in links, its bit, and its name on a screen."""

    code: str
    bit: int
    name: str | Promise

    @property
    def mask(self) -> int:
        return 1 << self.bit


@dataclass(frozen=True)
class Kind(Choice):
    """A kind of help. `remote`: given by phone, so that distance does not matter."""

    icon: str
    remote: bool = False


KINDS = (
    Kind("groceries", 0, _("Shopping"), "basket"),
    Kind("pharmacy", 1, _("Pharmacy"), "pill"),
    Kind("meal", 2, _("A hot meal"), "bowl"),
    Kind("transport", 3, _("A lift"), "car"),
    Kind("dog", 4, _("Walking the dog"), "paw"),
    Kind("papers", 5, _("Help with paperwork"), "paper"),
    Kind("talk", 6, _("A friendly call"), "phone", remote=True),
    Kind("other", 7, _("Something else"), "dots"),
    Kind("cleanup", 8, _("Cleaning up"), "broom"),
    Kind("shelter", 9, _("A place to sleep"), "bed"),
    Kind("interpret", 10, _("Someone to interpret"), "tongues"),
    Kind("things", 11, _("Clothes, blankets, things"), "shirt"),
    Kind("lookin", 12, _("Someone to check on you"), "eye"),
)
# Those that are offered when nothing special happens; the others belong to incidents.
EVERYDAY = KINDS[:8]
# What is given at somebody's door or home: whoever does one of these goes to doors.
DOOR_KINDS = sum(kind.mask for kind in KINDS if not kind.remote)
KINDS_BY_CODE = {choice.code: choice for choice in KINDS}
# A lift is asked of whoever drives, and of nobody else.
LIFT, CAR = KINDS_BY_CODE["transport"].mask, "car"

LANGUAGES = (
    Choice("fr", 0, _("French")),
    Choice("nl", 1, _("Dutch")),
    Choice("de", 2, _("German")),
    Choice("en", 3, _("English")),
    Choice("ar", 4, _("Arabic")),
    Choice("tr", 5, _("Turkish")),
    Choice("es", 6, _("Spanish")),
    Choice("it", 7, _("Italian")),
    Choice("pl", 8, _("Polish")),
    Choice("ro", 9, _("Romanian")),
    Choice("pt", 10, _("Portuguese")),
    Choice("ru", 11, _("Russian")),
    Choice("uk", 12, _("Ukrainian")),
    Choice("sgn", 13, _("Sign language")),
)
# The languages that few speak beside the four in which we write: who needs one of them is looked for among those.
RARE_TONGUES = sum(choice.mask for choice in LANGUAGES if choice.code not in {"fr", "nl", "de", "en"})

TRAVEL = (
    Choice("foot", 0, _("On foot")),
    Choice("bike", 1, _("By bicycle")),
    Choice("car", 2, _("By car")),
    Choice("bus", 3, _("By bus, tram or train")),
)

DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
# Part of a day, its name, and from which hour to which. Bit of a slot: day * 3 + part.
PARTS = (
    (pgettext_lazy("part of the day", "Morning"), 8, 12),
    (pgettext_lazy("part of the day", "Afternoon"), 12, 18),
    (pgettext_lazy("part of the day", "Evening"), 18, 22),
)
ALL_SLOTS = (1 << 21) - 1


def kind(code: str) -> Kind:
    """The kind of help with this code; raises `KeyError`."""
    return KINDS_BY_CODE[code]


def mask(group: tuple[Choice, ...], codes: list[str] | tuple[str, ...]) -> int:
    """The bits of `codes`; raises `KeyError` for an unknown one."""
    known = {choice.code: choice.mask for choice in group}
    bits = 0
    for code in codes:
        bits |= known[code]
    return bits


def chosen(group: tuple[Choice, ...], bits: int) -> list[Choice]:
    """The choices whose bit is set, in the order of the group."""
    return [choice for choice in group if bits & choice.mask]


def slots_between(start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """The slots of the week that touch the time from `start` to `end` (aware); all of them after seven days.

    A time outside every slot (in the night) gives the slots of that whole day, since somebody must be asked.
    """
    if end - start >= timedelta(days=7):
        return ALL_SLOTS
    first, last = start.astimezone(zone), end.astimezone(zone)
    bits = whole_days = 0
    day = first.date()
    while day <= last.date():
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        for part, (_name, opens, closes) in enumerate(PARTS):
            bit = 1 << (day.weekday() * 3 + part)
            whole_days |= bit
            if midnight + timedelta(hours=opens) < last and first < midnight + timedelta(hours=closes):
                bits |= bit
        day += timedelta(days=1)
    return bits or whole_days

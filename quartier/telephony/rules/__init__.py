"""Rules of the line: when it is open, when somebody is rung back, what may be dialled and for how much. Pure."""

import io
import math
import wave
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

from quartier.lib import hours, phone
from quartier.team.models import Organisation
from quartier.telephony.models import Callback, LineSettings
from quartier.telephony.rules.dialling import CENTS_PER_MINUTE as CENTS_PER_MINUTE
from quartier.telephony.rules.dialling import Dial as Dial
from quartier.telephony.rules.dialling import Dialling as Dialling
from quartier.telephony.rules.dialling import MayNotDial as MayNotDial
from quartier.telephony.rules.dialling import cents as cents
from quartier.telephony.rules.dialling import check_may_dial as check_may_dial
from quartier.telephony.rules.dialling import country_prefix as country_prefix
from quartier.telephony.rules.dialling import destination as destination
from quartier.telephony.rules.dialling import home_prefix as home_prefix
from quartier.telephony.rules.dialling import number_block as number_block

# Why whoever calls may not reach the other one of their visit.
OVER_REASON = "over"
# A callback is somebody's for so long.
CLAIM_LASTS = timedelta(minutes=10)
# Rung back again after so long; after that, when the line opens on another day.
AGAIN_AFTER = (timedelta(minutes=15), timedelta(hours=1))
# So long after the hour that was named a promise to ring back is broken.
PROMISED_GRACE = timedelta(minutes=15)
# A message that nobody heard is read again after so long; then a human calls.
READ_AGAIN = (timedelta(minutes=5), timedelta(minutes=20))
# So many are read at once; who must wait for another one, or is on the line, is looked at again after the pause.
READ_AT_ONCE = 3
READ_PAUSE = timedelta(seconds=30)
# Taken by nobody, or not heard of, for so long: call control is down. Longer than any such call.
UNREAD_AFTER = timedelta(minutes=30)
# A call that is older and has no end was lost.
MAX_CALL_AGE = timedelta(hours=5)
# A wish that call control has not taken by then is not fulfilled any more: nobody waits for it at a screen.
WISH_LASTS = timedelta(seconds=60)
# Shorter than this nobody has said anything.
SHORTEST_MESSAGE_S = 1.0
LONGEST_PROMPT_S = 90.0
# Asked for, or told that we ring back: then also a phone is rung that others use, and the call is owed.
ON_REQUEST = frozenset(
    {Callback.Why.ASKED, Callback.Why.MESSAGE, Callback.Why.PROMISED, Callback.Why.TROUBLE}
)
# What weighs more stays, when the same number comes again for another reason.
WEIGHT = (
    Callback.Why.MISSED,
    Callback.Why.TROUBLE,
    Callback.Why.CUT_OFF,
    Callback.Why.MESSAGE,
    Callback.Why.ASKED,
    Callback.Why.PROMISED,
)
# What an outcome alone says: who was spoken to, or left a message, does not hang up and want to be rung back.
_WHY = {
    "callback": Callback.Why.ASKED,
    "answered": Callback.Why.CUT_OFF,
    "voicemail": Callback.Why.CUT_OFF,
}
# More days than any closure has.
_MOST_STEPS = 1000


@dataclass(frozen=True)
class Known:
    """What we know of a caller by the number. `language`: "" if nothing; `area`: an H3 cell of resolution 7, or 0;
    `place`: what it is called in that language, in a word; `ring_back`: a callback may be promised, so not where the
    phone is shared or the line may not dial it; `can_text`: a text can be sent, and its answer reaches us; `masked`:
    the `Masked` row by which they may reach somebody; `coming`: who comes to them and when, to be said, or "".
    `blocked`: nobody speaks with this number; `flooding`: many numbers of its block have called in this minute;
    `returns`: we have tried to call this number back, and nobody has spoken with them since."""

    language: str = ""
    area: int = 0
    place: str = ""
    ring_back: bool = True
    can_text: bool = False
    masked: UUID | None = None
    coming: str = ""
    blocked: bool = False
    flooding: bool = False
    returns: bool = False


@dataclass(frozen=True)
class Coming:
    """Who comes (a first name), and between when and when. `remote`: they call instead."""

    name: str
    start: datetime
    end: datetime
    remote: bool = False


@dataclass(frozen=True)
class Ended:
    """How a call ended, as call control says it. `outcome` of `callcore.Outcome`; `why` of `Callback.Why`, or "" for
    what the outcome says; seconds. `worried`: about somebody, as the caller has said with a key. `failure`: why whom we
    called did not come, or ""."""

    outcome: str
    number: str = ""
    language: str = ""
    ring_back: bool = False
    waited_s: float = 0.0
    talked_s: float = 0.0
    why: str = ""
    worried: bool = False
    failure: str = ""


@dataclass(frozen=True)
class Tape:
    """The recording of a talk while it goes on. `state` of `callcore.Recording`; `began`: when it would have begun, had
    it never rested (Unix seconds), `None` while it rests."""

    state: str = ""
    began: float | None = None


@dataclass(frozen=True)
class OperatorStanding:
    """Where an operator stands. `standing` of `callcore.Standing`; `until`: when the time for their notes is over."""

    standing: str
    reason: str = ""
    until: datetime | None = None


class OnTheLine(ValueError):
    """Whoever is to be called speaks with us at this moment, or waits for it: calling them would be once too much."""


class NotPossible(ValueError):
    """The change makes no sense where it stands now: somebody else has it, or it is over."""


class LateWords(ValueError):
    """Newer words of the same page arrived before these."""


class BadSound(ValueError):
    """Not a WAV file of 8 kHz, one channel, 16 bits; or too long."""


# Hours


@dataclass(frozen=True)
class Hours:
    """When the line answers, and when nobody is disturbed; local clocks, whole minutes. Opening and closing alike: day
    and night. `country` (ISO 3166): closed on its public holidays; `closed_until`: closed by hand."""

    opens: time
    closes: time
    quiet_from: time
    quiet_until: time
    zone: ZoneInfo
    country: str = ""
    closed_until: datetime | None = None

    @classmethod
    def of(cls, organisation: Organisation, settings: LineSettings) -> "Hours":
        """As the organisation has them; to the minute, as clocks are read."""
        return cls(
            _minute(organisation.opens),
            _minute(organisation.closes),
            _minute(organisation.quiet_from),
            _minute(organisation.quiet_until),
            organisation.zone,
            "" if settings.open_on_holidays else organisation.country,
            settings.closed_until,
        )

    def is_open(self, moment: datetime) -> bool:
        """Whether the line answers."""
        return not (
            (self.closed_until is not None and moment < self.closed_until)
            or self._is_holiday(moment)
            or (self.opens != self.closes and not hours.is_within(moment, self.opens, self.closes, self.zone))
        )

    def may_ring(self, moment: datetime) -> bool:
        """Whether somebody may be rung back: the line is open, and nobody sleeps."""
        return self.is_open(moment) and not self._is_quiet(moment)

    def next_time(self, moment: datetime) -> datetime:
        """The first moment, not before `moment`, at which somebody may be rung back. Where hours leave none (quiet
        whenever open), the end of the quiet hours."""
        first = moment
        for _ in range(_MOST_STEPS):
            if self.may_ring(moment):
                return moment
            if self.closed_until is not None and moment < self.closed_until:
                moment = self.closed_until
            elif self._is_holiday(moment):
                moment = self._midnight(moment)
            elif not self.is_open(moment):
                moment = self._later(moment, self.opens)
            else:
                moment = self._later(moment, self.quiet_until)
        return hours.after_quiet(first, self.quiet_from, self.quiet_until, self.zone)

    def next_opening(self, moment: datetime) -> datetime:
        """The first moment, not before `moment`, at which the line answers."""
        for _ in range(_MOST_STEPS):
            if self.is_open(moment):
                break
            if self.closed_until is not None and moment < self.closed_until:
                moment = self.closed_until
            elif self._is_holiday(moment):
                moment = self._midnight(moment)
            else:
                moment = self._later(moment, self.opens)
        return moment

    def next_day(self, moment: datetime) -> datetime:
        """When somebody may be rung back first on a later day."""
        return self.next_time(self._midnight(moment))

    def _is_quiet(self, moment: datetime) -> bool:
        return hours.is_within(moment, self.quiet_from, self.quiet_until, self.zone)

    def has_holiday(self, start: datetime, end: datetime) -> bool:
        """Whether it is closed for a public holiday on a day from `start` to `end`."""
        days = (end.astimezone(self.zone).date() - start.astimezone(self.zone).date()).days
        return any(self._is_holiday(start + timedelta(days=day)) for day in range(days + 1))

    def _is_holiday(self, moment: datetime) -> bool:
        return bool(self.country) and moment.astimezone(self.zone).date() in _holidays(
            self.country, moment.astimezone(self.zone).year
        )

    def _midnight(self, moment: datetime) -> datetime:
        tomorrow = moment.astimezone(self.zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(0), tzinfo=self.zone).astimezone(moment.tzinfo)

    def _later(self, moment: datetime, at: time) -> datetime:
        """When clocks show `at`; always later, also in the hour that clocks repeat in autumn."""
        there = hours.next_time(moment, at, self.zone)
        return there if there > moment else moment + timedelta(minutes=30)


def _minute(clock: time) -> time:
    return clock.replace(second=0, microsecond=0)


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    """Its public holidays; none for a country that nobody has written down."""
    import holidays  # A third of a second, for those who close on holidays only.

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def next_try(tries: int, now: datetime, when: Hours) -> datetime:
    """When to ring again after so many tries (1 or more) without an answer."""
    if tries <= len(AGAIN_AFTER):
        return when.next_time(now + AGAIN_AFTER[tries - 1])
    return when.next_day(now)


def read_from(moment: datetime, when: Hours, *, urgent: bool) -> datetime:
    """When a message may be read to somebody first: as anybody is rung; at once if it cannot wait."""
    return moment if urgent else when.next_time(moment)


def read_again(tries: int, now: datetime, when: Hours, *, urgent: bool) -> datetime | None:
    """When it is read again after so many tries (1 or more) in vain; `None`: a human calls."""
    if tries > len(READ_AGAIN):
        return None
    return read_from(now + READ_AGAIN[tries - 1], when, urgent=urgent)


# Who is rung back


def why_of(ended: Ended) -> Callback.Why:
    """Why somebody whose call ended so is to be rung back."""
    if ended.why in Callback.Why.values:
        return Callback.Why(ended.why)
    return _WHY.get(ended.outcome, Callback.Why.MISSED)


def heavier(one: str, other: str) -> Callback.Why:
    """Of two reasons the one that weighs more."""
    return max(Callback.Why(one), Callback.Why(other), key=WEIGHT.index)


def is_rung_back(why: str, *, number: str, is_shared: bool) -> bool:
    """Whether somebody goes on the list: there is a number, and it is theirs alone, or they asked for it, or were told
    so because our side was down."""
    return bool(number) and (not is_shared or why in ON_REQUEST)


# Numbers


def clean_number(text: str, country: str) -> str:
    """A caller's number in E.164; "" when it is withheld or absurd."""
    try:
        return phone.parse(text, country)
    except phone.NotANumber:
        return ""


# Sound


def seconds_of(sound: bytes) -> float:
    """How long a WAV file (8 kHz, one channel, 16 bits) is; raises `BadSound` for anything else."""
    try:
        with wave.open(io.BytesIO(sound)) as file:
            shape = (file.getframerate(), file.getnchannels(), file.getsampwidth())
            frames = len(file.readframes(file.getnframes())) // 2
    except (wave.Error, EOFError, ValueError, RuntimeError) as error:
        raise BadSound("not a WAV file") from error
    if shape != (8000, 1, 2):
        raise BadSound("not 8 kHz, one channel, 16 bits")
    return frames / 8000


def seconds(value: float) -> float:
    """Seconds as call control counts them: never negative, never without end."""
    return value if math.isfinite(value) and value > 0 else 0.0

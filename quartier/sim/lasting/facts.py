"""What a trace keeps of what lasts: plain columns and counts, no names. `None` where it was not played."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class AgainWeek:
    """Days of series in the week that begins on the Monday `date`, by what became of them: `regular` who comes each
    time was there, `other` somebody stood in, `missed` nobody came, `left_out` nobody needed to."""

    date: str
    regular: int = 0
    other: int = 0
    missed: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Again:
    """Help that comes again.

    begun            series
    with_a_regular   of those: somebody said that they come each time
    paused, ended    series that rested for a while; series that ended before everything was handed over
    handed_over      series that went on until the activity was handed over
    not_this_time    days on which who comes each time said ahead that they cannot
    weeks            in order, without gaps
    """

    begun: int
    with_a_regular: int
    paused: int
    ended: int
    handed_over: int
    not_this_time: int
    weeks: list[AgainWeek] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MoneyWeek:
    """Cents that were laid out, and that came back, in the week that begins on the Monday `date`."""

    date: str
    advanced: int = 0
    back: int = 0


@dataclass(frozen=True, slots=True)
class Money:
    """Money between neighbours, in cents of the euro, read from the book.

    visits       on which somebody laid out money
    advanced     laid out and confirmed; back: come back from who was helped; fund: borne by the group
    open         what volunteers still get; advanced = back + fund + open
    agreed, ways how who was helped agreed, how it came back: counts by the codes of `expenses.Expense`
    receipts     photographs
    over_limit   amounts that were refused, being above what may be laid out
    disputes, decided  amounts that one of both saw otherwise; on how many of them a coordinator decided
    odd          things that the rules pointed out and a coordinator looked at
    things, missing, replaced  on lists: what was to be bought, was not there, was bought instead
    """

    visits: int
    advanced: int
    back: int
    fund: int
    open: int
    receipts: int
    over_limit: int
    disputes: int
    decided: int
    odd: int
    things: int
    missing: int
    replaced: int
    agreed: dict[str, int] = field(default_factory=dict)
    ways: dict[str, int] = field(default_factory=dict)
    weeks: list[MoneyWeek] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class After:
    """What people said after a visit.

    asked, answered   visits about which who was helped was asked, and answered
    by                answers by how they came (`followup.FollowUp.By`)
    very_good, good, not_good  how it was; not_happened: nobody came; wants_call: something else is needed
    bad, looked_after answers that one of the team had to look after, and how many of those were
    reopened          of those: the request was open again
    words             answers in which somebody wrote something of their own
    helpers           what volunteers said of it, by `followup.HelperSays.How`
    """

    asked: int
    answered: int
    very_good: int
    good: int
    not_good: int
    not_happened: int
    wants_call: int
    bad: int
    looked_after: int
    reopened: int
    words: int
    by: dict[str, int] = field(default_factory=dict)
    helpers: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListeningWeek:
    """The week that begins on the Monday `date`: pairs that spoke regularly at its end, and its calls by what became of
    them; `missed`: nobody said anything of it."""

    date: str
    pairs: int = 0
    spoken: int = 0
    not_reached: int = 0
    postponed: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Listening:
    """The listening programme, to its last day.

    listeners  who passed the training; wishes: who would like to be called, waiting: who has nobody yet
    followed   people whom somebody calls regularly at the end; most: at the fullest moment (end of a week)
    ever       people whom somebody has ever called regularly
    endings    pairings that ended, by `companions.Pairing.Why`
    reminded   calls of which nothing was said for two hours; checks: somebody was not reached twice and was checked on
    worries    alerts of a listener; supervisions: talks of listeners with their supervisor
    notes      written in notebooks
    moods      for each person who was asked how they are: scores of the WHO-5, from 0 to 100, in order of time
    """

    listeners: int
    wishes: int
    waiting: int
    followed: int
    most: int
    ever: int
    reminded: int
    checks: int
    worries: int
    supervisions: int
    notes: int
    endings: dict[str, int] = field(default_factory=dict)
    moods: list[list[int]] = field(default_factory=list)
    weeks: list[ListeningWeek] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Lasting:
    """What lasts; `None` for what the scenario does not play."""

    again: Again | None = None
    money: Money | None = None
    after: After | None = None
    listening: Listening | None = None

    @classmethod
    def from_plain(cls, told: dict[str, Any]) -> "Lasting":
        """The same from what `dataclasses.asdict` made of it. Raises `TypeError` for anything else."""
        again, money, listening = (
            told[name] and dict(told[name]) for name in ("again", "money", "listening")
        )
        for part, week in ((again, AgainWeek), (money, MoneyWeek), (listening, ListeningWeek)):
            if part:
                part["weeks"] = [week(**each) for each in part["weeks"]]
        return cls(
            Again(**again) if again else None,
            Money(**money) if money else None,
            After(**told["after"]) if told["after"] else None,
            Listening(**listening) if listening else None,
        )

"""What lasts: help that comes again, money, what people said, and who is called regularly. Only what was played."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from quartier.look import rules
from quartier.sim.lasting.facts import After, Again, Lasting, Money
from quartier.sim.report import listening, words
from quartier.sim.report.bars import Bars, bars
from quartier.sim.report.days import Columns
from quartier.sim.report.diary import Chart
from quartier.sim.trace import PolicyTrace

HOW_AGREED: dict[str, str | Promise] = {
    "word": gettext_lazy("at the door, by the word"),
    "page": gettext_lazy("on their own page"),
    "call": gettext_lazy("on the phone"),
    "decided": gettext_lazy("a coordinator decided"),
}
HOW_PAID: dict[str, str | Promise] = {
    "cash": gettext_lazy("in cash"),
    "transfer": gettext_lazy("by bank transfer"),
    "fund": gettext_lazy("paid by the group"),
}
HOW_FOR_VOLUNTEERS: dict[str, str | Promise] = {
    "good": pgettext_lazy("report, how it was", "good"),
    "fair": pgettext_lazy("report, how it was", "so-so"),
    "hard": pgettext_lazy("report, how it was", "hard"),
}
HOW_ANSWERED: dict[str, str | Promise] = {
    "call": gettext_lazy("to someone from the team who called"),
    "text": gettext_lazy("by text"),
    "voice": gettext_lazy("with a key, on the phone"),
    "web": pgettext_lazy("report, how they answered", "on their own page"),
}


@dataclass(frozen=True)
class Panel:
    """One way of asking in one part. `name`: only where there are several."""

    name: str
    sentences: list[str]
    charts: list[Chart] = field(default_factory=list)
    bars: list[Bars] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """A section of the page. `anchor`: its id; `chip`: its name in the list of parts; `note`: what is assumed."""

    anchor: str
    title: str
    chip: str
    panels: list[Panel]
    note: str = ""


def parts(policies: Sequence[PolicyTrace]) -> list[Part]:
    """The sections for what these policies played; none for a fast run."""
    found = []
    made: list[tuple[str, str, str, str, Callable[[str, Lasting], Panel | None]]] = [
        ("again", _("Regular help"), _("Regularly"), "", _again),
        ("money", _("Money between neighbours"), pgettext("report", "Money"), "", _money),
        ("afterwards", _("What people said afterwards"), pgettext("report", "Afterwards"), "", _after),
        (
            "listening",
            pgettext("report", "Called regularly"),
            pgettext("report", "Called regularly"),
            listening.note(),
            _listening,
        ),
    ]
    for anchor, title, chip, note, panel in made:
        panels = [
            one
            for policy in policies
            if policy.lasting
            and (one := panel(words.way(policy) if len(policies) > 1 else "", policy.lasting))
        ]
        if panels:
            found.append(Part(anchor, title, chip, panels, note))
    return found


def _again(name: str, told: Lasting) -> Panel | None:
    return Panel(name, _said_again(told.again), [_again_by_week(told.again)]) if told.again else None


def _said_again(told: Again) -> list[str]:
    regular, other, missed = (
        sum(getattr(week, each) for week in told.weeks) for each in ("regular", "other", "missed")
    )
    said = [
        ngettext(
            "%(count)s person asked for shopping every week.",
            "%(count)s people asked for shopping every week.",
            told.begun,
        )
        % {"count": words.number(told.begun)},
        _(
            "Who came, of %(days)s times: the usual neighbour %(regular)s, someone covering %(other)s, no "
            "one %(missed)s."
        )
        % {
            "days": words.number(regular + other + missed),
            "regular": words.number(regular),
            "other": words.number(other),
            "missed": words.number(missed),
        },
    ]
    if told.not_this_time:
        said.append(
            ngettext(
                "%(count)s time they had said in advance: not this time.",
                "%(count)s times they had said in advance: not this time.",
                told.not_this_time,
            )
            % {"count": words.number(told.not_this_time)}
        )
    said.append(
        _("Paused for a while: %(paused)s; no longer needed: %(ended)s; handed over at the end: %(over)s.")
        % {
            "paused": words.number(told.paused),
            "ended": words.number(told.ended),
            "over": words.number(told.handed_over),
        }
    )
    return said


def _again_by_week(told: Again) -> Chart:
    regular, other, missed = (
        [getattr(week, each) for week in told.weeks] for each in ("regular", "other", "missed")
    )
    both = [one + two for one, two in zip(regular, other, strict=True)]
    whole = [one + two for one, two in zip(both, missed, strict=True)]
    said = _("Times a week, by the Monday of the week")
    chart = Columns(told.weeks, max(whole, default=0), said)
    chart.bars(regular, "bar-human").bars(other, "bar-service", under=regular).bars(
        missed, "bar-left", under=both
    )
    chart.most(whole, words.number)
    key = [
        ("bar-human", _("the usual neighbour")),
        ("bar-service", _("someone covering")),
        ("bar-left", pgettext("report", "no one came")),
    ]
    return Chart("", said, chart.drawn, key)


def _money(name: str, told: Lasting) -> Panel | None:
    if told.money is None:
        return None
    money = told.money
    return Panel(
        name,
        _said_of_money(money),
        [_money_by_week(money)] if money.weeks else [],
        [
            _counts(_("How they agreed on the amount"), HOW_AGREED, money.agreed),
            _counts(_("How it was paid back"), HOW_PAID, money.ways),
        ],
    )


def _said_of_money(told: Money) -> list[str]:
    said = [
        ngettext(
            "On %(count)s visit volunteers paid %(advanced)s first.",
            "On %(count)s visits volunteers paid %(advanced)s first.",
            told.visits,
        )
        % {"count": words.number(told.visits), "advanced": rules.money(told.advanced)},
        _("The people who were helped paid back %(back)s, the group paid %(fund)s, %(open)s is still open.")
        % {"back": rules.money(told.back), "fund": rules.money(told.fund), "open": rules.money(told.open)},
    ]
    if told.over_limit:
        said.append(
            ngettext(
                "%(count)s amount was above the limit and was refused.",
                "%(count)s amounts were above the limit and were refused.",
                told.over_limit,
            )
            % {"count": words.number(told.over_limit)}
        )
    if told.disputes:
        said.append(
            _("One of them disagreed: %(disputes)s; a coordinator has decided: %(decided)s.")
            % {"disputes": words.number(told.disputes), "decided": words.number(told.decided)}
        )
    if told.odd:
        said.append(
            ngettext(
                "%(count)s thing stood out, and a coordinator looked at it.",
                "%(count)s things stood out, and a coordinator looked at each.",
                told.odd,
            )
            % {"count": words.number(told.odd)}
        )
    if told.things:
        said.append(
            _(
                "Things on the lists: %(things)s; not there: %(missing)s; something else bought instead: %(replaced)s."
            )
            % {
                "things": words.number(told.things),
                "missing": words.number(told.missing),
                "replaced": words.number(told.replaced),
            }
        )
    return said


def _money_by_week(told: Money) -> Chart:
    advanced, back = ([max(0, getattr(week, each)) for week in told.weeks] for each in ("advanced", "back"))
    said = _("Euros a week, by the Monday of the week")
    chart = Columns(told.weeks, max([*advanced, *back]), said).bars(advanced, "bar-human").line(back, 0)
    chart.most(advanced, lambda cents: rules.euros(round(cents, -2)))
    return Chart(
        "",
        said,
        chart.drawn,
        [
            ("bar-human", pgettext("report", "paid by volunteers")),
            ("line-0", pgettext("report", "paid back")),
        ],
    )


def _after(name: str, told: Lasting) -> Panel | None:
    if told.after is None:
        return None
    after = told.after
    how = {
        pgettext("report, how it was", "very good"): after.very_good,
        pgettext("report, how it was", "good"): after.good,
        pgettext("report, how it was", "not good"): after.not_good,
        pgettext("report", "no one came"): after.not_happened,
    }
    colours = ("bar-human", "bar-human", "bar-left", "bar-left")
    said = [
        (name, float(count), words.number(count), css)
        for (name, count), css in zip(how.items(), colours, strict=True)
    ]
    return Panel(
        name,
        _said_after(after),
        bars=[
            bars(_("How it was for the people who were helped"), said),
            _counts(_("How it was for volunteers"), HOW_FOR_VOLUNTEERS, after.helpers, "bar-human"),
            _counts(_("How they answered"), HOW_ANSWERED, after.by),
        ],
    )


def _said_after(told: After) -> list[str]:
    said = [
        ngettext(
            "After %(count)s visit the person helped was asked how it was; %(answered)s answered.",
            "After %(count)s visits the person helped was asked how it was; %(answered)s answered.",
            told.asked,
        )
        % {"count": words.number(told.asked), "answered": words.number(told.answered)}
    ]
    if told.bad:
        said.append(
            _(
                "Not good, or something else is needed: %(bad)s; dealt with by the team: %(looked)s; "
                "opened again: %(reopened)s."
            )
            % {
                "bad": words.number(told.bad),
                "looked": words.number(told.looked_after),
                "reopened": words.number(told.reopened),
            }
        )
    if told.words:
        said.append(
            ngettext(
                "%(count)s answer came with their own words, which the team can read.",
                "%(count)s answers came with their own words, which the team can read.",
                told.words,
            )
            % {"count": words.number(told.words)}
        )
    return said


def _listening(name: str, told: Lasting) -> Panel | None:
    if told.listening is None:
        return None
    one = told.listening
    endings = _counts(_("Why they ended"), listening.WHY, one.endings)
    charts = [listening.pairs(one), listening.calls(one), *listening.moods(one)]
    return Panel(name, listening.said(one), charts, [endings] if one.endings else [])


def _counts(
    title: str, table: dict[str, str | Promise], counts: dict[str, int], css: str = "bar-service"
) -> Bars:
    """Bars of counts by code, in the order of the table."""
    return bars(
        title,
        [
            (str(said), float(counts[code]), words.number(counts[code]), css)
            for code, said in table.items()
            if counts.get(code)
        ],
    )

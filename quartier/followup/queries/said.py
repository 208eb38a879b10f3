"""What people said: satisfaction by whom, what is to be looked after, and their own words, counted plainly."""

# ruff: noqa: SIM905 (lists of words are read as sentences)

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from quartier.followup.models import FollowUp
from quartier.lib.text import folded
from quartier.places.queries import place_called
from quartier.team.models import Organisation

# As far as the page looks back, and at most so many answers.
LOOKS_BACK, MOST = timedelta(days=90), 2000
COMMONEST, LETTERS, LONGEST = 20, 4, 40
# Words that say nothing about what is needed.
EMPTY = frozenset(
    "avec pour dans mais tout tous toute bien tres merci vous nous elle elles etait etaient sont cette cela "
    "aussi comme plus sans leur leurs votre notre avoir etre fait faire quand encore alors rien beaucoup "
    "bonjour madame monsieur voila parce chez peut faut faudrait quelqu quelque quelques chose besoin pourrait "
    "pourriez serait jour jours fois juste vraiment trop suis avez avait etes jusqu lorsqu aujourd gentil "
    "gentille parfait voor niet maar heel zeer goed dank bedankt alles deze wordt waren heeft hebben zijn naar "
    "over door want nog mijn haar onze jullie graag veel geen toch even omdat mevrouw meneer ook werd iemand "
    "iets zelf zelfs zouden kunnen nodig moet moeten mocht eens fijn vriendelijk nicht aber sehr danke auch "
    "noch eine einen einer einem wird haben sind oder durch weil mein meine mich mir unser viel kein keine "
    "doch immer frau herr dass jemand etwas waere koennte konnte brauche braucht mehr ganz nett freundlich "
    "with have this that were been they them their very good thank thanks also just your from would could "
    "because nothing much what when there here somebody someone something need needs needed nice kind please "
    "more really should ware".split()
)


@dataclass
class Tally:
    """Answers about one person, volunteer, kind or place. `bad`: somebody had to look after it."""

    name: str
    id: UUID | None = None
    answers: int = 0
    very_good: int = 0
    good: int = 0
    not_good: int = 0
    bad: int = 0

    def add(self, row: FollowUp) -> None:
        self.answers += 1
        self.very_good += row.how == FollowUp.How.VERY_GOOD
        self.good += row.how == FollowUp.How.GOOD
        self.not_good += row.how == FollowUp.How.NOT_GOOD
        self.bad += row.is_bad


@dataclass
class Told:
    """Words of somebody, when, and about what."""

    follow_up: FollowUp
    words: str


@dataclass
class Said:
    """Everything that the page shows, through its filters."""

    whole: Tally
    asked: int
    helped: list[Tally] = field(default_factory=list)
    volunteers: list[Tally] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    commonest: list[tuple[str, int]] = field(default_factory=list)
    # Postcodes, each with the name of its place.
    places: list[tuple[str, str]] = field(default_factory=list)


def answered(organisation: Organisation, now: datetime) -> QuerySet[FollowUp]:
    """The answers of the last months, the newest first, with everything that a page says of them."""
    return (
        FollowUp.objects.filter(
            organisation=organisation, state=FollowUp.State.ANSWERED, answered_at__gt=now - LOOKS_BACK
        )
        .select_related("person", "assignment__volunteer__person", "assignment__request__case__person")
        .order_by("-answered_at", "-pk")
    )


def bad(organisation: Organisation) -> QuerySet[FollowUp]:
    """What is not right and nobody has looked after, the oldest first."""
    return (
        FollowUp.objects.filter(
            organisation=organisation, state=FollowUp.State.ANSWERED, is_bad=True, looked_after_at=None
        )
        .select_related("person", "assignment__volunteer__person", "assignment__request__case__person")
        .order_by("answered_at", "pk")
    )


def said(organisation: Organisation, now: datetime, *, kind: str = "", postcode: str = "") -> Said:
    """The answers through these filters. Two queries."""
    everything = list(answered(organisation, now)[:MOST])
    rows = [each for each in everything if _fits(each, kind, postcode)]
    asked = FollowUp.objects.filter(organisation=organisation, asked_at__gt=now - LOOKS_BACK).count()
    found = Said(Tally(""), asked)
    helped: dict[UUID, Tally] = {}
    volunteers: dict[UUID, Tally] = {}
    for row in rows:
        case, volunteer = row.assignment.request.case, row.assignment.volunteer
        found.whole.add(row)
        helped.setdefault(case.person_id, Tally(case.person.name, case.pk)).add(row)
        volunteers.setdefault(volunteer.pk, Tally(volunteer.person.name, volunteer.pk)).add(row)
        if row.words:
            found.told.append(Told(row, row.words))
    found.helped = sorted(helped.values(), key=lambda one: (-one.bad, -one.answers))
    found.volunteers = sorted(volunteers.values(), key=lambda one: (-one.bad, -one.answers))
    found.commonest = words(each.words for each in found.told)
    found.places = _places(everything, organisation.country)
    return found


def _places(rows: Iterable[FollowUp], country: str) -> list[tuple[str, str]]:
    """Where the visits were: each postcode once, with the place that most files name, as it is called in the reader's
    language."""
    names: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        names[place_of(row)][row.assignment.request.case.place_name] += 1
    return [
        (postcode, _with_name(country, postcode, found.most_common(1)[0][0]))
        for postcode, found in sorted(names.items())
        if postcode
    ]


def _with_name(country: str, postcode: str, name: str) -> str:
    return f"{postcode} {place_called(country, postcode, name)}" if name else postcode


def place_of(row: FollowUp) -> str:
    """The postcode where the visit was."""
    return str(row.assignment.request.case.postcode)


def _fits(row: FollowUp, kind: str, postcode: str) -> bool:
    return (not kind or row.assignment.request.kind == kind) and (not postcode or place_of(row) == postcode)


def words(texts: Iterable[str]) -> list[tuple[str, int]]:
    """The commonest words, written as most people do, and in how many texts each stands; those of one text alone are
    left out."""
    counts: Counter[str] = Counter()
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        found = {
            folded(word): word for word in re.findall(r"[^\W\d_]+", text.lower()) if len(word) <= LONGEST
        }
        for word, as_written in found.items():
            if len(word) >= LETTERS and word not in EMPTY:
                counts[word] += 1
                written[word][as_written] += 1
    return [
        (written[word].most_common(1)[0][0], count)
        for word, count in counts.most_common(COMMONEST)
        if count > 1
    ]


def by_place(organisation: Organisation, now: datetime) -> list[tuple[str, str, Tally]]:
    """Kind of help, postcode and counts of the last months; without anybody's name. One query."""
    found: dict[tuple[str, str], Tally] = {}
    for row in answered(organisation, now)[:MOST]:
        key = (row.assignment.request.kind, place_of(row))
        found.setdefault(key, Tally("")).add(row)
    return [(kind, postcode, tally) for (kind, postcode), tally in sorted(found.items())]

"""Letters to who is on duty: who waits when it begins, who still waits when it ends (decision 0049)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet

from quartier.alerts.queries import team_on_duty
from quartier.cases.models import Request
from quartier.duty import queries, rules
from quartier.duty.gaps import write_gaps
from quartier.duty.models import DutyLetter
from quartier.duty.team_messages import SAME_BREATH
from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.ceiling import night_of
from quartier.messaging.models import Message
from quartier.messaging.who_waits import MAX_LINES, WaitingPerson
from quartier.messaging.words.circumstances import COMPLAINT_FOR_TEAM
from quartier.people.models import Person
from quartier.promises.models import Promise, PromiseNotice
from quartier.promises.rules import next_look
from quartier.rota.queries import rota_of
from quartier.rota.rules import A_DAY, A_MINUTE, Rota
from quartier.team.models import Organisation

Kind = DutyLetter.Kind
# Where nobody has planned duty, its hours; and how long after its hour a letter is still of use.
USUAL_BEGIN, USUAL_END = time(8), time(18)
USABLE_FOR = timedelta(hours=2)
# So long before the quiet hours, of a duty that ends in them.
BEFORE_NIGHT = timedelta(minutes=15)
MAX_PROMISES = 200
# A letter names whom we failed since the one before, after a longer pause those of these days.
MAX_LOOK_BACK = timedelta(days=7)
# A letter begins with so many who were not reached, and so many whom we failed; the others are counted.
MAX_UNREACHED, MAX_LEFT_OVER = 4, 6
# Nobody asks any more whether they had it.
LETTER_RETENTION = timedelta(days=30)


def write_due_letters(organisation: Organisation, now: datetime, rota: Rota | None = None) -> int:
    """Write what is due, by day only. Returns how many letters. The caller holds the organisation's row. `rota`: where
    it is known already.

    What has broken is told first: a letter names no hour that is past.
    """
    if rules.is_quiet(organisation, now) or owed_by_team(organisation).filter(due_at__lte=now).exists():
        return 0
    return _Letters(organisation, now, rota or rota_of(organisation)).write()


def owed_by_team(organisation: Organisation) -> "QuerySet[Promise]":
    """Open promises that only the team can keep."""
    return Promise.objects.filter(organisation=organisation, outcome="", needs_team=True)


class _Letters:
    """The letters of an organisation at one moment."""

    def __init__(self, organisation: Organisation, now: datetime, rota: Rota | None) -> None:
        self.organisation, self.now = organisation, now
        self.today = now.astimezone(organisation.zone).date()
        self.rota = rota
        self._askable: dict[str, int] = {}

    def write(self) -> int:
        if self.rota is None or not self.rota.shifts:
            written = sum(self._write_usual(kind, until) for kind, until in self._usual())
        else:
            written = sum(self._write_to(*each) or 0 for each in self._by_shift())
        return written + (write_gaps(self.organisation, self.now, self.rota) if self.rota is not None else 0)

    def _usual(self) -> Iterator[tuple[Kind, datetime]]:
        for kind, at in ((Kind.BEGIN, USUAL_BEGIN), (Kind.END, USUAL_END)):
            begins = rules.wakes(self.organisation, self._local(self.today, at))
            if begins <= self.now < begins + USABLE_FOR:
                yield kind, begins + USABLE_FOR

    def _write_usual(self, kind: Kind, until: datetime) -> int:
        """To the first of the ladder who can be written to."""
        if DutyLetter.objects.filter(organisation=self.organisation, kind=kind, day=self.today).exists():
            return 0
        for person in team_on_duty(self.organisation, self.now, self.rota):
            written = self._write_to(person, kind, self.today, until)
            if written is not None:
                return written
        return 0

    def _by_shift(self) -> Iterator[tuple[Person, Kind, date, datetime]]:
        """Whose duty of a day has begun, or has ended a little while ago."""
        assert self.rota is not None
        found = []
        for day in (self.today - A_DAY, self.today):
            of_account = defaultdict(list)
            for span in self.rota.spans_of(day):
                of_account[span.account].append(span)
            for account, spans in of_account.items():
                starts_at, ends_at = spans[0].starts_at, max(each.ends_at for each in spans)
                said_at = self._before_night(starts_at, ends_at)
                if account and said_at <= self.now < said_at + USABLE_FOR:
                    found.append((account, Kind.END, day, said_at + USABLE_FOR))
                elif account and starts_at <= self.now < ends_at:
                    found.append((account, Kind.BEGIN, day, ends_at))
        people = Person.objects.filter(
            organisation=self.organisation, account__in=[each[0] for each in found]
        )
        persons = {each.account_id: each for each in people}
        had = set(
            DutyLetter.objects.filter(
                organisation=self.organisation, person__in=people, day__gte=self.today - A_DAY
            ).values_list("person__account", "kind", "day")
        )
        for account, kind, day, until in found:
            if account in persons and (account, kind, day) not in had:
                yield persons[account], kind, day, until

    def _before_night(self, starts_at: datetime, ends_at: datetime) -> datetime:
        """When a duty that ends in quiet hours hears what is left: while its reader is still there. One that lies in
        them wholly hears it at its end."""
        night = night_of(self.organisation, ends_at)
        early = ends_at if night is None else night.begins - BEFORE_NIGHT
        return early if starts_at < early else ends_at

    def _write_to(self, person: Person, kind: Kind, day: date, until: datetime) -> int | None:
        """Write to this one, if there is anything to say. Returns how many letters; `None` if they can only be
        called."""
        last_minute = until - USABLE_FOR - A_MINUTE
        parts = self._shared_out(person, self.now if kind == Kind.BEGIN else last_minute)
        if self._has_just_heard(person):
            return 0
        waiting = [each for part in parts for each in queries.waiting_of(part, marks_broken=True)]
        left_over, others = self._left_over(kind)
        # What is over pushes nobody out of the lines that a mail has.
        waiting = [*left_over, *waiting, *others]
        elsewhere = len(self._promises) - sum(map(len, parts))
        template, values = self._words(kind, waiting, elsewhere, self._sector_of(person))
        message = None
        if template:
            letter = Letter(
                person,
                template,
                f"{template}:{day}:{person.pk}",
                {**values, "page": ("board",)},
                not_after=until,
                by=str(Message.Channel.EMAIL) if messaging.can_be_mailed(person) else "",
            )
            message = messaging.write(organisation=self.organisation, letter=letter)
            if message is None:
                return None
        self._note([person], kind, day)
        # Whoever is only counted was not told of.
        read = [each for part in parts for each in part][: max(0, MAX_LINES - len(left_over))]
        if message is not None and kind == Kind.BEGIN and read:
            self._count_as_told(person, message, read)
        return int(message is not None)

    def _has_just_heard(self, person: Person) -> bool:
        """Told of promises in this minute, they read the letter a few minutes later."""
        rows = Message.objects.filter(person=person, template__startswith="team_")
        return rows.filter(created_at__gt=self.now - SAME_BREATH, created_at__lte=self.now).exists()

    def _left_over(self, kind: Kind) -> tuple[list[WaitingPerson], list[WaitingPerson]]:
        """Who is owed nothing, and must not be forgotten: those who come first in the letter, and those who are counted
        at its end."""
        if kind == Kind.END:
            # Of those before the evening's letter has the names alone; the morning's says again what was done.
            groups = [
                self._begun,
                [each for each in self._unreached if each.since > self.now - A_DAY],
            ]
        else:
            since = self._last_morning()
            groups = [
                self._begun,
                self._unreached,
                queries.unmet(self.organisation),
                queries.neglected_since(self.organisation, since),
                queries.unanswered_complaints_since(self.organisation, since),
            ]
        most = max(1, min(MAX_UNREACHED, MAX_LEFT_OVER // max(1, sum(map(bool, groups)))))
        first = [each for group in groups for each in group[:most]]
        return first, [each for group in groups for each in group[most:]]

    def _last_morning(self) -> datetime:
        """When a letter of an earlier day was due: what happened since then is named once, after a weekend too."""
        before = DutyLetter.objects.filter(
            organisation=self.organisation,
            kind=Kind.BEGIN,
            day__lt=self.today,
            at__gt=self.now - MAX_LOOK_BACK,
        )
        last = before.order_by("-at").values_list("at", flat=True).first()
        return last or self.now - A_DAY

    def _note(self, people: Iterable[Person], kind: Kind, day: date) -> None:
        rows = [
            DutyLetter(organisation=self.organisation, person=each, kind=kind, day=day, at=self.now)
            for each in people
        ]
        DutyLetter.objects.bulk_create(rows, ignore_conflicts=True)
        DutyLetter.objects.filter(organisation=self.organisation, at__lt=self.now - LETTER_RETENTION).delete()

    def _shared_out(self, person: Person, moment: datetime) -> list[list[Promise]]:
        """What this one reads: first what comes from their sector, then the rest; without what is nearer to somebody
        else who is on duty at this moment."""
        if (
            self.rota is None
            or person.account_id is None
            or not any(each.postcodes for each in self.rota.shifts)
        ):
            return [self._promises]
        by_distance = defaultdict(list)
        for each in self._promises:
            request = self._requests.get(each.subject_id)
            postcode = request.case.postcode if request is not None else ""
            by_distance[self.rota.distance_to(person.account_id, moment, postcode)].append(each)
        return [
            by_distance[distance] for distance in sorted(each for each in by_distance if each is not None)
        ]

    def _sector_of(self, person: Person) -> str:
        if self.rota is None or person.account_id is None:
            return ""
        return self.rota.postcodes_of(person.account_id, self.now)

    def _words(
        self, kind: Kind, waiting: list[WaitingPerson], elsewhere: int, sector: str
    ) -> tuple[str, dict[str, object]]:
        """Template and values; no template where there is nothing to say. `elsewhere`: how many wait for others who are
        on duty."""
        if kind == Kind.END:
            before = [each.name for each in self._unreached if each.since <= self.now - A_DAY]
            return ("duty_end", {"waiting": waiting, "unreached": before}) if waiting else ("", {})
        if waiting:
            return "duty_begin", {"waiting": self._with_askable(waiting), "new": self._new}
        if not self._new:
            return "", {}
        if elsewhere:
            return "duty_new_sector", {"new": self._new, "sector": sector, "elsewhere": elsewhere}
        return "duty_new", {"new": self._new}

    @cached_property
    def _begun(self) -> list[WaitingPerson]:
        return queries.forms_with_danger(self.organisation, self.now)

    @cached_property
    def _unreached(self) -> list[WaitingPerson]:
        return queries.unreached(self.organisation)

    @cached_property
    def _promises(self) -> list[Promise]:
        # What has broken in this look was promised anew since `self.now`. A visitor's, while a demonstration fills its
        # past, is later than the clock that stands there.
        rows = owed_by_team(self.organisation).filter(made_at__lte=clock.now())
        return list(rows.select_related("person").order_by("due_at", "pk")[:MAX_PROMISES])

    @cached_property
    def _requests(self) -> dict[UUID, Request]:
        return queries.requests_of(
            [each.subject_id for each in self._promises if each.subject_kind in queries.ABOUT_REQUESTS]
        )

    def _with_askable(self, waiting: list[WaitingPerson]) -> list[WaitingPerson]:
        """The same, with how many neighbours could be asked for each that a mail names. Looked up once for each.

        Whoever was not happy after a visit waits for one of us, and no neighbour is asked.
        """
        ids = [
            each.page[1]
            for each in waiting[:MAX_LINES]
            if each.page[0] == "request_page" and each.kind != COMPLAINT_FOR_TEAM
        ]
        self._askable |= queries.askable_today([each for each in ids if each not in self._askable], self.now)
        return [
            each
            if each.kind == COMPLAINT_FOR_TEAM
            else replace(each, askable=self._askable.get(each.page[-1]))
            for each in waiting
        ]

    @cached_property
    def _new(self) -> int:
        rows = Request.objects.filter(organisation=self.organisation, unasked=False)
        return rows.filter(created_at__gt=self.now - A_DAY).count()

    def _count_as_told(self, person: Person, message: Message, read: list[Promise]) -> None:
        """What they read here is not told again in words of its own; but who usually hears at once still does."""
        usual = Letter(person, "team_waiting", "", {"waiting": queries.waiting_of(read), "page": ("board",)})
        drafted = messaging.drafts(organisation=self.organisation, letters=[usual])[0]
        if drafted is None or drafted.channel != message.channel:
            return
        told = [each for each in read if each.team_told_at is None and not each.urgent]
        batch = uuid7()
        for each in told:
            each.team_told_at = self.now
            each.next_at = next_look(each)
        Promise.objects.bulk_update(told, ["team_told_at", "next_at"])
        PromiseNotice.objects.bulk_create(
            [
                PromiseNotice(
                    organisation=self.organisation,
                    promise=each,
                    person=person,
                    step=PromiseNotice.Step.CAME,
                    batch=batch,
                    at=self.now,
                )
                for each in told
            ]
        )

    def _local(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.organisation.zone).astimezone(self.now.tzinfo)

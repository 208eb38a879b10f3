"""What the team is told of promises in one look: one message to each, whatever came together at that moment."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from quartier.duty import queries, rules
from quartier.lib.ids import uuid7
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.promises.models import Promise, PromiseNotice
from quartier.team.models import Organisation

Step = PromiseNotice.Step
# So long after nobody of the team could be told, it is tried again.
TOLD_AGAIN = timedelta(minutes=10)
# What stands in a letter of this long ago is not told once more in the same breath.
SAME_BREATH = timedelta(minutes=1)
LETTER_TEMPLATES = ("duty_begin", "duty_end")
# The sections of a message, by step and whether it is urgent, in their order; and the template of one that stands
# alone.
SECTIONS = {
    (Step.CAME, True): ("urgent", "team_urgent"),
    (Step.BROKEN, True): ("broken", "team_broken"),
    (Step.BROKEN, False): ("broken", "team_broken"),
    (Step.SOON, True): ("soon", "team_soon"),
    (Step.SOON, False): ("soon", "team_soon"),
    (Step.CAME, False): ("came", "team_waiting"),
}
# What is urgent is told by its own message too, unless the letter rings as well.
RINGING_CHANNELS = frozenset(
    {Message.Channel.TEXT, Message.Channel.PUSH, Message.Channel.VOICE, *Message.CHATS}
)


class TeamMessages:
    """Gathered by person, written at the end of the look."""

    def __init__(self, organisation: Organisation, now: datetime, team: Sequence[Person]) -> None:
        self.organisation, self.now, self.team = organisation, now, team
        self.is_quiet = rules.is_quiet(organisation, now)
        self._gathered: dict[tuple[Person, bool], dict[Step, list[Promise]]] = defaultdict(
            lambda: defaultdict(list)
        )

    def gather(self, step: Step, person: Person, row: Promise) -> None:
        """At night what is urgent goes alone: the rest waits for the morning."""
        self._gathered[person, self.is_quiet and row.urgent][step].append(row)

    def count_for(self, person: Person) -> int:
        """How many messages are at hand for this one."""
        return sum(one == person for one, _alone in self._gathered)

    def write(self) -> None:
        """One message to each; who cannot be written to is passed over, and the next one is told."""
        for (person, _alone), steps in self._gathered.items():
            steps = self._without_what_a_letter_says(person, steps)
            if steps:
                self._write(person, steps)

    def _without_what_a_letter_says(
        self, person: Person, steps: dict[Step, list[Promise]]
    ) -> dict[Step, list[Promise]]:
        """A letter of this minute names everybody who waits, also those to whom a word was broken."""
        letters = Message.objects.filter(
            person=person, template__in=LETTER_TEMPLATES, created_at__gt=self.now - SAME_BREATH
        )
        letter = letters.exclude(state=Message.State.CANCELLED).order_by("-created_at").first()
        if letter is None or letter.made_of is None:
            return steps
        pages = [one["person:"]["page"] for one in letter.made_of["values"]["waiting"]]
        left: dict[Step, list[Promise]] = {}
        for step, rows in steps.items():
            waiting = {row.pk: list(queries.waiting_of([row])[0].page) for row in rows}
            said = [
                row
                for row in rows
                if step != Step.SOON
                and waiting[row.pk] in pages
                and (not row.urgent or letter.channel in RINGING_CHANNELS)
            ]
            if said:
                self._note(step, person, said, uuid7(), unreachable=False)
            if others := [row for row in rows if row not in said]:
                left[step] = others
        return left

    def _write(self, person: Person, steps: dict[Step, list[Promise]]) -> None:
        about = [row for rows in steps.values() for row in rows]
        urgent = any(row.urgent for row in about)
        waiting = queries.waiting_of(about)
        sections: dict[str, list[Promise]] = {}
        templates = []
        for (step, is_urgent), (section, template) in SECTIONS.items():
            rows = [row for row in steps.get(step, []) if row.urgent == is_urgent]
            # Where nobody was told an hour, no word to them was broken.
            untold = [row for row in rows if step == Step.BROKEN and row.told_by == Promise.ToldBy.NOBODY]
            told = [row for row in rows if row not in untold]
            for part, *names in ((told, section, template), (untold, "overdue", "team_overdue")):
                if part:
                    sections.setdefault(names[0], []).extend(part)
                    templates.append(names[1])
        template = templates[0] if len(sections) == 1 else "team_together"
        batch = uuid7()
        values = {
            "waiting": waiting,
            "page": waiting[0].page if len(waiting) == 1 else ("board",),
            "sections": [(section, queries.waiting_of(rows)) for section, rows in sections.items()],
        }
        for one in self._beginning_with(person):
            letter = Letter(
                one,
                template,
                f"{template}:{batch}:{one.pk}",
                values,
                not_before=None if urgent else rules.wakes(self.organisation, self.now),
                # "In half an hour" is not true any more once the hour has come.
                not_after=min(each.due_at for each in about) if set(steps) == {Step.SOON} else None,
                urgent=urgent,
            )
            message = messaging.write(organisation=self.organisation, letter=letter)
            for step, rows in steps.items():
                self._note(step, one, rows, batch, unreachable=message is None)
            if message is not None:
                return
        tell_later(self.organisation, about, self.now)

    def _beginning_with(self, person: Person) -> Iterable[Person]:
        return [person, *(each for each in self.team if each != person)]

    def _note(
        self, step: Step, person: Person, about: list[Promise], batch: UUID, *, unreachable: bool
    ) -> None:
        notices = [
            PromiseNotice(
                organisation=self.organisation,
                promise=each,
                person=person,
                step=step,
                batch=batch,
                at=self.now,
                unreachable=unreachable,
            )
            for each in about
        ]
        PromiseNotice.objects.bulk_create(notices, ignore_conflicts=True)


def tell_later(organisation: Organisation, rows: Sequence[Promise], now: datetime) -> None:
    """There is nobody to tell, or nobody can be written to, or everybody has had as many messages as a night has: it is
    not told, and tried again. Whoever of the team signs in sees it all the same."""
    at = rules.wakes(organisation, now)
    if at <= now:
        at = now + TOLD_AGAIN
    for row in rows:
        row.team_told_at = row.warned_at = None
        row.next_at = min(at, row.due_at)
        open_ = Promise.objects.filter(pk=row.pk, outcome="")
        open_.update(team_told_at=None, warned_at=None, next_at=row.next_at)

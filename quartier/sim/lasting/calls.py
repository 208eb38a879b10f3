"""The calls of the listening programme: made through the line, put off, forgotten; notes, how she feels, a worry."""

import random
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from quartier.companions import access, actions, rules
from quartier.companions.models import Pairing, Talk
from quartier.companions.rules import NotPossible
from quartier.companions.scales import SCALES
from quartier.lib import clock
from quartier.sim.behaviour import behaviour, lognormal, weighted
from quartier.sim.lasting import said
from quartier.team.access import of_account
from quartier.visits import actions as visits

if TYPE_CHECKING:
    from quartier.sim.crisis import Crisis
    from quartier.sim.lasting.listening import Listening

# Shortly after midnight the day's calls are known.
DAY_BEGINS = time(0, 5)
# Minutes after its hour at which a call is made; minutes for which it rings in vain.
STARTS_MIN, RINGS_MIN = 4.0, 2.0
# Once reminded, who forgot says so many minutes later that they had spoken.
SAYS_LATE_MIN = 60.0
# Ten days without calls.
RESTS = timedelta(days=10)
# Raw points of the WHO-5; its score is four times as much.
MOST_RAW = 25


class Calls:
    """The calls of one programme."""

    def __init__(self, crisis: "Crisis", programme: "Listening") -> None:
        self._crisis, self._programme = crisis, programme
        # By pairing: when she was last asked how she is, and how often.
        self._moods: dict[UUID, tuple[datetime, int]] = {}

    def plan_day(self) -> None:
        """Listeners look what they have today; called again each night."""
        crisis = self._crisis
        zone, today = crisis.organisation.zone, self._programme.today()
        night = datetime.combine(today + timedelta(days=1), DAY_BEGINS, tzinfo=zone)
        midnight = datetime.combine(today + timedelta(days=1), time(), tzinfo=zone)
        planned = Talk.objects.filter(
            state=Talk.State.PLANNED,
            at__gte=clock.now(),
            at__lt=midnight,
            pairing__state=Pairing.State.RUNNING,
        )
        for pk, pairing_id, at in planned.values_list("pk", "pairing_id", "at"):
            number = self._programme.pair_number(pairing_id)
            draw = crisis.chance.of("call", number, f"{at:%Y%m%d}")
            moment = at + timedelta(minutes=lognormal(draw, STARTS_MIN, 0.5))
            crisis.at(moment, ("call", number), lambda pk=pk, draw=draw: self._call(pk, draw))  # type: ignore[misc]
        crisis.at(night.astimezone(clock.now().tzinfo), ("calls",), self.plan_day)

    def _call(self, talk_id: UUID, draw: random.Random) -> None:
        """It is time: the listener calls, puts it off, or forgets it."""
        talk, figures = self._found(talk_id), behaviour()["listening"]
        row, number = talk.pairing, self._programme.pair_number(talk.pairing_id)
        listener = row.listener.account
        if not stands(row, talk) or access.is_suspended(listener):
            return
        actor, crisis, chance = of_account(listener), self._crisis, draw.random()
        if chance < figures["postponed"]:
            actions.postpone(actor=actor, talk=talk, to=talk.at + timedelta(days=1))
            return
        chance -= figures["postponed"]
        if chance < figures["forgotten"]:
            if draw.random() < figures["said_late"]:
                at = talk.at + rules.REMIND_AFTER + timedelta(minutes=lognormal(draw, SAYS_LATE_MIN, 0.5))
                crisis.at(
                    crisis.awake(at),
                    ("says late", number),
                    lambda: self._spoken(talk_id, draw),
                )
            return
        if not actions.call(actor=actor, talk=talk):
            return
        if chance - figures["forgotten"] < figures["not_reached"]:
            at = clock.now() + timedelta(minutes=RINGS_MIN)
            crisis.at(at, ("not reached", number), lambda: self._not_reached(talk_id))
            return
        minutes = lognormal(draw, figures["talks_median_min"], 0.5)
        at = clock.now() + timedelta(minutes=minutes)
        crisis.at(at, ("spoken", number), lambda: self._spoken(talk_id, draw, max(1, round(minutes))))

    def _not_reached(self, talk_id: UUID) -> None:
        self._mark(talk_id, Talk.State.NOT_REACHED)

    def _mark(self, talk_id: UUID, state: str, minutes: int | None = None) -> bool:
        talk = self._found(talk_id)
        try:
            actions.mark(
                actor=of_account(talk.pairing.listener.account), talk=talk, state=state, minutes=minutes
            )
        except NotPossible:
            return False
        return True

    def _spoken(self, talk_id: UUID, draw: random.Random, minutes: int | None = None) -> None:
        """They have spoken; what is written down, and whether it goes on."""
        if not self._mark(talk_id, Talk.State.SPOKEN, minutes):
            return
        talk, figures = self._found(talk_id), behaviour()["listening"]
        row = talk.pairing
        if row.state != Pairing.State.RUNNING:
            return
        actor, programme = of_account(row.listener.account), self._programme
        if draw.random() < figures["notes"]:
            words = said.in_language(said.NOTES, row.listener.account.person.language)
            actions.write_note(actor=actor, pairing=row, words=words, talk=talk)
        self._asks_how_she_is(row, draw)
        if draw.random() < figures["worries"]:
            actions.worry(actor=actor, pairing=row)
        chance, dies = draw.random(), behaviour()["again"]["dies"]
        if chance < dies:
            number = programme.pair_number(row.pk)
            at = self._crisis.in_office(clock.now() + timedelta(days=draw.uniform(0, 6)))
            self._crisis.at(at, ("she dies", number), lambda: self._dies(row))
        elif chance < dies + figures["ends"]:
            programme.end(row, actor, weighted(draw, figures["why"]), programme.today())
        elif chance < dies + figures["ends"] + figures["rests"]:
            actions.pause(actor=actor, pairing=row, until=programme.today() + RESTS)

    def _asks_how_she_is(self, row: Pairing, draw: random.Random) -> None:
        """The five questions of the WHO-5, when two weeks have gone by since the last time."""
        figures, now = behaviour()["listening"], clock.now()
        last, times = self._moods.get(row.pk, (None, 0))
        if (last is not None and now - last < SCALES[Pairing.Scale.WHO5].every) or draw.random() >= figures[
            "asks_mood"
        ]:
            return
        self._moods[row.pk] = (now, times + 1)
        usual = self._crisis.chance.of("mood", self._programme.pair_number(row.pk))
        mean = usual.gauss(figures["mood_mean"], figures["mood_between"]) + times * figures["mood_change"]
        raw = min(MOST_RAW, max(0, round(draw.gauss(mean, figures["mood_within"]) / 4)))
        answers = [raw // 5 + (place < raw % 5) for place in range(5)]
        actions.note_mood(actor=of_account(row.listener.account), pairing=row, answers=answers)

    def _dies(self, row: Pairing) -> None:
        """Her family calls the team."""
        visits.person_died(actor=self._crisis.coordinator, case=row.wish.case)

    def _found(self, talk_id: UUID) -> Talk:
        return Talk.objects.select_related(
            "pairing__organisation", "pairing__wish__person", "pairing__wish__case__person",
            "pairing__listener__account__person",
        ).get(pk=talk_id)  # fmt: skip


def stands(row: Pairing, talk: Talk) -> bool:
    """Whether the call still stands: neither dropped nor the pairing at rest."""
    return row.state == Pairing.State.RUNNING and talk.state == Talk.State.PLANNED

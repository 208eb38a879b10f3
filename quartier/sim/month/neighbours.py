"""The volunteers, and those who wait: they read their messages, follow the link, and most of them do nothing."""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404

from quartier.followup import actions as followup
from quartier.followup.models import CheckIn, FollowUp
from quartier.followup.rules import Said
from quartier.lib import clock, hours
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging.models import Message, SandboxDelivery
from quartier.sim.behaviour import lognormal
from quartier.sim.month.pages import PageVisitor
from quartier.team.access import link
from quartier.visits import access
from quartier.visits.models import Assignment

if TYPE_CHECKING:
    from quartier.sim.month.play import MonthPlay

LINK_PATTERN = re.compile(r"https?://\S+")
TIME_PATTERN = re.compile(r'<option value="(\d+-\d+)"')
OFFER_TEMPLATES = frozenset({"offer", "offer_remote"})
STILL_NEEDED_TEMPLATES = frozenset({"still_needed", "still_needed_uncalled", "still_needed_named"})
QUESTION_TEMPLATES = frozenset({"after_visit", "after_call", "after_failed"})
# Shares of the offers to which somebody says yes or no; the others are not answered.
YES_SHARE, NO_SHARE = 0.12, 0.08
# A neighbour answers after so many minutes, half of them sooner.
ANSWER_MEDIAN_MIN = 75.0
# What comes of a yes, by its weight: they go; they go and never say that it is done; they do not come and say nothing;
# they cannot after all; nobody opens.
VISIT_WEIGHTS = {"done": 62, "never_said": 8, "no_show": 14, "cannot_go": 9, "nobody_home": 7}
STAYS_MIN = 40.0
SAYS_NEEDED_SHARE, ANSWERS_AFTER_SHARE, SAYS_FINE_SHARE = 0.35, 0.2, 0.25
READING_TOLERANCE = timedelta(seconds=10)


class MonthNeighbours:
    """What volunteers and those who wait do with what they are sent. `everybody`: each of them answers."""

    def __init__(self, play: "MonthPlay", *, everybody: bool) -> None:
        self._play = play
        self._everybody = everybody
        self._read: set[UUID] = set()
        self._read_until = clock.now()
        self._numbers = {each.pk: number for number, each in enumerate(play.cast.volunteers)}

    def volunteer_number(self, volunteer_id: UUID) -> int:
        """The number of a volunteer, the same one in each run."""
        return self._numbers.setdefault(volunteer_id, len(self._numbers))

    def read_messages(self) -> None:
        """Everybody finds what has arrived since they looked last."""
        rows = SandboxDelivery.objects.filter(
            organisation=self._play.organisation, at__gte=self._read_until - READING_TOLERANCE
        ).order_by("at", "pk")
        fresh = [each for each in rows if each.pk not in self._read]
        self._read_until = clock.now()
        if not fresh:
            return
        self._read.update(each.pk for each in fresh)
        copies = [each.copy_of for each in fresh]
        written = {each.pk: each for each in Message.objects.filter(pk__in=copies).only("key", "template")}
        for each in fresh:
            found = LINK_PATTERN.search(each.body)
            if found is not None and each.copy_of in written:
                self._reads(written[each.copy_of], urlsplit(found[0]).path)

    def _reads(self, message: Message, path: str) -> None:
        template, about = message.template, [*message.key.split(":"), "", ""]
        if template in OFFER_TEMPLATES:
            self._asked(path)
        elif template in STILL_NEEDED_TEMPLATES:
            self._still_needed(path, UUID(about[1]))
        elif template in QUESTION_TEMPLATES:
            self._afterwards(UUID(about[1]))
        elif about[0] == "check":
            self._are_you_well(path, UUID(about[2]))

    # Volunteers

    def _asked(self, path: str) -> None:
        """A volunteer decides whether to answer, what and when."""
        offer = self._offer(path)
        key = self._key(offer)
        draw = self._play.chance.of("answers", *key)
        chance = draw.random()
        if self._everybody:
            chance *= YES_SHARE + NO_SHARE
        if chance >= YES_SHARE + NO_SHARE:
            return
        moment = self._awake(clock.now() + timedelta(minutes=lognormal(draw, ANSWER_MEDIAN_MIN)))
        says = "yes" if chance < YES_SHARE else "no"
        self._play.at(moment, ("answers", *key), lambda: self.answer(path, says))

    def answer(self, path: str, says: str) -> bool:
        """Open the link, and tap on yes or no; whether that made them go."""
        visitor = PageVisitor()
        try:
            page = visitor.get(path)
        except (OSError, Http404):
            return False
        offer = self._offer(path)
        key = self._key(offer)
        fields = {"do": says}
        if says == "yes" and (times := TIME_PATTERN.findall(page.text)):
            fields["when"] = self._play.chance.of("when", *key).choice(times[:6])
        visitor.post(path, **fields)
        visit = Assignment.objects.filter(offer=offer, state__in=Assignment.ACTIVE).first()
        if visit is None:
            return False
        draw = self._play.chance.of("each time", *key)
        if visit.request.series_id is not None and draw.random() < 0.7:
            visitor.post(path, do="each_time")
        self.goes(visit)
        return True

    def goes(self, visit: Assignment) -> None:
        """What comes of a promise to go."""
        path = f"/{visit.volunteer.person.language}/volunteer/offer/{matching.token_of(visit.offer)}/"
        key = self._key(visit.offer)
        draw = self._play.chance.of("visit", *key)
        what = draw.choices(list(VISIT_WEIGHTS), list(VISIT_WEIGHTS.values()))[0]
        length = visit.comes_until - visit.comes_from
        arrives = visit.comes_from + length * draw.uniform(0.1, 0.9)
        leaves = max(arrives - timedelta(minutes=20), clock.now() + timedelta(minutes=1))
        over = leaves + timedelta(minutes=20 + STAYS_MIN)
        if what == "no_show":
            return
        if what == "cannot_go":
            early = clock.now() + (leaves - clock.now()) * draw.uniform(0.1, 0.9)
            self._play.at(
                self._awake(early),
                ("cannot", *key),
                lambda: self._step(path, do="failed", failure="cannot_go"),
            )
            return
        if not visit.request.remote:
            self._play.at(leaves, ("leaves", *key), lambda: self._step(path, do="on_way"))
        if what == "done":
            self._play.at(over, ("done", *key), lambda: self._step(path, do="done"))
        elif what == "nobody_home":
            self._play.at(
                over, ("closed", *key), lambda: self._step(path, do="failed", failure="nobody_home")
            )

    @staticmethod
    def _step(path: str, **fields: str) -> None:
        """A step of the visit, on the volunteer's page; one that is over shows no such button."""
        try:
            PageVisitor().post(path, **fields)
        except (OSError, Http404):
            return

    def _offer(self, path: str) -> Offer:
        return access.offer_by_token(path.rstrip("/").rsplit("/", 1)[1])

    def _key(self, offer: Offer) -> tuple[int, int, int]:
        request = self._play.askers.number(offer.request_id)
        return self.volunteer_number(offer.volunteer_id), request, offer.round

    def _awake(self, moment: datetime) -> datetime:
        org = self._play.organisation
        wakes = hours.after_quiet(moment, org.quiet_from, org.quiet_until, org.zone)
        return moment if wakes == moment else wakes + timedelta(minutes=17)

    # Those who wait, and those who were helped

    def _still_needed(self, path: str, request_id: UUID) -> None:
        """The time is over: done, still needed, not needed any more, or no answer."""
        key = self._play.askers.number(request_id)
        draw = self._play.chance.of("still needed", key, clock.now().date())
        if draw.random() >= SAYS_NEEDED_SHARE:
            return
        says = draw.choices(["needed", "done", "not_needed"], [4, 3, 3])[0]
        moment = self._awake(clock.now() + timedelta(minutes=lognormal(draw, ANSWER_MEDIAN_MIN)))
        where = f"{path.rstrip('/')}/{request_id}/past/"
        self._play.at(moment, ("still needed", key), lambda: self._step(where, do=says))

    def _afterwards(self, follow_up_id: UUID) -> None:
        row = FollowUp.objects.select_related("assignment__offer").get(pk=follow_up_id)
        key = self._key(row.assignment.offer)
        draw = self._play.chance.of("afterwards", *key)
        if draw.random() >= ANSWERS_AFTER_SHARE:
            return
        said = Said(draw.random() < 0.8, None, draw.random() < 0.2)
        moment = self._awake(clock.now() + timedelta(minutes=lognormal(draw, ANSWER_MEDIAN_MIN)))
        self._play.at(moment, ("afterwards", *key), lambda: self._says(follow_up_id, said))

    def _says(self, follow_up_id: UUID, said: Said) -> None:
        row = FollowUp.objects.select_related(
            "organisation", "person", "assignment__request__case__person"
        ).get(pk=follow_up_id)
        if row.person.died_at is None and row.assignment.request.case.person.died_at is None:
            actor = link(self._play.organisation, row.person_id)
            followup.answer(actor=actor, follow_up=row, said=said, by=FollowUp.By.WEB)

    def _are_you_well(self, path: str, check_in_id: UUID) -> None:
        row = CheckIn.objects.select_related("member__person").get(pk=check_in_id)
        draw = self._play.chance.of("well", row.member.person.name, row.asked)
        if draw.random() < SAYS_FINE_SHARE:
            moment = self._awake(clock.now() + timedelta(minutes=lognormal(draw, 20.0)))
            self._play.at(moment, ("well", row.member.person.name), lambda: self._step(path, do="fine"))
